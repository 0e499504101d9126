package loop

import (
	"context"
	"fmt"
	"slices"
	"time"

	"koira/engine"
	"koira/engine/learn"
)

type baselineStore interface {
	basics
	Grant(ctx context.Context, task string) (*engine.Grant, error)
	Decisions(ctx context.Context, task string, since time.Time, limit int) ([]engine.Decision, error)
	Performance(ctx context.Context, task string, from, to time.Time) ([]engine.Performance, error)
	Reviews(ctx context.Context, task string, since time.Time) ([]engine.Review, error)
	Learn(ctx context.Context, task string, b []engine.Belief, p []engine.Pick, d []engine.Decision) error
	AddNotice(ctx context.Context, n engine.Notice) error
}

// baselineEvery is how often it is asked whether a month has passed since a grant.
const baselineEvery = 24 * time.Hour

// baseline holds what each task brought by itself against what it brought while people approved each piece: a month after a grant, and every month
// after that for as long as there was not enough to tell.
func (l *Loop) baseline(ctx context.Context) error {
	tasks, err := l.Store.Tasks(ctx)
	if err != nil {
		return err
	}
	return each(ctx, tasks, func(ctx context.Context, t engine.Task) error {
		if t.Level < engine.L4 || !l.every("baseline", t.ID, baselineEvery) {
			return nil
		}
		return l.reviewResults(ctx, t)
	})
}

func (l *Loop) reviewResults(ctx context.Context, t engine.Task) error {
	now := l.Clock.Now()
	g, err := l.Store.Grant(ctx, t.ID)
	if err != nil || g == nil || now.Before(g.At.Add(learn.BaselineAfter)) {
		return err
	}
	ds, err := l.Store.Decisions(ctx, t.ID, g.At, 1000)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(ds, func(d engine.Decision) bool { return d.What == engine.DecidedBaseline }); i >= 0 {
		if engine.BaselineVerdict(ds[i].To) != engine.BaselineUnknown || now.Before(ds[i].At.Add(learn.BaselineAfter)) {
			return nil
		}
	}
	perf, err := l.Store.Performance(ctx, t.ID, g.At.Add(-learn.BaselineBefore), now)
	if err != nil {
		return err
	}
	said, err := l.Store.Reviews(ctx, t.ID, g.At.Add(-learn.BaselineBefore))
	if err != nil {
		return err
	}
	results, _ := learn.BaselineResults(perf, said, g.At, learn.BaselineMetric(t), now)
	c := learn.Compare(results)
	// The notice comes first: after a crash between the two it is merged into itself, or its card is brought up to date.
	if err := l.Store.AddNotice(ctx, engine.Notice{
		ID: l.NewID(), Kind: engine.NoticeBaseline, Subject: t.ID + "|" + now.UTC().Format(time.DateOnly), Due: now,
	}); err != nil {
		return err
	}
	return l.Store.Learn(ctx, t.ID, nil, nil, []engine.Decision{{
		ID: l.NewID(), Task: t.ID, At: now, What: engine.DecidedBaseline, To: string(c.Verdict), Signal: signalOf(c),
	}})
}

func signalOf(c learn.Comparison) string {
	if c.Ratio == 0 {
		return fmt.Sprintf("%d pieces by itself that are old enough to tell, %d approved before: too few to compare", c.Pieces[1], c.Pieces[0])
	}
	return fmt.Sprintf("%.1f a piece over %d by itself, %.1f over %d approved before; like for like %.2f times as much (%.2f to %.2f)",
		c.Mean[1], c.Pieces[1], c.Mean[0], c.Pieces[0], c.Ratio, c.Low, c.High)
}
