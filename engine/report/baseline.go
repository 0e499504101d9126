package report

import (
	"context"
	"fmt"
	"time"

	"koira/engine"
	"koira/engine/learn"
)

// Comparison holds autonomous pieces against approved ones.
type Comparison = learn.Comparison

// Baseline is what a task brought by itself, against what it brought while people approved each piece.
type Baseline struct {
	Frame
	Task, Name string
	Level      engine.Level
	Granted    time.Time // zero where nothing goes out unasked: then there is nothing to compare
	Due        time.Time // when the comparison is, or was, made by itself
	Early      bool      // Due is still to come
	Metric     string    // "link visits"
	Comparison Comparison
	Before     string   // what an approved piece brought, as people write it
	After      string   // what one by itself brought
	Themes     []string // of a decline, the themes that fell most, with both their means: "Rye bread: 14 → 6"
	Advice     []string // what follows from it, a sentence each
	Simulated  bool
}

// Baseline compares a task's results as of now. Code not_found.
func (r *Reader) Baseline(ctx context.Context, task string) (Baseline, error) {
	s, err := r.scene(ctx)
	if err != nil {
		return Baseline{}, err
	}
	t, err := r.store.Task(ctx, task)
	if err != nil {
		return Baseline{}, fmt.Errorf("reading task %s: %w", task, err)
	}
	m := learn.BaselineMetric(t)
	v := Baseline{Frame: s.Frame, Task: t.ID, Name: t.Name, Level: t.Level, Metric: m.Words(2), Simulated: r.o.Channels[t.Channel].Simulated}
	g, err := r.store.Grant(ctx, task)
	if err != nil {
		return v, fmt.Errorf("reading the grant of %s: %w", task, err)
	}
	if g == nil || t.Level < engine.L4 {
		return v, nil
	}
	v.Granted, v.Due = g.At, g.At.Add(learn.BaselineAfter)
	v.Early = s.now.Before(v.Due)
	perf, err := r.store.Performance(ctx, task, g.At.Add(-learn.BaselineBefore), s.now)
	if err != nil {
		return v, fmt.Errorf("reading what %s brought: %w", task, err)
	}
	said, err := r.store.Reviews(ctx, task, g.At.Add(-learn.BaselineBefore))
	if err != nil {
		return v, fmt.Errorf("reading the reviews of %s: %w", task, err)
	}
	c := learn.Compare(learn.BaselineResults(perf, said, g.At, m, s.now))
	v.Comparison = c
	v.Before, v.After = m.Amount(c.Mean[0], s.Currency), m.Amount(c.Mean[1], s.Currency)
	if c.Verdict == engine.BaselineDeclined {
		for _, x := range c.Themes {
			if x.Mean[1] < x.Mean[0] {
				v.Themes = append(v.Themes, fmt.Sprintf("%s: %s → %s", s.theme(x.Key), m.Amount(x.Mean[0], s.Currency), m.Amount(x.Mean[1], s.Currency)))
			}
		}
	}
	v.Advice = s.advice(t, c)
	return v, nil
}

// advice is what follows from a comparison.
func (s scene) advice(t engine.Task, c Comparison) []string {
	switch {
	case c.Verdict.Good():
		beside := s.adjacent(t)
		if len(beside) == 0 {
			return []string{"It can go on as it is. No other task shares its channel, its readers or its kind."}
		}
		return []string{"It can go on as it is. Tasks beside it may follow, each on its own record: " + joined(beside) + "."}
	case c.Verdict == engine.BaselineDeclined && c.Cause == learn.CauseStrategy:
		return []string{
			"All themes fell alike, so it is hardly one of them.",
			"Look at the goals: does the offer still draw these readers, and is it still what you want to be known for?",
		}
	case c.Verdict == engine.BaselineDeclined && c.Cause == "":
		return []string{
			"Only one theme stands on both sides, so I cannot tell what is said from how it is said.",
			"Look at the goals and at the last pieces, or put the task one level lower, where each piece waits for your yes.",
		}
	case c.Verdict == engine.BaselineDeclined:
		return []string{
			"Some themes fell and others did not, so it is how the work is done.",
			"Look at the limits: take a theme out, raise a minimum, or put the task one level lower.",
		}
	case c.Needed > 0:
		return []string{fmt.Sprintf("About %d more by itself would tell. I look again every 30 days.", c.Needed)}
	}
	return []string{"What was approved before is too little to compare with, however many follow. Its benchmarks still tell how it does."}
}

// adjacent names the tasks that share a channel, a segment or a kind of content with t and stand below it.
func (s scene) adjacent(t engine.Task) []string {
	var names []string
	for _, x := range s.tasks {
		if x.ID != t.ID && x.Level < t.Level && (x.Channel == t.Channel || x.Segment == t.Segment || x.Kind == t.Kind) {
			names = append(names, x.Name)
		}
	}
	return names
}

func joined(names []string) string {
	s := names[0]
	for i, n := range names[1:] {
		sep := ", "
		if i == len(names)-2 {
			sep = " and "
		}
		s += sep + n
	}
	return s
}
