package guard

import (
	"fmt"
	"slices"
	"strings"

	"koira/engine"
)

// voice holds what code can hold of the brand's voice: words, reading grade, length of sentences, emoji, exclamation marks and the person who
// speaks. With the lock a limit blocks, without it it warns. How far a piece sounds from the approved texts, and a model's opinion, only ever warn.
func voice(l *look) []engine.Finding {
	var found []engine.Finding
	var near measured
	for i := range l.Output.Variants {
		w := l.wording(i)
		found = append(found, l.words(i)...)
		for _, m := range w.measure(l.Guardrails.Voice) {
			if m.use <= 1 {
				if m.use > near.use {
					near = m
				}
				continue
			}
			says, remedy := m.says()
			found = append(found, engine.Finding{Outcome: engine.Block, Waivable: true, What: m.what + w.l.ofWording(i), Bar: float64(m.limit), Evidence: says, Remedy: remedy, Use: m.use})
		}
		found = append(found, l.person(i, w)...)
	}
	if !l.Guardrails.Voice.Locked {
		for i := range found {
			found[i].Outcome, found[i].Waivable = engine.Warn, false
		}
	}
	found = append(append(found, l.distant()...), l.doubted()...)
	if len(found) == 0 && near.use > 0 {
		says, _ := near.says()
		return []engine.Finding{{Outcome: engine.Pass, Use: near.use, Evidence: says}}
	}
	return found
}

// ofWords is the limit of banned and required words, which people change apart from the rest of the voice.
const ofWords = "words"

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
			if again := has[t.of]; !again && t.group == ofBanned {
				words := quote(f.raw.text[m.at:m.end])
				found = append(found, engine.Finding{
					Outcome: engine.Block, Of: ofWords, Evidence: fmt.Sprintf("It says %s (%s); %q is a word that your voice never uses.", words, l.where(f), t.text),
					Remedy: fmt.Sprintf("Say it without %s.", words),
				})
			}
			has[t.of] = true
		}
	}
	for _, n := range l.rules.terms.needs {
		if t := l.rules.terms.all[n]; !has[n] {
			found = append(found, engine.Finding{
				Outcome: engine.Block, Waivable: true, What: fmt.Sprintf("needs %q%s", t.text, l.ofWording(variant)), Of: ofWords, Evidence: fmt.Sprintf("It does not say %q%s, which every piece holds.", t.text, l.ofWording(variant)),
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

// measured is one measure of a wording against its limit. Most are never put into words.
type measured struct {
	what  string // apart from its other measures
	limit int
	use   float64
	says  func() (evidence, remedy string)
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
	emoji, exclamations := 0, 0
	for _, f := range w.texts {
		if v.Emoji != 0 && f.raw.is&isHigh != 0 {
			emoji += emojiIn(f.raw.text)
		}
		if v.Exclamations != 0 {
			exclamations += exclamationsIn(f.raw.text)
		}
	}
	all = w.count(all, emoji, v.Emoji, "emoji")
	all = w.count(all, exclamations, v.Exclamations, "exclamation marks")
	if v.Sentence > 0 || v.Grade > 0 {
		all = w.sentences(all, v)
	}
	return all
}

// count measures n against a limit of which 0 is none and −1 is "not one".
func (w wording) count(all []measured, n, limit int, what string) []measured {
	if limit == 0 || n == 0 {
		return all
	}
	limit = max(limit, 0)
	use := 2.0 // whatever there is, is too much
	if limit > 0 {
		use = float64(n) / float64(limit)
	}
	return append(all, measured{what, limit, use, func() (string, string) {
		return fmt.Sprintf("It has %d %s%s; your limit is %d.", n, what, w.l.ofWording(w.variant), limit), fmt.Sprintf("Take out %d.", n-limit)
	}})
}

// sentences measures the longest sentence and the reading grade.
func (w wording) sentences(all []measured, v engine.VoiceRule) []measured {
	var total prose
	for _, f := range w.texts {
		p := proseOf(f.bare, v.Grade > 0)
		total.add(p)
		if v.Sentence > 0 && p.longest > 0 {
			all = append(all, measured{fmt.Sprintf("sentence %s %d", f.name, p.at), v.Sentence, float64(p.longest) / float64(v.Sentence), func() (string, string) {
				return fmt.Sprintf("A sentence has %d words (%s): %s; your limit is %d.", p.longest, w.l.where(f), quote(f.bare.text[p.at:p.end]), v.Sentence),
					fmt.Sprintf("Make two of it, or cut %d words.", p.longest-v.Sentence)
			}})
		}
	}
	if g, ok := total.grade(); ok && v.Grade > 0 {
		all = append(all, measured{"grade", v.Grade, max(g, 0) / float64(v.Grade), func() (string, string) {
			return fmt.Sprintf("Its reading grade is %.1f%s (Flesch–Kincaid, made for English); your limit is %d.", g, w.l.ofWording(w.variant), v.Grade),
				"Use shorter sentences and shorter words."
		}})
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
			n := p.end - p.at
			if n > 9 || p.is&(isLetter|isHigh) != isLetter || strings.IndexByte("iImMwWuUoO", r.text[p.at]) < 0 || !slices.Contains(wrong, fold(r.text[p.at:p.end], asWritten)) {
				continue
			}
			if n == 1 && (r.text[p.at] != 'I' || i+1 < len(r.pieces) && r.pieces[i+1].before == 0) || quoted(r.text, p.at) || r.text[p.at:p.end] == "US" {
				continue
			}
			return []engine.Finding{{
				Outcome: engine.Block, Waivable: true, What: as + l.ofWording(variant),
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
