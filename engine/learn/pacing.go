package learn

import "slices"

const (
	// pacingDays of spending before say what a day may cost.
	pacingDays = 14
	// pacingTimes the dearest of them, and pacingPart of a week's limit, is out of pace.
	pacingTimes, pacingPart = 2, 0.25
)

// OutOfPace reports whether a day's spending runs away: more than twice the dearest of the days before, and more than a quarter of the week's
// limit. With fewer than fourteen days to compare with it is only when one day takes the whole week's limit. It is a rule, no estimate: money
// that runs away is not to be tested for. days begin with the first on which money was spent; limit 0 is none.
func OutOfPace(today float64, days []float64, limit float64) bool {
	if today <= 0 {
		return false
	}
	if len(days) < pacingDays {
		return limit > 0 && today > limit
	}
	return today > pacingTimes*slices.Max(days) && today > pacingPart*limit
}
