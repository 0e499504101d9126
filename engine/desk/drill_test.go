package desk

import (
	"testing"
	"time"

	"koira/engine"
	"koira/engine/guard"
)

func TestDrill(t *testing.T) {
	w := newWorld(t)
	o := w.piece(t, "daily-social", "Rye.", start.Add(day))
	must(t, w.Approve(w.ctx, person(tomi), yes(o)))
	_, err := w.Drill(w.ctx, person(tomi), "daily-social")
	want(t, err, engine.CodeDenied, "Only owners can hold a drill")

	d, err := w.Drill(w.ctx, person(mari), "daily-social")
	must(t, err)
	if !d.Refused || d.Piece == nil || d.Piece.ID != o.ID || d.Took < 0 {
		t.Errorf("the drill showed %+v", d)
	}
	w.wantState(t, o.ID, engine.StateScheduled)
	task, err := w.store.Task(w.ctx, "daily-social")
	must(t, err)
	if task.Paused != nil || task.Level != engine.L3 || !task.LoweredAt.IsZero() {
		t.Errorf("the task is not as before: %+v", task)
	}
	open, err := w.store.OpenExceptions(w.ctx)
	must(t, err)
	decided, err := w.store.Decisions(w.ctx, "daily-social", time.Time{}, 10)
	must(t, err)
	if len(open) != 0 || len(decided) != 0 {
		t.Errorf("a drill leaves open %v and decided %v", open, decided)
	}
}

// Without a task the drill takes the first that has a cleared piece; one that is paused already is not drilled.
func TestDrillChooses(t *testing.T) {
	w := newWorld(t)
	d, err := w.Drill(w.ctx, person(mari), "")
	must(t, err)
	if d.Piece != nil || d.Task.ID == "" {
		t.Errorf("with nothing cleared it took %+v", d)
	}
	must(t, w.PauseTask(w.ctx, person(olli), "daily-social", ""))
	_, err = w.Drill(w.ctx, person(mari), "daily-social")
	want(t, err, engine.CodeConflict, "paused Daily social")
}

// A gate that has lost its rule is found, loudly, and the task runs again all the same.
func TestDrillFindsAPauseThatDoesNotHold(t *testing.T) {
	w := newWorld(t)
	o := w.piece(t, "daily-social", "Rye.", start.Add(day))
	must(t, w.Approve(w.ctx, person(tomi), yes(o)))
	w.gate = func(v engine.View) engine.Verdict { v.Task.Paused = nil; return guard.Check(v) }
	_, err := w.Drill(w.ctx, person(mari), "daily-social")
	want(t, err, engine.CodeInternal, "The drill failed")
	task, err := w.store.Task(w.ctx, "daily-social")
	must(t, err)
	if task.Paused != nil {
		t.Error("the task stays paused")
	}
}
