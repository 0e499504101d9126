package loop

import (
	"context"
	"fmt"
	"slices"
	"time"

	"koira/engine"
	"koira/engine/learn"
)

type iterateStore interface {
	basics
	Picks(ctx context.Context, task string) ([]engine.Pick, error)
	Decisions(ctx context.Context, task string, since time.Time, limit int) ([]engine.Decision, error)
	SoFar(ctx context.Context, task string, m engine.Metric, to time.Time) ([]engine.Performance, error)
	Learn(ctx context.Context, task string, b []engine.Belief, p []engine.Pick, d []engine.Decision) error
}

const (
	// iterateEvery is how often a task's beliefs are recomputed: results come in over days, and a favoured arm moves once in settle at most.
	iterateEvery = 24 * time.Hour
	// settle is how long a favoured arm stays before it may move again: responses come late, and flapping helps nobody.
	settle = 7 * 24 * time.Hour
)

// iterate recomputes what each task believes from what was measured, and writes a Decision when a favoured choice moves.
func (l *Loop) iterate(ctx context.Context) error {
	tasks, err := l.Store.Tasks(ctx)
	if err != nil {
		return err
	}
	return each(ctx, tasks, l.iterateTask)
}

func (l *Loop) iterateTask(ctx context.Context, t engine.Task) error {
	now := l.Clock.Now()
	if !t.Level.Rung().Learns || !l.every("iterate", t.ID, iterateEvery) {
		return nil
	}
	t, err := l.held(ctx, t)
	if err != nil {
		return err
	}
	perf, err := l.Store.SoFar(ctx, t.ID, engine.Clicks, now)
	if err != nil || len(perf) == 0 {
		return err
	}
	seen := make([]learn.Seen, 0, len(perf))
	for _, p := range perf {
		if p.Output.Origin == engine.OriginCopy || p.Output.Origin == engine.OriginHand {
			continue // people chose its words and its time
		}
		seen = append(seen, learn.Seen{Arms: p.Output.Arms, Age: now.Sub(p.Output.PublishedAt), Hits: float64(p.Metrics[engine.Clicks])})
	}
	beliefs := learn.Beliefs(t.ID, seen, now)
	picks, decisions, err := l.shifts(ctx, t, beliefs)
	if err != nil {
		return err
	}
	return l.Store.Learn(ctx, t.ID, beliefs, picks, decisions)
}

// shifts finds the favoured choices that move. Where the level adapts they move at once; below, the decision is a proposal and the pick
// stays until a person applies it.
func (l *Loop) shifts(ctx context.Context, t engine.Task, beliefs []engine.Belief) ([]engine.Pick, []engine.Decision, error) {
	now, current := l.Clock.Now(), map[engine.Dimension]engine.Pick{}
	picks, err := l.Store.Picks(ctx, t.ID)
	if err != nil {
		return nil, nil, err
	}
	for _, p := range picks {
		current[p.Dim] = p
	}
	recent, err := l.Store.Decisions(ctx, t.ID, now.Add(-settle), 50)
	if err != nil {
		return nil, nil, err
	}
	var moved []engine.Pick
	var decisions []engine.Decision
	for _, dim := range engine.Dimensions {
		if slices.ContainsFunc(recent, func(d engine.Decision) bool { return d.What == string(dim) }) {
			continue
		}
		s, ok := learn.Moved(dim, current[dim].Arm, beliefs)
		if !ok {
			continue
		}
		d := decision(l.NewID(), t, dim, s, now)
		decisions = append(decisions, d)
		if !d.Proposed {
			moved = append(moved, engine.Pick{Task: t.ID, Dim: dim, Arm: s.To.Arm, At: now})
		}
	}
	return moved, decisions, nil
}

func decision(id string, t engine.Task, dim engine.Dimension, s learn.Shift, now time.Time) engine.Decision {
	d := engine.Decision{
		ID: id, Task: t.ID, At: now, What: string(dim), From: s.From.Arm, To: s.To.Arm, Chance: s.Chance, Reversible: true,
		Proposed: !t.Level.Rung().Adapts,
		Signal:   fmt.Sprintf("%s over %d, against %s over %d", s.To.Words(), s.To.Outputs, s.From.Words(), s.From.Outputs),
		Expected: fmt.Sprintf("%.1f more visits a piece", s.To.Mean-s.From.Mean),
	}
	if s.From.Arm == "" {
		d.Signal = fmt.Sprintf("%s over %d, against the task's mean of %.0f", s.To.Words(), s.To.Outputs, s.From.Mean)
	}
	return d
}
