package loop

import (
	"context"
	"errors"
	"time"

	"koira/engine"
)

type expireStore interface {
	basics
	ExpireRequests(ctx context.Context, now time.Time) (int, error)
}

// expire ends what nobody decided in time, and says so where it had been cleared to go out, or waited for a signature.
func (l *Loop) expire(ctx context.Context) error {
	_, err := l.Store.ExpireRequests(ctx, l.Clock.Now())
	return errors.Join(err, l.withdraw(ctx), l.dueIn(ctx, l.expireOne, engine.StateWaiting, engine.StateHeld, engine.StateHanded, engine.StateScheduled))
}

func (l *Loop) expireOne(ctx context.Context, o engine.Output) error {
	rest, err := l.partly(ctx, o)
	switch {
	case err != nil || l.Clock.Now().Before(o.Expires):
		return err
	case rest:
		return l.endRest(ctx, o, "It got too late for the rest.")
	case o.State == engine.StateScheduled:
		return l.miss(ctx, o, "Its planned time passed, and it is too late for it now.")
	}
	_, err = l.move(ctx, o, engine.Move{To: engine.StateExpired, Why: "Nobody decided in time.", Outcome: engine.OutcomeExpired})
	return err
}

// miss ends a cleared output that did not go out in time. A person hears of it: nothing is dropped silently.
func (l *Loop) miss(ctx context.Context, o engine.Output, why string) error {
	_, err := l.move(ctx, o, engine.Move{
		To: engine.StateExpired, Why: why,
		Open: l.exception(o, engine.ExceptionMissed, "Did not go out.", why, "Ask for another with /koira draft "+o.Task+"."),
	})
	return err
}
