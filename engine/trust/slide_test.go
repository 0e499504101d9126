package trust

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"koira/engine"
)

// operates computes the run length of the test at a true rate by the chain of Brook and Evans (1972, Biometrika 59): the sum on a grid, one step a
// review. It returns the mean, the median and the 90 % point.
func operates(held, rate float64) (mean, median, most float64) {
	const grid, settled = 2000, 400
	bad, good := steps(held)
	at := func(s float64) int { return max(0, int(math.Round(s/slideLimit*grid))) }
	alive, next := make([]float64, grid), make([]float64, grid)
	alive[0] = 1
	left, last := 1.0, 1.0
	for n := 1.0; n <= settled; n++ {
		clear(next)
		for i, p := range alive {
			s := float64(i) / grid * slideLimit
			next[at(s+good)] += p * rate
			if up := at(s + bad); up < grid {
				next[up] += p * (1 - rate)
			}
		}
		alive, next = next, alive
		mean += left
		last, left = left, 0
		for _, p := range alive {
			left += p
		}
		if median == 0 && left <= .5 {
			median = n
		}
		if most == 0 && left <= .1 {
			most = n
		}
	}
	if left < 1e-9 {
		return mean, median, most
	}
	hazard := 1 - left/last // by now each step takes the same share: the rest is geometric
	step := math.Log1p(-hazard)
	if median == 0 {
		median = settled + math.Ceil((math.Log(.5)-math.Log(left))/step)
	}
	if most == 0 {
		most = settled + math.Ceil((math.Log(.1)-math.Log(left))/step)
	}
	return mean + left/hazard, median, most
}

// The table in SlideOf's comment, to 2 %, and what Lorden's bound promises: never a false alarm sooner than once in 100 reviews on average.
func TestSlideOperates(t *testing.T) {
	for _, c := range []struct{ held, rate, median, most, aYear float64 }{
		{.95, .99, 338343, 1123936, .0002}, {.95, .95, 986, 3251, .073}, {.95, .90, 105, 320, .71}, {.95, .80, 23, 56, 0},
		{.90, .90, 985, 3238, .074}, {.90, .80, 58, 157, 0}, {.85, .80, 195, 603, 0}, {.85, .60, 21, 42, 0},
	} {
		mean, median, most := operates(c.held, c.rate)
		for _, x := range []struct {
			name      string
			got, want float64
		}{{"median", median, c.median}, {"90 %", most, c.most}} {
			if math.Abs(x.got-x.want) > max(1, .02*x.want) {
				t.Errorf("held to %g at a true %g: %s %.0f reviews, want %.0f", c.held, c.rate, x.name, x.got, x.want)
			}
		}
		if aYear := 104 / mean; c.aYear > 0 && math.Abs(aYear-c.aYear) > .02*c.aYear+.00005 {
			t.Errorf("held to %g at a true %g: lowered %.4f times a year at 2 reviews a week, want %.4f", c.held, c.rate, aYear, c.aYear)
		}
		if c.rate >= c.held && mean < 100 {
			t.Errorf("held to %g at a true %g: a false alarm once in %.0f reviews", c.held, c.rate, mean)
		}
	}
}

// The steps by hand: held to 95 in 100 the test looks for 75, so a no adds ln(.25/.05) = ln 5 = 1.6094 and a yes takes off ln(.95/.75) = 0.2364;
// three noes make 4.828, beyond ln 100 = 4.605, and two with a yes between make 2.982.
func TestSlideByHand(t *testing.T) {
	yes := engine.Review{Output: "y", Verdict: engine.ReviewApproved, Whole: true, Looked: time.Minute}
	no := engine.Review{Output: "n", Verdict: engine.ReviewRejected}
	half := engine.Review{Output: "e", Verdict: engine.ReviewApproved, Whole: true, Looked: time.Minute, Changed: .5}
	quick := engine.Review{Output: "q", Verdict: engine.ReviewApproved, Whole: true, Looked: time.Second}
	for name, c := range map[string]struct {
		in   []engine.Review
		sum  float64
		bad  int
		fell bool
	}{
		"nothing":                        {nil, 0, 0, false},
		"good ones never pile up":        {[]engine.Review{yes, yes, yes}, 0, 0, false},
		"one no":                         {[]engine.Review{no}, 1.6094, 1, false},
		"two of three":                   {[]engine.Review{no, yes, no}, 2.9824, 2, false},
		"three in a row":                 {[]engine.Review{yes, yes, no, no, no}, 4.8283, 3, true},
		"half rewritten":                 {[]engine.Review{half}, (1.6094 - .2364) / 2, 1, false},
		"a quick yes takes off half":     {[]engine.Review{no, quick}, 1.6094 - .1182, 1, false},
		"a run begins anew at nothing":   {[]engine.Review{no, yes, yes, yes, yes, yes, yes, yes, no}, 1.6094, 1, false},
		"what comes after is not needed": {[]engine.Review{no, no, no, yes, yes}, 4.8283, 3, true},
	} {
		for i := range c.in { // a day apart: many at once would count half
			c.in[i].At = time.Unix(0, 0).AddDate(0, 0, i)
		}
		s := SlideOf(c.in, .95)
		if math.Abs(s.Sum-c.sum) > .0002 || len(s.Bad) != c.bad || s.Fell != c.fell {
			t.Errorf("%s: sum %.4f of %v, fell %t; want %.4f of %d, %t", name, s.Sum, s.Bad, s.Fell, c.sum, c.bad, c.fell)
		}
	}
	if l := SlideOf([]engine.Review{no, no, no}, .95).Luck(); math.Abs(l-1.0/125) > 1e-9 { // e^(−3 ln 5)
		t.Errorf("luck %.5f, want 1 in 125", l)
	}
}

func TestHeldTo(t *testing.T) {
	for name, c := range map[string]struct {
		good, n, bar, want float64
	}{
		"a flawless record":  {30, 30, .85, .95},
		"one edit":           {27, 30, .85, .90},
		"below its bar":      {16, 20, .85, .85},
		"too few to tell":    {9, 9, .85, .85},
		"nothing before":     {0, 0, .80, .80},
		"a bar of 99 in 100": {0, 0, .99, .95},
	} {
		if got := HeldTo(Record{Reviewed: int(c.n), Weight: c.n, Good: c.good}, c.bar); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%s: held to %g, want %g", name, got, c.want)
		}
	}
}

// One review is no evidence, whatever it says: with scores and weights drawn at will, no single one lowers, and what passes unchanged never adds.
func TestNoSingleReviewLowers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		held := rapid.Float64Range(.75, heldMost).Draw(t, "held")
		v := engine.Review{
			Verdict: rapid.SampledFrom([]string{engine.ReviewApproved, engine.ReviewRejected, engine.ReviewStopped, engine.ReviewPosted}).Draw(t, "verdict"),
			Changed: rapid.Float64Range(0, 1).Draw(t, "changed"), Whole: rapid.Bool().Draw(t, "whole"),
		}
		s := SlideOf([]engine.Review{v}, held)
		if s.Fell || s.Sum < 0 || v.Verdict == engine.ReviewApproved && v.Changed == 0 && s.Sum > 0 {
			t.Fatalf("%+v alone comes to %g", v, s.Sum)
		}
	})
}
