package report

import (
	"context"
	"fmt"

	"koira/engine"
	"koira/engine/trust"
)

// wayBack says when a lowered task is likely to have the reviews that earn it more again, at the pace that its cadence has, since each of its pieces is
// reviewed from now on; "" where it has none, or nothing but time is missing. It is never earlier than the end of the cooldown.
func (r *Reader) wayBack(ctx context.Context, s scene, task string) (string, error) {
	c, err := r.judge(ctx, s.task(task))
	if err != nil {
		return "", err
	}
	more := trust.MoreReviews(c.Task, c.To, c.Record, c.Walls)
	week := perWeek(c.Task)
	if week <= 0 || more <= 0 {
		return "", nil
	}
	at := s.now.AddDate(0, 0, 7*over(more, week))
	if until := c.Task.LoweredAt.Add(trust.Cooldown); at.Before(until) {
		at = until
	}
	at = at.In(s.Zone)
	return fmt.Sprintf("at %d a week about %s %s", week, third(at.Day()), at.Month()), nil
}

// third names a part of a month.
func third(day int) string {
	switch {
	case day <= 10:
		return "early"
	case day <= 20:
		return "mid"
	}
	return "late"
}

// resumes is where a paused task stands once it runs again, and where it stood when it was paused.
func (r *Reader) resumes(ctx context.Context, t engine.Task) (to, was engine.Level, err error) {
	since, err := r.store.Lowerings(ctx, t.ID, t.Paused.At)
	if err != nil {
		return to, was, fmt.Errorf("reading what lowered %s: %w", t.ID, err)
	}
	to, was = trust.Resumes(t, since)
	return to, was, nil
}

// second reports whether a breach of task now would be the second within the cooldown, which pauses it.
func (r *Reader) second(ctx context.Context, s scene, t engine.Task) (bool, error) {
	before, err := r.store.Lowerings(ctx, t.ID, s.now.Add(-trust.Cooldown))
	if err != nil {
		return false, fmt.Errorf("reading what lowered %s: %w", t.ID, err)
	}
	for _, l := range before {
		if l.Cause.Breach() {
			return t.Paused == nil, nil
		}
	}
	return false, nil
}
