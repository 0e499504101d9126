package desk

import (
	"context"
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

// cutOff is a drill that ended after its first act.
func (w *world) cutOff(t testing.TB) {
	t.Helper()
	_, err := once(w.ctx, w.Desk, "drill", func(ctx context.Context) (Drill, error) { return w.drillPause(ctx, person(mari), "daily-social") })
	must(t, err)
}

// A drill asks a question of its own: what is open about the task in earnest stays open.
func TestADrillEndsNoWarning(t *testing.T) {
	w := newWorld(t)
	warning := w.brokeOff(t)
	_, err := w.Drill(w.ctx, person(mari), "daily-social")
	must(t, err)
	if open := w.openOfTask(t); len(open) != 1 || open[0].ID != warning.ID {
		t.Errorf("open is %+v", open)
	}
	w.cutOff(t)
	if open := w.openOfTask(t); len(open) != 2 {
		t.Errorf("of a drill that was cut off people hear nothing: %+v", open)
	}
	must(t, w.ResumeTask(w.ctx, person(mari), "daily-social"))
	if open := w.openOfTask(t); len(open) != 1 || open[0].ID != warning.ID {
		t.Errorf("after the resume open is %+v", open)
	}
}

// meanwhile is a store in which something happens between the two acts of a drill.
type meanwhile struct {
	Store
	do func()
}

func (m *meanwhile) Act(ctx context.Context, name string, answer any, do func(context.Context) error) error {
	if name == "drill over" {
		m.do()
	}
	return m.Store.Act(ctx, name, answer, do)
}

// What happens to the task between the two acts of a drill stands when the drill is over.
func TestWhatHappensDuringADrillStands(t *testing.T) {
	for name, c := range map[string]struct {
		meanwhile func(*testing.T, *world)
		paused    string // by whom, "" for not
		level     engine.Level
	}{
		"an operator pauses it": {func(t *testing.T, w *world) {
			must(t, w.PauseTask(w.ctx, person(olli), "daily-social", "the oven burns"))
		}, olli, engine.L4},
		"it is paused on evidence": {func(t *testing.T, w *world) { w.falls(t) }, engine.Koira.ID, engine.L4},
		"it is lowered":            {func(t *testing.T, w *world) { must(t, w.setLevel(olli, "daily-social", engine.L4, engine.L3)) }, "", engine.L3},
		"an owner resumes it":      {func(t *testing.T, w *world) { must(t, w.ResumeTask(w.ctx, person(mari), "daily-social")) }, "", engine.L4},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.level(t, "daily-social", engine.L4)
			w.Desk.store = &meanwhile{w.store, func() { c.meanwhile(t, w) }}
			d, err := w.Drill(w.ctx, person(mari), "daily-social")
			must(t, err)
			now := w.dailySocial(t)
			by := ""
			if now.Paused != nil {
				by = now.Paused.By
			}
			if by != c.paused || now.Level != c.level || now.Paused.ByDrill() || d.Stays != (c.paused != "") {
				t.Errorf("paused by %q at %s; the drill says stays %t (%v)", by, now.Level, d.Stays, now.Paused)
			}
			for _, e := range w.openOfTask(t) {
				if e.Subject == drillOf("daily-social") {
					t.Errorf("the drill's question is open: %+v", e)
				}
			}
		})
	}
}

// A drill that was cut off is resumed as its card says, at the same level: nothing speaks against the task, and its results count as before.
func TestADrillThatWasCutOffCostsNothing(t *testing.T) {
	w := newWorld(t)
	w.level(t, "daily-social", engine.L4)
	w.cutOff(t)
	w.clock.Advance(time.Hour)
	must(t, w.ResumeTask(w.ctx, person(mari), "daily-social"))
	now := w.dailySocial(t)
	g, err := w.store.Grant(w.ctx, "daily-social")
	must(t, err)
	last, err := w.store.LastPause(w.ctx, "daily-social", time.Time{})
	must(t, err)
	if now.Paused != nil || now.Level != engine.L4 || g == nil || !now.LoweredAt.IsZero() || !last.IsZero() || len(w.openOfTask(t)) != 0 {
		t.Errorf("%+v, its grant %v, paused for what it brought %v, open %+v", now, g, last, w.openOfTask(t))
	}
}
