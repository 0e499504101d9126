package loop

import (
	"context"
	"time"

	"koira/engine"
)

type remindStore interface {
	OpenExceptions(ctx context.Context) ([]engine.Exception, error)
	Remind(ctx context.Context, id string, at time.Time) error
}

// remindEvery is how often it is looked for what runs out.
const remindEvery = 15 * time.Minute

// remind asks once more about what waits for a person when half of its time is over. What nobody decides still ends by itself: as expired,
// which is neither yes nor no.
func (l *Loop) remind(ctx context.Context) error {
	if !l.every("remind", "", remindEvery) {
		return nil
	}
	open, err := l.Store.OpenExceptions(ctx)
	if err != nil {
		return err
	}
	now := l.Clock.Now()
	return each(ctx, open, func(ctx context.Context, e engine.Exception) error {
		half := e.OpenedAt.Add(e.Due.Sub(e.OpenedAt) / 2)
		shared := e.Storm != "" && e.Storm != e.ID // one reminder is enough for a storm
		if e.Due.IsZero() || !e.Reminded.IsZero() || shared || now.Before(half) || !now.Before(e.Due) {
			return nil
		}
		return l.Store.Remind(ctx, e.ID, now)
	})
}
