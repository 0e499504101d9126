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
	held, next := in(engine.StateHeld, draft), in(engine.StatePlanned, draft)
	next.Slot = at("2025-12-01 00:00")
	f.outputs = []engine.Output{draft, held, next}

	v := view(reader(f, at("2025-11-26 00:00")).Budget(t.Context(), ""))(t) // two days of seven have passed
	same(t, "spent, model, reserved, free, over", []engine.Money{eur(6.10), eur(1.40), eur(12), eur(101.90), 0}, []engine.Money{v.Spent, v.Model, v.Reserved, v.Free, v.Over})
	same(t, "by task", []TaskBudget{
		{Task: "newsletter", Name: "Newsletter", Spent: eur(4), Reserved: eur(12)},
		{Task: "daily-social", Name: "Daily social", Spent: eur(2.10), Model: eur(1.40)},
	}, v.ByTask)
	same(t, "projected", eur(6.10+12+5+1.40*5/2), v.Projected)
	same(t, "weeks before, none before the first", []WeekMoney{{Week: "2025-W47"}, {Week: "2025-W46", Spent: eur(3), Model: eur(3)}}, v.Weeks)

	early := view(reader(f, at("2025-11-24 09:00")).Budget(t.Context(), ""))(t)
	same(t, "projected before the first day has passed: no pace yet", eur(6.10+12+5), early.Projected)
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
