package blocks

import (
	"fmt"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/desk"
	"koira/engine/report"
)

func (b bakery) strategy() report.StrategyView {
	v := report.StrategyView{
		Frame: b.frame(), Owners: b.who(mari), MaxAge: 90,
		StrategyVersion: engine.StrategyVersion{
			Version: b.n(3, 1_000_000), By: mari, At: day(24, 9, 20), What: b.s("Theme “buns”: none → Cinnamon buns on Fridays", 3_000), Why: b.s("people ask for them", 1_000),
		},
	}
	v.Strategy.Version = v.Version
	for i := range b.n(1, 40) {
		v.Strategy.Goals = append(v.Strategy.Goals, engine.Goal{Key: fmt.Sprintf("goal-%d", i), Text: b.s("More people reserve bread ahead.", 500), Metric: engine.Clicks})
	}
	for i := range b.n(2, 40) {
		v.Strategy.Segments = append(v.Strategy.Segments, engine.Segment{Key: fmt.Sprintf("readers-%d", i), Name: b.s([]string{"Followers", "Newsletter readers"}[i%2], 500), Size: b.n(1240, 1_000_000_000)})
	}
	for i := range b.n(2, 40) {
		v.Strategy.Themes = append(v.Strategy.Themes, engine.Theme{Key: fmt.Sprintf("theme-%d", i), Text: b.s([]string{"Our rye bread and how it is made", "Cinnamon buns on Fridays"}[i%2], 500)})
	}
	v.Strategy.Voice = engine.Voice{Tone: b.s("Plain, warm and short.", 2_000), Person: "we", Examples: many(b, 3, 30, "We bake, you eat.")}
	return v
}

func (b bakery) strategyWanted(moved bool) desk.StrategyWanted {
	w := desk.StrategyWanted{
		Request: engine.Request{ID: "01K0REQUEST", Kind: engine.RequestStrategy, Edits: []engine.RuleEdit{
			{Rule: desk.PartThemes, To: b.s("theme-0: Our rye bread, and nothing else", 3_000)}, {Rule: desk.PartGoals, To: b.s("goal-0: More people come by (revenue)", 3_000)},
		}},
		Changes: many(b, 2, 120, desk.Change{Name: b.s("Theme “buns”", 60), Old: b.s("Cinnamon buns on Fridays", 500), New: "none"}),
		Effects: engine.Tried{
			Lines: many(b, 1, 40, b.s("Pieces already cleared to go out which this stops: 1. They will need a person.", 600)),
			Pieces: many(b, 1, 5, engine.TriedPiece{
				Output: "o1", Day: "28 Nov", Title: b.s("Buns on Friday, from eight", 600), Words: b.s(`Its theme "buns" is not in your strategy any more`, 600),
			}),
		},
	}
	if moved {
		v := b.strategy().StrategyVersion
		w.Moved, w.Effects = &v, engine.Tried{}
	}
	return w
}

// factRefs are as many facts of v as are asked about at once.
func factRefs(v report.StrategyView) (refs []desk.FactRef) {
	for _, f := range v.Facts[:min(len(v.Facts), FactsMost)] {
		refs = append(refs, desk.FactRef{Version: v.Strategy.Version, Number: f.Number})
	}
	return refs
}

func (b bakery) facts() report.StrategyView {
	v := b.strategy()
	v.Strategy.Themes[0].Facts, v.Strategy.Themes[1].Facts = []string{"dough"}, []string{"buns"}
	v.Facts = []report.FactRow{
		{Number: 1, Said: true, Days: 0, Fact: engine.Fact{Key: "dough", Text: b.s("Our rye dough rests for 24 hours before it is baked.", 500)}, Themes: []string{"theme-0"}},
		{Number: 2, Said: true, Days: b.n(12, 9_999), Fact: engine.Fact{Key: "buns", Text: b.s("Cardamom buns cost €3.20.", 500), From: day(1, 0, 0), Until: day(30, 0, 0)}},
		{Number: 3, Days: -1, TooOld: true, Fact: engine.Fact{Key: "advent", Text: b.s("In Advent we open at 7:00.", 500), From: day(28, 0, 0)}},
	}
	for i := range b.n(0, 200) {
		row := v.Facts[i%3]
		row.Number = i + 4
		v.Facts = append(v.Facts, row)
	}
	return v
}

func (b bakery) strategyDrawings(at Place) []drawing {
	lacking := b.strategy()
	lacking.Strategy.Themes, lacking.Lacks, lacking.By, lacking.Strategy.Voice = nil, "the strategy has no theme", engine.Koira.ID, engine.Voice{}
	idle := b.strategy()
	idle.Idle = many(b, 1, 30, b.s("Daily social: the strategy has none of its themes", 300))
	moved, wanted, back := b.strategyWanted(true), b.strategyWanted(false), b.strategyWanted(false)
	back.Why = "back to version 2"
	facts := b.facts()
	said := desk.FactDone{Facts: []engine.Fact{facts.Facts[1].Fact}, Version: 4, Apart: many(b, 1, 40, b.s("The weekend bake", 300))}
	typed, now := FactFields{Text: b.s("Cardamom buns cost €3.40.", 500), Until: "2025-12-24"}, facts.Facts[1].Fact
	newFact := desk.FactWanted{
		Request: wanted.Request, Changes: []desk.Change{{Name: "Fact “buns”", Old: b.s("Cardamom buns cost €3.20.", 500), New: b.s("Cardamom buns cost €3.40.", 500)}},
		Effects: engine.Tried{
			Lines:  []string{"Tried on the last 30 days: would have stopped 2 of 14, and 1 of the 3 now planned."},
			Pieces: many(b, 1, 5, engine.TriedPiece{Output: "o1", Day: "28 Nov", Title: b.s("Buns on Friday, €3.20 each", 600), Words: "planned; would be stopped by facts"}),
		},
	}
	page := report.Page{Size: 8}
	return []drawing{
		asMessage("facts", Facts(facts, page, engine.RoleOwner)),
		asMessage("facts-looked-at", Facts(facts, page, engine.RoleViewer)),
		asMessage("facts-ask", FactsAsk(facts, factRefs(facts), false, b.n(0, 100), engine.Tried{})),
		asMessage("facts-ask-off", FactsAsk(facts, factRefs(facts)[:1], true, 0, newFact.Effects)),
		asMessage("facts-wanted", FactWanted(newFact)),
		asMessage("facts-wanted-same", FactWanted(desk.FactWanted{Request: newFact.Request})),
		asView("window-fact-apply", FactApplyWindow(newFact, at)),
		asMessage("facts-none", Facts(b.strategy(), page, engine.RoleOwner)),
		asMessage("facts-said", FactsSaid(said, "On the list, true as of today")),
		asView("window-fact", FactWindow(facts, desk.FactRef{Version: facts.Version, Number: 2}, nil, nil, at)),
		asView("window-fact-new", FactWindow(facts, desk.FactRef{}, nil, nil, at)),
		asView("window-fact-moved", FactWindow(facts, desk.FactRef{Version: facts.Version, Number: 2}, &typed, &now, at)),
		asMessage("strategy", Strategy(b.strategy(), engine.RoleOwner)),
		asMessage("strategy-looked-at", Strategy(idle, engine.RoleViewer)),
		asMessage("strategy-lacking", Strategy(lacking, engine.RoleOwner)),
		asMessage("strategy-wanted", StrategyWanted(wanted, b.frame())),
		asMessage("strategy-back", StrategyWanted(back, b.frame())),
		asMessage("strategy-moved", StrategyWanted(moved, b.frame())),
		asMessage("strategy-changed", StrategyChanged(desk.StrategyDone{Changes: wanted.Changes, Version: 4}, b.frame())),
		asMessage("strategy-history", StrategyHistory(report.StrategyHistory{
			Frame: b.frame(), Version: 3, Page: report.Page{Size: 8, More: b.large}, Rows: many(b, 2, 8, b.strategy().StrategyVersion),
		})),
		asView("window-strategy", StrategyWindow(b.strategy(), nil, nil, at)),
		asView("window-strategy-moved", StrategyWindow(b.strategy(), moved.Edits, &moved, at)),
		asView("window-strategy-apply", StrategyApplyWindow(wanted, at)),
	}
}

// A part that no field holds whole is not asked for: saving the window must not cut it.
func TestALongPartIsNotAskedFor(t *testing.T) {
	v := (bakery{}).strategy()
	v.Strategy.Themes[0].Text = strings.Repeat("rye ", fieldMax/4)
	w := StrategyWindow(v, nil, nil, Place{})
	var asked []string
	for _, e := range ReadStrategy(slack.View{Blocks: w.Blocks}) {
		asked = append(asked, e.Rule)
	}
	if got := strings.Join(asked, " "); got != "goals segments tone person examples" {
		t.Errorf("it asks for %s", got)
	}
}
