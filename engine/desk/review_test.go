package desk

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"koira/engine"
)

func TestApprove(t *testing.T) {
	w := newWorld(t)
	o := w.piece(t, "daily-social", "Rye bread sells out.", start.Add(day))
	must(t, w.Approve(w.ctx, person(tomi), yes(o)))
	w.wantState(t, o.ID, engine.StateScheduled)
	p, err := w.store.Approval(w.ctx, o.ID, o.Digest)
	must(t, err)
	if p == nil || p.By != tomi || p.Role != engine.RoleApprover || p.Audience != 1240 || p.GuardrailVersion != 1 || !p.Whole || p.Looked != 9*time.Second || p.OwnEdit {
		t.Errorf("approval: %+v", p)
	}
	w.clock.Advance(2 * time.Minute)
	want(t, w.Approve(w.ctx, person(mari), yes(o)), engine.CodeConflict, "@"+tomi+" approved this at 10:00. Nothing left to do.")
	want(t, w.Approve(w.ctx, person(tomi), yes(o)), engine.CodeConflict, "You approved this at 10:00.")
}

func TestConflictSentences(t *testing.T) {
	for name, c := range map[string]struct {
		before func(t *testing.T, w *world, o engine.Output)
		parts  []string
	}{
		"changed since": {func(t *testing.T, w *world, o engine.Output) {
			_, _, err := w.Edit(w.ctx, person(olli), o.ID, o.Digest, []engine.Variant{{Name: "A", Body: "Oat bread."}})
			must(t, err)
		}, []string{"@" + olli + " changed this draft at 10:00.", "Not approved."}},
		"rejected": {func(t *testing.T, w *world, o engine.Output) {
			must(t, w.Reject(w.ctx, person(mari), No{Output: o.ID, Digest: o.Digest, Reason: "tone"}))
		}, []string{"@" + mari + " rejected this at 10:00. Nothing left to do."}},
		"dropped": {func(t *testing.T, w *world, o engine.Output) {
			must(t, w.Drop(w.ctx, person(mari), o.ID, o.Digest))
		}, []string{"dropped at 10:00"}},
		"ended": {func(t *testing.T, w *world, o engine.Output) {
			_, err := w.store.Move(w.ctx, engine.Move{Output: o.ID, From: engine.StateWaiting, To: engine.StateExpired, Digest: o.Digest, By: engine.Koira, At: w.clock.Now()})
			must(t, err)
		}, []string{"ended at 10:00"}},
		"held": {func(t *testing.T, w *world, o engine.Output) {
			_, err := w.store.Move(w.ctx, engine.Move{Output: o.ID, From: engine.StateWaiting, To: engine.StateHeld, Digest: o.Digest, By: engine.Koira, At: w.clock.Now()})
			must(t, err)
		}, []string{"A rule stopped this"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			o := w.piece(t, "daily-social", "Rye bread sells out.", start.Add(day))
			c.before(t, w, o)
			w.clock.Advance(time.Hour)
			want(t, w.Approve(w.ctx, person(tomi), yes(o)), engine.CodeConflict, c.parts...)
		})
	}
	t.Run("out already, and on another day", func(t *testing.T) {
		w := newWorld(t)
		o := w.unsure(t, 0)
		want(t, w.Approve(w.ctx, person(tomi), yes(o)), engine.CodeConflict, "not clear whether this went out")
		must(t, w.ItIsThere(w.ctx, person(tomi), o.ID, o.Digest, "https://bsky.example/1"))
		w.clock.Advance(day)
		want(t, w.Approve(w.ctx, person(tomi), yes(o)), engine.CodeConflict, "This went out at Mon 24 Nov 11:00, before your tap at 11:00.")
	})
	t.Run("no such piece", func(t *testing.T) {
		w := newWorld(t)
		want(t, w.Approve(w.ctx, person(tomi), Click{Output: "nope"}), engine.CodeNotFound, "There is no such piece.")
		want(t, w.Approve(w.ctx, person(venla), Click{Output: "nope"}), engine.CodeDenied)
	})
}

func TestApproveBlockedHolds(t *testing.T) {
	w := newWorld(t)
	o := w.piece(t, "daily-social", "Our view of politics.", start.Add(day))
	want(t, w.Approve(w.ctx, person(tomi), yes(o)), engine.CodeBlocked, "Stopped by a rule (topics)", "Not approved.")
	o = w.wantState(t, o.ID, engine.StateHeld)
	open, err := w.store.OpenExceptions(w.ctx)
	must(t, err)
	if len(open) != 1 || open[0].Output != o.ID || !strings.Contains(open[0].Reason, "topics") || open[0].Remedy == "" {
		t.Errorf("open exceptions: %+v", open)
	}
	if p, err := w.store.Approval(w.ctx, o.ID, o.Digest); err != nil || p != nil {
		t.Errorf("a blocked piece has an approval: %+v, %v", p, err)
	}
	// Only an edit gets it out: the new words wait for a yes again, and the exception closes.
	n, v, err := w.Edit(w.ctx, person(olli), o.ID, o.Digest, []engine.Variant{{Name: "A", Body: "Rye bread."}})
	must(t, err)
	if v.Outcome == engine.Block || n.State != engine.StateWaiting {
		t.Errorf("after the edit: %s, %s", n.State, v.Outcome)
	}
	if open, err = w.store.OpenExceptions(w.ctx); err != nil || len(open) != 0 {
		t.Errorf("still open: %+v, %v", open, err)
	}
}

func TestApproveTooLateEnds(t *testing.T) {
	w := newWorld(t)
	o := w.piece(t, "daily-social", "Rye.", start.Add(time.Hour))
	w.clock.Advance(3*time.Hour + time.Minute)
	want(t, w.Approve(w.ctx, person(tomi), yes(o)), engine.CodeBlocked, "late", "Not approved.")
	w.wantState(t, o.ID, engine.StateExpired)
}

func TestReject(t *testing.T) {
	w := newWorld(t)
	o := w.piece(t, "daily-social", "Rye.", start.Add(day))
	want(t, w.Reject(w.ctx, person(tomi), No{Output: o.ID, Digest: o.Digest, Reason: "mood"}), engine.CodeInvalid, "Choose a reason")
	want(t, w.Reject(w.ctx, person(tomi), No{Output: o.ID, Digest: o.Digest, Reason: "tone", Note: strings.Repeat("x", maxNote+1)}), engine.CodeInvalid, "at most")
	want(t, w.Reject(w.ctx, person(tomi), No{Output: o.ID, Digest: "other", Reason: "tone"}), engine.CodeConflict, "Not rejected.")
	must(t, w.Reject(w.ctx, person(tomi), No{Output: o.ID, Digest: o.Digest, Reason: "tone", Note: " be plain "}))
	w.wantState(t, o.ID, engine.StateRejected)
	r, err := w.store.Rejections(w.ctx, "daily-social", 1)
	must(t, err)
	if r[0].Note != "be plain" || r[0].By != tomi || r[0].Severe {
		t.Errorf("rejection: %+v", r[0])
	}
	if task, _ := w.store.Task(w.ctx, "daily-social"); task.Level != engine.L3 {
		t.Errorf("level %s after a plain rejection", task.Level)
	}
}

func TestSevereRejectLowers(t *testing.T) {
	w := newWorld(t)
	auto := w.byItself(t, "Oat bread.", start.Add(2*day))
	o := w.piece(t, "daily-social", "Rye.", start.Add(day))
	no := No{Output: o.ID, Digest: o.Digest, Reason: "untrue", Severe: true, Again: true}
	must(t, w.Reject(w.ctx, person(tomi), no))
	lowered := func() engine.Task {
		t.Helper()
		task, err := w.store.Task(w.ctx, "daily-social")
		must(t, err)
		if task.Level != engine.L4 || task.LoweredAt.IsZero() {
			t.Fatalf("level %s, lowered %v", task.Level, task.LoweredAt)
		}
		return task
	}
	lowered()
	if is := w.wantState(t, auto.ID, engine.StateWaiting); !strings.Contains(is.WaitsFor, "while the record is short: 0 of 20 reviewed") { // what would have gone by itself waits
		t.Errorf("it waits because: %s", is.WaitsFor)
	}
	asked := func() (n int) {
		all, err := w.store.Outputs(w.ctx, engine.OutputFilter{Task: "daily-social", States: []engine.State{engine.StatePlanned}})
		must(t, err)
		for _, x := range all {
			if x.Origin == engine.OriginAsked && x.Slot.Equal(o.Slot) && x.Audience == 1240 {
				n++
			}
		}
		return n
	}
	if asked() != 1 {
		t.Fatalf("%d pieces asked for", asked())
	}
	// The press is delivered again: nothing happens twice.
	w.clock.Advance(time.Minute)
	want(t, w.Reject(w.ctx, person(tomi), no), engine.CodeConflict, "You rejected this")
	lowered()
	if asked() != 1 {
		t.Errorf("%d pieces asked for after a second press", asked())
	}
}

// A yes that was taken back is none, whatever becomes of the piece; a yes with which its time is moved is one, though the older version is taken back.
func TestTakenBackIsNoReview(t *testing.T) {
	w := newWorld(t)
	said := func() int {
		t.Helper()
		r, err := w.store.Reviews(w.ctx, "daily-social", time.Time{})
		must(t, err)
		return len(r)
	}
	o := w.piece(t, "daily-social", "Rye.", start.Add(day))
	must(t, w.Approve(w.ctx, person(tomi), yes(o)))
	must(t, w.PublishNow(w.ctx, person(tomi), yes(o)))
	if n := said(); n != 1 {
		t.Fatalf("%d reviews of a piece that was approved, and then for now", n)
	}
	o = w.piece(t, "daily-social", "Oats.", start.Add(2*day))
	must(t, w.Approve(w.ctx, person(tomi), yes(o)))
	w.clock.Advance(time.Minute)
	must(t, w.TakeBack(w.ctx, person(olli), o.ID, o.Digest))
	if n := said(); n != 1 {
		t.Errorf("%d reviews after one was taken back", n)
	}
	_, _, err := w.Edit(w.ctx, person(mari), o.ID, o.Digest, []engine.Variant{{Name: "A", Body: "Oats, early."}})
	must(t, err)
	if n := said(); n != 1 {
		t.Errorf("%d reviews after somebody else changed it", n)
	}
}

func TestTakeBack(t *testing.T) {
	w := newWorld(t)
	o := w.piece(t, "daily-social", "Rye.", start.Add(day))
	want(t, w.TakeBack(w.ctx, person(olli), o.ID, o.Digest), engine.CodeConflict, "Not taken back.")
	must(t, w.Approve(w.ctx, person(tomi), yes(o)))
	must(t, w.TakeBack(w.ctx, person(olli), o.ID, o.Digest))
	if o = w.wantState(t, o.ID, engine.StateWaiting); o.WaitsFor == "" {
		t.Error("it does not say why it waits")
	}
	b, err := w.store.Balance(w.ctx, engine.Week(o.Slot, w.zone(w.ctx)))
	if err != nil || b.Reserved != 0 {
		t.Errorf("%v is still set aside (%v)", b.Reserved, err)
	}
	must(t, w.Approve(w.ctx, person(tomi), yes(o)))
}

func TestApproveAgainstReject(t *testing.T) {
	w := newWorld(t)
	for round := range 25 {
		o := w.piece(t, "weekly-newsletter", "Rye.", start.Add(day+time.Duration(round)*time.Hour))
		var wg sync.WaitGroup
		errs := make([]error, 8)
		for i := range errs {
			wg.Go(func() {
				who := []string{mari, tomi}[i/2%2]
				if i%2 == 0 {
					errs[i] = w.Approve(w.ctx, person(who), yes(o))
				} else {
					errs[i] = w.Reject(w.ctx, person(who), No{Output: o.ID, Digest: o.Digest, Reason: "tone"})
				}
			})
		}
		wg.Wait()
		won := -1
		for i, err := range errs {
			switch engine.CodeOf(err) {
			case "":
				if won >= 0 {
					t.Fatalf("round %d: both %d and %d won", round, won, i)
				}
				won = i
			case engine.CodeConflict:
			default:
				t.Fatalf("round %d: %v", round, err)
			}
		}
		if won < 0 {
			t.Fatalf("round %d: nobody won: %v", round, fmt.Sprint(errs))
		}
		w.wantState(t, o.ID, []engine.State{engine.StateScheduled, engine.StateRejected}[won%2])
	}
}

// Two serious rejections at one moment are two: neither is taken for the other's redelivery. The first lowers, the second pauses.
func TestTwoSevereRejectsAtOnce(t *testing.T) {
	w := newWorld(t)
	w.level(t, "daily-social", engine.L5)
	for i, paused := range []bool{false, true} {
		o := w.piece(t, "daily-social", "Rye.", start.Add(time.Duration(i+1)*day))
		must(t, w.Reject(w.ctx, person(tomi), No{Output: o.ID, Digest: o.Digest, Reason: "untrue", Severe: true}))
		if task, _ := w.store.Task(w.ctx, "daily-social"); task.Level != engine.L4 || (task.Paused != nil) != paused {
			t.Fatalf("level %s, paused %v after %d", task.Level, task.Paused, i+1)
		}
	}
	must(t, w.ResumeTask(w.ctx, person(mari), "daily-social"))
	if task, _ := w.store.Task(w.ctx, "daily-social"); task.Level != engine.L3 || task.Paused != nil {
		t.Fatalf("resumed at %s, paused %v; want L3", task.Level, task.Paused)
	}
}

func TestConflictNamesWhoRejectedThisPiece(t *testing.T) {
	w := newWorld(t)
	var first engine.Output
	for i, who := range []string{mari, tomi} {
		o := w.piece(t, "daily-social", "Rye.", start.Add(time.Duration(i+1)*day))
		must(t, w.Reject(w.ctx, person(who), No{Output: o.ID, Digest: o.Digest, Reason: "tone"}))
		if i == 0 {
			first = o
		}
	}
	want(t, w.Approve(w.ctx, person(tomi), yes(first)), engine.CodeConflict, "@"+mari+" rejected this")
}

// A rule that passes by itself says no to the press and leaves the piece where it waits.
func TestApproveBlockedForNow(t *testing.T) {
	w := newWorld(t)
	o := w.piece(t, "daily-social", "Rye.", start.Add(day))
	w.gate = func(v engine.View) engine.Verdict {
		return engine.Verdict{Outcome: engine.Block, Findings: []engine.Finding{{Rule: "still", Outcome: engine.Block, Evidence: "Not now.", Later: true}}}
	}
	want(t, w.Approve(w.ctx, person(tomi), yes(o)), engine.CodeBlocked, "still", "Not approved.")
	w.wantState(t, o.ID, engine.StateWaiting)
	if n, err := w.Recheck(w.ctx, ""); n != 0 || err != nil {
		t.Errorf("rechecking moved %d, %v", n, err)
	}
	w.wantState(t, o.ID, engine.StateWaiting)
}

// A yes names how many people the person was shown. It counts for the fewer of that and what is known, and not at all for many more.
func TestAYesIsToSoManyPeople(t *testing.T) {
	w := newWorld(t)
	o := w.piece(t, "daily-social", "Rye bread.", start.Add(time.Hour))
	c := yes(o)
	c.Audience = 1100
	want(t, w.Approve(w.ctx, person(tomi), c), engine.CodeConflict, "This reaches 1,240 people now, it said 1,100 when you looked. Not approved.")
	want(t, w.PublishNow(w.ctx, person(tomi), c), engine.CodeConflict, "Not published.")
	c.Audience = 0
	want(t, w.Approve(w.ctx, person(tomi), c), engine.CodeConflict, "This reaches 1,240 people now; that was not known when you looked.")
	w.wantState(t, o.ID, engine.StateWaiting)
	c.Audience = 1200
	must(t, w.Approve(w.ctx, person(tomi), c))
	p, err := w.store.Approval(w.ctx, o.ID, o.Digest)
	must(t, err)
	if p.Audience != 1200 {
		t.Errorf("approved for %d people", p.Audience)
	}
}
