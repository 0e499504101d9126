package loop

import (
	"context"
	"time"

	"koira/engine"
)

type haltStore interface {
	basics
	Control(ctx context.Context) (engine.Control, error)
	Unhalted(ctx context.Context, since time.Time) ([]engine.Send, error)
	SaveHalt(ctx context.Context, send string, p engine.Progress, at time.Time) error
}

// deliveries is how long a delivery may be under way after the channel took it: the slowest list is through by then.
const deliveries = 48 * time.Hour

// halt stops, while everything is stopped, what a channel is still delivering, where the channel can. What it could not be asked is asked again
// at the next look. A resume does not take the delivery up again: that is done at the channel.
func (l *Loop) halt(ctx context.Context) error {
	c, err := l.Store.Control(ctx)
	if err != nil || !c.Stopped {
		return err
	}
	sends, err := l.Store.Unhalted(ctx, l.Clock.Now().Add(-deliveries))
	if err != nil {
		return err
	}
	return each(ctx, sends, l.haltOne)
}

func (l *Loop) haltOne(ctx context.Context, s engine.Send) error {
	o, err := l.Store.Output(ctx, s.Output)
	if err != nil {
		return err
	}
	ch := l.Channels[o.Channel]
	if ch == nil || s.Ref.ID == "" || !ch.Traits().Halt || o.Origin == engine.OriginHand {
		return nil
	}
	hctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), l.Timeout)
	defer cancel()
	p, err := ch.Halt(hctx, engine.Receipt{Ref: s.Ref})
	if err != nil {
		l.Log.WarnContext(ctx, "a delivery could not be halted", "output", o.ID, "channel", o.Channel, "code", engine.CodeOf(err), "err", err)
		return nil
	}
	return l.Store.SaveHalt(ctx, s.ID, p, l.Clock.Now())
}
