package learn

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"gonum.org/v1/gonum/stat/distuv"

	"koira/engine"
)

// side by side: n pieces before and m after, one weekday and theme.
func pieces(before, after []float64) []Result {
	var rs []Result
	for _, v := range before {
		rs = append(rs, Result{Weekday: "tue", Theme: "rye", Value: v})
	}
	for _, v := range after {
		rs = append(rs, Result{Weekday: "tue", Theme: "rye", Value: v, After: true})
	}
	return rs
}

// TestCompareByHand: with one weekday and one theme the model is two means, so the ratio is theirs and, where the counts are steadier than
// Poisson's, its variance 1/Σbefore + 1/Σafter.
func TestCompareByHand(t *testing.T) {
	flat := func(n int, v float64) []float64 {
		xs := make([]float64, n)
		for i := range xs {
			xs[i] = v
		}
		return xs
	}
	c := Compare(pieces(flat(10, 20), flat(10, 18)))
	half := distuv.StudentsT{Sigma: 1, Nu: 18}.Quantile(.95) * math.Sqrt(1./200+1./180)
	if math.Abs(c.Ratio-.9) > 1e-6 || math.Abs(math.Log(c.High/c.Ratio)-half) > .002 {
		t.Errorf("ratio %.4f, half width %.4f, want 0.9 and %.4f", c.Ratio, math.Log(c.High/c.Ratio), half)
	}
	for name, x := range map[string]struct {
		before, after []float64
		want          engine.BaselineVerdict
	}{
		"the same":          {flat(20, 20), flat(20, 20), engine.BaselineHeld},
		"a third more":      {flat(20, 20), flat(20, 27), engine.BaselineImproved},
		"a third less":      {flat(20, 20), flat(20, 13), engine.BaselineDeclined},
		"one too few":       {flat(20, 20), flat(BaselineLeast-1, 20), engine.BaselineUnknown},
		"too few to tell":   {flat(6, 3), flat(6, 3), engine.BaselineUnknown},
		"nothing to go by":  {flat(20, 0), flat(20, 0), engine.BaselineUnknown},
		"no baseline":       {nil, flat(20, 9), engine.BaselineUnknown},
		"nothing came back": {flat(20, 9), flat(20, 0), engine.BaselineDeclined},
	} {
		if got := Compare(pieces(x.before, x.after)); got.Verdict != x.want {
			t.Errorf("%s: %s (%.2f, %.2f to %.2f), want %s", name, got.Verdict, got.Ratio, got.Low, got.High, x.want)
		}
	}
}

// drawn makes pieces whose counts vary more than Poisson's: a gamma mixture with variance mean + mean²/4.
func drawn(dice *rand.Rand, n int, after bool, mean func(day, theme string) float64, days []string, themes []string) []Result {
	var rs []Result
	for range n {
		r := Result{Weekday: days[dice.IntN(len(days))], Theme: themes[dice.IntN(len(themes))], After: after}
		m := mean(r.Weekday, r.Theme) * distuv.Gamma{Alpha: 4, Beta: 4, Src: dice}.Rand()
		r.Value = distuv.Poisson{Lambda: m, Src: dice}.Rand()
		rs = append(rs, r)
	}
	return rs
}

var (
	days   = []string{"mon", "tue", "wed", "thu", "fri"}
	themes = []string{"rye", "shop", "bread school"}
)

func world(day, theme string) float64 {
	m := map[string]float64{"mon": 12, "tue": 14, "wed": 12, "thu": 10, "fri": 8}[day]
	return m * map[string]float64{"rye": 1.2, "shop": .8, "bread school": 1}[theme]
}

// TestCompareOperates says how often each verdict comes with 30 pieces on each side: the calls of a change where there is none stay near the 10 %
// that a 90 % interval allows, and better weekdays alone are not taken for a better koira.
func TestCompareOperates(t *testing.T) {
	const rounds = 400
	for _, c := range []struct {
		name       string
		factor     float64
		days       []string // after the grant
		most       map[engine.BaselineVerdict]float64
		least      map[engine.BaselineVerdict]float64
		themesFall bool
	}{
		{"no change", 1, days, map[engine.BaselineVerdict]float64{engine.BaselineImproved: .09, engine.BaselineDeclined: .09}, nil, false},
		{"only better days", 1, []string{"mon", "tue"}, map[engine.BaselineVerdict]float64{engine.BaselineImproved: .12, engine.BaselineDeclined: .10}, nil, false},
		{"half as much", .5, days, map[engine.BaselineVerdict]float64{engine.BaselineImproved: .01, engine.BaselineHeld: .01}, map[engine.BaselineVerdict]float64{engine.BaselineDeclined: .9}, false},
		{"half as much again", 1.5, days, map[engine.BaselineVerdict]float64{engine.BaselineDeclined: .01}, map[engine.BaselineVerdict]float64{engine.BaselineImproved: .8}, false},
	} {
		dice, n := rand.New(rand.NewPCG(11, 4)), map[engine.BaselineVerdict]float64{}
		for range rounds {
			rs := drawn(dice, 30, false, world, days, themes)
			rs = append(rs, drawn(dice, 30, true, func(d, th string) float64 { return c.factor * world(d, th) }, c.days, themes)...)
			n[Compare(rs).Verdict] += 1. / rounds
		}
		t.Logf("%s: improved %.2f, held %.2f, declined %.2f, not enough data %.2f", c.name, n[engine.BaselineImproved], n[engine.BaselineHeld], n[engine.BaselineDeclined], n[engine.BaselineUnknown])
		for v, most := range c.most {
			if n[v] > most {
				t.Errorf("%s: %s in %.2f of the cases, at most %.2f", c.name, v, n[v], most)
			}
		}
		for v, least := range c.least {
			if n[v] < least {
				t.Errorf("%s: %s in %.2f of the cases, at least %.2f", c.name, v, n[v], least)
			}
		}
	}
}

// TestCauseOfADecline: where everything falls to half it is the strategy's, where one theme collapses or bad themes are chosen more often it is
// how the work is done.
func TestCauseOfADecline(t *testing.T) {
	for _, c := range []struct {
		name   string
		after  func(day, theme string) float64
		themes []string
		want   string
	}{
		{"all alike", func(d, th string) float64 { return world(d, th) / 2 }, themes, CauseStrategy},
		{"one theme", func(d, th string) float64 {
			if th == "rye" {
				return world(d, th) / 8
			}
			return world(d, th)
		}, themes, CauseExecution},
	} {
		dice, n, declined := rand.New(rand.NewPCG(2, 8)), 0, 0
		for range 200 {
			rs := drawn(dice, 60, false, world, days, themes)
			rs = append(rs, drawn(dice, 60, true, c.after, days, c.themes)...)
			if got := Compare(rs); got.Verdict == engine.BaselineDeclined {
				declined++
				if got.Cause == c.want {
					n++
				}
			}
		}
		t.Logf("%s: declined in %d of 200, called %s in %d of those", c.name, declined, c.want, n)
		if float64(n) < .85*float64(declined) || declined < 100 {
			t.Errorf("%s: called %s in %d of %d declines", c.name, c.want, n, declined)
		}
	}
}

// Worse themes chosen more often, each as good as before, is how the work is done and not the strategy; the parts sum to the change of the mean piece.
func TestCauseIsTheMix(t *testing.T) {
	var rs []Result
	add := func(n int, theme string, value float64, after bool) {
		for i := range n {
			rs = append(rs, Result{Weekday: "tue", Theme: theme, Value: value + float64(i%3-1), After: after})
		}
	}
	add(18, "good", 20, false)
	add(6, "bad", 5, false)
	add(6, "good", 20, true)
	add(18, "bad", 5, true)
	c := Compare(rs)
	sum, mix := 0.0, 0.0
	for _, p := range c.Parts {
		sum += p.Sum()
		mix += p.Pieces()
	}
	if math.Abs(sum-(c.Mean[1]-c.Mean[0])) > 1e-9 || math.Abs(sum-mix) > 1e-9 {
		t.Errorf("the parts sum to %.6f, of it %.6f by the mix; the mean piece changed by %.6f", sum, mix, c.Mean[1]-c.Mean[0])
	}
	if c.Verdict == engine.BaselineDeclined && c.Cause != CauseExecution {
		t.Errorf("called %s", c.Cause)
	}
}

// TestLaterPraiseIsNoYesBefore: a piece that went out unasked and that somebody found good later stays on the side of those that went out unasked.
func TestLaterPraiseIsNoYesBefore(t *testing.T) {
	granted := time.Date(2025, 11, 3, 12, 0, 0, 0, time.UTC)
	perf := func(id string, at time.Time) engine.Performance {
		return engine.Performance{Output: engine.Output{ID: id, Origin: engine.OriginKoira, PublishedAt: at}, Metrics: map[engine.Metric]int64{engine.Clicks: 7}}
	}
	yes := func(id string, at time.Time) engine.Review {
		return engine.Review{Output: id, Verdict: engine.ReviewApproved, At: at}
	}
	before, after := granted.AddDate(0, 0, -3), granted.AddDate(0, 0, 3)
	got, _ := BaselineResults(
		[]engine.Performance{perf("approved before", before), perf("unasked before", before), perf("unasked", after), perf("approved after", after), perf("found good", after)},
		[]engine.Review{yes("approved before", before.Add(-time.Hour)), yes("unasked before", before.Add(time.Hour)), yes("approved after", after.Add(-time.Hour)), yes("found good", after.Add(time.Hour))},
		granted, engine.Clicks, granted.AddDate(0, 0, 30))
	n := [2]int{}
	for _, r := range got {
		n[side(r)]++
	}
	if n != [2]int{1, 2} {
		t.Errorf("%d pieces before and %d after, want 1 and 2", n[0], n[1])
	}
}

// TestArticlesAreComparedOnceTheyHaveComeOfAge: each article brings one visit a day for the 28 days for which it is measured, before the grant and after it.
// Nothing changed, and nothing else is ever said: a month after the grant it is too early to tell, and once enough are 28 days old it held.
func TestArticlesAreComparedOnceTheyHaveComeOfAge(t *testing.T) {
	const day = 24 * time.Hour
	granted := time.Date(2025, 11, 24, 8, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		after   int // days
		old     int // of those that went out by themselves
		verdict engine.BaselineVerdict
	}{{30, 1, engine.BaselineUnknown}, {38, 5, engine.BaselineUnknown}, {40, 6, engine.BaselineHeld}, {90, 31, engine.BaselineHeld}} {
		now := granted.Add(time.Duration(c.after) * day)
		var perf []engine.Performance
		var said []engine.Review
		for i := -60; i < c.after; i += 2 {
			at, id := granted.Add(time.Duration(i)*day+time.Hour), fmt.Sprint(i)
			perf = append(perf, engine.Performance{
				Output:  engine.Output{ID: id, Kind: engine.KindBlog, Origin: engine.OriginKoira, PublishedAt: at, Arms: engine.Arms{Theme: "rye", Slot: "tue 09"}},
				Metrics: map[engine.Metric]int64{engine.Clicks: int64(min(now.Sub(at), engine.KindBlog.SettledAfter()) / day)},
			})
			if at.Before(granted) {
				said = append(said, engine.Review{Output: id, Verdict: engine.ReviewApproved, Whole: true, At: at.Add(-day)})
			}
		}
		results, young := BaselineResults(perf, said, granted, engine.Clicks, now)
		got := Compare(results)
		if got.Verdict != c.verdict || got.Pieces[1] != c.old {
			t.Errorf("after %d days: %q by %v pieces (%.1f → %.1f), want %q by %d", c.after, got.Verdict, got.Pieces, got.Mean[0], got.Mean[1], c.verdict, c.old)
		}
		if n := len(young[1]); n+c.old != (c.after+1)/2 || n > 0 && !young[1][0].Equal(granted.Add(time.Duration(2*c.old+28)*day+time.Hour)) {
			t.Errorf("after %d days: the %d young ones are old enough from %v on", c.after, n, young[1])
		}
	}
}
