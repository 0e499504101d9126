package desk

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"koira/engine"
)

// meddled is a store in which something happens once, between an asker's look and the turn of their act, which has the store to itself from then
// on; a fault is what writing comes to instead.
type meddled struct {
	Store
	meddle func()
	fault  error
}

func (m *meddled) Act(ctx context.Context, name string, answer any, do func(context.Context) error) error {
	if f := m.meddle; f != nil {
		m.meddle = nil
		f()
	}
	return m.Store.Act(ctx, name, answer, do)
}

func (m *meddled) Move(ctx context.Context, x engine.Move) (engine.Verdict, error) {
	if m.fault != nil {
		return engine.Verdict{}, m.fault
	}
	return m.Store.Move(ctx, x)
}

func (m *meddled) ChangeTask(ctx context.Context, c engine.TaskChange) error {
	if m.fault != nil {
		return m.fault
	}
	return m.Store.ChangeTask(ctx, c)
}

func (m *meddled) ChangeGuardrails(ctx context.Context, c engine.RulesChange) error {
	if m.fault != nil {
		return m.fault
	}
	return m.Store.ChangeGuardrails(ctx, c)
}

func (m *meddled) PendRequest(ctx context.Context, id string, by engine.Actor, at, expires time.Time, why string, tried []string) error {
	if m.fault != nil {
		return m.fault
	}
	return m.Store.PendRequest(ctx, id, by, at, expires, why, tried)
}

func (m *meddled) AddRequest(ctx context.Context, r engine.Request) error {
	if m.fault != nil {
		return m.fault
	}
	return m.Store.AddRequest(ctx, r)
}

func (m *meddled) CloseException(ctx context.Context, id string, by engine.Actor, at time.Time, outcome string) error {
	if m.fault != nil {
		return m.fault
	}
	return m.Store.CloseException(ctx, id, by, at, outcome)
}

func (m *meddled) Record(ctx context.Context, e engine.Event) error {
	if m.fault != nil {
		return m.fault
	}
	return m.Store.Record(ctx, e)
}

// Somebody else acts between the look and the act: the asker is told, and theirs stands.
func TestSomebodyIsFaster(t *testing.T) {
	oat := []engine.Variant{{Name: "A", Body: "Oat."}}
	for name, c := range map[string]struct {
		first func(w *world, o engine.Output) error // somebody else, in between
		act   func(w *world, o engine.Output) error
		parts []string
	}{
		"an edit, rejected": {
			func(w *world, o engine.Output) error {
				return w.Reject(w.ctx, person(mari), No{Output: o.ID, Digest: o.Digest, Reason: "tone"})
			},
			func(w *world, o engine.Output) error {
				_, _, err := w.Edit(w.ctx, person(olli), o.ID, o.Digest, oat)
				return err
			}, []string{"@" + mari + " rejected this", "Not saved."},
		},
		"an approval, edited": {
			func(w *world, o engine.Output) error {
				_, _, err := w.Edit(w.ctx, person(olli), o.ID, o.Digest, oat)
				return err
			},
			func(w *world, o engine.Output) error { return w.Approve(w.ctx, person(tomi), yes(o)) },
			[]string{"@" + olli + " changed this draft", "Not approved."},
		},
		"a rejection, approved": {
			func(w *world, o engine.Output) error { return w.Approve(w.ctx, person(mari), yes(o)) },
			func(w *world, o engine.Output) error {
				return w.Reject(w.ctx, person(tomi), No{Output: o.ID, Digest: o.Digest, Reason: "tone"})
			}, []string{"@" + mari + " approved this", "Not rejected."},
		},
		"published now, dropped": {
			func(w *world, o engine.Output) error { return w.Drop(w.ctx, person(mari), o.ID, o.Digest) },
			func(w *world, o engine.Output) error { return w.PublishNow(w.ctx, person(tomi), yes(o)) },
			[]string{"This was dropped", "Not published."},
		},
		"a level, lowered": {
			func(w *world, _ engine.Output) error {
				return w.setLevel(olli, "daily-social", engine.L3, engine.L1)
			},
			func(w *world, _ engine.Output) error {
				return w.setLevel(mari, "daily-social", engine.L3, engine.L4)
			}, []string{"Daily social is at L1", "since you looked"},
		},
		"a pause, paused": {
			func(w *world, _ engine.Output) error { return w.PauseTask(w.ctx, person(mari), "daily-social", "") },
			func(w *world, _ engine.Output) error { return w.PauseTask(w.ctx, person(olli), "daily-social", "") },
			[]string{"@" + mari + " paused Daily social"},
		},
		"a signature, cancelled": {
			func(w *world, _ engine.Output) error { return w.Cancel(w.ctx, person(olli), "asked") },
			func(w *world, _ engine.Output) error {
				must(w.t, w.store.AddRequest(w.ctx, engine.Request{
					ID: "asked", Kind: engine.RequestRules, Subject: "budget.weekly", Edits: []engine.RuleEdit{edit("budget.weekly", "150")}, From: 1,
					State: engine.RequestPending, By: mari, At: start, Expires: start.Add(time.Minute),
				}))
				_, err := w.Sign(w.ctx, person(tomi), "asked")
				return err
			}, []string{"@" + olli + " cancelled this at 10:00."},
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			o := w.piece(t, "daily-social", "Rye.", start.Add(day))
			w.Desk.store = &meddled{Store: w.store, meddle: func() { must(t, c.first(w, o)) }}
			want(t, c.act(w, o), engine.CodeConflict, c.parts...)
		})
	}
}

// A tightening is never lost to another one at the same moment.
func TestTightenAgainstTighten(t *testing.T) {
	w := newWorld(t)
	w.Desk.store = &meddled{Store: w.store, meddle: func() { must(t, w.tighten(tomi, "topic:sale", blockedWord)) }}
	done, err := w.Tighten(w.ctx, person(olli), edit("budget.weekly", "50"))
	must(t, err)
	g, err := w.store.Guardrails(w.ctx)
	must(t, err)
	if len(done.Changes) != 1 || g.Version != 3 || g.Budget.Weekly != 50*engine.Unit || len(g.Topics.Blocked) != 2 {
		t.Errorf("in force: %+v", g)
	}
}

func TestClosedByTwo(t *testing.T) {
	w := newWorld(t)
	e := engine.Exception{ID: w.ids(), Kind: engine.ExceptionSystem, Subject: "bluesky", Reason: "It refuses.", OpenedAt: start}
	must(t, w.store.OpenException(w.ctx, e))
	w.Desk.store = &meddled{Store: w.store, meddle: func() { must(t, w.CloseException(w.ctx, person(mari), e.ID, Outcomes(e.Kind)[0])) }}
	want(t, w.CloseException(w.ctx, person(tomi), e.ID, "noted"), engine.CodeConflict, "@"+mari+" closed this at 10:00 (fixed).")
}

// A store that cannot write: nothing changes, the fault reaches the log, and people read none of it.
func TestStoreThatFails(t *testing.T) {
	disk := errors.New("disk is full")
	for name, act := range map[string]func(w *world, o engine.Output) error{
		"approve": func(w *world, o engine.Output) error { return w.Approve(w.ctx, person(tomi), yes(o)) },
		"reject": func(w *world, o engine.Output) error {
			return w.Reject(w.ctx, person(tomi), No{Output: o.ID, Digest: o.Digest, Reason: "tone"})
		},
		"edit": func(w *world, o engine.Output) error {
			_, _, err := w.Edit(w.ctx, person(olli), o.ID, o.Digest, []engine.Variant{{Name: "A", Body: "Oat."}})
			return err
		},
		"drop": func(w *world, o engine.Output) error { return w.Drop(w.ctx, person(tomi), o.ID, o.Digest) },
		"level": func(w *world, _ engine.Output) error {
			return w.setLevel(olli, "daily-social", engine.L3, engine.L1)
		},
		"pause": func(w *world, _ engine.Output) error { return w.PauseTask(w.ctx, person(olli), "daily-social", "") },
		"limit": func(w *world, _ engine.Output) error {
			return w.tighten(olli, "budget.weekly", "1")
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			o := w.piece(t, "daily-social", "Rye.", start.Add(day))
			m := &machine{world: w, t: t}
			before := m.snapshot()
			w.Desk.store = &meddled{Store: w.store, fault: disk}
			err := act(w, o)
			if !errors.Is(err, disk) || engine.CodeOf(err) != engine.CodeInternal || strings.Contains(sentence(err), "disk") {
				t.Errorf("got %v, code %s", err, engine.CodeOf(err))
			}
			if after := m.snapshot(); !cmp.Equal(before, after, cmpopts.IgnoreUnexported(snapshot{})) {
				t.Errorf("before %+v, after %+v", before, after)
			}
		})
	}
	t.Run("a denial that cannot be written down stands", func(t *testing.T) {
		w := newWorld(t)
		w.Desk.store = &meddled{Store: w.store, fault: disk}
		err := w.Resume(w.ctx, person(tomi))
		want(t, err, engine.CodeDenied, "Only owners can resume.")
		if !errors.Is(err, disk) {
			t.Errorf("the fault is lost: %v", err)
		}
	})
}
