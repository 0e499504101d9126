package trust

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

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
		"margin": {Margin: 1}, "warnings": {Warnings: 1}, "untried": {Untried: 1}, "voice": {Voice: 1}, "refused": {Refused: 1}, "doubt": {Doubt: 1}, "opinion": {Opinion: 1},
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

// TestOpinionOnlyLowers: whatever a model said of this piece and of all before it, a piece's confidence is never above what it would be without any
// opinion, and falls with the doubt.
func TestOpinionOnlyLowers(t *testing.T) {
	share := rapid.Float64Range(0, 1)
	signs := rapid.Custom(func(r *rapid.T) engine.Signs {
		return engine.Signs{
			Margin: share.Draw(r, "margin"), Warnings: share.Draw(r, "warnings"), Untried: share.Draw(r, "untried"), Voice: share.Draw(r, "voice"),
			Refused: share.Draw(r, "refused"), Doubt: share.Draw(r, "doubt"), Opinion: rapid.Float64Range(-2, 2).Draw(r, "opinion"),
		}
	})
	rapid.Check(t, func(r *rapid.T) {
		with := rapid.SliceOfN(rapid.Custom(func(r *rapid.T) engine.Judged {
			return judged("a", signs.Draw(r, "signs"), rapid.Bool().Draw(r, "unchanged"))
		}), 0, 30).Draw(r, "judged")
		without := make([]engine.Judged, len(with))
		for i, j := range with {
			j.Signs.Opinion = 0
			without[i] = j
		}
		s := signs.Draw(r, "of the piece")
		silent, more := s, s
		silent.Opinion, more.Opinion = 0, s.Opinion+share.Draw(r, "more")
		said := Fit(with)
		if got, most := said.Confidence("a", s), Fit(without).Confidence("a", silent); got > most {
			r.Fatalf("%.6f with opinions, %.6f without", got, most)
		}
		if a, b := said.Confidence("a", s), said.Confidence("a", more); b > a || b < said.Confidence("a", engine.Signs{
			Margin: s.Margin, Warnings: s.Warnings, Untried: s.Untried, Voice: s.Voice, Refused: s.Refused, Doubt: s.Doubt, Opinion: 1,
		}) {
			r.Fatalf("more doubt: %.6f after %.6f", b, a)
		}
	})
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

// TestLineNeeds: the promise (n·R + 1)/(n + 1) ≤ bad/100 can be kept with R = 0 from n = 100/bad − 1 on, by hand.
func TestLineNeeds(t *testing.T) {
	for bad, want := range map[float64]int{20: LineFrom, 10: LineFrom, 4: 24, 3: 33, 1: 99} {
		if got := LineNeeds(bad); got != want {
			t.Errorf("%g in 100: %d, want %d", bad, got, want)
		}
	}
	if LineNeeds(0) < 1_000_000 {
		t.Error("none at all in 100 was promised from some pieces on")
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

// TestLineKeepsItsWordWhereFewAreSeen draws the same where people see a random check and what lies below the line in force (L4), and sets the line anew as
// they judge. From what they see whatever koira thinks of it the promise holds. From all that they judged it does not: what was asked about for its low
// confidence fills the count, and of what is above the line one in five is seen.
func TestLineKeepsItsWordWhereFewAreSeen(t *testing.T) {
	const bad, share, rounds, long, every = 15.0, .75, 100, 1_200, 40
	out := func(from func([]engine.Judged) []engine.Judged) float64 {
		dice, sum, of := rand.New(rand.NewPCG(3, 9)), 0.0, 0.0
		for range rounds {
			line := .6 // as an approval of each piece had it
			var js []engine.Judged
			for n := range long {
				j := engine.Judged{Estimate: engine.Estimate{Task: "t", Confidence: .4 + .6*dice.Float64(), Line: line, Alone: dice.Float64() >= .2}, Unchanged: dice.Float64() < share}
				if !j.Unsought() {
					js = append(js, j)
				} else if n >= long/2 && !j.Unchanged {
					sum++
				}
				if n >= long/2 {
					of++
				}
				if n%every == every-1 {
					if own := from(js); len(own) >= LineNeeds(bad) {
						line = Line(own, bad)
					}
				}
			}
		}
		return 100 * sum / of
	}
	anyway := out(func(js []engine.Judged) []engine.Judged { return Anyway(js, "t") })
	all := out(func(js []engine.Judged) []engine.Judged { return js })
	t.Logf("%.1f in 100 went out and were bad, promised %.0f; from all that people judged %.1f", anyway, bad, all)
	if anyway > bad {
		t.Errorf("%.1f in 100, promised at most %.0f", anyway, bad)
	}
	if all < bad+1 {
		t.Errorf("from all that people judged %.1f in 100, which does not show why it is not taken", all)
	}
}

// TestRefused by hand: the last ten that people saw whatever koira thought of them, by when they were judged, and two pieces' worth of one in ten.
func TestRefused(t *testing.T) {
	of := func(hour int, unchanged, alone bool) engine.Judged {
		return engine.Judged{Estimate: engine.Estimate{Task: "t", Confidence: .3, Line: .4, Alone: alone}, Unchanged: unchanged, Reviewed: time.Unix(0, 0).Add(time.Duration(hour) * time.Hour)}
	}
	var twelve []engine.Judged
	for n := range 12 {
		twelve = append(twelve, of(12-n, n < 9, false)) // the three noes came first
	}
	for name, c := range map[string]struct {
		in   []engine.Judged
		want float64
	}{
		"a no of two":                  {[]engine.Judged{of(1, true, false), of(2, false, false)}, 1.2 / 4},
		"what is doubted tells not":    {[]engine.Judged{of(1, true, false), of(2, false, false), of(3, false, true), of(4, false, true)}, 1.2 / 4},
		"the last ten, as said":        {twelve, 1.2 / 12},
		"only what is doubted: no say": {[]engine.Judged{of(1, false, true)}, 0},
	} {
		if got := Refused(c.in)["t"]; math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%s: %.3f, want %.3f", name, got, c.want)
		}
	}
}

// TestFitLeavesOutWhatNobodyAskedAbout: a piece that somebody stopped unbidden moves nothing, since of those that nobody stopped none is known; one that was
// asked about does, doubted or not.
func TestFitLeavesOutWhatNobodyAskedAbout(t *testing.T) {
	stopped := engine.Judged{Estimate: engine.Estimate{Task: "a", Confidence: .9, Line: .4, Alone: true}}
	m := Fit(slices.Repeat([]engine.Judged{stopped}, 20))
	if m.Seen != 0 || m.Confidence("a", engine.Signs{}) != Prior().Confidence("a", engine.Signs{}) {
		t.Errorf("20 stops were %d judged pieces", m.Seen)
	}
	doubted := stopped
	doubted.Confidence = .3
	if m := Fit(slices.Repeat([]engine.Judged{doubted}, 20)); m.Seen != 20 || m.Confidence("a", engine.Signs{}) > .5 {
		t.Errorf("20 noes to what it doubted were %d judged pieces", m.Seen)
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
