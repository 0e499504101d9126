// Package learn is what koira concludes from results: beliefs about each arm, the choice of the next one, when a favoured one should move,
// how a week's change divides over its causes, and what is usual. It is pure; its dice come in seeded.
package learn

import (
	"cmp"
	"math"
	"slices"
	"time"

	"koira/engine"
)

const (
	// halfLife is how long it takes for what was seen to count half: audiences drift.
	halfLife = 60 * 24 * time.Hour
	// arrival is the time constant of the stated arrival curve of responses, 1 − exp(−age/arrival): after a day 63 %, after three 95 %.
	arrival = 24 * time.Hour
	// strength is how many outputs' worth of evidence the shrinkage towards the task's own mean counts for.
	strength = 3
)

// Seen is what one published output has brought so far.
type Seen struct {
	Arms engine.Arms
	Age  time.Duration // since it was published
	Hits float64       // responses so far: clicks, or what the task's goal counts
}

// Matured is the share of an output's responses that has arrived at an age.
func Matured(age time.Duration) float64 {
	if age <= 0 {
		return 0
	}
	return 1 - math.Exp(-age.Seconds()/arrival.Seconds())
}

func faded(age time.Duration) float64 { return math.Exp2(-age.Seconds() / halfLife.Seconds()) }

// Beliefs computes what a task has seen of each arm, sorted by dimension and arm. A young output counts for the share of its responses that
// is expected to have arrived, an old one fades. The same input gives the same beliefs.
func Beliefs(task string, seen []Seen, at time.Time) []engine.Belief {
	type key struct {
		dim engine.Dimension
		arm string
	}
	sums := map[key]*engine.Belief{}
	for _, s := range seen {
		w, m := faded(s.Age), Matured(s.Age)
		for _, dim := range engine.Dimensions {
			arm := s.Arms.Get(dim)
			if arm == "" {
				continue
			}
			b := sums[key{dim, arm}]
			if b == nil {
				b = &engine.Belief{Task: task, Dim: dim, Arm: arm, At: at}
				sums[key{dim, arm}] = b
			}
			b.Trials += w * m
			b.Hits += w * s.Hits
			b.Outputs++
		}
	}
	out := make([]engine.Belief, 0, len(sums))
	for _, b := range sums {
		out = append(out, *b)
	}
	slices.SortFunc(out, func(a, b engine.Belief) int {
		return cmp.Or(cmp.Compare(a.Dim, b.Dim), cmp.Compare(a.Arm, b.Arm))
	})
	return out
}
