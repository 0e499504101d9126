package learn

import (
	"math"
	"time"

	"gonum.org/v1/gonum/stat"

	"koira/engine"
)

const (
	// StandingSample is how many measured pieces a threshold needs before it may pause its task, unless it says otherwise.
	StandingSample = 6
	// standingAlpha is the chance that one interval, looked at after every piece for ever, ever misses the true mean. It is small because the
	// loop looks at the pieces of the last weeks only, so that an old success does not hide a fall: a year holds several such intervals.
	standingAlpha = 0.005
	// standingBest is the number of pieces for which the interval is tightest.
	standingBest = 12
)

// Stand says how a task stands against t, given what each of its measured pieces brought, in any order. It is beyond the limit only when the
// whole interval is, and near it while the interval holds the limit.
//
// The interval is an asymptotic confidence sequence (Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2024, Annals of Statistics 52, theorem
// 2.2): mean ± s·√(2(nρ²+1)/(n²ρ²)·ln(√(nρ²+1)/α)), with ρ² = (−2 ln α + ln(1 − 2 ln α))/standingBest. It may be looked at after every piece.
// A count is held to be no steadier than a Poisson one at its mean or at the floor, or a run of zeros would have no width at all. It is
// asymptotic, hence the least sample; TestStandingOperates has what it does to counts such as these.
func Stand(task string, t engine.Threshold, values []float64, now time.Time) engine.Standing {
	s := engine.Standing{Task: task, Metric: t.Metric, Verdict: engine.StandingUnknown, Pieces: len(values), At: now}
	sample := t.Sample
	if sample == 0 {
		sample = StandingSample
	}
	if len(values) < max(sample, 2) {
		if len(values) > 0 {
			s.Value = stat.Mean(values, nil)
		}
		return s
	}
	mean, spread := stat.MeanStdDev(values, nil)
	spread = math.Sqrt(max(spread*spread, mean, t.Floor))
	half := spread * sequence(float64(len(values)))
	s.Value, s.Low, s.High = mean, max(0, mean-half), mean+half
	switch {
	case t.Floor > 0 && s.High < t.Floor, t.Ceiling > 0 && s.Low > t.Ceiling:
		s.Verdict = engine.StandingBeyond
	case t.Floor > 0 && s.Low < t.Floor, t.Ceiling > 0 && s.High > t.Ceiling:
		s.Verdict = engine.StandingNear
	default:
		s.Verdict = engine.StandingFine
	}
	return s
}

// sequence is the half width of the interval after n pieces, in standard deviations.
func sequence(n float64) float64 {
	rho2 := (-2*math.Log(standingAlpha) + math.Log(1-2*math.Log(standingAlpha))) / standingBest
	return math.Sqrt(2 * (n*rho2 + 1) / (n * n * rho2) * math.Log(math.Sqrt(n*rho2+1)/standingAlpha))
}
