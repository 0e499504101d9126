package learn

import "math"

const (
	// SurgeSample is how many earlier pieces say what is usual.
	SurgeSample = 6
	// surgeSpreads above the usual, and surgeTimes the usual, is a surge.
	surgeSpreads, surgeTimes = 6, 3
)

// Surged reports whether a piece drove people off: it cost more of them than least, more than six robust spreads above what earlier pieces had cost at
// the same age, and more than three times as many. The spread is 1.4826·MAD (Hampel 1974), and never less than Poisson's at the median, or at a
// quarter where pieces usually cost nobody. It is gated on the larger of both, by least.
func Surged(b Beside, least float64) bool {
	if len(b.Before) < SurgeSample || b.Now < least {
		return false
	}
	mid := median(b.Before)
	spread := math.Sqrt(max(robustVariance(b.Before, mid), .25))
	return b.Now > mid+surgeSpreads*spread && b.Now >= surgeTimes*mid
}
