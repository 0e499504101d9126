package trust

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"koira/engine"
)

// Evidence is what Gather reads; every method is a plain look.
type Evidence interface {
	Strategy(ctx context.Context) (engine.Strategy, error)
	Guardrails(ctx context.Context) (engine.Guardrails, error)
	Tasks(ctx context.Context) ([]engine.Task, error)
	Reviews(ctx context.Context, task string, since time.Time) ([]engine.Review, error)
	Unreviewed(ctx context.Context, task string, since time.Time) (int, error)
	Measured(ctx context.Context, channel, segment string) (int, error)
	Performance(ctx context.Context, task string, from, to time.Time) ([]engine.Performance, error)
	Decisions(ctx context.Context, task string, since time.Time, limit int) ([]engine.Decision, error)
	Lowerings(ctx context.Context, task string, since time.Time) ([]engine.Lowering, error)
}

// Door is what is known of a task's channel.
type Door struct {
	Traits  engine.Traits
	Metered bool
}

// Gather reads what a raise of t to a level is judged on now. It changes nothing.
func Gather(ctx context.Context, e Evidence, d Door, t engine.Task, to engine.Level, now time.Time) (Case, error) {
	s, err := e.Strategy(ctx)
	if err != nil && engine.CodeOf(err) != engine.CodeNotFound {
		return Case{}, err
	}
	g, err := e.Guardrails(ctx)
	if err != nil && engine.CodeOf(err) != engine.CodeNotFound {
		return Case{}, err
	}
	c := Case{
		Task: t, To: to, Now: now, Zone: s.Business.Location(), Walls: WallsOf(t, g, d.Metered),
		Exposure: engine.Exposure{Traits: d.Traits, Metered: d.Metered, Line: g.Blast, Audience: s.Reach(t.Segment)},
	}
	if err := c.record(ctx, e); err != nil {
		return c, err
	}
	if c.Exposure.Measured, err = e.Measured(ctx, t.Channel, t.Segment); err != nil {
		return c, err
	}
	if to >= engine.L5 { // no lower level asks for results
		if c.Missed, err = missed(ctx, e, t, s.Business.Currency, now); err != nil {
			return c, err
		}
	}
	if c.Serious, err = c.serious(ctx, e); err != nil {
		return c, err
	}
	return c, c.others(ctx, e)
}

// serious reports whether what c's task has to wait for is a serious rejection that cost it no level, since it had none to lose.
func (c *Case) serious(ctx context.Context, e Evidence) (bool, error) {
	if !c.cooling() || c.Task.Level > engine.L1 {
		return false, nil
	}
	ls, err := e.Lowerings(ctx, c.Task.ID, c.Task.LoweredAt)
	if err != nil {
		return false, fmt.Errorf("reading what lowered %s: %w", c.Task.ID, err)
	}
	return slices.ContainsFunc(ls, func(l engine.Lowering) bool { return l.At.Equal(c.Task.LoweredAt) && l.From == l.To }), nil
}

// record reads what people said since the last lowering for cause. What lowered the task is paid for by the cooldown and is not counted twice.
func (c *Case) record(ctx context.Context, e Evidence) error {
	since := c.Task.Since()
	var err error
	if c.Reviews, err = e.Reviews(ctx, c.Task.ID, since); err != nil {
		return fmt.Errorf("reading the reviews of %s: %w", c.Task.ID, err)
	}
	c.Record = Of(c.Reviews)
	c.Record.Expired, err = e.Unreviewed(ctx, c.Task.ID, since)
	return err
}

// others reads every other task that runs by itself or has: one that fell since has used its place among the first, and must not make room for the next.
func (c *Case) others(ctx context.Context, e Evidence) error {
	if c.To < engine.L5 {
		return nil
	}
	tasks, err := e.Tasks(ctx)
	if err != nil {
		return err
	}
	for _, t := range tasks {
		if t.ID == c.Task.ID {
			continue
		}
		ds, err := e.Decisions(ctx, t.ID, time.Time{}, 1000)
		if err != nil {
			return err
		}
		if t.Level < engine.L5 && !slices.ContainsFunc(ds, func(d engine.Decision) bool {
			return d.What == "level" && (d.From == engine.L5.String() || d.To == engine.L5.String())
		}) {
			continue
		}
		c.Others = append(c.Others, Other{t, engine.BaselineOf(ds)})
	}
	return nil
}

// judgedFor is how far back the pieces came of age that are held against benchmarks.
const judgedFor = 56 * 24 * time.Hour

// missed lists the benchmarks that t's pieces that have come of age miss by more than chance: the whole 95 % interval of their mean (Student; six pieces at least) lies
// on the wrong side of what people call good. Pieces that went out at L5 do not count: what is asked is how the task did while people looked.
func missed(ctx context.Context, e Evidence, t engine.Task, currency string, now time.Time) ([]string, error) {
	if len(t.Benchmarks) == 0 {
		return nil, nil
	}
	last := now.Add(-t.Kind.ComesOfAge())
	first := last.Add(-judgedFor)
	perf, err := e.Performance(ctx, t.ID, first, now)
	if err != nil {
		return nil, fmt.Errorf("reading what %s brought: %w", t.ID, err)
	}
	var m []string
	for _, b := range t.Benchmarks {
		var values []float64
		for _, p := range perf {
			at := p.Output.PublishedAt
			if v, ok := p.Metrics[b.Metric]; ok && p.Output.Level < engine.L5 && !at.Before(first) && !at.After(last) { // of what is older only a part is told
				values = append(values, float64(v))
			}
		}
		n := float64(len(values))
		if len(values) < engine.BaselinePieces || b.Good <= 0 {
			continue
		}
		mean := stat.Mean(values, nil)
		half := distuv.StudentsT{Sigma: 1, Nu: n - 1}.Quantile(0.975) * stat.StdDev(values, nil) / math.Sqrt(n)
		if b.Metric.Less() && mean-half > b.Good || !b.Metric.Less() && mean+half < b.Good {
			m = append(m, fmt.Sprintf("%s %s a piece, good is %s", b.Metric.Amount(mean, currency), b.Metric.Words(2), b.Metric.Amount(b.Good, currency)))
		}
	}
	return m, nil
}
