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
		why, err := l.missedBy(ctx, o)
		if err != nil {
			return err
		}
		return l.miss(ctx, o, why)
	}
	why := "Nobody decided in time."
	if o.State == engine.StateHanded {
		why = "Nobody said in time that it is out."
	}
	_, err = l.move(ctx, o, engine.Move{To: engine.StateExpired, Why: why, Outcome: engine.OutcomeExpired})
	return err
}

// missedBy says why a cleared output did not go out while there was time, as far as that is still so.
func (l *Loop) missedBy(ctx context.Context, o engine.Output) (string, error) {
	v, err := l.Store.View(ctx, o.ID, engine.StageClaim, l.Clock.Now())
	if err != nil {
		return "", err
	}
	for _, f := range l.Gate(v).Blocks() {
		if f.Held != engine.StateExpired { // that it is late by now says nothing
			return "Its planned time passed, and this kept it back: " + f.Evidence, nil
		}
	}
	return "Its planned time passed, and it is too late for it now.", nil
}

// miss ends a cleared output that did not go out in time. A person hears of it: nothing is dropped silently.
func (l *Loop) miss(ctx context.Context, o engine.Output, why string) error {
	_, err := l.move(ctx, o, engine.Move{
		To: engine.StateExpired, Why: why,
		Open: l.exception(o, engine.ExceptionMissed, engine.TroubleLate, "Did not go out.", why, "Ask for another with /koira draft "+o.Task+"."),
	})
	return err
}
