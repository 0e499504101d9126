// Package trust is the arithmetic of the track record: what reviews prove, and what is missing for the next level. It is pure, but for [Gather],
// which reads what is judged through a port of its own.
package trust

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gonum.org/v1/gonum/stat/distuv"

	"koira/engine"
)

const (
	// Quick is how short a look makes an approval count half: nobody reads a piece in less.
	Quick = engine.Hurry
	// Bulk approvals of one person within BulkWithin make each of them count half: so many at once are not read one by one.
	Bulk       = 5
	BulkWithin = time.Minute
)

// Record is what a task's reviews come to.
type Record struct {
	Reviewed, Unchanged, Edited, Rejected, Severe int

	Stopped int // of Rejected: stopped by a person before they went out
	Expired int // ran out unreviewed: counts for nothing, since silence is neither yes nor no; Of does not know it
	Light   int // of Unchanged and Edited: approvals that count less

	// Weight is the effective number of reviews and Good the part of it that speaks for the task. An edit scores 1 − changed words ÷ words. An
	// approval counts half for each of these: it was quick, or came right before or after another of the same person; it came in bulk; the piece was
	// never shown whole. What counts less than whole
	// counts at most as much as what counts whole, all together: stamps add to what was read and never stand in for it, so that a reviewer who
	// reads nothing proves nothing, however often. Bounds are approximate, and exact when every weight is 1.
	Weight, Good float64
}

// Of computes the record of reviews. What was published by hand from koira's draft counts as approved; expired pieces are not reviews.
func Of(reviews []engine.Review) Record {
	var r Record
	var whole, light, lightGood float64
	bulk := inBulk(reviews)
	for i, v := range reviews {
		r.Reviewed++
		w, good := weigh(v, bulk[i])
		switch {
		case refused(v):
			r.Rejected++
			if v.Verdict == engine.ReviewStopped {
				r.Stopped++
			}
		case v.Changed > 0:
			r.Edited++
		default:
			r.Unchanged++
		}
		if v.Severe {
			r.Severe++
		}
		if w == 1 {
			whole += w
			r.Good += good
			continue
		}
		r.Light++
		light += w
		lightGood += good
	}
	if light > whole {
		lightGood *= whole / light
		light = whole
	}
	r.Weight, r.Good = whole+light, r.Good+lightGood
	return r
}

func refused(v engine.Review) bool {
	return v.Verdict == engine.ReviewRejected || v.Verdict == engine.ReviewStopped
}

// weigh is how much one review counts, by itself, and the part of it that speaks for the task.
func weigh(v engine.Review, bulk bool) (w, good float64) {
	if w = weight(v, bulk); refused(v) {
		return w, 0
	}
	return w, w * (1 - v.Changed)
}

func weight(v engine.Review, bulk bool) float64 {
	if v.Verdict != engine.ReviewApproved {
		return 1 // a no is a no, however quickly it came
	}
	w := 1.0
	if v.Hurried || v.Looked > 0 && v.Looked < Quick {
		w /= 2
	}
	if bulk {
		w /= 2
	}
	if !v.Whole {
		w /= 2
	}
	return w
}

// inBulk says of each review whether it is one of at least Bulk approvals of one person within some stretch of BulkWithin.
func inBulk(reviews []engine.Review) []bool {
	bulk := make([]bool, len(reviews))
	by := map[string][]int{}
	for i, v := range reviews {
		if v.Verdict == engine.ReviewApproved {
			by[v.By] = append(by[v.By], i)
		}
	}
	for _, at := range by {
		slices.SortStableFunc(at, func(a, b int) int { return reviews[a].At.Compare(reviews[b].At) })
		for i := Bulk - 1; i < len(at); i++ {
			stretch := at[i-Bulk+1 : i+1]
			if reviews[at[i]].At.Sub(reviews[stretch[0]].At) < BulkWithin {
				for _, k := range stretch {
					bulk[k] = true
				}
			}
		}
	}
	return bulk
}

// Effective is how many reviews count as reviewed cycles: whole ones, and the lighter ones by their weight; see Weight.
func (r Record) Effective() int { return int(r.Weight + 1e-9) }

// Proven is the one-sided 95 % lower bound of the share that passes unchanged.
func (r Record) Proven() float64 { return LowerBound(r.Good, r.Weight) }

// LowerBound returns the exact one-sided 95 % lower bound of a rate after good of n, 0 when nothing is good (Clopper & Pearson 1934:
// the 5 % quantile of Beta(good, n−good+1)). Fractional counts are allowed and make it approximate.
//
// The bound is looked at after every review, from the first that may do on, so an offer comes more often than a single look would let it. Its
// true rate, worked out exactly (bar .85, 30 reviews needed): within 60 reviews an offer comes in 97.6 % of the cases at a true rate of .97, 86.7 %
// at .95, 37.5 % at .90, 9.4 % at .85 itself and 1.7 % at .80; within 260 it comes in 19.6 % at .85 and 2.1 % at .80. A bound that may be looked at
// as often as one likes (a mixture of likelihood ratios over Beta(20, 1) above the bar, against 20: Ville 1939) would hold 1.9 % at .85 within 60
// and 3.0 % within 260, but it would offer in 81.1 % at .97, 54.5 % at .95 and 12.2 % at .90 within 60 reviews: a task that deserves it would wait about half as
// long again, which is not little. So the exact bound it is; an owner decides on each offer, with these reviews before them, and what was let
// run is watched by a test of its own.
func LowerBound(good, n float64) float64 {
	if good <= 0 || n <= 0 {
		return 0
	}
	return distuv.Beta{Alpha: good, Beta: n - good + 1}.Quantile(0.05)
}

// Words says the record as cards do: "30 reviewed, 29 unchanged, at least 85 in 100".
func (r Record) Words() string {
	s := fmt.Sprintf("%d reviewed, %d unchanged, at least %d in 100", r.Reviewed, r.Unchanged, int(r.Proven()*100))
	if l := r.Lightly(); l != "" {
		s += "; " + l
	}
	return s
}

// Lightly says how many approvals count less, and that expired pieces count for nothing; "" where there are none of either.
func (r Record) Lightly() string {
	var s []string
	if r.Light > 0 {
		s = append(s, fmt.Sprintf("%s too quickly, too many at once or unseen, and %s less", count(r.Light, "was approved", "were approved"), where(r.Light == 1, "counts", "count")))
	}
	if r.Expired > 0 {
		s = append(s, fmt.Sprintf("%s unreviewed, which counts for nothing", count(r.Expired, "ran out", "ran out")))
	}
	return strings.Join(s, "; ")
}
