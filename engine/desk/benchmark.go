package desk

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"koira/engine"
)

// GoodEdit is what somebody says that good is for one metric of a task: a number or a sum a piece, "off" for nothing.
type GoodEdit struct {
	Metric engine.Metric
	To     string
}

// SetBenchmarks keeps what an owner calls good for a task, and returns the task with it. What is not named stays. It lets nothing out and stops
// nothing: it is what results are held against, and without it no task goes to L4. Code conflict where nothing differs, so also on a second call;
// code invalid, with its field, for what is no number.
func (d *Desk) SetBenchmarks(ctx context.Context, a engine.Actor, task string, edits ...GoodEdit) (engine.Task, error) {
	return once(ctx, d, "benchmarks", func(ctx context.Context) (engine.Task, error) {
		a, err := d.allow(ctx, a, ActionBenchmark, Object{ID: task})
		if err != nil {
			return engine.Task{}, err
		}
		t, err := d.task(ctx, task)
		if err != nil {
			return t, err
		}
		s, err := d.scene(ctx)
		if err != nil {
			return t, err
		}
		was := t.Benchmarks
		t.Benchmarks = slices.Clone(was)
		var said []string
		for _, e := range edits {
			words, err := setGood(&t, e, s.currency)
			if err != nil {
				return t, err
			}
			said = append(said, words)
		}
		if slices.Equal(was, t.Benchmarks) {
			return t, engine.Errorf(engine.CodeConflict, "That is how it stands already. Nothing left to do.")
		}
		return t, d.store.PutTask(ctx, t, a, d.clock.Now(), "good is: "+strings.Join(said, "; "))
	})
}

// setGood changes what good is of one metric, and says it.
func setGood(t *engine.Task, e GoodEdit, currency string) (string, error) {
	if !slices.Contains(engine.Metrics, e.Metric) {
		return "", unknown("number", string(e.Metric), metricNames())
	}
	v, err := amountOf(e.Metric, strings.TrimSpace(e.To))
	if err != nil {
		if x, ok := err.(*engine.Error); ok {
			x.Field = "good." + string(e.Metric)
		}
		return "", err
	}
	i := slices.IndexFunc(t.Benchmarks, func(b engine.Benchmark) bool { return b.Metric == e.Metric })
	switch {
	case v == 0 && i >= 0:
		t.Benchmarks = slices.Delete(t.Benchmarks, i, i+1)
	case v == 0:
	case i >= 0:
		t.Benchmarks[i].Good = v
	default:
		t.Benchmarks = append(t.Benchmarks, engine.Benchmark{Metric: e.Metric, Good: v})
	}
	if v == 0 {
		return string(e.Metric) + " not said", nil
	}
	return engine.Benchmark{Metric: e.Metric, Good: v}.GoodWords(currency), nil
}

// GoodValue writes b's number as SetBenchmarks reads it.
func GoodValue(b engine.Benchmark) string {
	if isMoney(b.Metric) {
		return plain(engine.Money(b.Good))
	}
	return strconv.FormatFloat(b.Good, 'f', -1, 64)
}
