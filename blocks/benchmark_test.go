package blocks

import (
	"koira/engine"
	"koira/engine/desk"
	"koira/engine/report"
)

func (b bakery) good() report.GoodView {
	t := b.task()
	t.Benchmarks = []engine.Benchmark{{Metric: engine.Clicks, Good: 12}}
	g := report.GoodTask{Task: t}
	for _, m := range engine.KindSocial.MetricsFor() {
		g.Results = append(g.Results, report.Result{Benchmark: engine.Benchmark{Metric: m}, Name: m.Words(0), Pieces: 9, Known: m != engine.Revenue, Value: 14.2, Simulated: b.large,
			Usual: report.Range{Low: 9, High: 18, Known: true}})
	}
	g.Results[0].Good, g.Results[0].Threshold = 12, engine.Threshold{Metric: engine.Clicks, Floor: 6}
	bare := report.GoodTask{Task: t}
	bare.Task.Name, bare.Task.Benchmarks = b.s("Newsletter", 60), nil
	return report.GoodView{Frame: b.frame(), Tasks: append(many(b, 1, 60, g), bare), MaySet: b.who(mari), Without: b.n(1, 60)}
}

func (b bakery) goodDrawings(at Place) []drawing {
	v := b.good()
	bare := v
	bare.Tasks = v.Tasks[len(v.Tasks)-1:]
	runs, fall, lowered := b.good(), b.fall(), v.Tasks[0].Task
	runs.Tasks[0].Falls, lowered.Level = &fall, fall.To
	return []drawing{
		asMessage("good", Good(v, engine.RoleOwner)),
		asMessage("good-viewer", Good(v, engine.RoleViewer)),
		asMessage("good-none", Good(report.GoodView{Frame: b.frame()}, engine.RoleOwner)),
		asMessage("good-said", GoodSaid(desk.GoodSet{Task: v.Tasks[0].Task}, "EUR")),
		asMessage("good-unsaid", GoodSaid(desk.GoodSet{Task: bare.Tasks[0].Task}, "EUR")),
		asMessage("good-asked", GoodSaid(desk.GoodSet{Task: v.Tasks[0].Task, Falls: &fall, Asked: true}, "EUR")),
		asMessage("good-fell", GoodSaid(desk.GoodSet{Task: lowered, Falls: &fall}, "EUR")),
		asView("window-good", GoodWindow(v, at)),
		asView("window-good-bare", GoodWindow(bare, at)),
		asView("window-good-lowers", GoodWindow(runs, at)),
	}
}

// fall is what becomes of a task that runs by itself without what it must have.
func (b bakery) fall() engine.Fall {
	f, _ := engine.FallOf(engine.Task{ID: "daily-social", Name: b.s("Daily social", 60), Channel: "bluesky", Level: engine.L5}, engine.Guardrails{
		Budget: engine.BudgetRule{Ceiling: 200 * engine.Unit}, Voice: engine.VoiceRule{Locked: true}, Channels: map[string]bool{"bluesky": !b.large},
		Thresholds: map[string][]engine.Threshold{"daily-social": {{Metric: engine.Clicks, Floor: 6}}},
	})
	return f
}
