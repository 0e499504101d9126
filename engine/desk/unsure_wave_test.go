package desk

import (
	"testing"
	"time"

	"koira/engine"
)

// unsureFirst is a newsletter that went out by itself to its first 124 readers, and nobody knows whether they have it.
func (w *world) unsureFirst(t testing.TB) engine.Output {
	t.Helper()
	o, i := w.firstClaimed(t)
	must(t, w.store.Apply(w.ctx, engine.Result{Send: i.Send, Fence: i.Fence, State: engine.SendUnconfirmed, At: w.clock.Now(), By: engine.Koira}))
	return w.wantState(t, o.ID, engine.StateUnconfirmed)
}

// question asks people what became of a piece.
func (w *world) question(t testing.TB, output string) string {
	t.Helper()
	e := engine.Exception{ID: w.ids(), Kind: engine.ExceptionUnsure, Output: output, Subject: output, Reason: "Not sure it went out.", OpenedAt: w.clock.Now()}
	must(t, w.store.OpenException(w.ctx, e))
	return e.ID
}

func TestAPersonSaysWhatBecameOfFirstReaders(t *testing.T) {
	for name, c := range map[string]struct {
		after time.Duration
		act   func(*world, engine.Output) error
		state engine.State
		said  string
	}{
		"it is there": {30 * time.Minute, func(w *world, o engine.Output) error {
			return w.ItIsThere(w.ctx, person(tomi), o.ID, o.Digest, "https://news.example/1")
		}, engine.StateScheduled, "found live with the first 124; the other 1,116 follow"},
		"it is there, too late": {6 * time.Hour, func(w *world, o engine.Output) error {
			return w.ItIsThere(w.ctx, person(tomi), o.ID, o.Digest, "https://news.example/1")
		}, engine.StatePublished, "found live with the first 124; it is too late for the other 1,116"},
		"dropped": {30 * time.Minute, func(w *world, o engine.Output) error { return w.DropUnsure(w.ctx, person(tomi), o.ID, o.Digest) },
			engine.StateFailed, "dropped: 1,116 of 1,240 readers do not get it"},
		"sent again": {30 * time.Minute, func(w *world, o engine.Output) error { return w.SendAgain(w.ctx, person(tomi), yes(o), true) },
			engine.StateScheduled, "sent again"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			o := w.unsureFirst(t)
			asked := w.question(t, o.ID)
			w.clock.Advance(c.after)
			must(t, c.act(w, o))
			w.wantState(t, o.ID, c.state)
			e, err := w.store.Exception(w.ctx, asked)
			must(t, err)
			if e.Outcome != c.said || e.ClosedBy != tomi {
				t.Errorf("closed by %s: %q", e.ClosedBy, e.Outcome)
			}
			want(t, c.act(w, o), engine.CodeConflict)
		})
	}
}

// Sent again it goes to the first readers, under the key of the first try, and the rest waits for them.
func TestFirstReadersAreSentToAgain(t *testing.T) {
	w := newWorld(t)
	o := w.unsureFirst(t)
	w.clock.Advance(time.Hour)
	must(t, w.SendAgain(w.ctx, person(tomi), yes(o), true))
	o = w.wantState(t, o.ID, engine.StateScheduled)
	claim := func(g engine.Gate) ([]engine.Intent, error) {
		is, _, err := w.store.Claim(w.ctx, o.ID, o.Digest, w.clock.Now(), g)
		return is, err
	}
	first, err := claim(w.gate)
	must(t, err)
	if len(first) != 1 || first[0].Skip != 0 || first[0].Audience != 124 || first[0].Fence != 2 {
		t.Fatalf("sent again: %+v", first)
	}
	must(t, w.store.Apply(w.ctx, engine.Result{
		Send: first[0].Send, Fence: first[0].Fence, State: engine.SendPublished, Ref: engine.Ref{ID: "x"}, At: w.clock.Now(), By: engine.Koira,
	}))
	if _, err := claim(w.gate); engine.CodeOf(err) != engine.CodeBlocked {
		t.Errorf("the yes to sending it again sent the rest at once: %v", err)
	}
}
