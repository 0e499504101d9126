package loop

import (
	"context"
	"time"

	"koira/engine"
)

type summariseStore interface {
	basics
	Setting(ctx context.Context, key string) (string, error)
	SetSetting(ctx context.Context, key, value string) error
	AddNotice(ctx context.Context, n engine.Notice) error
}

// summarise queues the morning note at 08:30 and the weekly report on Monday at 09:00 of the business's zone. It is due by the clock and
// remembered in the store, so that a start at noon still brings the morning's note, once, and a long absence brings one and not ten.
func (l *Loop) summarise(ctx context.Context) error {
	s, err := l.Store.Strategy(ctx)
	if err != nil {
		return err
	}
	zone := s.Business.Location()
	now := l.Clock.Now().In(zone)
	y, m, d := now.Date()
	if !now.Before(time.Date(y, m, d, 8, 30, 0, 0, zone)) {
		if err := l.once(ctx, engine.NoticeDaily, now.Format(time.DateOnly)); err != nil {
			return err
		}
	}
	monday := engine.WeekStart(now, zone)
	y, m, d = monday.Date()
	if !now.Before(time.Date(y, m, d, 9, 0, 0, 0, zone)) {
		return l.once(ctx, engine.NoticeWeekly, engine.Week(monday.Add(-time.Hour), zone))
	}
	return nil
}

// once queues a summary unless it was the last one of its kind. The notice comes first: after a crash between the two it is merged into
// itself.
func (l *Loop) once(ctx context.Context, kind engine.NoticeKind, subject string) error {
	key := "summary." + string(kind)
	last, err := l.setting(ctx, key)
	if err != nil || last == subject {
		return err
	}
	if err := l.Store.AddNotice(ctx, engine.Notice{ID: l.NewID(), Kind: kind, Subject: subject, Due: l.Clock.Now()}); err != nil {
		return err
	}
	return l.keep(ctx, key, subject)
}
