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
		"a tone of two lines is one text":           {PartTone, " Warm.\n Short. ", "Warm. Short."},
		"a long tone":                               {PartTone, strings.Repeat("a", 501), "!more than 500 characters"},
		"who speaks":                                {PartPerson, "WE", "we"},
		"nobody in particular":                      {PartPerson, " ", ""},
		"they":                                      {PartPerson, "they", "!as we or as I"},
		"texts, a line each":                        {PartExamples, "Rye at ten.\n\n Buns: on Saturday ", "Rye at ten. / Buns: on Saturday"},
		"a text twice":                              {PartExamples, "Rye at ten.\nRye  at ten.", "Rye at ten."},
		"what nobody sees in a text":                {PartExamples, "Rye\u200b at ten.", "!cannot be seen"},
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

// typed are the texts of the window on s, with one of them changed.
func typed(s engine.Strategy, part, text string) []engine.RuleEdit {
	var es []engine.RuleEdit
	for _, p := range StrategyParts {
		e := edit(p, StrategyText(s, p))
		if p == part {
			e.To = text
		}
		es = append(es, e)
	}
	return es
}

func TestTheStrategyIsShownThenApplied(t *testing.T) {
	w := newWorld(t)
	s := w.strategy(t)
	_, err := w.WantStrategy(w.ctx, person(tomi), 1, typed(s, PartThemes, "Buns")...)
	want(t, err, engine.CodeDenied, "Only owners can change the strategy.")
	_, err = w.WantStrategy(w.ctx, person(mari), 1, typed(s, "", "")...)
	want(t, err, engine.CodeConflict, "That is how it stands already.")
	r, err := w.WantStrategy(w.ctx, person(mari), 1, typed(s, PartThemes, "rye: rye bread\nBuns")...)
	must(t, err)
	if len(r.Changes) != 1 || r.Changes[0].String() != "Theme “buns”: none → Buns" || r.Moved != nil || len(r.Edits) != 1 || w.strategy(t).Version != 1 {
		t.Fatalf("shown: %+v", r)
	}
	_, err = w.ApplyStrategy(w.ctx, person(tomi), r.ID, "")
	want(t, err, engine.CodeDenied, "Only owners")
	_, err = w.TurnOn(w.ctx, person(mari), r.ID) // a press on another kind of request puts nothing in force
	if err == nil || w.strategy(t).Version != 1 || w.rules(t).Version != 1 {
		t.Fatalf("turned on as a rule: %v", err)
	}
	done, err := w.ApplyStrategy(w.ctx, person(mari), r.ID, "asked for")
	must(t, err)
	if s := w.strategy(t); done.Version != 2 || s.Version != 2 || !s.HasTheme("buns") {
		t.Errorf("in force: %+v", s)
	}
	_, err = w.ApplyStrategy(w.ctx, person(mari), r.ID, "")
	want(t, err, engine.CodeConflict, "put this in force")
	h, err := w.store.StrategyHistory(w.ctx, 0, 9)
	must(t, err)
	if len(h) != 2 || h[0].By != mari || h[0].Why != "asked for" || h[0].What != "Theme “buns”: none → Buns" {
		t.Errorf("history: %+v", h)
	}
}

// Two owners' windows on the same version: what they touched apart is both kept; what they touched both is told, with what was typed.
func TestTwoWindowsOnOneStrategy(t *testing.T) {
	w := newWorld(t)
	s := w.strategy(t)
	apply := func(part, text string) {
		t.Helper()
		r, err := w.WantStrategy(w.ctx, person(mari), 1, typed(s, part, text)...)
		must(t, err)
		done, err := w.ApplyStrategy(w.ctx, person(mari), r.ID, "")
		must(t, err)
		if done.Moved != nil {
			t.Fatalf("%s moved: %+v", part, done.Moved)
		}
	}
	shown, err := w.WantStrategy(w.ctx, person(mari), 1, typed(s, PartThemes, "rye: rye, and nothing else")...)
	must(t, err)
	apply(PartThemes, "rye: rye bread\nBuns")
	apply(PartGoals, "visits: More visits (leads)")
	if now := w.strategy(t); now.Version != 3 || !now.HasTheme("buns") || now.Goals[0].Metric != engine.Leads {
		t.Fatalf("in force: %+v", now)
	}
	late, err := w.WantStrategy(w.ctx, person(mari), 1, typed(s, PartThemes, "rye: rye, all of it")...)
	must(t, err)
	if late.Moved == nil || late.Moved.Version != 3 || len(late.Edits) != 1 || late.Edits[0].To != "rye: rye, all of it" {
		t.Errorf("a window on an old version: %+v", late)
	}
	for _, id := range []string{shown.ID, late.ID} {
		done, err := w.ApplyStrategy(w.ctx, person(mari), id, "")
		must(t, err)
		if done.Moved == nil || w.strategy(t).Version != 3 {
			t.Errorf("applied over what somebody else changed: %+v", done)
		}
	}
	back, err := w.RevertStrategy(w.ctx, person(mari), 1)
	must(t, err)
	_, err = w.ApplyStrategy(w.ctx, person(mari), back.ID, "")
	must(t, err)
	if cs := strategyChanges(s, w.strategy(t), s.Business.Location()); len(cs) > 0 {
		t.Errorf("back to the first: %v", cs)
	}
	_, err = w.RevertStrategy(w.ctx, person(mari), 9)
	want(t, err, engine.CodeNotFound, "There is no version 9 of the strategy.")
}
