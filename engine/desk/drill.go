package desk

import (
	"context"
	"slices"
	"time"

	"koira/engine"
	"koira/engine/trust"
)

// Drill is what a drill showed.
type Drill struct {
	Task    engine.Task
	Took    time.Duration  // wall time from the made-up breach to the pause that is on disk
	Piece   *engine.Output // the task's next cleared piece, which the gate was asked about; nil when there is none
	Refused bool           // with Piece: the gate refuses it at the claim while the task is paused
	Stays   bool           // somebody paused the task in earnest meanwhile: it does not run again
}

// Drill sends a made-up breach of a task through the path by which a real one pauses it, asks the gate about the task's next piece as the claim
// would, and lets the task run again as before. An owner alone may, since it ends a pause. Task "" takes the first that has a cleared piece, or
// that runs at all. Nothing is lowered, nothing goes out, and results count as before. What is open about the task stays open, and a pause that
// somebody means stays, also one that comes while the drill's stands. A crash in the middle leaves the task paused, with an exception that says it
// was a drill. Code conflict when no task can be drilled; an error when the pause does not hold.
func (d *Desk) Drill(ctx context.Context, a engine.Actor, task string) (Drill, error) {
	began := d.wall.Now()
	r, err := once(ctx, d, "drill", func(ctx context.Context) (Drill, error) { return d.drillPause(ctx, a, task) })
	if err != nil {
		return r, err
	}
	took := d.wall.Now().Sub(began) // the pause is on disk
	after, err := once(ctx, d, "drill over", func(ctx context.Context) (Drill, error) {
		refused, err := d.drillClaim(ctx, r.Piece)
		if err != nil {
			return r, err
		}
		stays, err := d.drillOver(ctx, a, r.Task.ID)
		return Drill{Took: took, Refused: refused, Stays: stays}, err
	})
	if err != nil {
		return r, err
	}
	r.Took, r.Refused, r.Stays = after.Took, after.Refused, after.Stays
	if r.Piece != nil && !r.Refused {
		return r, engine.Errorf(engine.CodeInternal, "The drill failed: %s was paused, and its next piece would have gone out all the same. Stop everything with /koira stop and look at the log.", r.Task.Name)
	}
	return r, nil
}

// drillPause takes the path of a real breach.
func (d *Desk) drillPause(ctx context.Context, a engine.Actor, task string) (Drill, error) {
	a, err := d.allow(ctx, a, ActionDrill, Object{ID: task})
	if err != nil {
		return Drill{}, err
	}
	r, err := d.drillable(ctx, a, task)
	if err != nil {
		return r, err
	}
	s, err := d.store.Strategy(ctx)
	if err != nil {
		return r, failed("drilling", r.Task.ID, err)
	}
	c := drillBreach(r.Task, s.Business.Currency, d.clock.Now(), d.newID)
	if err := d.store.ChangeTask(ctx, c); engine.CodeOf(err) == engine.CodeConflict {
		return r, d.taskStands(ctx, a, r.Task.ID)
	} else if err != nil {
		return r, failed("drilling", r.Task.ID, err)
	}
	return r, nil
}

// drillOver ends the drill's own pause and what it asked, and nothing else: what somebody did to the task meanwhile stands.
func (d *Desk) drillOver(ctx context.Context, a engine.Actor, task string) (stays bool, err error) {
	t, err := d.task(ctx, task)
	if err != nil {
		return false, err
	}
	if !t.Paused.ByDrill() {
		return t.Paused != nil, nil
	}
	back := engine.TaskChange{
		Task: t.ID, From: t.Level, To: t.Level, Resume: true, By: a, At: d.clock.Now(), Why: engine.DrillWhy + "over", Close: "a drill", Closes: drillOf(t.ID),
	}
	if err := d.store.ChangeTask(ctx, back); err != nil {
		return false, failed("ending the drill of", t.ID, err)
	}
	return false, nil
}

// drillOf is the subject of a drill's exception: its own, so that it neither hides behind what is open about the task nor ends that.
func drillOf(task string) string { return "drill of " + task }

// drillable finds the task that a drill is about, and its next cleared piece.
func (d *Desk) drillable(ctx context.Context, a engine.Actor, task string) (Drill, error) {
	if task != "" {
		t, err := d.task(ctx, task)
		if err != nil {
			return Drill{}, err
		}
		if t.Paused != nil {
			return Drill{}, d.pausedAlready(ctx, a, t)
		}
		o, err := d.nextCleared(ctx, t.ID)
		return Drill{Task: t, Piece: o}, err
	}
	all, err := d.store.Tasks(ctx)
	if err != nil {
		return Drill{}, failed("drilling", "", err)
	}
	var first *engine.Task
	for _, t := range all {
		if t.Paused != nil || !t.Level.Rung().Publishes {
			continue
		}
		o, err := d.nextCleared(ctx, t.ID)
		if err != nil || o != nil {
			return Drill{Task: t, Piece: o}, err
		}
		if first == nil {
			first = &t
		}
	}
	if first == nil {
		return Drill{}, engine.Errorf(engine.CodeConflict, "No task runs that could be paused. Nothing changed.")
	}
	return Drill{Task: *first}, nil
}

func (d *Desk) nextCleared(ctx context.Context, task string) (*engine.Output, error) {
	o, err := d.store.Outputs(ctx, engine.OutputFilter{Task: task, States: []engine.State{engine.StateScheduled}, Limit: 1, Bare: true})
	if err != nil {
		return nil, failed("drilling", task, err)
	}
	if len(o) == 0 {
		return nil, nil
	}
	return &o[0], nil
}

// drillBreach is the breach that a drill makes up: six pieces that brought nothing against a minimum of one link visit.
func drillBreach(t engine.Task, currency string, now time.Time, newID engine.NewID) engine.TaskChange {
	limit := engine.Threshold{Metric: engine.Clicks, Floor: 1}
	s := engine.Standing{Task: t.ID, Metric: limit.Metric, Verdict: engine.StandingBeyond, Pieces: 6, At: now}
	c := trust.Breach(t, s, limit, currency, now, newID)
	c.Why, c.Pause.Why, c.Close = engine.DrillWhy+"a made-up breach.", engine.DrillWhy+"a made-up breach.", ""
	c.Open.Subject, c.Open.Reason, c.Open.Evidence = drillOf(t.ID), engine.DrillWhy+c.Open.Reason, "These numbers are made up, to see that a pause holds."
	c.Open.Remedy = "Nothing: it ends by itself. If it does not, an owner resumes the task, at the same level."
	c.Decision, c.Lowering, c.Notices = nil, nil, nil // it is no evidence, and nothing is to be learned from it
	return c
}

// drillClaim asks the gate about a piece as the claim would at its time, and reports whether the pause holds it.
func (d *Desk) drillClaim(ctx context.Context, piece *engine.Output) (refused bool, err error) {
	if piece == nil {
		return false, nil
	}
	v, err := d.store.View(ctx, piece.ID, engine.StageClaim, piece.Slot)
	if err != nil {
		return false, failed("drilling", piece.Task, err)
	}
	return slices.ContainsFunc(d.gate(v).Blocks(), func(f engine.Finding) bool { return f.Rule == "paused" }), nil
}
