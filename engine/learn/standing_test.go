package learn

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"gonum.org/v1/gonum/stat/distuv"

	"koira/engine"
)

func TestStand(t *testing.T) {
	floor, ceiling := engine.Threshold{Metric: engine.Clicks, Floor: 6}, engine.Threshold{Metric: engine.Unsubscribed, Ceiling: 2}
	same := func(v float64, n int) []float64 {
		xs := make([]float64, n)
		for i := range xs {
			xs[i] = v
		}
		return xs
	}
	for name, c := range map[string]struct {
		limit  engine.Threshold
		values []float64
		want   string
	}{
		"nothing measured":          {floor, nil, engine.StandingUnknown},
		"five pieces of nothing":    {floor, same(0, 5), engine.StandingUnknown},
		"a sample of its own":       {engine.Threshold{Metric: engine.Clicks, Floor: 6, Sample: 20}, same(0, 19), engine.StandingUnknown},
		"six pieces of nothing":     {floor, same(0, 6), engine.StandingBeyond},
		"just under, few":           {floor, same(5, 8), engine.StandingNear},
		"well above":                {floor, same(20, 12), engine.StandingFine},
		"a little above":            {floor, same(7, 12), engine.StandingNear},
		"a ceiling that is kept":    {ceiling, same(0, 12), engine.StandingFine},
		"a ceiling far above":       {engine.Threshold{Metric: engine.Unsubscribed, Ceiling: 20}, same(2, 12), engine.StandingFine},
		"a ceiling that is broken":  {ceiling, same(9, 12), engine.StandingBeyond},
		"one huge piece proves nil": {floor, append(same(0, 7), 100), engine.StandingNear},
	} {
		t.Run(name, func(t *testing.T) {
			got := Stand("daily", c.limit, c.values, time.Time{})
			if got.Verdict != c.want {
				t.Errorf("%s: %.2f [%.2f, %.2f] over %d is %q, want %q", name, got.Value, got.Low, got.High, got.Pieces, got.Verdict, c.want)
			}
		})
	}
}

// The boundary of the paper's formula, worked out by hand for n = 12 and α = 0.005: ρ² = (10.5966 + ln 11.5966)/12 = 1.08728;
// nρ²+1 = 14.0473; √(2·14.0473/(144·1.08728)·ln(√14.0473/0.005)) = √(0.179441·6.61953) = 1.0899.
func TestSequence(t *testing.T) {
	if got := sequence(12); math.Abs(got-1.0899) > 0.0005 {
		t.Errorf("sequence(12) = %.4f, want 1.0899", got)
	}
}

// TestStandingOperates prints and holds the operating characteristic: looked at after every piece for a year of daily pieces (300), over the
// last 56 days' pieces as the loop does, how often is a task paused whose true mean is exactly its floor, and how soon is one that fell.
func TestStandingOperates(t *testing.T) {
	const runs, year, window = 400, 300, 48
	dice := rand.New(rand.NewPCG(1, 7))
	// Counts of clicks are more spread than Poisson's: a Gamma mixture with shape 4 (variance = mean + mean²/4).
	count := func(mean float64) float64 {
		rate := distuv.Gamma{Alpha: 4, Beta: 4 / mean, Src: dice}.Rand()
		return distuv.Poisson{Lambda: max(rate, 1e-9), Src: dice}.Rand()
	}
	floor := engine.Threshold{Metric: engine.Clicks, Floor: 6}
	paused := func(mean float64) (share, pieces float64) {
		n := 0
		for range runs {
			var seen []float64
			for i := range year {
				seen = append(seen, count(mean))
				if Stand("x", floor, seen[max(0, len(seen)-window):], time.Time{}).Verdict == engine.StandingBeyond {
					n++
					pieces += float64(i + 1)
					break
				}
			}
		}
		return float64(n) / runs, pieces / max(1, float64(n))
	}
	for _, c := range []struct {
		mean        float64
		least, most float64 // share of the runs that are paused
		within      float64 // pieces until then, on average
	}{
		{mean: 7.2, most: 0.01},
		{mean: 6, most: 0.06},
		{mean: 4.2, least: 0.9, most: 1, within: 70},
		{mean: 3, least: 0.99, most: 1, within: 22},
		{mean: 1.5, least: 1, most: 1, within: 9},
	} {
		share, pieces := paused(c.mean)
		t.Logf("true mean %.1f against a floor of 6: paused in %.1f %% of the years, after %.0f pieces", c.mean, 100*share, pieces)
		if share < c.least || share > c.most || c.within > 0 && pieces > c.within {
			t.Errorf("true mean %.1f: paused in %.3f of the years after %.1f pieces; want between %.2f and %.2f, within %.0f", c.mean, share, pieces, c.least, c.most, c.within)
		}
	}
}
