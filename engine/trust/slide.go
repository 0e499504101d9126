package trust

import (
	"fmt"
	"math"

	"koira/engine"
)

const (
	// slideStep is the fall that the test looks for: so much of a hundred fewer pass unchanged than the task is held to.
	slideStep = 0.20
	// slideLimit is the sum at which a task is lowered, e^slideLimit the odds: no more than 1 run of pieces in 100 comes so far by luck.
	slideLimit = 4.605170185988092 // ln 100
	// heldMost is the most that a task is held to: whoever passes nineteen in twenty does well, and a flawless record is not to be its own snare.
	heldMost = 0.95
	// heldSample is how many reviews before a grant say what the task's own rate was; with fewer it is held to the bar alone.
	heldSample = 10
)

// Slide is how far what people said of a task's pieces speaks against the rate that the task is held to.
type Slide struct {
	Held    float64  // the rate
	Alone   bool     // the run is of pieces that were to go out by themselves; else of those that were put before people
	Sum     float64  // of the present run, never below 0
	Of      int      // pieces in that run
	Doubted int      // of them: koira doubted them, and each is held to no more than it was sure of
	Sure    float64  // what those are held to, all together
	Bad     []string // the pieces in it that did not pass unchanged, oldest first
	Fell    bool     // Sum came to the limit
}

// Asked is what people said of those pieces that they see whatever koira thinks of them: what a task's own rate is told from.
func Asked(shown []engine.Showing) []engine.Review {
	var said []engine.Review
	for _, v := range shown {
		if v.Came == engine.CameAsked {
			said = append(said, v.Review)
		}
	}
	return said
}

// HeldTo is the rate that a task is held to once an owner has allowed it more: what it was then, no less than the bar of the grant, and no more
// than 95 in 100.
func HeldTo(before Record, bar float64) float64 {
	if before.Weight < heldSample {
		return min(bar, heldMost)
	}
	return min(max(before.Good/before.Weight, bar), heldMost)
}

// SlideOf looks at pieces, oldest first, for a fall below the rate held: a one-sided CUSUM (Page 1954, Biometrika 41; for a proportion that is
// watched piece by piece Reynolds and Stoumbos 1999, Journal of Quality Technology 31). Each piece adds x·ln(p₁/p₀) + (1−x)·ln(q₁/q₀) to a sum that
// never falls below 0; x is its score as in [Of], q = 1 − p. p₀ is held, and p₁ is twenty in a hundred below. It ends at the first piece at which a sum comes
// to ln 100.
//
// Which pieces people see is not left to chance above L3, so each is held to what it is to be held to as it came before them:
//
//   - what they see whatever koira thinks of it, to the rate held;
//   - what koira doubted, to the rate held or to the confidence that it stated, whichever is less, with p₁ by the same odds ratio: such pieces pass more
//     seldom, and at L5 hardly others are seen;
//   - what was to go out by itself, in a sum apart, in which what nobody said a word of counts as passed: of these a no is seen and a yes seldom, so
//     that beside the others' yeses each stop would count for several. Where nobody looks this sum says nothing, and hides nothing of the other;
//   - what a rule held, not at all: it was the rule that caught it, and it would not have gone out.
//
// What it promises, while each kind passes at what it is held to or more often: a run of pieces, from where their sum was last 0, comes to a sum of s by luck
// in no more than 1 of e^s cases (Ville 1939, since the exponential of a run's sum is a supermartingale, whoever looks at how many; scores between 0 and 1
// keep it one, by Jensen's inequality), and a false alarm comes once in 100 pieces or less often: each piece begins one run at the most, in whichever sum
// (after Lorden 1971). A yes counts whole however quickly it came. In [Of] it does not, but there a yes proves and here it only takes back: with light yeses
// beside whole noes a task would fall by the quickness of its reader.
//
// What it does, computed by the chain of Brook and Evans (1972) in TestSlideOperates: pieces judged until a task is lowered, median and 90 %, and lowerings a
// year at two a week. First, where people see each piece or a random one in so many:
//
//	held to   true .99                true .95            true .90             true .80
//	.95       338,000 · 1,120,000     986 · 3,250         105 · 320            23 · 56
//	          0.0002 a year           0.073 a year        0.71 a year
//	.90                                                   985 · 3,240          58 · 157
//	                                                      0.074 a year
//	.85                                                                        195 · 603
//
// Then, for a task held to .95, of pieces that koira doubted, which are all that is sure to be seen at L5; and of what comes before people at L4 where 1 in
// 10 is doubted at a stated .80 and of the others 1 in 5 is seen:
//
//	doubted, stated .80       true .80   459 · 1,509   0.16 a year     true .50   15 · 34
//	doubted, stated .60       true .60   382 · 1,251   0.19 a year     true .30   17 · 39
//	L4, true .95              the doubted .80          706 · 2,325     0.10 a year
//	L4, fallen to true .80    the doubted .65          26 · 69
//
// What it does not: the confidence that koira states is fitted anew to what people say, so of what is doubted it sees a fall only until the fit has followed.
// At L5, where hardly anything else is seen, a fall of the others shows in results, in what somebody stops and in what is taken down.
func SlideOf(shown []engine.Showing, held float64) Slide {
	x := newSums(held)
	for _, v := range shown {
		if s := x.of(v); s != nil {
			if s.take(v); s.Fell {
				return *s
			}
		}
	}
	if x.alone.Sum > x.asked.Sum {
		return x.alone
	}
	return x.asked
}

// sums are the two that a task's pieces add to.
type sums struct{ asked, alone Slide }

func newSums(held float64) *sums { return &sums{Slide{Held: held}, Slide{Held: held, Alone: true}} }

// of is the sum that a piece adds to, nil for none.
func (x *sums) of(v engine.Showing) *Slide {
	switch v.Came {
	case engine.CameBarred:
		return nil
	case engine.CameAlone:
		return &x.alone
	}
	return &x.asked
}

// take adds a piece to the run, which begins anew where nothing is left of it.
func (s *Slide) take(v engine.Showing) {
	rate := s.Held
	if v.Came == engine.CameDoubted {
		rate = min(s.Held, v.Sure)
		s.Doubted++
		s.Sure += rate
	}
	bad, good := steps(rate, s.Held)
	x := score(v.Review)
	s.Sum += x*good + (1-x)*bad
	s.Of++
	if x < 1 {
		s.Bad = append(s.Bad, v.Output)
	}
	if s.Sum <= 0 {
		*s = Slide{Held: s.Held, Alone: s.Alone}
	}
	s.Fell = s.Sum >= slideLimit
}

// score is how much of a piece passed as it was drafted; all of it where nobody said a word.
func score(v engine.Review) float64 {
	if refused(v) {
		return 0
	}
	return 1 - v.Changed
}

// steps are what a piece that does not pass adds to the sum, and what one that passes takes off, for a piece held to rate of a task held to held: the
// logarithms of q₁/q₀ and of p₁/p₀. The odds of p₁ are as much lower than those of rate as twenty in a hundred below held is than held.
func steps(rate, held float64) (bad, good float64) {
	low := held - slideStep
	odds := low / (1 - low) / (held / (1 - held))
	bad = -math.Log(1 - rate + rate*odds)
	return bad, bad + math.Log(odds)
}

// Luck is the most likely that a run came so far by luck alone, were the task as good as it is held to be.
func (s Slide) Luck() float64 { return min(1, math.Exp(-s.Sum)) }

// Words says what was seen: "3 of the last 4 did not pass as I wrote them; it is held to 95 in 100".
func (s Slide) Words() string {
	held := fmt.Sprintf("it is held to %.0f in 100", 100*s.Held)
	switch sure := 100 * s.Sure / float64(max(s.Doubted, 1)); {
	case s.Alone:
		return fmt.Sprintf("%d of the last %d that were to go out by themselves were stopped or changed; %s", len(s.Bad), s.Of, held)
	case s.Doubted == s.Of && s.Of > 0:
		return fmt.Sprintf("%d of the last %d that I doubted did not pass as I wrote them; they are held to about %.0f in 100, by what I had guessed", len(s.Bad), s.Of, sure)
	case s.Doubted > 0:
		return fmt.Sprintf("%d of the last %d did not pass as I wrote them; %s, and the %d of them that I doubted to about %.0f, by what I had guessed",
			len(s.Bad), s.Of, held, s.Doubted, sure)
	}
	return fmt.Sprintf("%d of the last %d did not pass as I wrote them; %s", len(s.Bad), s.Of, held)
}
