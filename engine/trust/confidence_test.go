package trust

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"koira/engine"
)

func judged(task string, s engine.Signs, unchanged bool) engine.Judged {
	return engine.Judged{Estimate: engine.Estimate{Task: task, Signs: s}, Unchanged: unchanged}
}

func TestPriorIsAsStated(t *testing.T) {
	m := Prior()
	if got := m.Confidence("any", engine.Signs{}); math.Abs(got-.881) > .001 {
		t.Errorf("without a sign of doubt: %.3f, stated 0.88", got)
	}
	for name, s := range map[string]engine.Signs{
		"margin": {Margin: 1}, "warnings": {Warnings: 1}, "untried": {Untried: 1}, "voice": {Voice: 1}, "refused": {Refused: 1}, "doubt": {Doubt: 1},
	} {
		if got := m.Confidence("any", s); got < .685 || got > .835 {
			t.Errorf("%s alone: %.3f, stated between 0.70 and 0.83", name, got)
		}
	}
	if got := Fit(nil); got.Seen != 0 || got.Base != m.Base || got.Weights != m.Weights {
		t.Errorf("Fit of nothing is %+v, not the prior", got)
	}
}

// TestFitOfOneTaskWithoutSigns holds the fit against the condition that the most probable model satisfies by hand: with only a base b and an
// offset o of one task, the slope is zero where n·(share − p) = (b − 2)/1.5² = o/0.7², p = logistic(b + o).
func TestFitOfOneTaskWithoutSigns(t *testing.T) {
	var js []engine.Judged
	for i := range 40 {
		js = append(js, judged("a", engine.Signs{}, i%4 != 0)) // 30 of 40
	}
	m := Fit(js)
	p := m.Confidence("a", engine.Signs{})
	pull := 40 * (.75 - p)
	if a, b := (m.Base-2)/(1.5*1.5), m.Tasks["a"]/(.7*.7); math.Abs(pull-a) > 1e-6 || math.Abs(pull-b) > 1e-6 {
		t.Errorf("slope of the data %.6f, of the base's prior %.6f, of the task's %.6f: all three must agree", pull, a, b)
	}
	if p < .75 || p > .79 {
		t.Errorf("after 30 of 40 the estimate is %.3f; the data pull it down from 0.88 to just above 0.75", p)
	}
}

// TestFitLearnsWhatMatters: from what was judged in a world with known weights, estimates come near the true probabilities, on pieces that the
// fit has not seen, and beat one number for all.
func TestFitLearnsWhatMatters(t *testing.T) {
	dice := rand.New(rand.NewPCG(7, 7))
	world := Model{Base: 3, Weights: [signs]float64{0, -3, 0, -2, -1, 0}, Tasks: map[string]float64{"a": .5, "b": -.8}}
	draw := func(n int) []engine.Judged {
		var js []engine.Judged
		for i := range n {
			task := []string{"a", "b"}[i%2]
			s := engine.Signs{Margin: dice.Float64(), Warnings: float64(dice.IntN(4)) / 3, Untried: dice.Float64(), Voice: dice.Float64(), Refused: dice.Float64() / 2, Doubt: float64(dice.IntN(2))}
			js = append(js, judged(task, s, dice.Float64() < world.Confidence(task, s)))
		}
		return js
	}
	m := Fit(draw(1_500))
	fresh, off := draw(2_000), 0.0
	for i := range fresh {
		fresh[i].Confidence = m.Confidence(fresh[i].Task, fresh[i].Signs)
		off = max(off, math.Abs(fresh[i].Confidence-world.Confidence(fresh[i].Task, fresh[i].Signs)))
	}
	c := Calibrate(fresh)
	if c.Gap > .04 || c.Brier > .95*c.Plain || off > .2 {
		t.Errorf("gap %.3f, Brier %.3f against %.3f for one number, furthest off %.2f", c.Gap, c.Brier, c.Plain, off)
	}
	a, b := Fit(fresh), Fit(reversed(fresh))
	if math.Abs(a.Base-b.Base) > 1e-6 || math.Abs(a.Tasks["b"]-b.Tasks["b"]) > 1e-6 {
		t.Error("the order of the pieces changes the model")
	}
}

func reversed(js []engine.Judged) []engine.Judged {
	out := make([]engine.Judged, len(js))
	for i, j := range js {
		out[len(js)-1-i] = j
	}
	return out
}

// TestLine works the lines out by hand: n = 39, at most 10 in 100 bad: floor(0.1·40) − 1 = 3 of those that did not pass may stand above it.
func TestLine(t *testing.T) {
	at := func(refused ...float64) []engine.Judged {
		var js []engine.Judged
		for _, p := range refused {
			js = append(js, engine.Judged{Estimate: engine.Estimate{Confidence: p}})
		}
		for len(js) < 39 {
			js = append(js, engine.Judged{Estimate: engine.Estimate{Confidence: .9}, Unchanged: true})
		}
		return js
	}
	for name, c := range map[string]struct {
		judged []engine.Judged
		bad    float64
		want   float64
	}{
		"nothing judged":                       {nil, 10, LineUntil},
		"one short of enough":                  {at()[:LineFrom-1], 10, LineUntil},
		"too few for one in a hundred":         {at(), 1, LineUntil},
		"as many as may be stand above":        {at(.95, .94, .93), 10, LineUntil},
		"the fourth is kept below the line":    {at(.95, .94, .93, .8), 10, .8},
		"so are the fifth and sixth":           {at(.95, .94, .93, .8, .7, .6), 10, .8},
		"what is refused lies below it anyway": {at(.95, .94, .93, .3), 10, LineUntil},
	} {
		if got := Line(c.judged, c.bad); math.Abs(got-c.want) > 1e-9 || got < c.want {
			t.Errorf("%s: %.4f, want just above %.2f", name, got, c.want)
		}
	}
}

// TestLineKeepsItsWord draws pieces whose estimates say nothing at all, which is the worst case, and counts what would have gone out and was
// bad: on average no more than was promised.
func TestLineKeepsItsWord(t *testing.T) {
	const bad, rounds = 15.0, 4_000
	for _, share := range []float64{.60, .75, .9} {
		t.Run(fmt.Sprint(share), func(t *testing.T) {
			dice, sum := rand.New(rand.NewPCG(3, 9)), 0.0
			one := func() engine.Judged {
				return engine.Judged{Estimate: engine.Estimate{Confidence: .5 + dice.Float64()/2}, Unchanged: dice.Float64() < share}
			}
			for range rounds {
				var js []engine.Judged
				for range 40 {
					js = append(js, one())
				}
				if next := one(); next.Confidence >= Line(js, bad) && !next.Unchanged {
					sum++
				}
			}
			got := 100 * sum / rounds
			t.Logf("true share %.2f: %.1f in 100 went out and were bad, promised %.0f", share, got, bad)
			if got > bad+3*100*math.Sqrt(.15*.85/rounds) {
				t.Errorf("%.1f in 100, promised at most %.0f", got, bad)
			}
		})
	}
}

// TestCalibrate is worked out by hand: two at .9 of which one passes, two at .6 of which both pass.
func TestCalibrate(t *testing.T) {
	js := []engine.Judged{
		{Estimate: engine.Estimate{Confidence: .9}, Unchanged: true}, {Estimate: engine.Estimate{Confidence: .9}},
		{Estimate: engine.Estimate{Confidence: .6}, Unchanged: true}, {Estimate: engine.Estimate{Confidence: .6}, Unchanged: true},
	}
	c := Calibrate(js)
	for name, x := range map[string][2]float64{
		"share": {c.Share, .75}, "Brier": {c.Brier, (.01 + .81 + .16 + .16) / 4}, "plain": {c.Plain, .1875}, "gap": {c.Gap, (.4 + .4) / 2},
	} {
		if math.Abs(x[0]-x[1]) > 1e-12 {
			t.Errorf("%s is %.4f, want %.4f", name, x[0], x[1])
		}
	}
	if len(c.Bins) != 2 || c.Bins[0].From != .5 || c.Bins[1].From != .9 || c.Bins[1].N != 2 {
		t.Errorf("bins %+v", c.Bins)
	}
}
