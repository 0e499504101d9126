package guard

import (
	"fmt"

	"koira/engine"
)

// topics holds a piece that speaks about a blocked subject, at any level: whole words in any inflection, in every wording, also where they are
// taken apart, written with letters of other alphabets or hidden behind markup. Own subjects nobody waives; of a pack's, an owner may say that this
// piece is fine. A competitor's name is warned of while its pack is off.
func topics(l *look) []engine.Finding {
	var found []engine.Finding
	for _, name := range l.rules.unknown {
		found = append(found, engine.Finding{
			Outcome: engine.Warn, Evidence: fmt.Sprintf("Your rules name a pack of subjects that I do not have: %q.", name), Remedy: "Take it off the list.",
		})
	}
	seen := map[int32]bool{}
	for i := range l.fields {
		f := &l.fields[i]
		for n, m := range f.said {
			t := l.rules.terms.all[m.term]
			key := t.group
			if key == ofTopics { // one finding for each own subject, and one for each pack
				key = -m.term - 1
			}
			if seen[key] || t.group > ofCompetitors && t.group != ofNamed && (t.group < ofPacks || l.plain(f.said, n)) {
				continue
			}
			seen[key] = true
			found = append(found, l.speaks(f, m, t))
		}
	}
	return found
}

// plain reports whether the words of match n stand in a phrase in which they mean nothing. said is in the order of the text.
func (l *look) plain(said []match, n int) bool {
	const longest = 200 // bytes of a phrase
	in := func(m match) bool {
		return m.at <= said[n].at && m.end >= said[n].end && l.rules.terms.all[m.term].group == ofPlain
	}
	for i := n; i >= 0 && said[n].at-said[i].at < longest; i-- {
		if in(said[i]) {
			return true
		}
	}
	for i := n; i < len(said) && said[i].at == said[n].at; i++ {
		if in(said[i]) {
			return true
		}
	}
	return false
}

func (l *look) speaks(f *field, m match, t term) engine.Finding {
	words := quote(f.raw.text[m.at:m.end])
	says := fmt.Sprintf("It says %s (%s), which ", words, l.where(f))
	switch t.group {
	case ofTopics:
		return engine.Finding{Outcome: engine.Block, Evidence: says + fmt.Sprintf("is the blocked subject %q.", t.text), Remedy: fmt.Sprintf("Leave %s out.", words)}
	case ofNamed:
		return engine.Finding{
			Outcome: engine.Warn, Evidence: says + fmt.Sprintf("names the competitor %q; the pack that would stop it, %q, is off.", t.text, Competitors),
			Remedy: fmt.Sprintf("See whether %s is meant to be there.", words),
		}
	case ofCompetitors:
		return engine.Finding{
			Outcome: engine.Block, Waivable: true, Evidence: says + fmt.Sprintf("names the competitor %q.", t.text),
			Remedy: fmt.Sprintf("Leave %s out, or an owner approves it anyway.", words),
		}
	}
	p := l.rules.packs[t.group-ofPacks]
	return engine.Finding{
		Outcome: engine.Block, Waivable: true, Evidence: says + fmt.Sprintf("belongs to the blocked pack %q (%s).", p.Name, p.Description),
		Remedy: fmt.Sprintf("Leave %s out, or an owner approves it anyway.", words),
	}
}
