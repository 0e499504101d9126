package blocks

import (
	"koira/engine"
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
	return []drawing{
		asMessage("good", Good(v, engine.RoleOwner)),
		asMessage("good-viewer", Good(v, engine.RoleViewer)),
		asMessage("good-none", Good(report.GoodView{Frame: b.frame()}, engine.RoleOwner)),
		asMessage("good-said", GoodSaid(v.Tasks[0].Task, "EUR")),
		asMessage("good-unsaid", GoodSaid(bare.Tasks[0].Task, "EUR")),
		asView("window-good", GoodWindow(v, at)),
		asView("window-good-bare", GoodWindow(bare, at)),
	}
}
