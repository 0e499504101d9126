package blocks

import (
	"time"

	"koira/engine"
	"koira/engine/report"
)

func (b bakery) absence() engine.Absence {
	return engine.Absence{
		ID: "01K0AWAY", Owner: mari, From: day(24, 9, 41), Until: day(38, 0, 0), Delegate: tomi, MaxLevel: engine.L4, Capped: true,
		Budget: engine.Money(b.n(50, 900_000_000)) * engine.Unit,
	}
}

func (b bakery) leaving() report.Leaving {
	v := report.Leaving{Frame: b.frame(), Until: day(38, 0, 0), Alone: day(38, 0, 0)}
	v.ByItself = []report.KindCount{{Kind: engine.KindSocial, N: b.n(10, 2_310)}}
	v.Waits = []report.KindCount{{Kind: engine.KindEmail, N: b.n(2, 2_310)}}
	if b.large {
		v.ByItself, v.Cost = append(v.ByItself, v.Waits...), 900_000_000*engine.Unit
	}
	return v
}

// leavingBeside is what an owner is shown beside others who are here, and leavingFirst where another comes back before them.
func (b bakery) leavingBeside() report.Leaving {
	v := b.leaving()
	v.Here, v.Alone = b.who(tomi, mari), time.Time{}
	return v
}

func (b bakery) leavingFirst() report.Leaving {
	v := b.leaving()
	v.Alone = day(31, 0, 0)
	return v
}

func (b bakery) back() report.AwayView {
	v := report.AwayView{Frame: b.frame(), Absence: b.absence()}
	v.EndedAt, v.EndedBy = day(24, 9, 40), mari
	return v
}

func (b bakery) returned() report.Return {
	v := report.Return{
		Frame: b.frame(), Subject: "01K0AWAY", Owners: []string{mari}, From: day(10, 9, 41), To: day(24, 9, 41), Days: 14,
		NeedYou: report.NeedYou{Problems: b.n(1, 2_310), Drafts: b.n(0, 2_310)}, Out: b.n(19, 2_310), Stopped: b.n(2, 2_310), Withdrawn: b.n(1, 2_310),
		RanOut: []time.Time{day(12, 7, 30)}, Spent: engine.Money(b.n(54, 900_000_000)) * engine.Unit, Limit: engine.Money(b.n(240, 900_000_000)) * engine.Unit,
		Decided: []report.Deeds{{By: tomi, N: b.n(7, 2_310)}},
		Changed: many(b, 1, 60, b.decision()), Forecasts: report.Forecasts{Scored: 3, Held: 2, Chance: .7, Few: true},
		Kept: []report.KindCount{{Kind: engine.KindEmail, N: b.n(2, 2_310)}},
	}
	if b.large {
		for i := range 60 {
			v.RanOut = append(v.RanOut, day(1+i, 9, 0))
			v.Lowered = append(v.Lowered, b.s("x", 60))
		}
	}
	return v
}

// proposedAway came home to what waits for a yes, what was undone and what was turned down.
func (b bakery) proposedAway() report.Return {
	v := b.returned()
	v.Changed = b.decisions()[1:3]
	v.Changed = append(v.Changed, b.decision(func(d *report.DecisionRow) { d.CanUndo, d.Standing = false, "turned down" }))
	return v
}

func (b bakery) silent() report.Return {
	v := b.returned()
	v.Subject, v.Silent, v.Days, v.Decided, v.Changed, v.Forecasts, v.Kept = "silent:12", true, 7, nil, nil, report.Forecasts{}, nil
	return v
}

func (b bakery) attention() report.AttentionView {
	most := report.TaskAttention{Task: "newsletter", Name: b.s("Newsletter", 60), Minutes: b.n(150, 90_000), Decisions: b.n(14, 2_310)}
	v := report.AttentionView{Frame: b.frame(), Week: "2025-W48", Tasks: many(b, 1, 30, most), Lower: many(b, 2, 3, b.s("Newsletter asks most: 14 decisions, about 150 minutes.", 200))}
	v.Attention = report.Attention{Minutes: b.n(190, 90_000), Decisions: b.n(18, 2_310), Before: b.n(34, 2_310), Others: b.n(4, 310), Timed: 12, Stated: 6.5, Most: most}
	v.Offer = &report.Offer{Task: "newsletter", To: engine.L4}
	return v
}

// awayDrawings are what concerns owners who are away.
func (b bakery) awayDrawings(at Place) []drawing {
	form := AwayForm{Until: day(38, 0, 0), Delegate: tomi, MaxLevel: engine.L4, Budget: "50"}
	a := b.absence()
	return []drawing{
		asMessage("away", Away(report.AwayView{Frame: b.frame(), Absence: a})),
		asMessage("away-beside", Away(report.AwayView{Frame: b.frame(), Absence: a, Others: true})),
		asMessage("away-over", Away(b.back())),
		asMessage("away-still", StillAway(a, b.frame())),
		asMessage("return", Return(b.returned())),
		asMessage("return-proposed", Return(b.proposedAway())),
		asMessage("return-silent", Return(b.silent())),
		asMessage("hours", Hours([]engine.Hours{{From: 540, To: 600}, {From: 960, To: 1020}}, b.frame())),
		asMessage("hours-off", Hours(nil, b.frame())),
		asMessage("attention", Attention(b.attention())),
		asMessage("attention-none", Attention(report.AttentionView{Frame: b.frame()})),
		asView("window-away", AwayWindow(b.leaving(), form, nil, at)),
		asView("window-away-beside", AwayWindow(b.leavingBeside(), form, nil, at)),
		asView("window-away-first", AwayWindow(b.leavingFirst(), form, nil, at)),
		asView("window-away-change", AwayWindow(b.leaving(), AwayForm{Until: day(38, 0, 0), MaxLevel: engine.L5}, &a, at)),
	}
}
