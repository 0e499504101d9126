package guard

import (
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"

	"koira/engine"
)

// look is a view with its texts read once for all rules, and with the limits and facts that they are held against made ready.
type look struct {
	*engine.View // own
	own          engine.View
	rules        *rules
	sheet        *sheet
	fields       []field
	claims       []claim // room for those of one field
	hits         []hit   // the same
}

// field is one text of one wording.
type field struct {
	variant int
	name    string   // as people call it
	raw     reading  // as it was written
	bare    *reading // as it reads without its markup; raw where that changes nothing
	from    []int32  // the places in raw that bare's bytes come from; nil where bare is raw
	wide    *reading // with its compatibility forms joined ("ｌｅｉｐａ．ｅｘａｍｐｌｅ"), as readers and browsers see them; nil where there are none
	said    []match  // terms in raw and in bare, by their places in raw
}

// Names of fields.
const (
	inSubject = "subject"
	inBody    = "body"
	inCall    = "call to action"
	inLink    = "link"
	inAlt     = "picture's description"
)

// looks are used again: taking a text apart needs room.
var looks = sync.Pool{New: func() any { return new(look) }}

// newLook reads the texts of v. The caller calls done, and keeps nothing of it.
func newLook(v *engine.View) *look {
	l := looks.Get().(*look)
	l.own = *v
	l.View, l.rules, l.sheet = &l.own, ruleShelf.get(&l.own.Guardrails), sheetShelf.get(&l.own.Strategy)
	for i, w := range v.Output.Variants {
		for _, f := range []struct{ name, text string }{
			{inSubject, w.Subject}, {inBody, w.Body}, {inCall, w.CallToAction}, {inLink, w.Link}, {inAlt, w.AltText},
		} {
			if f.text != "" {
				l.read(i, f.name, f.text)
			}
		}
	}
	return l
}

func (l *look) done() {
	l.own = engine.View{}
	l.View, l.rules, l.sheet, l.fields = nil, nil, nil, l.fields[:0]
	looks.Put(l)
}

// read takes one text apart, once as it was written and, where its markup matters, once as it reads.
func (l *look) read(variant int, name, text string) {
	if len(l.fields) == cap(l.fields) {
		l.fields = append(l.fields, field{})[:len(l.fields)]
	}
	l.fields = l.fields[:len(l.fields)+1]
	f := &l.fields[len(l.fields)-1]
	f.variant, f.name, f.bare, f.from, f.wide = variant, name, &f.raw, nil, nil
	read(text, false, &f.raw)
	f.said = l.rules.terms.find(f.said[:0], &f.raw, &l.hits)
	if f.raw.is&isForm != 0 && !norm.NFKC.IsNormalString(text) {
		f.wide = new(reading)
		read(norm.NFKC.String(text), false, f.wide)
	}
	if !f.raw.marked {
		return
	}
	u := unmark(text)
	if u.text == text {
		return
	}
	f.bare, f.from = new(reading), u.from
	read(u.text, false, f.bare)
	for _, m := range l.rules.terms.find(nil, f.bare, &l.hits) {
		f.said = append(f.said, match{m.term, u.from[m.at], u.source(m.end - 1)})
	}
	slices.SortStableFunc(f.said, func(a, b match) int { return int(a.at - b.at) })
}

// readings are the ways in which f reads: one, or with the markup and without.
func (f *field) readings() []*reading {
	if f.from == nil {
		return []*reading{&f.raw}
	}
	return []*reading{&f.raw, f.bare}
}

// forms are the readings of f, and the one with its compatibility forms joined: what leads somewhere or calls somebody does so in any form.
func (f *field) forms() []*reading {
	if f.wide == nil {
		return f.readings()
	}
	return append(f.readings(), f.wide)
}

// where names the place of f for people: "body", or "body of wording B" where there are several.
func (l *look) where(f *field) string { return l.in(f.variant, f.name) }

func (l *look) in(variant int, name string) string {
	if len(l.Output.Variants) < 2 {
		return name
	}
	name = strings.TrimSpace(name + " of wording " + l.Output.Variants[variant].Name)
	return strings.TrimPrefix(name, "of ")
}

// around is the words from at to end with up to three before and after them in their sentence.
func around(r *reading, at, end int32) string {
	const words = 3
	i, _ := slices.BinarySearchFunc(r.pieces, at, func(p piece, at int32) int { return int(p.end - 1 - at) })
	a, b := i, i
	for b+1 < len(r.pieces) && r.pieces[b+1].at < end {
		b++
	}
	for n := 0; n < words && a > 0 && a < len(r.pieces) && !r.pieces[a].begins(); n++ {
		a--
	}
	for n := 0; n < words && b+1 < len(r.pieces) && !r.pieces[b+1].begins(); n++ {
		b++
	}
	if a < len(r.pieces) {
		at = min(at, r.pieces[a].at)
	}
	if b < len(r.pieces) {
		end = max(end, r.pieces[b].end)
	}
	return r.text[at:end]
}

// begins reports whether a sentence or a line begins with p.
func (p piece) begins() bool {
	return p.before&isLine != 0 || p.before&isStop != 0 && p.before&gap != 0
}

// worst keeps, of a rule's measurements, the one that uses most of its limit.
type worst struct {
	use  float64
	says string
}

func (w *worst) see(use float64, says string) {
	if use > w.use {
		w.use, w.says = use, says
	}
}

// pass is the finding of a rule that measured and found enough room.
func (w worst) pass() []engine.Finding {
	if w.use == 0 {
		return nil
	}
	return []engine.Finding{{Outcome: engine.Pass, Use: w.use, Evidence: w.says}}
}

// quote is s in quotation marks as people write them: on one line, and no longer than somebody reads.
func quote(s string) string {
	const most = 80
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > most {
		s = string(r[:most-1]) + "…"
	}
	return `"` + s + `"`
}
