package loop

import (
	"context"
	"slices"
	"time"

	"koira/engine"
	"koira/engine/learn"
	"koira/engine/trust"
)

type watchStore interface {
	basics
	Brought(ctx context.Context, task string, from, to time.Time) ([]engine.Performance, error)
	LastPause(ctx context.Context, task string, since time.Time) (time.Time, error)
	SetStandings(ctx context.Context, task string, s []engine.Standing) error
	ChangeTask(ctx context.Context, c engine.TaskChange) error
}

const (
	// watchAnyway is how often a task is held against its thresholds when nothing was read and nobody did anything: pieces come of age.
	watchAnyway = 12 * time.Hour
	// watched is how far back the pieces came of age that count, so that an old success does not hide a fall.
	watched = 56 * 24 * time.Hour
)

// watch holds each task against its thresholds and pauses one that stands beyond a limit, at once and with an exception.
func (l *Loop) watch(ctx context.Context) error {
	tasks, err := l.Store.Tasks(ctx)
	if err != nil {
		return err
	}
	g, err := l.Store.Guardrails(ctx)
	if err != nil {
		return err
	}
	return each(ctx, tasks, func(ctx context.Context, t engine.Task) error {
		if t.Paused != nil || len(g.Thresholds[t.ID]) == 0 {
			return nil
		}
		return l.look("watch", t.ID, l.news.read[t.ID]+l.news.about(t.ID), watchAnyway, func() error { return l.watchTask(ctx, t, g.Thresholds[t.ID]) })
	})
}

func (l *Loop) watchTask(ctx context.Context, t engine.Task, limits []engine.Threshold) error {
	now := l.Clock.Now()
	since, err := l.anew(ctx, t)
	if err != nil {
		return err
	}
	perf, err := l.Store.Brought(ctx, t.ID, since, now.Add(-engine.Early))
	if err != nil {
		return err
	}
	var stand []engine.Standing
	for _, limit := range limits {
		stand = append(stand, standing(t, limit, perf, now))
	}
	if err := l.stands(ctx, t.ID, stand); err != nil {
		return err
	}
	for i, s := range stand {
		if s.Verdict == engine.StandingBeyond {
			strategy, err := l.Store.Strategy(ctx)
			if err != nil {
				return err
			}
			return l.Store.ChangeTask(ctx, trust.Breach(t, s, limits[i], strategy.Business.Currency, now, l.NewID))
		}
	}
	return nil
}

// anew is from when on a task's pieces count: what came before it was paused or lowered was paid for by that, and a pause must not trip again
// on the drop that it caused.
func (l *Loop) anew(ctx context.Context, t engine.Task) (time.Time, error) {
	since := l.Clock.Now().Add(-watched - t.Kind.ComesOfAge())
	if t.LoweredAt.After(since) {
		since = t.LoweredAt
	}
	paused, err := l.Store.LastPause(ctx, t.ID, since)
	if paused.After(since) {
		since = paused
	}
	return since, err
}

// stands writes down how a task stands, unless it still stands as it did: nobody else writes that.
func (l *Loop) stands(ctx context.Context, task string, now []engine.Standing) error {
	same := func(a, b engine.Standing) bool { a.At = b.At; return a == b }
	if before, known := l.stood[task]; known && slices.EqualFunc(before, now, same) {
		return nil
	}
	delete(l.stood, task)
	err := l.Store.SetStandings(ctx, task, now)
	if err == nil {
		l.stood[task] = now
	}
	return err
}

// standing holds pieces of t against a limit. What stands above a ceiling early is above it; below a floor is only what has come of age.
func standing(t engine.Task, limit engine.Threshold, perf []engine.Performance, now time.Time) engine.Standing {
	if limit.Ceiling > 0 {
		above := limit
		above.Floor = 0
		if s := learn.Stand(t.ID, above, brought(perf, limit.Metric, engine.Early, now), now); limit.Floor == 0 || s.Verdict == engine.StandingBeyond {
			return s
		}
	}
	return learn.Stand(t.ID, limit, brought(perf, limit.Metric, t.Kind.ComesOfAge(), now), now)
}

// brought lists what each piece brought of a metric that came to an age within the time that is watched. A piece without any reading says nothing.
func brought(perf []engine.Performance, m engine.Metric, age time.Duration, now time.Time) []float64 {
	var values []float64
	for _, p := range perf {
		of := p.Output.PublishedAt.Add(age)
		if v, ok := p.Metrics[m]; ok && !of.After(now) && !of.Before(now.Add(-watched)) {
			values = append(values, float64(v))
		}
	}
	return values
}
