package trust

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"koira/engine"
)

// town is a task, truly as good as it is held to be, and who looks at what it makes.
type town struct {
	sample  float64 // share of its pieces that people see whatever koira thinks of them
	doubted float64 // share that koira doubts
	sure    float64 // its confidence in those
	doubts  float64 // share of those that truly passes
	rest    float64 // share of the others that truly passes
	looks   float64 // share of what is to go out by itself that somebody looks at, and stops or changes where it is not fine
	says    float64 // share of what they look at and find fine that they say so of
	bars    float64 // share that a rule holds, nearly all of which people turn down
	quick   bool    // what is fine is approved in a second, from a card that does not show all of it
}

// piece draws one, as it came before people or went out in silence.
func (w town) piece(dice *rand.Rand) engine.Showing {
	hit := func(p float64) bool { return dice.Float64() < p }
	said := func(fine bool) engine.Review {
		switch {
		case fine && w.quick:
			return engine.Review{Verdict: engine.ReviewApproved, Looked: time.Second}
		case fine:
			return engine.Review{Verdict: engine.ReviewApproved, Whole: true, Looked: time.Minute}
		case hit(.5):
			return engine.Review{Verdict: engine.ReviewApproved, Whole: true, Looked: time.Minute, Changed: 1}
		}
		return engine.Review{Verdict: engine.ReviewRejected}
	}
	if hit(w.bars) {
		return engine.Showing{Review: said(hit(.1)), Came: engine.CameBarred}
	}
	doubted := hit(w.doubted)
	fine := hit(w.rest)
	if doubted {
		fine = hit(w.doubts)
	}
	switch {
	case hit(w.sample):
		return engine.Showing{Review: said(fine), Came: engine.CameAsked}
	case doubted:
		return engine.Showing{Review: said(fine), Came: engine.CameDoubted, Sure: w.sure}
	case hit(w.looks) && (!fine || hit(w.says)):
		return engine.Showing{Review: said(fine), Came: engine.CameAlone}
	}
	return engine.Showing{Came: engine.CameAlone}
}

// rate is the share of all that the task makes which truly passes.
func (w town) rate() float64 { return w.doubted*w.doubts + (1-w.doubted)*w.rest }

// tally is how many runs of a sum began, of which one does with each piece before which it is 0, and how many came to the limit.
type tally struct{ runs, fell float64 }

// alarms plays n pieces, and counts the runs of each of the two sums.
func alarms(n int, held float64, next func(*rand.Rand) (v engine.Showing, seen bool)) map[string]*tally {
	dice, x := rand.New(rand.NewPCG(1, 4)), newSums(held)
	of := map[string]*tally{"asked": {}, "alone": {}}
	for range n {
		v, seen := next(dice)
		s := x.of(v)
		if !seen || s == nil {
			continue
		}
		k := of["asked"]
		if s.Alone {
			k = of["alone"]
		}
		if s.Of == 0 {
			k.runs++
		}
		if s.take(v); s.Fell {
			k.fell++
			*s = Slide{Held: held, Alone: s.Alone}
		}
	}
	return of
}

// TestSlideKeepsItsWord: a task that is as good as it is held to be falls by luck in no more than 1 run of pieces in 100, whichever of them people see: a
// random check and what koira doubts (L4), what it doubts alone (L5), and what somebody stops unbidden beside it. Were all that people judge taken for one
// sample of the task, it would fall as many times as often as is promised, at the least, as the last column says.
func TestSlideKeepsItsWord(t *testing.T) {
	const held, pieces = .95, 400_000
	for name, c := range map[string]struct {
		town town
		old  float64
	}{
		"L4, checks and doubts":            {town{sample: .2, doubted: .1, sure: .80, doubts: .80, rest: .15/.9 + .8}, 1.2},
		"L4, half of the rest is watched":  {town{sample: .2, doubted: .1, sure: .80, doubts: .80, rest: .15/.9 + .8, looks: .5}, 3},
		"L4, all of the rest is watched":   {town{sample: .2, rest: .95, looks: 1}, 5},
		"L4, and some is found good":       {town{sample: .2, rest: .95, looks: 1, says: .2}, 2},
		"L4, rules hold some":              {town{sample: .2, rest: .95, bars: .05}, 5},
		"L5, true .98, doubts alone":       {town{doubted: .1, sure: .80, doubts: .80, rest: 1}, 5},
		"L5, true .95, doubts alone":       {town{doubted: .1, sure: .80, doubts: .80, rest: .15/.9 + .8}, 5},
		"L5, strong doubts":                {town{doubted: .1, sure: .40, doubts: .40, rest: 1}, 15},
		"L5, doubted more than they merit": {town{doubted: .1, sure: .60, doubts: .80, rest: 1}, 5},
		"L5, people come by":               {town{doubted: .1, sure: .80, doubts: .80, rest: .95, looks: .1}, 5},
		"each waits":                       {town{sample: 1, doubted: .1, sure: .80, doubts: .80, rest: .15/.9 + .8}, 0},
		"each waits, a quick reader":       {town{sample: 1, rest: .95, quick: true}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			for sum, k := range alarms(pieces, held, func(dice *rand.Rand) (engine.Showing, bool) { return c.town.piece(dice), true }) {
				t.Logf("true %.3f, %s: %.0f of %.0f runs came to the limit, 1 in %.0f", c.town.rate(), sum, k.fell, k.runs, k.runs/k.fell)
				if k.fell > k.runs/100+4*math.Sqrt(k.runs/100) {
					t.Errorf("%.0f of %.0f runs came to the limit by luck, promised 1 in 100", k.fell, k.runs)
				}
			}
			k := alarms(pieces, held, func(dice *rand.Rand) (engine.Showing, bool) {
				v := c.town.piece(dice)
				v.Came = engine.CameAsked
				return v, v.Verdict != ""
			})["asked"]
			t.Logf("as one sample: 1 in %.0f", k.runs/k.fell)
			if k.fell < c.old*k.runs/100 {
				t.Errorf("as one sample %.0f of %.0f runs would, which does not show why they are told apart", k.fell, k.runs)
			}
		})
	}
}

// TestARealSlideIsCaught: what a task that passed at .98 takes to fall once only 80 in 100 of its pieces pass, in pieces that it makes, half of the cases.
func TestARealSlideIsCaught(t *testing.T) {
	for name, c := range map[string]struct {
		town town
		most int
	}{
		"L4, nobody looks at the rest": {town{sample: .2, doubted: .1, sure: .80, doubts: .65, rest: .15/.9 + .65}, 100},
		"L4, all of it is watched":     {town{sample: .2, doubted: .1, sure: .80, doubts: .65, rest: .15/.9 + .65, looks: 1}, 40},
		"L5, what it doubts fell most": {town{doubted: .1, sure: .80, doubts: .40, rest: .84}, 120},
		"L5, all of it is watched":     {town{doubted: .1, sure: .80, doubts: .65, rest: .15/.9 + .65, looks: 1}, 40},
	} {
		t.Run(name, func(t *testing.T) {
			dice, took := rand.New(rand.NewPCG(5, 8)), make([]int, 1000)
			for i := range took {
				for x, fell := newSums(.95), false; !fell && took[i] < 10_000; took[i]++ {
					v := c.town.piece(dice)
					if s := x.of(v); s != nil {
						s.take(v)
						fell = s.Fell
					}
				}
			}
			slices.Sort(took)
			t.Logf("after %d pieces, and in nine of ten cases after %d", took[500], took[900])
			if took[500] > c.most {
				t.Errorf("it falls after %d pieces, want %d at the most", took[500], c.most)
			}
		})
	}
}
