package writer

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"sync"
)

var (
	slot   = regexp.MustCompile(`\{(\w+)\}`)
	choice = regexp.MustCompile(`\[[^\[\]]*\|[^\[\]]*\]`)
)

// fill puts words into one text's slots. It is used for one text only: each fact is said once.
type fill struct {
	words  map[string]string // slots that may be used any number of times; an empty one cannot be filled
	facts  []string          // in the order in which {fact} takes them
	lead   string            // a first line that is filled already
	rand   *rand.Rand
	escape func(string) string // for what comes from the brief
}

// text fills paragraphs, and gives false when they need more facts than there are.
func (f *fill) text(paragraphs frame) (string, bool) {
	var out []string
	for _, p := range paragraphs {
		if needs(p) > len(f.facts) {
			return "", false
		}
		if s, ok := f.line(p); ok {
			out = append(out, s)
		}
	}
	return strings.Join(out, "\n\n"), true
}

// facts is how many facts f says at least.
func (f frame) facts() int {
	n := 0
	for _, p := range f {
		n += needs(p) + strings.Count(p, "{lead}")
	}
	return n
}

// needs is how many of the facts left a template says at least, outside its first line.
func needs(template string) int {
	return strings.Count(template, "{fact}") + 2*strings.Count(template, "{list}")
}

// line fills one template, and false when a slot in it cannot be filled; facts are then not used up.
func (f *fill) line(template string) (string, bool) {
	if strings.Contains(template, "|") {
		template = choice.ReplaceAllStringFunc(template, f.choose)
	}
	if !f.can(template) {
		return "", false
	}
	var b strings.Builder
	for _, p := range partsOf(template) {
		b.WriteString(p.text)
		switch p.slot {
		case "":
		case "fact":
			b.WriteString(f.escape(f.take(0)))
		case "number":
			b.WriteString(f.escape(f.take(f.numbered())))
		case "list":
			b.WriteString(f.list())
		case "lead":
			b.WriteString(f.lead)
		default:
			b.WriteString(f.escape(f.words[p.slot]))
		}
	}
	return b.String(), true
}

// part of a template is some text and the slot after it, "" at the end.
type part struct{ text, slot string }

var parts sync.Map // template → []part; the grammar has as many as it has, with its choices made

func partsOf(template string) []part {
	if known, ok := parts.Load(template); ok {
		return known.([]part)
	}
	var all []part
	at := 0
	for _, m := range slot.FindAllStringSubmatchIndex(template, -1) {
		all = append(all, part{template[at:m[0]], template[m[2]:m[3]]})
		at = m[1]
	}
	all = append(all, part{text: template[at:]})
	parts.Store(template, all)
	return all
}

// choose takes one of the alternatives in "[a|b]" that can be filled; the first when none can, so that its paragraph is left out.
func (f *fill) choose(group string) string {
	all := strings.Split(group[1:len(group)-1], "|")
	var can []string
	for _, a := range all {
		if f.can(a) {
			can = append(can, a)
		}
	}
	if len(can) == 0 {
		return all[0]
	}
	return can[f.rand.IntN(len(can))]
}

// any fills one of templates, in an order of chance, and false when none can be filled.
func (f *fill) any(templates []string) (string, bool) {
	for _, i := range f.rand.Perm(len(templates)) {
		if s, ok := f.line(templates[i]); ok {
			return s, true
		}
	}
	return "", false
}

// can reports whether every slot of template can be filled.
func (f *fill) can(template string) bool {
	for _, p := range partsOf(template) {
		switch p.slot {
		case "", "fact", "list": // facts are counted below
		case "number":
			if f.numbered() < 0 {
				return false
			}
		case "lead":
			if f.lead == "" {
				return false
			}
		default:
			if f.words[p.slot] == "" {
				return false
			}
		}
	}
	return needs(template) <= len(f.facts)
}

// take removes and returns the fact at i.
func (f *fill) take(i int) string {
	s := f.facts[i]
	f.facts = append(append([]string(nil), f.facts[:i]...), f.facts[i+1:]...)
	return s
}

// numbered is the place of the first fact that holds a digit, -1 without one.
func (f *fill) numbered() int {
	for i, s := range f.facts {
		if strings.ContainsAny(s, "0123456789") {
			return i
		}
	}
	return -1
}

// list takes up to five facts as a Markdown list.
func (f *fill) list() string {
	var b strings.Builder
	for n := min(5, len(f.facts)); n > 0; n-- {
		b.WriteString("\n- " + f.escape(f.take(0)))
	}
	return b.String()[1:]
}

var (
	markup    = regexp.MustCompile("[\\\\*_`\\[\\]<~]|&([#A-Za-z0-9]+;)")
	blockMark = regexp.MustCompile(`^(?:#{1,6}(\s|$)|[-+>=](\s|$)|>)`)
	ordinal   = regexp.MustCompile(`^(\d{1,9})([.)])(\s|$)`)
)

// escapeMarkdown writes s so that Markdown shows it as it is.
func escapeMarkdown(s string) string {
	if strings.ContainsAny(s, "\\*_`[]<~&") {
		s = markup.ReplaceAllString(s, `\$0`)
	}
	if s == "" || !strings.ContainsRune("#-+>=0123456789", rune(s[0])) {
		return s
	}
	if blockMark.MatchString(s) {
		return `\` + s
	}
	return ordinal.ReplaceAllString(s, `$1\$2$3`)
}
