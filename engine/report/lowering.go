package report

import (
	"context"
	"fmt"
	"time"

	"koira/engine"
	"koira/engine/trust"
)

// paceOver is how far back reviews tell how many a week there are.
const paceOver = 28 * 24 * time.Hour

// wayBack says when a lowered task is likely to have what earns it more again, at the pace of the last four weeks; "" where there is no pace, or
// nothing but time is missing.
func (r *Reader) wayBack(ctx context.Context, s scene, task string) (string, error) {
	said, err := r.store.Reviews(ctx, task, s.now.Add(-paceOver))
	if err != nil {
		return "", fmt.Errorf("reading the reviews of %s: %w", task, err)
	}
	since, err := r.store.Reviews(ctx, task, s.task(task).Since().Add(time.Microsecond))
	if err != nil {
		return "", fmt.Errorf("reading the reviews of %s: %w", task, err)
	}
	more := trust.RegainReviewed - len(since)
	if len(said) == 0 || more <= 0 {
		return "", nil
	}
	week := max(1, (len(said)+2)/4)
	at := s.now.AddDate(0, 0, 7*(more+week-1)/week).In(s.Zone)
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
