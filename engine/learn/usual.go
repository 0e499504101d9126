package learn

import (
	"math"
	"slices"
)

// UsualWeeks is how many earlier weeks a usual range needs; with fewer there is too little data.
const UsualWeeks = 6

// Usual returns the range in which a weekly count usually lies, given the totals of earlier weeks, and false when there are fewer than
// UsualWeeks of them. It is median ± 1.96 · max(1.4826 · MAD, √median), never below zero: the median absolute deviation stands for the
// standard deviation so that one odd week does not widen the range (Hampel 1974; the constants make both agree for normal data, Rousseeuw
// and Croux 1993), and a count is never held to be steadier than Poisson's, or a run of equal weeks would make every change look real.
//
// About 1 ordinary week in 20 falls outside by luck, more while the weeks are few. It is meant for one look at one week; whoever looks
// every week for a real change needs an always-valid interval.
func Usual(weeks []float64) (low, high float64, ok bool) {
	if len(weeks) < UsualWeeks {
		return 0, 0, false
	}
	mid := median(weeks)
	off := make([]float64, len(weeks))
	for i, w := range weeks {
		off[i] = math.Abs(w - mid)
	}
	spread := 1.96 * max(1.4826*median(off), math.Sqrt(max(0, mid)))
	return max(0, mid-spread), mid + spread, true
}

// Usually is the middle of what earlier pieces brought, 0 where there are none.
func Usually(before []float64) float64 {
	if len(before) == 0 {
		return 0
	}
	return median(before)
}

// median leaves xs as it is; xs is not empty.
func median(xs []float64) float64 {
	s := slices.Sorted(slices.Values(xs))
	h := len(s) / 2
	if len(s)%2 == 1 {
		return s[h]
	}
	return (s[h-1] + s[h]) / 2
}
