package desk

import (
	"testing"
	"time"

	"koira/engine"
)

// What goes out by itself is stopped by whoever works here, and that is a review; an approver lets it go after all.
func TestStopAndPutBack(t *testing.T) {
	w := newWorld(t)
	o := w.byItself(t, "Rye is out.", start.Add(30*time.Hour))
	verdict := func(want string) {
		t.Helper()
		said, err := w.store.Reviews(w.ctx, o.Task, time.Time{})
		must(t, err)
		got := ""
		for _, r := range said {
			if r.Output == o.ID {
				got = r.Verdict
			}
		}
		if got != want {
			t.Errorf("the last word on it is %q, want %q", got, want)
		}
	}
	want(t, w.LooksGood(w.ctx, person(olli), yes(o)), engine.CodeDenied)
	must(t, w.LooksGood(w.ctx, person(tomi), yes(o)))
	w.wantState(t, o.ID, engine.StateScheduled)
	verdict(engine.ReviewApproved)
	want(t, w.LooksGood(w.ctx, person(tomi), yes(o)), engine.CodeConflict, "You have said that it looks good")
	if a, err := w.store.Approval(w.ctx, o.ID, o.Digest); err != nil || a != nil {
		t.Errorf("a look is an approval: %+v, %v", a, err)
	}

	w.clock.Advance(time.Minute)
	must(t, w.TakeBack(w.ctx, person(olli), o.ID, o.Digest))
	w.wantState(t, o.ID, engine.StateWaiting)
	verdict(engine.ReviewStopped)
	want(t, w.LooksGood(w.ctx, person(tomi), yes(o)), engine.CodeConflict)
	want(t, w.PutBack(w.ctx, person(olli), yes(o), time.Time{}), engine.CodeDenied)
	fewer := yes(o)
	fewer.Audience = 1
	want(t, w.PutBack(w.ctx, person(tomi), fewer, time.Time{}), engine.CodeConflict, "when you looked")

	w.clock.Advance(time.Minute)
	must(t, w.PutBack(w.ctx, person(tomi), yes(o), time.Time{}))
	w.wantState(t, o.ID, engine.StateScheduled)
	verdict(engine.ReviewApproved)
	want(t, w.PutBack(w.ctx, person(tomi), yes(o), time.Time{}), engine.CodeConflict)
	want(t, w.LooksGood(w.ctx, person(tomi), yes(o)), engine.CodeConflict, "You approved this")
	w.clock.Advance(time.Minute)
	must(t, w.TakeBack(w.ctx, person(olli), o.ID, o.Digest)) // of an approved one it is no review, and neither is that yes any more
	verdict(engine.ReviewStopped)
}

// What somebody stopped was reviewed; that it ended after that is not "ran out unreviewed".
func TestWhatWasStoppedDidNotRunOutUnreviewed(t *testing.T) {
	w := newWorld(t)
	o := w.byItself(t, "Rye.", start.Add(5*time.Hour))
	ends := func(o engine.Output) {
		t.Helper()
		_, err := w.store.Move(w.ctx, engine.Move{Output: o.ID, From: o.State, To: engine.StateExpired, Digest: o.Digest, By: engine.Koira, At: w.clock.Now(), Why: "Nobody decided in time."})
		must(t, err)
	}
	must(t, w.TakeBack(w.ctx, person(tomi), o.ID, o.Digest))
	w.clock.Advance(8 * time.Hour)
	ends(w.now(t, o.ID))
	said, err := w.store.Reviews(w.ctx, "daily-social", time.Time{})
	must(t, err)
	n, err := w.store.Unreviewed(w.ctx, "daily-social", time.Time{})
	must(t, err)
	if len(said) != 1 || said[0].Verdict != engine.ReviewStopped || n != 0 {
		t.Errorf("reviews %+v; ran out unreviewed: %d", said, n)
	}
	ends(w.piece(t, "daily-social", "Buns.", start.Add(9*time.Hour)))
	if n, err = w.store.Unreviewed(w.ctx, "daily-social", time.Time{}); err != nil || n != 1 {
		t.Errorf("ran out unreviewed: %d, %v", n, err)
	}
}

// Past its time, what was stopped goes at another, which is a new version with the same person's yes.
func TestPutBackLate(t *testing.T) {
	w := newWorld(t)
	o := w.byItself(t, "Rye is out.", start.Add(30*time.Hour))
	must(t, w.TakeBack(w.ctx, person(olli), o.ID, o.Digest))
	w.clock.Advance(30*time.Hour + time.Minute)
	want(t, w.PutBack(w.ctx, person(tomi), yes(o), time.Time{}), engine.CodeInvalid, "has passed")
	to := o.Slot.Add(5 * time.Hour)
	must(t, w.PutBack(w.ctx, person(tomi), yes(o), to))
	now := w.wantState(t, o.ID, engine.StateScheduled)
	if !now.Slot.Equal(to) || now.Digest == o.Digest {
		t.Errorf("it stands at %s in version %s", now.Slot, now.Digest.Short())
	}
	if a, err := w.store.Approval(w.ctx, now.ID, now.Digest); err != nil || a == nil || a.By != tomi {
		t.Errorf("the yes to its new time is %+v, %v", a, err)
	}
}
