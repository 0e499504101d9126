// Package trust is the arithmetic of the track record: what reviews prove, and what is missing for the next level. It is pure.
package trust

import (
	"fmt"
	"time"

	"gonum.org/v1/gonum/stat/distuv"

	"koira/engine"
)

// Quick is how short a look makes an approval count half: nobody reads a piece in less.
const Quick = 3 * time.Second

// Record is what a task's reviews come to.
type Record struct {
	Reviewed, Unchanged, Edited, Rejected, Severe int

	// Weight is the effective number of reviews and Good the part of it that speaks for the task: edits score 1 − changed words ÷ words,
	// quick approvals and those of pieces never shown whole count half. Bounds from them are approximate, and exact when every weight is 1.
	Weight, Good float64
}

// Of computes the record of reviews. What was published by hand from koira's draft counts as approved; expired pieces are not reviews.
func Of(reviews []engine.Review) Record {
	var r Record
	for _, v := range reviews {
		r.Reviewed++
		w := weight(v)
		r.Weight += w
		switch {
		case v.Verdict == engine.ReviewRejected || v.Verdict == engine.ReviewStopped:
			r.Rejected++
		case v.Changed > 0:
			r.Edited++
			r.Good += w * (1 - v.Changed)
		default:
			r.Unchanged++
			r.Good += w
		}
		if v.Severe {
			r.Severe++
		}
	}
	return r
}

func weight(v engine.Review) float64 {
	if v.Verdict != engine.ReviewApproved {
		return 1 // a no is a no, however quickly it came
	}
	w := 1.0
	if v.Looked > 0 && v.Looked < Quick {
		w /= 2
	}
	if !v.Whole {
		w /= 2
	}
	return w
}

// Proven is the one-sided 95 % lower bound of the share that passes unchanged.
func (r Record) Proven() float64 { return LowerBound(r.Good, r.Weight) }

// LowerBound returns the exact one-sided 95 % lower bound of a rate after good of n, 0 when nothing is good (Clopper & Pearson 1934:
// the 5 % quantile of Beta(good, n−good+1)). Fractional counts are allowed and make it approximate.
func LowerBound(good, n float64) float64 {
	if good <= 0 || n <= 0 {
		return 0
	}
	return distuv.Beta{Alpha: good, Beta: n - good + 1}.Quantile(0.05)
}

// Words says the record as cards do: "30 reviewed, 29 unchanged, at least 85 in 100".
func (r Record) Words() string {
	return fmt.Sprintf("%d reviewed, %d unchanged, at least %d in 100", r.Reviewed, r.Unchanged, int(r.Proven()*100))
}
