package report

import (
	"context"
	"fmt"
	"slices"
	"time"

	"koira/engine"
	"koira/engine/learn"
)

// Comparison holds autonomous pieces against approved ones.
type Comparison = learn.Comparison

// Baseline is what a task brought by itself, against what it brought while people approved each piece.
type Baseline struct {
	Frame
	Task, Name  string
	Level       engine.Level
	Granted     time.Time // zero where nothing goes out unasked: then there is nothing to compare
	Due         time.Time // when the comparison is, or was, made by itself
	Early       bool      // Due is still to come
	Metric      string    // "link visits"
	Days, Least int       // how old a piece must be to count, and how many each side needs
	Enough      time.Time // where it is too early to tell: about when so many count as would tell, an estimate; zero where none is known
	Comparison  Comparison
	Before      string   // what an approved piece brought, as people write it
	After       string   // what one by itself brought
	Themes      []string // of a decline, the themes that fell most, with both their means: "Rye bread: 14 → 6"
	Advice      []string // what follows from it, a sentence each
	Simulated   bool
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
	v := Baseline{Frame: s.Frame, Task: t.ID, Name: t.Name, Level: t.Level, Metric: m.Words(2), Days: days(t.Kind.ComesOfAge()), Least: learn.BaselineLeast, Simulated: r.o.Channels[t.Channel].Simulated}
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
	results, young := learn.BaselineResults(perf, said, g.At, m, s.now)
	c := learn.Compare(results)
	if c.Pieces[0]+len(young[0]) < learn.BaselineLeast {
		c.Needed = 0
	}
	v.Comparison, v.Enough = c, s.enough(t, c, young)
	v.Before, v.After = m.Amount(c.Mean[0], s.Currency), m.Amount(c.Mean[1], s.Currency)
	if c.Verdict == engine.BaselineDeclined {
		for _, x := range c.Themes {
			if x.Mean[1] < x.Mean[0] {
				v.Themes = append(v.Themes, fmt.Sprintf("%s: %s → %s", s.theme(x.Key), m.Amount(x.Mean[0], s.Currency), m.Amount(x.Mean[1], s.Currency)))
			}
		}
	}
	v.Advice = s.advice(t, c, v.Enough)
	return v, nil
}

// enough is about when as many more pieces of t are old enough to tell as c needs: the young ones first, then as many a week as are planned. Zero where none
// is needed or planned.
func (s scene) enough(t engine.Task, c Comparison, young [2][]time.Time) time.Time {
	week, more := perWeek(t), c.Needed-len(young[1])
	var at time.Time
	switch {
	case c.Needed == 0 || more > 0 && week == 0:
		return at
	case more > 0:
		at = addDays(s.now, 7*over(more, week), s.Zone).Add(t.Kind.ComesOfAge())
	default:
		at = young[1][c.Needed-1]
	}
	if short := learn.BaselineLeast - c.Pieces[0]; short > 0 && young[0][short-1].After(at) {
		at = young[0][short-1]
	}
	return at
}

func days(d time.Duration) int { return int(d / (24 * time.Hour)) }

// advice is what follows from a comparison; enough is about when one that cannot tell yet will.
func (s scene) advice(t engine.Task, c Comparison, enough time.Time) []string {
	switch {
	case c.Verdict.Good():
		beside := s.adjacent(t)
		if len(beside) == 0 {
			return []string{"It can go on as it is. No other task shares its channel, its readers or its kind."}
		}
		return []string{"It can go on as it is. Tasks beside it may follow, each on its own record: " + engine.List(beside) + "."}
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
			unlike(c) + ", so it is how the work is done.",
			"Look at the limits: take a theme out, raise a minimum, or put the task one level lower.",
		}
	case c.Needed > 0:
		tells := fmt.Sprintf("About %d more by itself would tell", c.Needed)
		if !enough.IsZero() {
			tells += fmt.Sprintf(", and so many are %d days old about %s", days(t.Kind.ComesOfAge()), enough.In(s.Zone).Format("2 January"))
		}
		return []string{tells + ". I look again every 30 days."}
	}
	return []string{"What was approved before is too little to compare with, however many follow. Its benchmarks still tell how it does."}
}

// unlike says in what a decline that lies in how the work is done differs from theme to theme.
func unlike(c Comparison) string {
	switch {
	case c.Heterogeneity >= learn.UnlikeByLuck:
		return "Themes that bring less came more often than before"
	case slices.ContainsFunc(c.Themes, func(t learn.Theme) bool { return t.Mean[1] >= t.Mean[0] }):
		return "Some themes fell and others did not"
	}
	return "Some themes fell much more than others"
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
