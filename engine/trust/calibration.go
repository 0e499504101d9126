package trust

import (
	"math"
	"slices"

	"koira/engine"
)

const (
	// LineFrom is how many judged pieces of a task there must be before its line is chosen from them.
	LineFrom = 20
	// LineUntil is the line until then: what is rather unlikely to pass asks a person.
	LineUntil = 0.40
)

// LineNeeds is how many judged pieces of a task a line rests on that lets at most bad of 100 go out that would have been changed.
func LineNeeds(bad float64) int {
	if bad <= 0 {
		return math.MaxInt
	}
	return max(LineFrom, int(math.Ceil(100/bad-1-1e-9)))
}

// Anyway keeps those of a task's judged pieces that people saw whatever koira thought of them. Where only some pieces come before people, the others are no
// sample of it: what koira doubts, and what somebody stops unbidden, is worse than the rest.
func Anyway(judged []engine.Judged, task string) []engine.Judged {
	var own []engine.Judged
	for _, j := range judged {
		if j.Task == task && !j.Alone {
			own = append(own, j)
		}
	}
	return own
}

// lastJudged is how many of a task's last judged pieces make up engine.Signs.Refused.
const lastJudged = 10

// Refused is engine.Signs.Refused by task: what share of its last pieces did not pass, of those that people saw whatever koira thought of them. Were what it
// doubts counted, each doubt would be ground for the next, since at L5 hardly anything else is seen. A task of which there is none is left out.
func Refused(judged []engine.Judged) map[string]float64 {
	seen := slices.Clone(judged)
	slices.SortStableFunc(seen, func(a, b engine.Judged) int { return a.Reviewed.Compare(b.Reviewed) })
	last := map[string][]float64{}
	for _, j := range seen {
		if !j.Alone {
			last[j.Task] = append(last[j.Task], 1-truth(j))
		}
	}
	refused := map[string]float64{}
	for task, bad := range last {
		bad = bad[max(0, len(bad)-lastJudged):]
		sum := 0.2 // two pieces' worth of one in ten, so that the first no is not taken for all
		for _, b := range bad {
			sum += b
		}
		refused[task] = sum / float64(len(bad)+2)
	}
	return refused
}

// Line is the confidence below which a task's pieces ask a person, chosen so that of 100 pieces of the task at most bad go out by themselves
// although a reviewer would have changed or refused them. It is the lowest line t with (n·R(t) + 1)/(n + 1) ≤ bad/100, where R(t) is the share
// of the n judged pieces that were at or above t and did not pass unchanged: conformal risk control (Angelopoulos, Bates, Fisch, Lei and
// Schuster 2024, theorem 1), which holds in expectation, whatever the estimates are worth, as long as the pieces to come are like those
// judged: so judged are to be those of [Anyway]. With fewer than LineNeeds judged pieces it is LineUntil; it is never below that.
func Line(judged []engine.Judged, bad float64) float64 {
	n := float64(len(judged))
	if len(judged) < LineNeeds(bad) {
		return LineUntil
	}
	refused := make([]float64, 0, len(judged))
	for _, j := range judged {
		if !j.Unchanged {
			refused = append(refused, j.Confidence)
		}
	}
	slices.SortFunc(refused, func(a, b float64) int { return -compare(a, b) })
	may := int(math.Floor(bad/100*(n+1)+1e-9)) - 1 // so many of those that did not pass may stand above the line
	if may >= len(refused) {
		return LineUntil
	}
	return max(LineUntil, math.Nextafter(refused[may], 2))
}

func compare(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// Bin is one row of a reliability table: of the pieces whose confidence was in [From, To), what was said and what came true.
type Bin struct {
	From, To float64
	N        int
	Said     float64 // mean confidence
	True     float64 // share that passed unchanged
}

// Calibration is how far the estimates of some judged pieces were true.
type Calibration struct {
	N     int
	Share float64 // that passed unchanged
	Brier float64 // mean squared error of the estimates (Brier 1950); 0 is perfect
	Plain float64 // the same, had every piece been given Share: what estimates must beat
	Gap   float64 // expected calibration error: |Said − True| averaged over the bins by their pieces (Naeini, Cooper and Hauskrecht 2015)
	Bins  []Bin   // those that hold a piece, lowest first
}

// bins are the lower ends of the rows: narrow where estimates usually are.
var bins = []float64{0, .5, .7, .8, .9}

// Calibrate compares estimates, as they were when the pieces were drafted, with what people said.
func Calibrate(judged []engine.Judged) Calibration {
	c := Calibration{N: len(judged)}
	if c.N == 0 {
		return c
	}
	rows := make([]Bin, len(bins))
	for i := range rows {
		rows[i].From, rows[i].To = bins[i], 1
		if i+1 < len(bins) {
			rows[i].To = bins[i+1]
		}
	}
	for _, j := range judged {
		y := truth(j)
		c.Share += y
		c.Brier += (j.Confidence - y) * (j.Confidence - y)
		i := len(bins) - 1
		for bins[i] > j.Confidence {
			i--
		}
		rows[i].N++
		rows[i].Said += j.Confidence
		rows[i].True += y
	}
	n := float64(c.N)
	c.Share, c.Brier = c.Share/n, c.Brier/n
	c.Plain = c.Share * (1 - c.Share)
	for _, r := range rows {
		if r.N == 0 {
			continue
		}
		k := float64(r.N)
		r.Said, r.True = r.Said/k, r.True/k
		c.Gap += k / n * math.Abs(r.Said-r.True)
		c.Bins = append(c.Bins, r)
	}
	return c
}
