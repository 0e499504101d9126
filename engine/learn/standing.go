package learn

import (
	"math"
	"slices"
	"time"

	"gonum.org/v1/gonum/stat"

	"koira/engine"
)

const (
	// standingAlpha is the chance that one interval, looked at after every piece for ever, ever misses the true mean. It is small because the
	// loop looks at the pieces of the last weeks only, so that an old success does not hide a fall: a year holds several such intervals.
	standingAlpha = 0.005
	// standingBest is the number of pieces for which the interval is tightest.
	standingBest = 12
	// leastPaid is how many pieces must have brought money before what they bring can be called too little: until then nobody knows how large a sale is,
	// and one that has not come yet may be worth more than all of them.
	leastPaid = 6
)

// Stand says how a task stands against t, given what each of its measured pieces brought, in any order. It is beyond the limit only when the
// whole interval is, and near it while the interval holds the limit.
//
// The interval is an asymptotic confidence sequence (Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2024, Annals of Statistics 52, theorem
// 2.2): mean ± s·√(2(nρ²+1)/(n²ρ²)·ln(√(nρ²+1)/α)), with ρ² = (−2 ln α + ln(1 − 2 ln α))/standingBest. It may be looked at after every piece.
// A count is held to be no steadier than a Poisson one at its mean or at the floor, or a run of zeros would have no width at all; see leastSpread for
// money. It is asymptotic, hence the least sample; TestStandingOperates has what it does to counts such as these, and TestStandingOfMoney to sales.
func Stand(task string, t engine.Threshold, values []float64, now time.Time) engine.Standing {
	s := engine.Standing{Task: task, Metric: t.Metric, Verdict: engine.StandingUnknown, Pieces: len(values), At: now}
	if len(values) < max(t.Least(), 2) {
		if len(values) > 0 {
			s.Value = stat.Mean(values, nil)
		}
		return s
	}
	if t.Metric.Money() && t.Floor > 0 && paid(values) < leastPaid {
		s.Value = stat.Mean(values, nil)
		return s
	}
	mean, spread := stat.MeanStdDev(values, nil)
	spread = max(spread, leastSpread(t, mean, values))
	half := spread * sequence(float64(len(values)))
	s.Value, s.Low, s.High = mean, max(0, mean-half), mean+half
	s.Verdict = t.Verdict(s.Low, s.High)
	return s
}

// leastSpread is the standard deviation below which what the pieces show is taken for luck. Money comes in sales and not in the ledger's units, so it is
// a Poisson count of the largest sale seen, or of one as large as the floor; what it costs is steadier, as people set it.
func leastSpread(t engine.Threshold, mean float64, values []float64) float64 {
	if !t.Metric.Money() {
		return math.Sqrt(max(mean, t.Floor))
	}
	least := t.Ceiling / 4
	if t.Floor > 0 {
		least = max(least, math.Sqrt(max(mean, t.Floor)*max(slices.Max(values), t.Floor)))
	}
	return least
}

// paid counts the pieces that came with money.
func paid(values []float64) int {
	n := 0
	for _, v := range values {
		if v > 0 {
			n++
		}
	}
	return n
}

// sequence is the half width of the interval after n pieces, in standard deviations.
func sequence(n float64) float64 {
	rho2 := (-2*math.Log(standingAlpha) + math.Log(1-2*math.Log(standingAlpha))) / standingBest
	return math.Sqrt(2 * (n*rho2 + 1) / (n * n * rho2) * math.Log(math.Sqrt(n*rho2+1)/standingAlpha))
}
