package trust

import (
	"fmt"
	"math"

	"koira/engine"
)

const (
	// slideStep is the fall that the test looks for: so much of a hundred fewer pass unchanged than the task is held to.
	slideStep = 0.20
	// slideLimit is the sum at which a task is lowered, e^slideLimit the odds: no more than 1 run of reviews in 100 comes so far by luck.
	slideLimit = 4.605170185988092 // ln 100
	// heldMost is the most that a task is held to: whoever passes nineteen in twenty does well, and a flawless record is not to be its own snare.
	heldMost = 0.95
	// heldSample is how many reviews before a grant say what the task's own rate was; with fewer it is held to the bar alone.
	heldSample = 10
)

// Slide is how far what people said of a task's pieces speaks against the rate that the task is held to.
type Slide struct {
	Held float64  // the rate
	Sum  float64  // of the present run of reviews, never below 0
	Of   int      // reviews in that run
	Bad  []string // the pieces in it that did not pass unchanged, oldest first
	Fell bool     // Sum came to the limit
}

// HeldTo is the rate that a task is held to once an owner has allowed it more: what it was then, no less than the bar of the grant, and no more
// than 95 in 100.
func HeldTo(before Record, bar float64) float64 {
	if before.Weight < heldSample {
		return min(bar, heldMost)
	}
	return min(max(before.Good/before.Weight, bar), heldMost)
}

// SlideOf looks at reviews, oldest first, for a fall below the rate held: a one-sided CUSUM (Page 1954, Biometrika 41; for a proportion that is
// watched piece by piece Reynolds and Stoumbos 1999, Journal of Quality Technology 31). Each review adds w·(x·ln(p₁/p₀) + (1−x)·ln(q₁/q₀)) to a
// sum that never falls below 0; x and w are its score and weight as in [Of], each by itself, p₀ is held, p₁ twenty in a hundred below, q = 1 − p. It ends at the
// first review at which the sum comes to ln 100.
//
// What it promises, for any rate at or above held: a run of reviews, from where the sum was last 0, comes to a sum of s by luck in no more than
// 1 of e^s cases (Ville 1939, since the exponential of a run's sum is a supermartingale; scores between 0 and 1 and weights below 1 keep it one, by
// Jensen's inequality), and a false alarm comes once in 100 reviews or less often (Lorden 1971). What it does, computed by the chain of Brook and
// Evans (1972) in TestSlideOperates: reviews until a task is lowered, median and 90 %, and lowerings a year at two reviews a week.
//
//	held to   true .99                true .95            true .90             true .80
//	.95       338,000 · 1,120,000     986 · 3,250         105 · 320            23 · 56
//	          0.0002 a year           0.073 a year        0.71 a year
//	.90                                                   985 · 3,240          58 · 157
//	                                                      0.074 a year
//	.85                                                                        195 · 603
func SlideOf(reviews []engine.Review, held float64) Slide {
	s := Slide{Held: held}
	bad, good := steps(held)
	bulk := inBulk(reviews)
	for i, v := range reviews {
		w, passed := weigh(v, bulk[i])
		s.Sum += passed*good + (w-passed)*bad
		s.Of++
		if passed < w {
			s.Bad = append(s.Bad, v.Output)
		}
		if s.Sum <= 0 {
			s = Slide{Held: held}
		}
		if s.Sum >= slideLimit {
			s.Fell = true
			return s
		}
	}
	return s
}

// steps are what a review that speaks against the task adds to the sum, and what one that passes takes off.
func steps(held float64) (bad, good float64) {
	p1 := held - slideStep
	return math.Log((1 - p1) / (1 - held)), math.Log(p1 / held)
}

// Luck is the most likely that a run came so far by luck alone, were the task as good as it is held to be.
func (s Slide) Luck() float64 { return min(1, math.Exp(-s.Sum)) }

// Words says what was seen: "3 of the last 4 did not pass as they were; it is held to 95 in 100".
func (s Slide) Words() string {
	return fmt.Sprintf("%d of the last %d did not pass as I wrote them; it is held to %.0f in 100", len(s.Bad), s.Of, 100*s.Held)
}
