package desk

import (
	"context"
	"testing"

	"koira/engine"
)

// asking is a door that can be asked, and takes as long as it likes to answer.
type asking struct {
	door
	probe func(ctx context.Context) (engine.Receipt, error)
}

func (a asking) Probe(ctx context.Context, _ engine.Intent, _ engine.Ref) (engine.Receipt, error) {
	return a.probe(ctx)
}

func (w *world) asks(probe func(context.Context) (engine.Receipt, error)) {
	ch := asking{door{w.channels["bluesky"].Traits()}, probe}
	ch.traits.Probe = true
	w.channels["bluesky"], w.doors["bluesky"] = ch, ch
}

// A channel that takes its time to answer keeps nobody from stopping everything, and what was done meanwhile counts.
func TestNobodyWaitsForAChannelThatIsAsked(t *testing.T) {
	there := func() (engine.Receipt, error) {
		return engine.Receipt{Ref: engine.Ref{ID: "1", URL: "https://bsky.example/1"}}, nil
	}
	absent := func() (engine.Receipt, error) {
		return engine.Receipt{}, engine.Errorf(engine.CodeNotFound, "It is not there.")
	}
	for name, c := range map[string]struct {
		meanwhile func(w *world, o engine.Output) error
		answer    func() (engine.Receipt, error)
		code      engine.Code
		part      string
		state     engine.State
	}{
		"stopped": { // the yes stands, and the claim holds it back for as long as everything is stopped
			func(w *world, _ engine.Output) error { return w.Stop(w.ctx, person(venla), "") },
			absent, "", "", engine.StateScheduled,
		},
		"stopped, and found": { // what is known is written down, since nothing leaves by it
			func(w *world, _ engine.Output) error { return w.Stop(w.ctx, person(venla), "") },
			there, engine.CodeConflict, "https://bsky.example/1", engine.StatePublished,
		},
		"dropped, and found": {
			func(w *world, o engine.Output) error { return w.DropUnsure(w.ctx, person(mari), o.ID, o.Digest) },
			there, engine.CodeConflict, "", engine.StateFailed,
		},
		"nothing": {func(*world, engine.Output) error { return nil }, absent, "", "", engine.StateScheduled},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			o := w.unsure(t, 0)
			asked, answer := make(chan struct{}), make(chan struct{})
			w.asks(func(ctx context.Context) (engine.Receipt, error) {
				close(asked)
				if engine.HasTurn(ctx) { // waiting here would keep everybody out for good
					t.Error("the channel is asked within an act")
					return c.answer()
				}
				<-answer
				return c.answer()
			})
			done := make(chan error)
			go func() { done <- w.SendAgain(w.ctx, person(tomi), yes(o), true) }()
			<-asked
			must(t, c.meanwhile(w, o))
			close(answer)
			want(t, <-done, c.code, c.part)
			w.wantState(t, o.ID, c.state)
		})
	}
}

// Whoever may not send it again, or says that they did not look, does not make koira ask anybody.
func TestTheChannelIsNotAskedForWhatIsRefused(t *testing.T) {
	w := newWorld(t)
	o := w.unsure(t, 0)
	w.asks(func(context.Context) (engine.Receipt, error) {
		t.Error("the channel was asked")
		return engine.Receipt{}, engine.Errorf(engine.CodeNotFound, "It is not there.")
	})
	want(t, w.SendAgain(w.ctx, person(olli), yes(o), true), engine.CodeDenied)
	want(t, w.SendAgain(w.ctx, person(tomi), yes(o), false), engine.CodeInvalid)
}

// An act that would ask a channel is refused by itself, so that the mistake shows before somebody waits for it.
func TestAnActAsksNoChannel(t *testing.T) {
	w := newWorld(t)
	o := w.unsure(t, 0)
	w.asks(func(context.Context) (engine.Receipt, error) {
		t.Error("the channel was asked")
		return engine.Receipt{}, nil
	})
	err := w.once(w.ctx, "outer", func(ctx context.Context) error { return w.SendAgain(ctx, person(tomi), yes(o), true) })
	want(t, err, engine.CodeInternal)
}
