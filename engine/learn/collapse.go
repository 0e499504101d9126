package learn

import "math"

const (
	// CollapseSample is how many earlier pieces say what is usual.
	CollapseSample = 8
	// collapseGate is the least that a piece must bring, now or usually, before its absence means anything.
	collapseGate = 6
	// collapseShare of the usual is as good as nothing.
	collapseShare = 0.1
	// collapseLuck is how unlikely it must be by luck. A task has some 300 pieces a year, each looked at every hour for two days.
	collapseLuck = 1e-5
)

// Beside is what a piece brought up to some age, and what earlier ones had brought at the same age.
type Beside struct {
	Now    float64
	Before []float64
}

// Collapsed looks at the newest pieces of a task, the newest first, and reports how many in a row brought as good as nothing where earlier ones
// brought something, and how likely that is by luck; 0 pieces while it may be luck. Each is gated on the larger of what it brought and what is usual, so that a
// piece of nothing counts where pieces used to bring something. It compares pieces and not days: a pause, on which nothing goes out, is no drop.
//
// A piece's count is held against a negative binomial with the median of the earlier ones as mean and, as variance, the squared 1.4826·MAD (Hampel 1974) or the
// median where that is larger: what weekdays and themes do is in that spread. The chances of pieces in a row are multiplied, so that small
// numbers need two or three of them.
func Collapsed(newest []Beside) (pieces int, luck float64) {
	luck = 1
	for i, b := range newest {
		if len(b.Before) < CollapseSample {
			return 0, 1
		}
		mid := median(b.Before)
		if max(b.Now, mid) < collapseGate || b.Now > collapseShare*mid {
			return 0, 1
		}
		luck *= atMost(b.Now, mid, robustVariance(b.Before, mid))
		if luck < collapseLuck {
			return i + 1, luck
		}
	}
	return 0, luck
}

// robustVariance is the squared 1.4826·MAD, and never less than Poisson's.
func robustVariance(xs []float64, mid float64) float64 {
	off := make([]float64, len(xs))
	for i, x := range xs {
		off[i] = math.Abs(x - mid)
	}
	s := 1.4826 * median(off)
	return max(s*s, mid)
}

// atMost is the chance of a count of k or less, negative binomial with that mean and variance, Poisson where both are the same.
func atMost(k, mean, variance float64) float64 {
	if variance <= mean*1.001 {
		p, sum := math.Exp(-mean), 0.0
		for i := 0.0; i <= k; i++ {
			sum += p
			p *= mean / (i + 1)
		}
		return min(1, sum)
	}
	r := mean * mean / (variance - mean)
	q := r / (r + mean)
	p, sum := math.Pow(q, r), 0.0
	for i := 0.0; i <= k; i++ {
		sum += p
		p *= (1 - q) * (r + i) / (i + 1)
	}
	return min(1, sum)
}
