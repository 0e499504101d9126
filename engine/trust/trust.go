// Package trust is the arithmetic of the track record: what reviews prove, and what is missing for the next level. It is pure, but for [Gather],
// which reads what is judged through a port of its own.
package trust

import (
	"cmp"
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
	ByHand  int // of Unchanged: published by hand, so that nobody compared what was posted with what was drafted
	Light   int // of Unchanged and Edited: approvals that count less, since they were quick, in bulk or unseen

	// Unread is who said the other yeses that count less, for want of a sign that they read; see engine.Reader. Who said most of them comes first.
	Unread []Unread

	// Weight is the effective number of reviews and Good the part of it that speaks for the task. An edit scores 1 − changed words ÷ words. An
	// approval counts half for each of these: it was quick, or came right before or after another of the same person; it came in bulk; the piece was
	// never shown whole; nothing shows that its person reads. What counts less than whole
	// counts at most as much as what counts whole, all together: stamps add to what was read and never stand in for it, so that a reviewer who
	// reads nothing proves nothing, however often. Bounds are approximate, and exact when every weight is 1.
	Weight, Good float64
}

// Unread is how many yeses of one person count less because nothing shows that they read.
type Unread struct {
	By string
	N  int
}

// Of computes the record of reviews. One record is asked for L5 and before pieces go out without a yes at L4: in both people see a piece only if they look,
// so who cannot be told from a stamp proves as little for the one as for the other, and a task's number is the same wherever it is shown. What was published by hand from koira's draft counts as approved; expired pieces are not reviews.
func Of(reviews []engine.Review) Record {
	var r Record
	var whole, light, lightGood float64
	bulk, unread := inBulk(reviews), map[string]int{}
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
			if v.Verdict == engine.ReviewPosted {
				r.ByHand++
			}
		}
		if v.Severe {
			r.Severe++
		}
		switch {
		case w < 1:
			r.Light++
		case v.Unread:
			unread[v.By]++
		}
		if v.Unread {
			w, good = w/2, good/2
		}
		if w == 1 {
			whole += w
			r.Good += good
			continue
		}
		light += w
		lightGood += good
	}
	if light > whole {
		lightGood *= whole / light
		light = whole
	}
	r.Weight, r.Good = whole+light, r.Good+lightGood
	for by, n := range unread {
		r.Unread = append(r.Unread, Unread{by, n})
	}
	slices.SortFunc(r.Unread, func(a, b Unread) int { return cmp.Or(b.N-a.N, cmp.Compare(a.By, b.By)) })
	return r
}

// AsSaid is reviews without the question who reads. The steps up to L4 ask only what people said, since by themselves they let nothing out that waits for
// a yes now; and the rate to which a task is held is what people found, whoever they are.
func AsSaid(reviews []engine.Review) []engine.Review {
	all := slices.Clone(reviews)
	for i := range all {
		all[i].Unread = false
	}
	return all
}

// unread counts the yeses that count less for want of a sign of reading.
func (r Record) unread() int {
	n := 0
	for _, u := range r.Unread {
		n += u.N
	}
	return n
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

// AtLeast says a bound in words: "at least 85 in 100", and of one that is no whole percent that it proves nothing.
func AtLeast(percent int) string {
	if percent <= 0 {
		return "nothing proven"
	}
	return fmt.Sprintf("at least %d in 100", percent)
}

// Words says the record as cards do: "30 reviewed, 29 unchanged, at least 85 in 100".
func (r Record) Words() string {
	s := fmt.Sprintf("%d reviewed, %d unchanged, %s", r.Reviewed, r.Unchanged, AtLeast(int(r.Proven()*100)))
	if l := r.Lightly(); l != "" {
		s += "; " + l
	}
	return s
}

// Lightly says how many approvals count less, and why, and that expired pieces count for nothing; "" where there are none of either.
func (r Record) Lightly() string {
	var s []string
	if r.Light > 0 {
		s = append(s, fmt.Sprintf("%s too quickly, too many at once or unseen, and %s less", count(r.Light, "was approved", "were approved"), where(r.Light == 1, "counts", "count")))
	}
	if n := r.unread(); n > 0 {
		s = append(s, fmt.Sprintf("nothing shows yet that %s read, and %s less", count(n, "was", "were"), where(n == 1, "it counts", "they count")))
	}
	if r.Expired > 0 {
		s = append(s, fmt.Sprintf("%s unreviewed, which counts for nothing", count(r.Expired, "ran out", "ran out")))
	}
	return strings.Join(s, "; ")
}

// NotKnown says how many yeses more there are of which nothing shows that they were read; "" for none.
func (r Record) NotKnown() string {
	n := r.unread()
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("nothing shows yet that %s read", count(n, "more was", "more were"))
}

// Silent lists the ids of those whom Sign names.
func (r Record) Silent() []string {
	var ids []string
	for _, u := range r.Unread {
		ids = append(ids, u.By)
	}
	return ids
}

// Sign says, with people as "@id", whose yeses count less for want of a sign that they read, and what such a sign is; "" where there is nothing to say.
func (r Record) Sign() string {
	if len(r.Unread) == 0 {
		return ""
	}
	var who []string
	for i, u := range r.Unread {
		who = append(who, fmt.Sprintf("@%s %s%d", u.By, where(i == 0, "has approved ", ""), u.N))
	}
	return fmt.Sprintf("a sign that these were read: %s%s and changed or turned down none. Read %d in the review window (Read them…), or change one that could be better, and they count",
		strings.Join(who, ", "), where(len(who) > 1, ",", ""), engine.SignPieces)
}
