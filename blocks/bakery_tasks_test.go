package blocks

import (
	"koira/engine"
	"koira/engine/report"
)

func (b bakery) record() report.Record {
	return report.Record{Reviewed: 30, Unchanged: 29, Edited: 1, ByHand: 12, Proven: 85, Words: "29 of 30 unchanged, at least 85 in 100"}
}

func (b bakery) taskRow() report.TaskRow {
	next := b.row(engine.StateScheduled, "approved")
	return report.TaskRow{Task: b.task(), Record: b.record(), Next: &next, Wrong: many(b, 0, 6, b.s("", 200))}
}

func (b bakery) offer() *report.Offer {
	return &report.Offer{
		Task: "daily-social", Name: b.s("Daily social", 60), From: engine.L4, To: engine.L5, Record: b.record(), PerWeek: 7, Audience: b.n(1240, 2_310_000), MightDiffer: 1,
		Money: pick(b, 0, 2_310_000*engine.Unit),
	}
}

func (b bakery) taskView() report.TaskView {
	v := report.TaskView{
		Frame: b.frame(), TaskRow: b.taskRow(), Channel: b.s("Bluesky", 40), Top: engine.L5, Caps: many(b, 0, 6, b.s("", 200)),
		Grant: &engine.Grant{Level: engine.L4, By: mari, Role: engine.RoleOwner, At: day(3, 10, 0), Proof: b.s("30 reviewed, 29 unchanged, at least 85 in 100", 200)},
		First: report.Tally{Unchanged: 9, Of: 10}, Last: report.Tally{Unchanged: 10, Of: 10},
		Reviews: many(b, 2, 10, report.ReviewRow{Review: engine.Review{By: mari}, Title: b.s("Rye bread sells out before noon", 300), Words: b.s("approved after an edit (12 % of the words)", 100)}),
		Results: many(b, 1, 10, report.Result{
			Benchmark: engine.Benchmark{Metric: engine.Clicks, Good: 12}, Threshold: engine.Threshold{Metric: engine.Clicks, Floor: 6}, Name: b.s("link visits", 30), Value: 14, Usual: report.Range{Low: 11, High: 18, Known: true},
			Pieces: b.n(22, 2310), Known: true, Simulated: true,
		}),
		Offer: b.offer(), MayAllow: b.who(mari),
	}
	v.TaskRow.Task.Level = engine.L4
	return v
}

func (b bakery) lowered() report.DecisionView {
	v := report.DecisionView{Frame: b.frame(), DecisionRow: b.decision(func(d *report.DecisionRow) {
		d.What, d.From, d.To, d.Name = "level", "L4", "L3", b.s("Daily social", 60)
		d.Signal = b.s("3 of the last 4 did not pass as I wrote them; it is held to 95 in 100", 500)
	})}
	v.Lowering = &engine.Lowering{Decision: v.ID, From: engine.L4, To: engine.L3, Cause: engine.CauseApprovals, Pieces: []string{"o1", "o2", "o3"}, Luck: 1.0 / 98}
	v.Back = "at 2 a week about late December"
	return v
}

func (b bakery) loweredTask() report.TaskView {
	v := b.taskView()
	v.Task.Level, v.Grant, v.Offer.From, v.Offer.To = engine.L3, nil, engine.L3, engine.L4
	v.Offer.Missing = many(b, 1, 6, b.s("time: it was lowered, and is not raised before Mon 8 Dec; 10 more reviewed pieces since it was lowered, 9 unchanged", 200))
	return v
}

// fell is a fall from L5, and fellTask the task after it: an owner's yes to L4 is in force, and its record begins anew.
func (b bakery) fell() report.DecisionView {
	v := b.lowered()
	v.From, v.To, v.Back = "L5", "L4", ""
	v.Lowering.From, v.Lowering.To = engine.L5, engine.L4
	return v
}

func (b bakery) fellTask() report.TaskView {
	v := b.taskView()
	v.Grant.Level, v.Offer.To, v.Lacks = engine.L5, engine.L5, b.s("0 of 20 reviewed", 100)
	v.Offer.Missing = many(b, 1, 6, b.s("time: it was lowered, and is not raised before Mon 8 Dec; 20 more reviewed pieces (0 of 20)", 200))
	return v
}

// ungrantedTask is one at L4 to which no owner's yes is in force.
func (b bakery) ungrantedTask() report.TaskView {
	v := b.taskView()
	v.Grant = nil
	return v
}

// lowest is a serious reject of a piece whose task has no level below.
func (b bakery) lowest() report.DecisionView {
	v := b.lowered()
	v.From, v.To, v.Signal = "L1", "L1", b.s("a piece was rejected as serious (untrue)", 500)
	v.Lowering = &engine.Lowering{Decision: v.ID, From: engine.L1, To: engine.L1, Cause: engine.CauseSerious, Pieces: []string{"o1"}}
	v.Back = ""
	return v
}

func (b bakery) lowestTask() report.TaskView {
	v := b.loweredTask()
	v.Task.Level, v.Offer.From, v.Offer.To = engine.L1, engine.L1, engine.L3
	v.Offer.Missing = many(b, 1, 6, b.s("time: it is not raised before Mon 8 Dec", 200))
	return v
}

// lowestWaiting is a piece whose task has no level below, fallenWaiting one whose task a breach lowered lately.
func (b bakery) lowestWaiting() report.PieceView {
	v := b.waiting()
	v.Task.Level = engine.L1
	return v
}

func (b bakery) fallenWaiting() report.PieceView {
	v := b.waiting()
	v.Task.Level, v.Second = engine.L3, true
	return v
}

// resumedTask is a task whose pause cost it a level.
func (b bakery) resumedTask() report.TaskView {
	v := b.loweredTask()
	v.Task.LoweredAt = b.paused("").At
	return v
}

// cappedTask is a lowered task that may never stand higher.
func (b bakery) cappedTask() report.TaskView {
	v := b.loweredTask()
	v.Offer, v.Top, v.Caps = nil, engine.L3, []string{b.s("its channel has no baseline", 200)}
	return v
}

// unwalled is a task from which people took away what it must have.
func (b bakery) unwalled() report.DecisionView {
	v, f := b.lowered(), b.fall()
	v.From, v.Signal, v.Back = "L5", f.Why, ""
	v.Lowering = &engine.Lowering{Decision: v.ID, From: f.From, To: f.To, Cause: engine.CauseWalls}
	return v
}

func (b bakery) unwalledTask() report.TaskView {
	v := b.loweredTask()
	v.Offer.Missing, v.Offer.Opens = many(b, 1, 5, "what you call good"), []string{engine.WallGood}
	return v
}

func (b bakery) raised() report.DecisionView {
	return report.DecisionView{Frame: b.frame(), DecisionRow: b.decision(func(d *report.DecisionRow) {
		d.What, d.From, d.To, d.Name = "level", "L3", "L4", b.s("Daily social", 60)
		d.Signal = "allowed by " + mari + ": 30 reviewed, 29 unchanged, at least 85 in 100"
	})}
}

func (b bakery) pausedTask() report.TaskView {
	v := b.taskView()
	v.Task.Paused = &engine.Pause{By: engine.Koira.ID, At: day(24, 9, 0), Why: b.s("the last 3 posts brought 2 visits each, your minimum is 6", 1000)}
	v.Was = v.Task.Level
	v.Resumes, _ = v.Task.Level.Below()
	return v
}

// pausedAndFallen lost a wall while it was paused.
func (b bakery) pausedAndFallen() report.TaskView {
	v := b.pausedTask()
	v.Task.Level, v.Resumes, v.Was = engine.L3, engine.L3, engine.L5
	return v
}

func (b bakery) paused(to string) report.DecisionView {
	return report.DecisionView{Frame: b.frame(), DecisionRow: b.decision(func(d *report.DecisionRow) {
		d.What, d.From, d.To, d.Name, d.Signal = "pause", "running", to, b.s("Daily social", 60), b.s("the last 3 posts brought 2 visits each, your minimum is 6", 500)
	})}
}

func (b bakery) ranAgain(from, to engine.Level) report.DecisionView {
	v := b.paused(to.String())
	v.From, v.Signal = from.String(), "resumed by "+mari
	if to < from {
		v.Back = b.s("at 2 a week about late December", 100)
	}
	return v
}
