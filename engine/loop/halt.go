package loop

import (
	"context"
	"slices"
	"time"

	"koira/engine"
)

type haltStore interface {
	basics
	Control(ctx context.Context) (engine.Control, error)
	HaltsAsked(ctx context.Context) ([]engine.Send, error)
	Unhalted(ctx context.Context, since time.Time) ([]engine.Send, error)
	SaveHalt(ctx context.Context, send string, p engine.Progress, at time.Time) error
}

// deliveries is how long a delivery may be under way after the channel took it: the slowest list is through by then.
const deliveries = 48 * time.Hour

// halt stops what a channel is still delivering, where the channel can: what a person asked for, and while everything is stopped, all. What it
// could not be asked is asked again at the next look. A resume does not take the delivery up again: that is done at the channel.
func (l *Loop) halt(ctx context.Context) error {
	if l.due[engine.StatePublished] > 0 { // nothing else makes a published piece due
		asked, err := l.Store.HaltsAsked(ctx)
		if err != nil {
			return err
		}
		if err := each(ctx, asked, l.haltOne); err != nil {
			return err
		}
	}
	c, err := l.Store.Control(ctx)
	if err != nil || !c.Stopped {
		return err
	}
	sends, err := l.Store.Unhalted(ctx, l.Clock.Now().Add(-deliveries))
	if err != nil {
		return err
	}
	return each(ctx, slices.DeleteFunc(sends, wished), l.haltOne)
}

// wished reports whether a person waits for the answer to a wish to halt s.
func wished(s engine.Send) bool { return !s.HaltAsked.IsZero() && s.HaltedAt.IsZero() }

func (l *Loop) haltOne(ctx context.Context, s engine.Send) error {
	o, err := l.Store.Output(ctx, s.Output)
	if err != nil {
		return err
	}
	save := func(p engine.Progress) error {
		return l.Store.SaveHalt(context.WithoutCancel(ctx), s.ID, p, l.Clock.Now())
	}
	ch := l.Channels[o.Channel]
	if ch == nil || s.Ref.ID == "" || !ch.Traits().Halt || s.ByHand() { // what people sent themselves is theirs to stop
		if wished(s) {
			return save(engine.Progress{})
		}
		return nil
	}
	hctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), l.Timeout)
	defer cancel()
	p, err := ch.Halt(hctx, engine.Receipt{Ref: s.Ref})
	switch code := engine.CodeOf(err); {
	case err == nil:
		return save(p)
	case wished(s) && (code == engine.CodeInvalid || code == engine.CodeDenied || code == engine.CodeNotFound || !l.Clock.Now().Before(s.HaltAsked.Add(insist))):
		return save(engine.Progress{}) // it will not be stopped: the card says so
	default:
		l.Log.WarnContext(ctx, "a delivery could not be halted", "output", o.ID, "channel", o.Channel, "code", code, "err", err)
		return nil
	}
}
