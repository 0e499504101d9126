package desk

import (
	"testing"

	"koira/engine"
)

// begin is w as it works on a delivery; working on the same delivery again is begin with the same key.
func (w *world) begin(t *testing.T, key string) *world {
	t.Helper()
	_, err := w.store.Receive(t.Context(), engine.Delivery{Key: key, Kind: "interactive", At: start, Attempts: 1})
	must(t, err)
	again := *w
	again.ctx = engine.WithAct(t.Context(), &engine.Act{Key: key})
	return &again
}

// An act that was done, and of which the mark on its delivery was lost, is not done again when it is worked on again, also where somebody undid it
// meanwhile and it would be possible again. It gives what it gave the first time.
func TestWhatWasUndoneIsNotDoneAgain(t *testing.T) {
	for name, c := range map[string]struct {
		before func(w *world, o engine.Output) error // what must have happened, nil for nothing
		act    func(w *world, o engine.Output) error
		undo   func(w *world, o engine.Output) error // by somebody else, nil for nothing
	}{
		"a stop": {
			nil, func(w *world, _ engine.Output) error { return w.Stop(w.ctx, person(venla), "") },
			func(w *world, _ engine.Output) error { return w.Resume(w.ctx, person(mari)) },
		},
		"a resume": {
			func(w *world, _ engine.Output) error { return w.Stop(w.ctx, person(venla), "") },
			func(w *world, _ engine.Output) error { return w.Resume(w.ctx, person(mari)) },
			func(w *world, _ engine.Output) error { return w.Stop(w.ctx, person(tomi), "") },
		},
		"an approval": {
			nil, func(w *world, o engine.Output) error { return w.Approve(w.ctx, person(tomi), yes(o)) },
			func(w *world, o engine.Output) error { return w.TakeBack(w.ctx, person(olli), o.ID, o.Digest) },
		},
		"publishing now": {
			nil, func(w *world, o engine.Output) error { return w.PublishNow(w.ctx, person(tomi), yes(o)) },
			func(w *world, o engine.Output) error {
				now, err := w.store.Output(w.ctx, o.ID)
				if err != nil {
					return err
				}
				return w.TakeBack(w.ctx, person(olli), now.ID, now.Digest)
			},
		},
		"taking back": {
			func(w *world, o engine.Output) error { return w.Approve(w.ctx, person(tomi), yes(o)) },
			func(w *world, o engine.Output) error { return w.TakeBack(w.ctx, person(olli), o.ID, o.Digest) },
			func(w *world, o engine.Output) error { return w.Approve(w.ctx, person(tomi), yes(o)) },
		},
		"a pause": {
			nil, func(w *world, _ engine.Output) error { return w.PauseTask(w.ctx, person(olli), "daily-social", "") },
			func(w *world, _ engine.Output) error { return w.ResumeTask(w.ctx, person(mari), "daily-social") },
		},
		"a lower limit": {
			nil, func(w *world, _ engine.Output) error { return w.tighten(olli, "budget.weekly", "50") },
			func(w *world, _ engine.Output) error { return w.loosen(mari, "budget.weekly", "100") },
		},
		"a lower level": {
			nil, func(w *world, _ engine.Output) error {
				_, _, err := w.WishLevel(w.ctx, person(olli), "daily-social", engine.L1)
				return err
			},
			func(w *world, _ engine.Output) error { return w.setLevel(mari, "daily-social", engine.L1, engine.L3) },
		},
		"a draft": {nil, func(w *world, _ engine.Output) error {
			_, err := w.Ask(w.ctx, person(olli), "daily-social")
			return err
		}, nil},
		"own text": {nil, func(w *world, _ engine.Output) error {
			_, err := w.AddCopy(w.ctx, person(tomi), "daily-social", "Oat.")
			return err
		}, nil},
		"a posting": {nil, func(w *world, _ engine.Output) error {
			_, err := w.Posted(w.ctx, person(olli), "by-hand", "https://social.example/1")
			return err
		}, nil},
		"a serious rejection, and another": {
			nil, func(w *world, o engine.Output) error {
				return w.Reject(w.ctx, person(tomi), No{Output: o.ID, Digest: o.Digest, Reason: "untrue", Severe: true, Again: true})
			},
			nil,
		},
		"a refusal": {nil, func(w *world, _ engine.Output) error { return w.Resume(w.ctx, person(tomi)) }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			o := w.piece(t, "daily-social", "Rye.", start.Add(2*day))
			if c.before != nil {
				must(t, c.before(w, o))
			}
			first := c.act(w.begin(t, "press"), o)
			if c.undo != nil {
				must(t, first)
				must(t, c.undo(w, o))
			}
			before, _, err := w.store.Head(t.Context())
			must(t, err)
			again := c.act(w.begin(t, "press"), o)
			after, _, err := w.store.Head(t.Context())
			must(t, err)
			if after != before {
				t.Errorf("%d lines more in the log", after-before)
			}
			if engine.CodeOf(first) != engine.CodeOf(again) || first != nil && sentence(first) != sentence(again) {
				t.Errorf("first %v, then %v", first, again)
			}
		})
	}
}

// A delivery of two acts that was cut short between them: the first is not done again, the second is done now.
func TestTheRestIsDoneByASecondTry(t *testing.T) {
	w := newWorld(t)
	o := w.piece(t, "daily-social", "Rye.", start.Add(2*day))
	must(t, w.Drop(w.ctx, person(tomi), o.ID, o.Digest))
	e := engine.Exception{ID: w.ids(), Kind: engine.ExceptionMissed, Output: o.ID, Subject: o.ID, Reason: "It ran out.", OpenedAt: start}
	must(t, w.store.OpenException(w.ctx, e))
	reuse := func(w *world) engine.Output {
		t.Helper()
		n, err := w.Reuse(w.ctx, person(tomi), o.ID, o.Digest, start.Add(3*day))
		must(t, err)
		return n
	}
	first := reuse(w.begin(t, "press"))
	second := w.begin(t, "press")
	if again := reuse(second); again.ID != first.ID || again.Digest != first.Digest || !again.Slot.Equal(first.Slot) {
		t.Errorf("first %+v, then %+v", first, again)
	}
	must(t, second.CloseException(second.ctx, person(tomi), e.ID, "dropped"))
	third := w.begin(t, "press")
	reuse(third)
	must(t, third.CloseException(third.ctx, person(tomi), e.ID, "dropped"))
}
