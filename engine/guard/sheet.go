package guard

import (
	"net/url"
	"slices"
	"strings"

	"koira/engine"
)

// sheet is one version of the strategy, made ready for texts to be held against: what may be claimed, and when.
type sheet struct {
	of         engine.Strategy
	statements []statement
	numbers    map[uint64][]int32 // the statements that make a claim, by the number in its key
	texts      map[key][]int32    // the same for keys with a text
	hosts      map[string]bool    // of the business and its calls to action
	scripts    uint16             // in which the business writes
	voice      profile            // of the approved texts
}

// statement is something that people say is so: a fact, an offer, a call to action, the business's own name and link.
type statement struct {
	engine.Fact
	ages  bool // a fact: somebody looks at it again now and then
	found []claim
	words map[string]bool // its stems, to find the fact that a claim is about
}

func newSheet(s *engine.Strategy) *sheet {
	sh := &sheet{of: *s, numbers: map[uint64][]int32{}, texts: map[key][]int32{}, hosts: map[string]bool{}}
	sh.of.Facts, sh.of.Offers, sh.of.CallsToAction = slices.Clone(s.Facts), slices.Clone(s.Offers), slices.Clone(s.CallsToAction)
	sh.of.Voice.Examples = slices.Clone(s.Voice.Examples)
	for _, f := range s.Facts {
		sh.add(f, true)
	}
	for _, o := range s.Offers {
		sh.add(engine.Fact{Key: o.Key, Text: o.Text, From: o.From, Until: o.Until}, false)
	}
	for _, c := range s.CallsToAction {
		sh.add(engine.Fact{Key: c.Key, Text: c.Text}, false)
		sh.link(c.Link)
	}
	sh.add(engine.Fact{Text: s.Business.Name}, false)
	sh.link(s.Business.Link)
	for _, text := range slices.Concat(s.Voice.Examples, []string{s.Business.About, s.Voice.Tone}) {
		var r reading
		read(text, false, &r)
		sh.scripts |= r.scripts
	}
	if sh.scripts == 0 {
		sh.scripts = latin
	}
	sh.voice = profileOf(s.Voice.Examples)
	return sh
}

func (sh *sheet) add(f engine.Fact, ages bool) {
	var r reading
	read(f.Text, false, &r)
	sh.scripts |= r.scripts
	s := statement{Fact: f, ages: ages, words: stemsOf(&r), found: claimsOf(nil, numerals(&r))}
	for _, c := range s.found {
		sh.claim(c.key)
	}
	for _, l := range links(&r) {
		sh.claim(textKey(aLink, linkKey(l.text)))
	}
	sh.statements = append(sh.statements, s)
}

// claim notes that the statement which comes next claims k.
func (sh *sheet) claim(k key) {
	n := int32(len(sh.statements))
	if k.text == "" {
		sh.numbers[k.number] = append(sh.numbers[k.number], n)
		return
	}
	sh.texts[k] = append(sh.texts[k], n)
}

// claiming are the statements that claim k.
func (sh *sheet) claiming(k key) []int32 {
	if k.text == "" {
		return sh.numbers[k.number]
	}
	return sh.texts[k]
}

// link lets address be said at any time, and mail to its host.
func (sh *sheet) link(address string) {
	if address == "" {
		return
	}
	sh.claim(textKey(aLink, linkKey(address)))
	sh.statements = append(sh.statements, statement{Fact: engine.Fact{Text: address}})
	if u, err := url.Parse(address); err == nil {
		sh.hosts[canonical(strings.TrimPrefix(u.Hostname(), "www."))] = true
	}
}

func (sh *sheet) same(s *engine.Strategy) bool {
	return sh.of.Version == s.Version && sh.of.Business == s.Business && sh.of.Voice.Tone == s.Voice.Tone && slices.Equal(sh.of.Facts, s.Facts) &&
		slices.Equal(sh.of.Offers, s.Offers) && slices.Equal(sh.of.CallsToAction, s.CallsToAction) && slices.Equal(sh.of.Voice.Examples, s.Voice.Examples)
}

// Versions that were made ready.
var (
	ruleShelf  = shelf[*engine.Guardrails, *rules]{same: (*rules).same, make: newRules}
	sheetShelf = shelf[*engine.Strategy, *sheet]{same: (*sheet).same, make: newSheet}
)

// stemsOf are the stems of r's words but the frequent ones.
func stemsOf(r *reading) map[string]bool {
	words := map[string]bool{}
	for _, p := range r.pieces {
		if w := fold(r.text[p.at:p.end], asWritten); p.is&isLetter != 0 && len(w) > 2 && !frequent[w] {
			words[stem(w)] = true
		}
	}
	return words
}
