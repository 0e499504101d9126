package desk

import (
	"sync"
	"testing"
	"time"

	"koira/engine"
)

// It is Approve, of which each cell is in the matrix, but for what stands here: a second tap of the same person is no refusal there.
func TestApproveInWeek(t *testing.T) {
	w := newWorld(t)
	o := w.piece(t, "daily-social", "Rye.", start.Add(26*time.Hour))
	at := func(looked time.Duration) Click {
		c := yes(o)
		c.Looked = looked
		return c
	}
	want(t, w.ApproveInWeek(w.ctx, person(tomi), at(0)), engine.CodeConflict, "less than a second")
	want(t, w.ApproveInWeek(w.ctx, person(tomi), at(blink-time.Millisecond)), engine.CodeConflict, "less than a second")
	want(t, w.ApproveInWeek(w.ctx, person(olli), at(time.Minute)), engine.CodeDenied)
	w.wantState(t, o.ID, engine.StateWaiting)

	must(t, w.ApproveInWeek(w.ctx, person(tomi), at(blink)))
	now := w.wantState(t, o.ID, engine.StateScheduled)
	must(t, w.ApproveInWeek(w.ctx, person(tomi), at(blink)))                            // the second of two taps
	must(t, w.ApproveInWeek(w.ctx, person(tomi), at(0)))                                // however soon
	want(t, w.ApproveInWeek(w.ctx, person(mari), at(time.Minute)), engine.CodeConflict) // somebody else's is told who was first
	if after := w.now(t, o.ID); !after.UpdatedAt.Equal(now.UpdatedAt) {
		t.Error("a second tap changed it")
	}
}

// Two taps that are under way at once are one yes, and neither is an error.
func TestApproveInWeekTwiceAtOnce(t *testing.T) {
	for range 20 {
		w := newWorld(t)
		o := w.piece(t, "daily-social", "Rye.", start.Add(26*time.Hour))
		c := yes(o)
		c.Looked = time.Minute
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() {
				if err := w.ApproveInWeek(w.ctx, person(tomi), c); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		w.wantState(t, o.ID, engine.StateScheduled)
	}
}
