package desk

import (
	"slices"
	"strings"
	"testing"

	"koira/engine"
)

func (w *world) strategy(t testing.TB) engine.Strategy {
	t.Helper()
	s, err := w.store.Strategy(w.ctx)
	must(t, err)
	return s
}

func TestStrategyTextIsReadAsItIsWritten(t *testing.T) {
	s := engine.Strategy{
		Goals:    []engine.Goal{{Key: "visits", Text: "More people reserve bread ahead.", Metric: engine.Leads}},
		Segments: []engine.Segment{{Key: "followers", Name: "Followers", Size: 1240}},
		Themes:   []engine.Theme{{Key: "rye", Text: "Our rye bread", Facts: []string{"dough"}}},
	}
	for _, part := range StrategyParts {
		again, err := ReadStrategyPart(s, part, StrategyText(s, part))
		must(t, err)
		if cs := strategyChanges(s, again, s.Business.Location()); len(cs) > 0 {
			t.Errorf("%s: %v", part, cs)
		}
	}
}

func TestReadStrategyPart(t *testing.T) {
	s := engine.Strategy{
		Goals: []engine.Goal{{Key: "visits", Text: "Visits", Metric: engine.Leads}}, Segments: []engine.Segment{{Key: "followers", Name: "Followers", Size: 1240}},
		Themes: []engine.Theme{{Key: "rye", Text: "Rye", Facts: []string{"dough"}}},
	}
	for name, c := range map[string]struct {
		part, text string
		want       string // as StrategyText writes it, lines joined by " / "; or, with "!" before it, a part of the refusal
	}{
		"a new line gets a short name":              {PartThemes, "rye: Rye\n- Coffee & cake, all day long", "rye: Rye / coffee-cake-all: Coffee & cake, all day long"},
		"two alike get two":                         {PartThemes, "Buns\nBuns", "buns: Buns / buns-2: Buns"},
		"letters of the north":                      {PartThemes, "Yön pullat", "yon-pullat: Yön pullat"},
		"letters of other alphabets":                {PartThemes, "Хлеб", "theme: Хлеб"},
		"a capital before a colon is text":          {PartThemes, "Tip: buy early", "tip-buy-early: Tip: buy early"},
		"an address is no short name":               {PartThemes, "https://leipa.example", "https-leipa-example: https://leipa.example"},
		"empty lines and bullets":                   {PartThemes, "\n• Rye\n\n  * Oat \n", "rye: Rye / oat: Oat"},
		"nothing is nothing":                        {PartThemes, " \n", ""},
		"a goal keeps what it is counted by":        {PartGoals, "visits: More visits", "visits: More visits (leads)"},
		"a goal says what it is counted by":         {PartGoals, "visits: More visits (Revenue)", "visits: More visits (revenue)"},
		"a new goal is counted by link visits":      {PartGoals, "Be known", "be-known: Be known (clicks)"},
		"brackets that name no number are text":     {PartGoals, "Be known (here)", "be-known: Be known (here) (clicks)"},
		"readers with a size":                       {PartSegments, "Regulars (1,300)", "regulars: Regulars (1300)"},
		"readers keep their size":                   {PartSegments, "followers: Those who follow us", "followers: Those who follow us (1240)"},
		"new readers need a size":                   {PartSegments, "Regulars", "!How many readers are \"Regulars\"?"},
		"readers are people":                        {PartSegments, "Regulars (0)", "!How many readers"},
		"a short name twice":                        {PartThemes, "rye: Rye\nrye: Oat", "!stands before two lines"},
		"a short name alone":                        {PartThemes, "rye:", "!no text behind it"},
		"a long line":                               {PartThemes, strings.Repeat("a", 501), "!more than 500 characters"},
		"many lines":                                {PartThemes, strings.Repeat("a\n", 41), "!more than 40 lines"},
		"what is no text":                           {PartThemes, "a\x00b", "!characters that are not text"},
		"a part that there is not":                  {"voice", "loud", "!no part"},
		"an escape that nobody sees is not invited": {PartThemes, "a\x1b[2J", "!characters that are not text"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ReadStrategyPart(s, c.part, c.text)
			if refusal, ok := strings.CutPrefix(c.want, "!"); ok {
				want(t, err, engine.CodeInvalid, refusal)
				if e, ok := err.(*engine.Error); !ok || e.Field != c.part {
					t.Errorf("it names no field: %v", err)
				}
				return
			}
			must(t, err)
			if says := strings.ReplaceAll(StrategyText(got, c.part), "\n", " / "); says != c.want {
				t.Errorf("got %q, want %q", says, c.want)
			}
		})
	}
	if got, err := ReadStrategyPart(s, PartThemes, "rye: Rye bread"); err != nil || !slices.Equal(got.Themes[0].Facts, []string{"dough"}) {
		t.Errorf("the facts of a theme are lost: %v %v", got.Themes, err)
	}
}
