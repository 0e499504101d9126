package report

import (
	"testing"

	"koira/engine"
)

func TestBudget(t *testing.T) {
	eur := func(n float64) engine.Money { return engine.Money(n * float64(engine.Unit)) }
	f := bakery()
	f.balances = map[string]map[string]engine.Balance{
		"2025-W48": {
			"daily-social": {Spent: eur(2.10), Model: eur(1.40)},
			"newsletter":   {Spent: eur(4), Reserved: eur(12)},
			"":             {},
		},
		"2025-W46": {"": {Spent: eur(3), Model: eur(3)}},
	}
	draft := in(engine.StateWaiting, post("draft", "2025-11-30 23:59"))
	draft.CostMax = eur(5)
	held, next, gone := in(engine.StateHeld, draft), in(engine.StatePlanned, draft), in(engine.StateExpired, draft)
	held.CostMax = eur(3) // a yes may still let it out
	next.Slot = at("2025-12-01 00:00")
	f.outputs = []engine.Output{draft, held, next, gone}

	v := view(reader(f, at("2025-11-26 00:00")).Budget(t.Context(), ""))(t) // two days of seven have passed
	same(t, "spent, model, reserved, free, over", []engine.Money{eur(6.10), eur(1.40), eur(12), eur(101.90), 0}, []engine.Money{v.Spent, v.Model, v.Reserved, v.Free, v.Over})
	same(t, "by task", []TaskBudget{
		{Task: "newsletter", Name: "Newsletter", Spent: eur(4), Reserved: eur(12)},
		{Task: "daily-social", Name: "Daily social", Spent: eur(2.10), Model: eur(1.40)},
	}, v.ByTask)
	same(t, "projected", eur(6.10+12+5+3+1.40*5/2), v.Projected)
	same(t, "weeks before, none before the first", []WeekMoney{{Week: "2025-W47"}, {Week: "2025-W46", Spent: eur(3), Model: eur(3)}}, v.Weeks)

	early := view(reader(f, at("2025-11-24 09:00")).Budget(t.Context(), ""))(t)
	same(t, "projected before the first day has passed: no pace yet", eur(6.10+12+5+3), early.Projected)
	past := view(reader(f, today).Budget(t.Context(), "2025-W46"))(t)
	same(t, "a week that is over", eur(3), past.Projected)

	f.rules.Budget.Weekly = eur(10)
	low := view(reader(f, today).Budget(t.Context(), ""))(t)
	same(t, "over a lowered cap", []engine.Money{0, eur(8.10)}, []engine.Money{low.Free, low.Over})
}

func TestBudgetShare(t *testing.T) {
	for name, c := range map[string]struct {
		b    Budget
		want float64
	}{
		"nothing used":          {Budget{Cap: 100}, 0},
		"spent and set aside":   {Budget{Cap: 100, Spent: 30, Reserved: 50}, .8},
		"over":                  {Budget{Cap: 100, Spent: 150}, 1.5},
		"no cap, nothing used":  {Budget{}, 0},
		"no cap, and money out": {Budget{Spent: 1}, 1},
	} {
		t.Run(name, func(t *testing.T) { same(t, "share", c.want, c.b.Share()) })
	}
}

func TestBudgetNamesEveryLimit(t *testing.T) {
	f := bakery()
	f.rules.Budget = engine.BudgetRule{Weekly: 70 * engine.Unit, Ceiling: 200 * engine.Unit, Model: 10 * engine.Unit, Output: 5 * engine.Unit, Pace: 150, Campaigns: map[string]engine.Money{"advent": 60 * engine.Unit}}
	f.balances = map[string]map[string]engine.Balance{"2025-W48": {"newsletter": {Spent: 12 * engine.Unit, Top: 2 * engine.Unit}}}
	f.strategy.Offers = []engine.Offer{{Key: "advent", Text: "Advent box"}, {Key: "quiet", Text: "Nothing"}, {Key: "old", Text: "Old"}}
	f.campaigns = map[string]engine.Balance{"advent": {Spent: engine.Unit, Reserved: 2 * engine.Unit}, "old": {Spent: engine.Unit}}
	v := view(reader(f, at("2025-11-25 09:00")).Budget(t.Context(), ""))(t) // a Tuesday
	same(t, "limits", Limits{Model: 10 * engine.Unit, Output: 5 * engine.Unit, Pace: 150, Today: 30 * engine.Unit, ToDate: 12 * engine.Unit}, v.Limits)
	same(t, "campaigns", []CampaignBudget{
		{Key: "advent", Text: "Advent box", Spent: engine.Unit, Reserved: 2 * engine.Unit, Limit: 60 * engine.Unit}, {Key: "old", Text: "Old", Spent: engine.Unit},
	}, v.Campaigns)
	past := view(reader(f, at("2025-12-02 09:00")).Budget(t.Context(), "2025-W48"))(t)
	same(t, "no pace in a week that is over", 0, past.Limits.Pace)
}

// What is free of the week, and whether it is beyond its limit by what owners allowed, is what the gate says of a piece that comes next.
func TestTheBudgetAgreesWithTheGate(t *testing.T) {
	for name, c := range map[string]struct{ used, top, cap, free, over, onTop engine.Money }{
		"nothing on top":                   {80, 0, 100, 20, 0, 0},
		"beyond it as allowed":             {120, 20, 100, 0, 20, 20},
		"beyond it by more":                {130, 20, 100, 0, 30, 20},
		"the week was raised":              {120, 20, 140, 20, 0, 0},
		"it was raised by less":            {120, 20, 110, 0, 10, 10},
		"what was allowed costs less":      {90, 20, 100, 10, 0, 0},
		"all of it is used, none above it": {100, 20, 100, 0, 0, 0},
	} {
		f := bakery()
		f.rules.Budget = engine.BudgetRule{Weekly: c.cap * engine.Unit, Ceiling: 200 * engine.Unit}
		f.balances = map[string]map[string]engine.Balance{"2025-W48": {"newsletter": {Spent: 10 * engine.Unit, Reserved: (c.used - 10) * engine.Unit, Top: c.top * engine.Unit}}}
		v := view(reader(f, at("2025-11-25 09:00")).Budget(t.Context(), ""))(t)
		same(t, name, []engine.Money{c.free * engine.Unit, c.over * engine.Unit, c.onTop * engine.Unit}, []engine.Money{v.Free, v.Over, v.Top})
		b := f.balances["2025-W48"]["newsletter"]
		next := engine.View{Guardrails: *f.rules, Week: b, Output: engine.Output{CostMax: engine.Unit}}.Caps()[0]
		same(t, name+": free at the gate", v.Free, next.Free())
	}
}

func TestAlert(t *testing.T) {
	f := bakery()
	f.rules.Budget.Model, f.rules.Budget.Tasks = 2*engine.Unit, map[string]engine.Money{f.tasks[1].ID: 8 * engine.Unit}
	f.rules.Budget.Campaigns = map[string]engine.Money{"advent": 60 * engine.Unit}
	f.balances = map[string]map[string]engine.Balance{"2025-W48": {"newsletter": {Reserved: 4 * engine.Unit, Spent: 3 * engine.Unit, Model: engine.Unit}}}
	f.strategy.Offers = []engine.Offer{{Key: "advent", Text: "Advent box"}}
	f.campaigns = map[string]engine.Balance{"advent": {Spent: 60 * engine.Unit}}
	held := in(engine.StateHeld, post("held", "2025-11-27 09:00"))
	held.Findings = []engine.Finding{{Rule: "budget", Outcome: engine.Block}}
	other, later := held, held
	other.ID, other.Findings = "other", []engine.Finding{{Rule: "facts", Outcome: engine.Block}}
	later.ID, later.Slot = "later", at("2025-12-04 09:00")
	f.outputs = []engine.Output{held, other, later}
	for subject, want := range map[string]struct {
		name        string
		limit, used engine.Money
		full        bool
		waits       int
	}{
		"2025-W48/week/80":              {"The money of week 48", 120 * engine.Unit, 7 * engine.Unit, false, 1},
		"2025-W48/model/80":             {"The AI model in week 48", 2 * engine.Unit, engine.Unit, false, 1},
		"2025-W48/task:newsletter/80":   {"Newsletter in week 48", 8 * engine.Unit, 7 * engine.Unit, false, 1},
		"life/campaign:advent/100":      {"The campaign “Advent box”", 60 * engine.Unit, 60 * engine.Unit, true, 2},
		"2025-W48/task:of-old-times/80": {"of-old-times in week 48", 0, 0, true, 1},
	} {
		v := view(reader(f, today).Alert(t.Context(), subject))(t)
		same(t, subject, []any{want.name, want.limit, want.used, want.full, want.waits}, []any{v.Name, v.Limit, v.Used, v.Full(), len(v.Waits)})
		if v.Weekly != (subject == "2025-W48/week/80") {
			t.Errorf("%s: it can be changed from its card: %t", subject, v.Weekly)
		}
	}
	if _, err := reader(f, today).Alert(t.Context(), "nonsense"); engine.CodeOf(err) != engine.CodeInvalid {
		t.Error(err)
	}
}

// Only what an owner may let through alone offers it.
func TestPassable(t *testing.T) {
	block := func(rule string, waivable bool) engine.Finding {
		return engine.Finding{Rule: rule, Outcome: engine.Block, Waivable: waivable}
	}
	for name, c := range map[string]struct {
		state    engine.State
		findings []engine.Finding
		want     Choice
	}{
		"a cap":                       {engine.StateHeld, []engine.Finding{block("budget", false)}, ChoiceOnce},
		"a cap and a pace":            {engine.StateHeld, []engine.Finding{block("budget", false), block("pace", true)}, ChoiceOnce},
		"a cap and a blocked topic":   {engine.StateHeld, []engine.Finding{block("budget", false), block("topics", false)}, ""},
		"what may go while away":      {engine.StateHeld, []engine.Finding{{Rule: "budget", Outcome: engine.Block, Fixed: true}}, ""},
		"that, and another cap":       {engine.StateHeld, []engine.Finding{block("budget", false), {Rule: "budget", Outcome: engine.Block, Fixed: true}}, ""},
		"only a pace":                 {engine.StateHeld, []engine.Finding{block("pace", true)}, ChoiceAnyway},
		"a topic and nothing else":    {engine.StateHeld, []engine.Finding{block("topics", true), {Rule: "facts", Outcome: engine.Warn}}, ChoiceAnyway},
		"a pace and a blocked topic":  {engine.StateHeld, []engine.Finding{block("pace", true), block("topics", false)}, ""},
		"nothing stops it":            {engine.StateHeld, nil, ""},
		"a cap, and it went on since": {engine.StateWaiting, []engine.Finding{block("budget", false)}, ""},
	} {
		if got := passable(engine.Output{State: c.state, Findings: c.findings}); got != c.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestBudgetBack(t *testing.T) {
	r := reader(bakery(), today)
	for back, week := range map[int]string{0: "2025-W48", 1: "2025-W47", 5: "2025-W43", 30: "2025-W18"} { // the clocks change in W43, and in W13 before it
		v := view(r.BudgetBack(t.Context(), back))(t)
		same(t, "week", week, v.Week)
		same(t, "back", back, v.Back)
		same(t, "the same by name", v.From, view(r.Budget(t.Context(), week))(t).From)
	}
	same(t, "a week to come", -2, view(r.Budget(t.Context(), "2025-W50"))(t).Back)
}
