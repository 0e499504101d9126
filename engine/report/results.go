package report

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"koira/engine"
)

// Result is what a task's pieces that came of age in the last 28 days brought on average, beside what people call good.
type Result struct {
	engine.Benchmark
	Threshold engine.Threshold // of the same metric; zero when none is set
	Name      string           // "link visits"
	Value     float64          // per piece; only with Known
	Usual     Range            // of that average, 95 %; not known under 6 pieces
	Pieces    int              // how many stand behind Value
	Ripe      bool             // a piece counts from four weeks on, as an article does
	Known     bool             // false when no piece gave such a reading
	Simulated bool             // at least one reading behind Value is
	Beyond    bool             // Value is below Floor or above Ceiling
}

// resultPieces is how many pieces a range needs.
const resultPieces = 6

// results reads what a task's late pieces brought on average, for each of its benchmarks.
func (r *Reader) results(ctx context.Context, s scene, t engine.Task) ([]Result, error) {
	return r.resultsOf(ctx, s, t, t.Benchmarks)
}

func (r *Reader) resultsOf(ctx context.Context, s scene, t engine.Task, of []engine.Benchmark) ([]Result, error) {
	last := s.now.Add(-t.Kind.ComesOfAge())
	since := last.Add(-resultWindow)
	ps, err := r.store.Performance(ctx, t.ID, since, s.now)
	if err != nil {
		return nil, fmt.Errorf("reading what %s brought: %w", t.ID, err)
	}
	var v []Result
	for _, b := range of {
		var values []float64
		simulated := false
		for _, p := range ps {
			value, ok := p.Metrics[b.Metric]
			if at := p.Output.PublishedAt; ok && !at.Before(since) && !at.After(last) {
				values = append(values, float64(value))
				simulated = simulated || p.Simulated
			}
		}
		row := result(b, threshold(s.rules, t.ID, b.Metric), values)
		row.Simulated, row.Ripe = simulated, t.Kind.ComesOfAge() > engine.Early
		v = append(v, row)
	}
	return v, nil
}

// threshold returns a task's threshold of one metric, zero when none is set.
func threshold(g engine.Guardrails, task string, m engine.Metric) engine.Threshold {
	for _, x := range g.Thresholds[task] {
		if x.Metric == m {
			return x
		}
	}
	return engine.Threshold{}
}

func result(b engine.Benchmark, limit engine.Threshold, values []float64) Result {
	v := Result{Benchmark: b, Threshold: limit, Name: b.Metric.Words(0), Pieces: len(values), Known: len(values) > 0}
	if !v.Known {
		return v
	}
	v.Value = stat.Mean(values, nil)
	v.Beyond = limit.Floor > 0 && v.Value < limit.Floor || limit.Ceiling > 0 && v.Value > limit.Ceiling
	if n := float64(len(values)); len(values) >= resultPieces {
		// Student's interval of a mean (Gosset 1908); a count is never below zero.
		half := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: n - 1}.Quantile(0.975) * stat.StdDev(values, nil) / math.Sqrt(n)
		v.Usual = Range{Low: max(0, v.Value-half), High: v.Value + half, Known: true}
	}
	return v
}
