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
	Saw    *string // what its asker was shown as said of it, as GoodValue writes it; nil where nothing was shown
}

// GoodSet is what came of saying what good is.
type GoodSet struct {
	Task  engine.Task  // as it stands now
	Falls *engine.Fall // what it lowers, nil for nothing
	Asked bool         // nothing changed: it would lower the task, which is confirmed in a window
}

// SetBenchmarks keeps what an owner calls good for a task. What is not named stays. It lets nothing out: it is what results are held against, and
// without it no task stays at L4 or L5. Code conflict where nothing differs, so also on a second call; or where what was shown of a metric is not what is
// said of it any more; code invalid, with its field, for what is no number.
func (d *Desk) SetBenchmarks(ctx context.Context, a engine.Actor, task string, edits ...GoodEdit) (GoodSet, error) {
	return d.sayGood(ctx, a, task, true, edits)
}

// WishBenchmarks is SetBenchmarks of what is typed in a line: what would lower the task is not done, but returned to be confirmed.
func (d *Desk) WishBenchmarks(ctx context.Context, a engine.Actor, task string, edits ...GoodEdit) (GoodSet, error) {
	return d.sayGood(ctx, a, task, false, edits)
}

func (d *Desk) sayGood(ctx context.Context, a engine.Actor, task string, sure bool, edits []GoodEdit) (GoodSet, error) {
	set, err := once(ctx, d, "benchmarks", func(ctx context.Context) (GoodSet, error) { return d.setBenchmarks(ctx, a, task, sure, edits) })
	if err != nil || set.Falls == nil || set.Asked {
		return set, err
	}
	return set, d.recheckLowered(ctx, set.Task.ID, nil)
}

func (d *Desk) setBenchmarks(ctx context.Context, a engine.Actor, task string, sure bool, edits []GoodEdit) (set GoodSet, err error) {
	if a, err = d.allow(ctx, a, ActionBenchmark, Object{ID: task}); err != nil {
		return set, err
	}
	t, err := d.task(ctx, task)
	if err != nil {
		return set, err
	}
	s, err := d.scene(ctx)
	if err != nil {
		return set, err
	}
	was := t.Benchmarks
	t.Benchmarks = slices.Clone(was)
	var said []string
	for _, e := range edits {
		words, err := setGood(&t, e, s.currency)
		if err != nil {
			return set, err
		}
		said = append(said, words)
	}
	if slices.Equal(was, t.Benchmarks) {
		return set, engine.Errorf(engine.CodeConflict, "That is how it stands already. Nothing left to do.")
	}
	g, err := d.store.Guardrails(ctx)
	if err != nil {
		return set, failed("reading", "the rules", err)
	}
	set.Task = t
	if f, falls := engine.FallOf(t, g); falls {
		if set.Falls = &f; !sure {
			set.Asked = true
			return set, nil
		}
	}
	if err := d.store.PutTask(ctx, t, a, d.clock.Now(), "good is: "+strings.Join(said, "; ")); err != nil {
		return set, failed("keeping what is good for", t.ID, err)
	}
	set.Task, err = d.store.Task(ctx, t.ID)
	return set, err
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
	if err := stillGood(*t, i, e, currency); err != nil {
		return "", err
	}
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

// stillGood refuses an edit of what somebody else has said anew since its asker looked. i is where t says it, negative where it does not.
func stillGood(t engine.Task, i int, e GoodEdit, currency string) error {
	is, words := "", "nothing is said of it"
	if i >= 0 {
		is, words = GoodValue(t.Benchmarks[i]), t.Benchmarks[i].GoodWords(currency)
	}
	if e.Saw == nil || *e.Saw == is {
		return nil
	}
	return engine.Errorf(engine.CodeConflict, "What good is for %s has changed since you looked: %s now. Nothing changed by you.", t.Name, words)
}

// GoodValue writes b's number as SetBenchmarks reads it.
func GoodValue(b engine.Benchmark) string {
	if isMoney(b.Metric) {
		return plain(engine.Money(b.Good))
	}
	return strconv.FormatFloat(b.Good, 'f', -1, 64)
}
