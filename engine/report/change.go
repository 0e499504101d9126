package report

import (
	"context"
	"fmt"
	"slices"
	"time"

	"koira/engine"
	"koira/engine/learn"
)

// Verdict says whether a week was out of the ordinary.
type Verdict string

const (
	VerdictTooLittle Verdict = "too little data"
	VerdictUsual     Verdict = "no real change" // inside the usual range
	VerdictMore      Verdict = "more than usual"
	VerdictLess      Verdict = "less than usual"
)

// Change is one number of a week beside the week before.
type Change struct {
	Metric  engine.Metric
	Name    string // as people read it: "link visits"
	Money   bool   // the values are engine.Money
	Known   bool   // false when no channel gave such a reading yet; every number is then zero and must not be shown
	Value   int64  // of the week
	Last    int64  // of the week before; only with Compared
	Percent float64
	Usual   Range // of Value, from the weeks before

	Compared bool // there was a week before
	Relative bool // Percent is known: the week before was not zero
	Verdict  Verdict

	Simulated bool // at least one reading behind Value is
}

// UsualPercent gives the usual range as percent of the week before, and false where it is not known.
func (c Change) UsualPercent() (low, high float64, ok bool) {
	if !c.Usual.Known || !c.Relative {
		return 0, 0, false
	}
	last := float64(c.Last)
	return 100 * (c.Usual.Low - last) / last, 100 * (c.Usual.High - last) / last, true
}

// Driver is one thing that moved a week's number. Over all drivers Amount sums to the change, and so does Shown.
type Driver struct {
	Task, Name string
	Why        Why
	Amount     float64
	Shown      int64  // Amount as a whole number, so rounded that the shown numbers still add up
	Words      string // a thing for WhyPieces, "2 more posts (Daily social)"; else a sentence, or "" where there is nothing to say
}

// Why is what about a task moved.
type Why string

const (
	WhyPieces  Why = "pieces"  // more or fewer pieces
	WhyRate    Why = "rate"    // each piece brought more or less
	WhyEarlier Why = "earlier" // pieces of earlier weeks, still read
)

// WeekPoint is one week of a chart.
type WeekPoint struct {
	Week  string
	Start time.Time
	Value int64
}

// howItWent is a week's number, what moved it, and the weeks up to it.
type howItWent struct {
	result  Change
	drivers []Driver
	series  []WeekPoint
}

// goal is the metric that the business's first goal is measured by; link visits where none is set.
func (s scene) goal() engine.Metric {
	if len(s.strategy.Goals) > 0 && s.strategy.Goals[0].Metric != "" {
		return s.strategy.Goals[0].Metric
	}
	return engine.Clicks
}

// howItWent reads the week that starts at from.
func (r *Reader) howItWent(ctx context.Context, s scene, from time.Time) (howItWent, error) {
	m := s.goal()
	v := howItWent{result: Change{Metric: m, Name: m.Words(0), Money: m.Money(), Verdict: VerdictTooLittle}}
	first, ok, err := r.firstPublished(ctx)
	if err != nil || !ok || !first.Before(addDays(from, 7, s.Zone)) {
		return v, err
	}
	first = engine.WeekStart(first, s.Zone)

	var before, week []engine.Performance // of the last two weeks read
	var earlier []float64                 // totals of whole weeks before this one: koira's first week began in its middle
	for i := weeksShown; i >= 0; i-- {
		start := addDays(from, -7*i, s.Zone)
		if start.Before(first) {
			continue
		}
		before = week
		if week, err = r.store.Performance(ctx, "", start, addDays(start, 7, s.Zone)); err != nil {
			return v, fmt.Errorf("reading what the week of %s brought: %w", start.Format(time.DateOnly), err)
		}
		total, known := sum(week, m)
		v.result.Simulated = slices.ContainsFunc(week, func(p engine.Performance) bool {
			_, has := p.Metrics[m]
			return has && p.Simulated
		})
		v.result.Known = v.result.Known || known
		if i < weeksShown {
			v.series = append(v.series, WeekPoint{Week: engine.Week(start, s.Zone), Start: start, Value: total})
		}
		if i > 0 && start.After(first) {
			earlier = append(earlier, float64(total))
		}
	}
	if !v.result.Known {
		v.series = nil // weeks without any such reading are not weeks of zero
		return v, nil
	}
	if s.now.Before(addDays(from, 7, s.Zone)) {
		earlier = nil // a week that still runs is beside no whole one
	}
	v.result.compare(v.series, earlier)
	if v.result.Compared {
		v.drivers = s.drivers(before, week, m, addDays(from, -7, s.Zone), from, addDays(from, 7, s.Zone))
	}
	return v, nil
}

// compare fills in c from the weeks up to its own, and from the totals of the whole weeks before it.
func (c *Change) compare(series []WeekPoint, earlier []float64) {
	c.Value = series[len(series)-1].Value
	if len(series) > 1 {
		c.Compared, c.Last = true, series[len(series)-2].Value
	}
	if c.Last != 0 {
		c.Relative, c.Percent = true, 100*float64(c.Value-c.Last)/float64(c.Last)
	}
	c.Usual.Low, c.Usual.High, c.Usual.Known = learn.Usual(earlier)
	switch value := float64(c.Value); {
	case !c.Usual.Known:
	case value > c.Usual.High:
		c.Verdict = VerdictMore
	case value < c.Usual.Low:
		c.Verdict = VerdictLess
	default:
		c.Verdict = VerdictUsual
	}
}

// firstPublished returns when the first piece of all went out, and false before that.
func (r *Reader) firstPublished(ctx context.Context) (time.Time, bool, error) {
	outs, err := r.store.Outputs(ctx, engine.OutputFilter{States: wentOut, Limit: 1})
	if err != nil {
		return time.Time{}, false, fmt.Errorf("looking for the first piece: %w", err)
	}
	if len(outs) == 0 {
		return time.Time{}, false, nil
	}
	return outs[0].PublishedAt, true, nil
}

// sum adds up a metric, and reports whether any piece gave it.
func sum(ps []engine.Performance, m engine.Metric) (total int64, known bool) {
	for _, p := range ps {
		if v, ok := p.Metrics[m]; ok {
			total, known = total+v, true
		}
	}
	return total, known
}
