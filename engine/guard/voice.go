package guard

import (
	"fmt"
	"slices"
	"strings"

	"koira/engine"
)

// voice holds what code can hold of the brand's voice: words, reading grade, length of sentences, emoji, exclamation marks and the person who
// speaks. With the lock a limit blocks, without it it warns. How far a piece sounds from the approved texts only ever warns.
func voice(l *look) []engine.Finding {
	var found []engine.Finding
	near := worst{}
	for i := range l.Output.Variants {
		w := l.wording(i)
		found = append(found, l.words(i)...)
		for _, m := range w.measure(l.Guardrails.Voice) {
			if m.use <= 1 {
				near.see(m.use, m.says)
				continue
			}
			found = append(found, engine.Finding{Outcome: engine.Block, Waivable: true, Evidence: m.says, Remedy: m.remedy, Use: m.use})
		}
		found = append(found, l.person(i, w)...)
	}
	if !l.Guardrails.Voice.Locked {
		for i := range found {
			found[i].Outcome, found[i].Waivable = engine.Warn, false
		}
	}
	found = append(found, l.distant()...)
	if len(found) == 0 {
		return near.pass()
	}
	return found
}

// words are the findings of one wording on banned and required words.
func (l *look) words(variant int) []engine.Finding {
	var found []engine.Finding
	has := map[int32]bool{}
	for i := range l.fields {
		f := &l.fields[i]
		if f.variant != variant {
			continue
		}
		for _, m := range f.said {
			t := l.rules.terms.all[m.term]
			if again := has[m.term]; !again && t.group == ofBanned {
				words := quote(f.raw.text[m.at:m.end])
				found = append(found, engine.Finding{
					Outcome: engine.Block, Evidence: fmt.Sprintf("It says %s (%s); %q is a word that your voice never uses.", words, l.where(f), t.text),
					Remedy: fmt.Sprintf("Say it without %s.", words),
				})
			}
			has[m.term] = true
		}
	}
	for n, t := range l.rules.terms.all {
		if t.group == ofRequired && !has[int32(n)] {
			found = append(found, engine.Finding{
				Outcome: engine.Block, Waivable: true, Evidence: fmt.Sprintf("It does not say %q%s, which every piece holds.", t.text, l.ofWording(variant)),
				Remedy: fmt.Sprintf("Say %q somewhere.", t.text),
			})
		}
	}
	return found
}

// ofWording is " (wording B)" where there are several.
func (l *look) ofWording(variant int) string {
	if in := l.in(variant, ""); in != "" {
		return " (" + in + ")"
	}
	return ""
}

// measured is one measure of a wording against its limit.
type measured struct {
	use          float64
	says, remedy string
}

// wording is one wording as a whole, with what its texts add up to.
type wording struct {
	l       *look
	variant int
	texts   []*field // what people read: subject, body, call to action
}

func (l *look) wording(variant int) wording {
	w := wording{l: l, variant: variant}
	for i := range l.fields {
		if f := &l.fields[i]; f.variant == variant && (f.name == inSubject || f.name == inBody || f.name == inCall) {
			w.texts = append(w.texts, f)
		}
	}
	return w
}

func (w wording) measure(v engine.VoiceRule) []measured {
	var all []measured
	in := w.l.ofWording(w.variant)
	count := func(n, limit int, what string) {
		if limit == 0 {
			return
		}
		limit = max(limit, 0)
		says := fmt.Sprintf("It has %d %s%s; your limit is %d.", n, what, in, limit)
		use := 2.0 // of none
		if limit > 0 {
			use = float64(n) / float64(limit)
		} else if n == 0 {
			use = 0
		}
		all = append(all, measured{use, says, fmt.Sprintf("Take out %d.", n-limit)})
	}
	emoji, exclamations := 0, 0
	for _, f := range w.texts {
		if v.Emoji != 0 && f.raw.is&isHigh != 0 {
			emoji += emojiIn(f.raw.text)
		}
		if v.Exclamations != 0 {
			exclamations += exclamationsIn(f.raw.text)
		}
	}
	count(emoji, v.Emoji, "emoji")
	count(exclamations, v.Exclamations, "exclamation marks")
	if v.Sentence > 0 || v.Grade > 0 {
		all = append(all, w.sentences(v)...)
	}
	return all
}

// sentences measures the longest sentence and the reading grade.
func (w wording) sentences(v engine.VoiceRule) []measured {
	var all []measured
	var total prose
	for _, f := range w.texts {
		p := proseOf(f.bare, v.Grade > 0)
		total.add(p)
		if v.Sentence > 0 && p.longest > 0 {
			all = append(all, measured{
				float64(p.longest) / float64(v.Sentence),
				fmt.Sprintf("A sentence has %d words (%s): %s; your limit is %d.", p.longest, w.l.where(f), quote(f.bare.text[p.at:p.end]), v.Sentence),
				fmt.Sprintf("Make two of it, or cut %d words.", p.longest-v.Sentence),
			})
		}
	}
	if g, ok := total.grade(); ok && v.Grade > 0 {
		all = append(all, measured{
			max(g, 0) / float64(v.Grade), fmt.Sprintf("Its reading grade is %.1f%s (Flesch–Kincaid, which is made for English); your limit is %d.", g, w.l.ofWording(w.variant), v.Grade),
			"Use shorter sentences and shorter words.",
		})
	}
	return all
}

// pronouns by which a text speaks as one person, and as several.
var pronouns = map[string][]string{
	"we": {"i", "me", "my", "mine", "myself"},
	"i":  {"we", "us", "our", "ours", "ourselves"},
}

// person finds the first word by which a wording speaks as somebody else than the business does. What stands in quotation marks is somebody's own.
func (l *look) person(variant int, w wording) []engine.Finding {
	as := strings.ToLower(l.Strategy.Voice.Person)
	wrong := pronouns[as]
	if wrong == nil {
		return nil
	}
	for _, f := range w.texts {
		r := f.bare
		for i, p := range r.pieces {
			if n := p.end - p.at; n > 9 || p.is&isLetter == 0 || !slices.Contains(wrong, fold(r.text[p.at:p.end], asWritten)) {
				continue
			}
			if n := p.end - p.at; n == 1 && (r.text[p.at] != 'I' || i+1 < len(r.pieces) && r.pieces[i+1].before == 0) || quoted(r.text, p.at) || r.text[p.at:p.end] == "US" {
				continue
			}
			return []engine.Finding{{
				Outcome: engine.Block, Waivable: true,
				Evidence: fmt.Sprintf("It says %s (%s); your voice speaks as %q.", quote(around(r, p.at, p.end)), l.where(f), l.Strategy.Voice.Person),
				Remedy:   fmt.Sprintf("Speak as %q.", l.Strategy.Voice.Person),
			}}
		}
	}
	return nil
}

// quoted reports whether i stands inside quotation marks in its line.
func quoted(s string, i int32) bool {
	at, _ := line(s, i)
	before := s[at:i]
	return strings.Count(before, `"`)%2 == 1 || strings.Count(before, "“") > strings.Count(before, "”") || strings.Count(before, "«") > strings.Count(before, "»")
}
