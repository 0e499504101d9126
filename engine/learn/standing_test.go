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
	euros := func(floor, ceiling float64) engine.Threshold {
		m := engine.Revenue
		if ceiling > 0 {
			m = engine.Spend
		}
		return engine.Threshold{Metric: m, Floor: floor * float64(engine.Unit), Ceiling: ceiling * float64(engine.Unit)}
	}
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
		"no sale at all":            {euros(5, 0), same(0, 40), engine.StandingUnknown},
		"one sale":                  {euros(5, 0), append(same(0, 30), 1e6), engine.StandingUnknown},
		"many small sales":          {euros(20, 0), same(2e6, 30), engine.StandingBeyond},
		"small sales, and a large":  {euros(20, 0), append(same(2e6, 12), 150e6), engine.StandingNear},
		"sales as they should be":   {euros(20, 0), same(25e6, 40), engine.StandingNear},
		"sales far above":           {euros(5, 0), same(80e6, 40), engine.StandingFine},
		"too dear by a little":      {euros(0, 2), same(2.1e6, 8), engine.StandingNear},
		"too dear":                  {euros(0, 2), same(4e6, 8), engine.StandingBeyond},
		"for nothing":               {euros(0, 2), same(0, 8), engine.StandingFine},
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

// TestStandingOfMoney prints and holds how often a task is paused for what it sells, or for what it costs, looked at after each of 30 pieces and over a year
// as the loop does. Sales come in few pieces and of very different sizes; one that has not come yet says nothing of those that will.
func TestStandingOfMoney(t *testing.T) {
	const runs, first, year, window = 300, 30, 200, 48
	var dice *rand.Rand // each row's own
	sale := func(mean, sigma float64) float64 { return mean * math.Exp(sigma*dice.NormFloat64()-sigma*sigma/2) }
	sells := func(share, size, sigma float64) func() float64 {
		return func() float64 {
			if dice.Float64() < share {
				return sale(size, sigma)
			}
			return 0
		}
	}
	costs := func(clicks, each float64) func() float64 {
		return func() float64 { return each * distuv.Poisson{Lambda: clicks, Src: dice}.Rand() }
	}
	for name, c := range map[string]struct {
		limit       engine.Threshold
		draw        func() float64 // euros a piece
		early       float64        // the most runs that may be paused within the first pieces
		least, most float64        // within the year
	}{
		"a sale of 200 in 20, twice its floor":     {engine.Threshold{Metric: engine.Revenue, Floor: 5}, sells(.05, 200, 0), 0, 0, 0},
		"the same, just at it":                     {engine.Threshold{Metric: engine.Revenue, Floor: 10}, sells(.05, 200, 0), 0, 0, 0},
		"sales of any size in 20, twice its floor": {engine.Threshold{Metric: engine.Revenue, Floor: 5}, sells(.05, 200, 1), 0, 0, 0.01},
		"one in 5, twice its floor":                {engine.Threshold{Metric: engine.Revenue, Floor: 5}, sells(.2, 50, 1), 0, 0, 0.01},
		"one in 5, just at it":                     {engine.Threshold{Metric: engine.Revenue, Floor: 10}, sells(.2, 50, 1), 0.01, 0, 0.03},
		"one in 2, just at it":                     {engine.Threshold{Metric: engine.Revenue, Floor: 10}, sells(.5, 20, 1), 0.01, 0, 0.03},
		"one in 5, a quarter of it":                {engine.Threshold{Metric: engine.Revenue, Floor: 40}, sells(.2, 50, 1), 0.2, 0.85, 1},
		"each, a quarter of it":                    {engine.Threshold{Metric: engine.Revenue, Floor: 40}, sells(1, 10, 1), 1, 0.95, 1},
		"clicks that cost what they may":           {engine.Threshold{Metric: engine.Spend, Ceiling: 4}, costs(8, .5), 0.03, 0, 0.06},
		"clicks that cost less":                    {engine.Threshold{Metric: engine.Spend, Ceiling: 4}, costs(6, .5), 0, 0, 0.01},
		"few clicks, seldom as dear":               {engine.Threshold{Metric: engine.Spend, Ceiling: 4}, costs(.5, 6), 0.01, 0, 0.02},
		"clicks that cost twice that":              {engine.Threshold{Metric: engine.Spend, Ceiling: 4}, costs(16, .5), 1, 0.99, 1},
	} {
		limit := c.limit
		limit.Floor, limit.Ceiling = limit.Floor*float64(engine.Unit), limit.Ceiling*float64(engine.Unit)
		dice = rand.New(rand.NewPCG(1, 7))
		early, all := 0, 0
		for range runs {
			var seen []float64
			for i := range year {
				seen = append(seen, math.Round(c.draw()*float64(engine.Unit)))
				if Stand("x", limit, seen[max(0, len(seen)-window):], time.Time{}).Verdict == engine.StandingBeyond {
					all++
					if i < first {
						early++
					}
					break
				}
			}
		}
		soon, share := float64(early)/runs, float64(all)/runs
		t.Logf("%s: paused in %.1f %% of the runs within %d pieces, in %.1f %% within %d", name, 100*soon, first, 100*share, year)
		if soon > c.early || share < c.least || share > c.most {
			t.Errorf("%s: paused in %.3f of the runs within %d pieces, in %.3f within %d; want at most %.2f, and from %.2f to %.2f", name, soon, first, share, year, c.early, c.least, c.most)
		}
	}
}
