package guard

import (
	"strings"
	"testing"

	"koira/engine"
)

// forms lists, for one fact, the ways of saying it that pass, and what is not the same.
func TestClaims(t *testing.T) {
	for fact, forms := range map[string]struct{ same, other []string }{
		"A loaf costs €6.50.": {
			[]string{"€6.50", "€ 6.50", "6.50 €", "6,50 €", "6.50\u00a0€", "EUR 6.50", "6.5 EUR", "6.50 euros", "€6.50!", "**€6.50**", "(€6.50)", "€６.５０"},
			[]string{"€6.51", "€65.0", "$6.50", "£6.50", "6.50", "6.50 %", "€6", "€16.50", "6.50 dollars", "€6.505", "€6.50.1"},
		},
		"We sell 1,200 loaves.":           {[]string{"1200 loaves", "1 200 loaves", "1.200 loaves", "1,200 loaves", "1'200", "1\u202f200"}, []string{"12,00 loaves", "1200 %", "120 loaves", "€1200", "1 2000"}},
		"15 % for regulars.":              {[]string{"15%", "15 percent", "15 per cent", "15-percent", "15\u00a0%", "fifteen percent", "15.0 %", "15 pct"}, []string{"15", "1.5 %", "€15", "fifty percent", "half price"}},
		"Half off on Fridays: 50 % then.": {[]string{"half price", "half off", "50 %", "fifty percent"}, []string{"50", "forty percent"}},
		"Open until 3 December.":          {[]string{"3rd December", "3rd of December", "December 3", "Dec. 3", "3 Dec", "December 3rd", "on 3. December"}, []string{"3", "4 December", "3 November", "3 pm", "30 December"}},
		"Closed on 2025-12-24.":           {[]string{"24 December", "2025-12-24", "December 24th"}, []string{"25 December", "2025-12-25"}},
		"Ready at 10:00.":                 {[]string{"10.00", "10 am", "10am", "10 a.m.", "10:00 am", "10 o'clock"}, []string{"10 pm", "10:30", "22:00", "€10", "10"}},
		"The bar shuts at 9:30 pm.":       {[]string{"21:30", "21.30", "9:30pm", "9.30 p.m."}, []string{"9:30", "9:30 am", "21:31"}},
		"Call +358 40 123 4567.":          {[]string{"+358 40 123 4567", "+358401234567", "358-40-123-4567", "+358 (40) 1234567"}, []string{"+358 40 123 4568", "040 123 4567", "123"}},
		"We bake 6 kinds of bread.":       {[]string{"6 kinds", "6kinds", "6.0"}, []string{"7 kinds", "60", "6 %", "⁷"}},
	} {
		for said, forms := range map[bool][]string{true: forms.same, false: forms.other} {
			for _, form := range forms {
				v := clean()
				v.Strategy.Facts = []engine.Fact{{Key: "f", Text: fact}}
				body("Now: " + form + " in the shop")(&v)
				if got := outcome(Check(v), "facts"); (got.Outcome == engine.Pass) != said {
					t.Errorf("%q beside %q: %s %s", form, fact, got.Outcome, got.Evidence)
				}
			}
		}
	}
}

// Numbers that are judged as part of a link or a mail address are not judged again.
func TestNumbersInLinksAreNoClaims(t *testing.T) {
	v := clean()
	v.Guardrails.Links.Domains = []string{"leipa.example"}
	body("See leipa.example/a/400?x=500, https://shop7.leipa.example/12, [buns](https://leipa.example/2026) or bun99@leipa.example.")(&v)
	if b := Check(v).Blocks(); len(b) > 0 {
		t.Error(b)
	}
	v.Guardrails.Links.Domains = nil
	for _, f := range Check(v).Blocks() {
		if f.Rule != "links" || strings.Contains(f.Evidence, "your facts") {
			t.Errorf("%s: %s", f.Rule, f.Evidence)
		}
	}
}
