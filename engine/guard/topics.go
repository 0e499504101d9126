package guard

import (
	"fmt"
	"slices"
	"strings"

	"koira/engine"
)

// topics holds a piece that speaks about a blocked subject, at any level: whole words in any inflection, in every wording, also where they are
// taken apart, written with letters of other alphabets or hidden behind markup. Own subjects nobody waives; of a pack's, an owner may say that this
// piece is fine with the words that it names, which are all that it says of the pack. A competitor's name is warned of while its pack is off.
func topics(l *look) []engine.Finding {
	var found []engine.Finding
	for _, name := range l.rules.unknown {
		found = append(found, engine.Finding{
			Outcome: engine.Warn, Evidence: fmt.Sprintf("Your rules name a pack of subjects that I do not have: %q.", name), Remedy: "Take it off the list.",
		})
	}
	seen := map[int32]bool{}
	said := map[int32]*packed{}
	for i := range l.fields {
		f := &l.fields[i]
		for n, m := range f.said {
			t := l.rules.terms.all[m.term]
			switch {
			case t.group >= ofPacks:
				if l.plain(f.said, n) || l.part(f.said, n) {
					continue
				}
				if said[t.group] == nil {
					said[t.group] = &packed{at: len(found)}
					found = append(found, engine.Finding{})
				}
				said[t.group].add(quote(f.raw.text[m.at:m.end]), l.where(f))
			case seen[t.of], t.group != ofTopics && t.group != ofCompetitors && t.group != ofNamed:
			default: // one finding for each own subject and each name, which an owner lets through by itself
				seen[t.of] = true
				found = append(found, l.speaks(f, m, t))
			}
		}
	}
	for group, p := range said {
		found[p.at] = p.finding(l.rules.packs[group-ofPacks])
	}
	return found
}

// packed is what a piece says of one pack.
type packed struct {
	at     int // its finding's place
	words  []string
	places []string
}

// add takes down words, quoted, unless they are there; one more than are read tells that there are more.
func (p *packed) add(words, where string) {
	if len(p.words) <= enough && !slices.ContainsFunc(p.words, func(w string) bool { return strings.EqualFold(w, words) }) {
		p.words, p.places = append(p.words, words), append(p.places, where)
	}
}

// finding names every word, so that an owner lets through these and no other. More than anybody reads, nobody lets through.
func (p *packed) finding(of Pack) engine.Finding {
	says := make([]string, min(len(p.words), enough))
	for i := range says {
		says[i] = fmt.Sprintf("%s (%s)", p.words[i], p.places[i])
	}
	belongs := map[bool]string{true: "belongs", false: "belong"}[len(p.words) == 1]
	f := engine.Finding{
		Outcome: engine.Block, Waivable: true, What: of.Name + " " + strings.Join(p.words, " "),
		Evidence: fmt.Sprintf("It says %s, which %s to the blocked pack %q (%s).", engine.List(says), belongs, of.Name, of.Description),
		Remedy:   fmt.Sprintf("Leave %s out, or an owner approves it anyway.", engine.List(p.words)),
	}
	if len(p.words) > enough {
		f.Waivable, f.What = false, ""
		f.Evidence = fmt.Sprintf("It says %s and more, which belong to the blocked pack %q (%s).", strings.Join(says, ", "), of.Name, of.Description)
		f.Remedy = fmt.Sprintf("Leave out what is of %q: it is more than an owner lets through at once.", of.Name)
	}
	return f
}

// plain reports whether the words of match n stand in a phrase in which they mean nothing.
func (l *look) plain(said []match, n int) bool {
	return stands(said, n, func(m match) bool { return l.rules.terms.all[m.term].group == ofPlain })
}

// part reports whether match n is a part of a longer one of its group, which says more.
func (l *look) part(said []match, n int) bool {
	longer := func(m match) bool { return m.end-m.at > said[n].end-said[n].at }
	group := l.rules.terms.all[said[n].term].group
	return stands(said, n, func(m match) bool { return longer(m) && l.rules.terms.all[m.term].group == group })
}

// stands reports whether match n stands in one of which is holds. said is in the order of the text.
func stands(said []match, n int, is func(match) bool) bool {
	const longest = 200 // bytes of a phrase
	in := func(m match) bool { return m.at <= said[n].at && m.end >= said[n].end && is(m) }
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
	}
	return engine.Finding{
		Outcome: engine.Block, Waivable: true, What: fmt.Sprintf("%s %q %s", Competitors, t.text, words), Evidence: says + fmt.Sprintf("names the competitor %q.", t.text),
		Remedy: fmt.Sprintf("Leave %s out, or an owner approves it anyway.", words),
	}
}
