package report

import (
	"context"
	"fmt"
	"slices"

	"koira/engine"
)

// GoodTask is what people call good for one task.
type GoodTask struct {
	Task    engine.Task
	Results []Result     // of every metric that good can be said of; Good is 0 where nobody said
	Falls   *engine.Fall // what becomes of it when nothing is called good any more; nil where it stays as it is
}

// Said counts the metrics of which somebody said what good is.
func (g GoodTask) Said() int { return len(g.Task.Benchmarks) }

// GoodView is what people call good, task by task.
type GoodView struct {
	Frame
	Tasks   []GoodTask
	MaySet  []string // user ids
	Without int      // tasks of which nobody has said it
}

// Good reads what people call good; of one task where task is not "". Code not_found.
func (r *Reader) Good(ctx context.Context, task string) (GoodView, error) {
	s, err := r.scene(ctx)
	if err != nil {
		return GoodView{}, err
	}
	v := GoodView{Frame: s.Frame, MaySet: r.o.People.With(engine.RoleOwner)}
	for _, t := range s.tasks {
		if task != "" && t.ID != task {
			continue
		}
		g := GoodTask{Task: t}
		if g.Results, err = r.resultsOf(ctx, s, t, askable(s.rules, t)); err != nil {
			return v, err
		}
		bare := t
		bare.Benchmarks = nil
		if f, falls := engine.FallOf(bare, s.rules); falls {
			g.Falls = &f
		}
		if v.Tasks = append(v.Tasks, g); g.Said() == 0 {
			v.Without++
		}
	}
	if task != "" && len(v.Tasks) == 0 {
		return v, fmt.Errorf("reading task %s: %w", task, engine.Errorf(engine.CodeNotFound, "There is no such task. Nothing changed."))
	}
	return v, nil
}

// askable are the metrics that suit t's kind, and those that people have said something of all the same.
func askable(g engine.Guardrails, t engine.Task) []engine.Benchmark {
	var all []engine.Benchmark
	for _, m := range engine.Metrics {
		i := slices.IndexFunc(t.Benchmarks, func(b engine.Benchmark) bool { return b.Metric == m })
		switch {
		case i >= 0:
			all = append(all, t.Benchmarks[i])
		case slices.Contains(t.Kind.MetricsFor(), m) || threshold(g, t.ID, m) != engine.Threshold{}:
			all = append(all, engine.Benchmark{Metric: m})
		}
	}
	return all
}
