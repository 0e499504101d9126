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
	Estimates(ctx context.Context, from, to time.Time) ([]engine.Estimate, error)
	AddNotice(ctx context.Context, n engine.Notice) error
}

// summarise queues the morning note at 08:30, and at 09:00 the weekly report on Monday and the monthly one on the first, of the business's
// zone. It is due by the clock and remembered in the store, so that a start at noon still brings the morning's note, once, and a long absence
// brings one and not ten.
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
	if first := time.Date(y, m, 1, 9, 0, 0, 0, zone); !now.Before(first) {
		if err := l.month(ctx, first); err != nil {
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

// month queues the report of the month that ended at end, unless koira drafted nothing in it.
func (l *Loop) month(ctx context.Context, end time.Time) error {
	begin := end.AddDate(0, -1, 0)
	subject := begin.Format("2006-01")
	if last, err := l.setting(ctx, summaryKey(engine.NoticeMonthly)); err != nil || last == subject {
		return err
	}
	drafted, err := l.Store.Estimates(ctx, time.Date(begin.Year(), begin.Month(), 1, 0, 0, 0, 0, end.Location()), end)
	if err != nil {
		return err
	}
	if len(drafted) == 0 {
		return l.keep(ctx, summaryKey(engine.NoticeMonthly), subject)
	}
	return l.once(ctx, engine.NoticeMonthly, subject)
}

func summaryKey(kind engine.NoticeKind) string { return "summary." + string(kind) }

// once queues a summary unless it was the last one of its kind. The notice comes first: after a crash between the two it is merged into
// itself.
func (l *Loop) once(ctx context.Context, kind engine.NoticeKind, subject string) error {
	key := summaryKey(kind)
	last, err := l.setting(ctx, key)
	if err != nil || last == subject {
		return err
	}
	if err := l.Store.AddNotice(ctx, engine.Notice{ID: l.NewID(), Kind: kind, Subject: subject, Due: l.Clock.Now()}); err != nil {
		return err
	}
	return l.keep(ctx, key, subject)
}
