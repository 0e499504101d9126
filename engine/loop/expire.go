package loop

import (
	"context"
	"fmt"

	"koira/engine"
)

type expireStore interface{ basics }

// expire ends what nobody decided in time, and says so where it had been cleared to go out.
func (l *Loop) expire(ctx context.Context) error {
	return l.dueIn(ctx, l.expireOne, engine.StateWaiting, engine.StateHeld, engine.StateHanded, engine.StateScheduled)
}

func (l *Loop) expireOne(ctx context.Context, o engine.Output) error {
	switch {
	case l.Clock.Now().Before(o.Expires):
		return nil
	case o.State == engine.StateScheduled:
		return l.miss(ctx, o, fmt.Sprintf("It was planned for %s and is too late now.", o.Slot.UTC().Format("2 Jan 15:04 UTC")))
	}
	_, err := l.move(ctx, o, engine.Move{To: engine.StateExpired, Why: "Nobody decided in time.", Outcome: "expired"})
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
