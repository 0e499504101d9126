package learn

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"koira/engine"
)

const day = 24 * time.Hour

func piece(theme string, age time.Duration, hits float64) Seen {
	return Seen{Arms: engine.Arms{Theme: theme, Slot: "tue-09"}, Age: age, Hits: hits}
}

func belief(t *testing.T, bs []engine.Belief, dim engine.Dimension, arm string) engine.Belief {
	t.Helper()
	for _, b := range bs {
		if b.Dim == dim && b.Arm == arm {
			return b
		}
	}
	t.Fatalf("no belief on %s %q", dim, arm)
	return engine.Belief{}
}

func TestYoungOutputsCountForWhatHasArrived(t *testing.T) {
	// A day old, 63.2 % of the responses have arrived: 6.32 seen means 10 in the end.
	b := belief(t, Beliefs("t", []Seen{piece("rye", day, 6.32)}, time.Time{}), engine.DimTheme, "rye")
	if got := b.Hits / b.Trials; math.Abs(got-10) > .01 {
		t.Errorf("rate %.3f, want 10", got)
	}
	if Matured(0) != 0 || Matured(-day) != 0 {
		t.Error("something arrived before publishing")
	}
}

func TestOldEvidenceFades(t *testing.T) {
	bs := Beliefs("t", []Seen{piece("rye", 10*day, 10), piece("oat", 70*day, 10)}, time.Time{})
	young, old := belief(t, bs, engine.DimTheme, "rye"), belief(t, bs, engine.DimTheme, "oat")
	if got := old.Hits / young.Hits; math.Abs(got-.5) > 1e-9 {
		t.Errorf("sixty days later it counts %.3f, want half", got)
	}
}

func TestEstimatesShrinkToTheTask(t *testing.T) {
	var seen []Seen
	for range 20 {
		seen = append(seen, piece("rye", 30*day, 10))
	}
	bs := Beliefs("t", append(seen, piece("oat", 30*day, 40)), time.Time{})
	est := Estimates(engine.DimTheme, []string{"rye", "oat", "new"}, bs)
	if e := est[1]; e.Mean < 12 || e.Mean > 25 {
		t.Errorf("one lucky piece of 40 among tens is believed at %.1f", e.Mean)
	}
	if e := est[2]; math.Abs(e.Mean-taskMean(bs)) > 1e-9 || e.Words() != "not tried yet" {
		t.Errorf("an untried arm is %v, want the task's mean %.2f", e, taskMean(bs))
	}
	for _, e := range est {
		if !(e.Low < e.Mean && e.Mean < e.Top) {
			t.Errorf("range of %s: %.1f in %.1f–%.1f", e.Arm, e.Mean, e.Low, e.Top)
		}
	}
}

func TestChooseFindsTheBetterArm(t *testing.T) {
	truth := map[string]float64{"rye": 6, "oat": 12, "spelt": 7}
	arms := []string{"rye", "oat", "spelt"}
	dice := rand.New(rand.NewPCG(1, 2))
	var seen []Seen
	count := map[string]int{}
	for i := range 120 {
		arm, _ := Choose(engine.DimTheme, arms, Beliefs("t", seen, time.Time{}), dice)
		seen = append(seen, piece(arm, 5*day, math.Round(truth[arm]+2*dice.NormFloat64())))
		if i >= 60 {
			count[arm]++
		}
	}
	if count["oat"] < 36 {
		t.Errorf("the best of three arms was chosen %d times in the last 60", count["oat"])
	}
	if count["rye"]+count["spelt"] == 0 {
		t.Error("nothing was explored")
	}
}

func TestMoved(t *testing.T) {
	many := func(theme string, n int, hits float64) (s []Seen) {
		for range n {
			s = append(s, piece(theme, 10*day, hits))
		}
		return s
	}
	for name, c := range map[string]struct {
		seen []Seen
		pick string
		want string
	}{
		"a clear winner":       {append(many("rye", 10, 6), many("oat", 10, 14)...), "rye", "oat"},
		"already favoured":     {append(many("rye", 10, 6), many("oat", 10, 14)...), "oat", ""},
		"too close to call":    {append(many("rye", 10, 10), many("oat", 10, 10.4)...), "rye", ""},
		"tried only once":      {append(many("rye", 10, 6), many("oat", 1, 30)...), "rye", ""},
		"nothing to compare":   {many("rye", 10, 6), "rye", ""},
		"no favourite so far":  {append(many("rye", 10, 6), many("oat", 10, 14)...), "", "oat"},
		"the pick was dropped": {append(many("rye", 10, 6), many("oat", 10, 14)...), "gone", ""},
	} {
		s, ok := Moved(engine.DimTheme, c.pick, Beliefs("t", c.seen, time.Time{}))
		if got := map[bool]string{true: s.To.Arm}[ok]; got != c.want {
			t.Errorf("%s: moved to %q, want %q (chance %.2f)", name, got, c.want, s.Chance)
		}
		if ok && (s.Chance < Sure || s.Chance > 1) {
			t.Errorf("%s: chance %.3f", name, s.Chance)
		}
	}
}

func TestSlotsLearnDayAndHourApart(t *testing.T) {
	var seen []Seen
	for range 15 {
		seen = append(seen, Seen{Arms: engine.Arms{Slot: "tue-09"}, Age: 20 * day, Hits: 15}, Seen{Arms: engine.Arms{Slot: "fri-16"}, Age: 20 * day, Hits: 3})
	}
	bs, dice := Beliefs("t", seen, time.Time{}), rand.New(rand.NewPCG(3, 4))
	slots, wins := []string{"fri-16", "tue-16", "fri-09", "tue-09"}, make([]int, 4)
	for range 300 {
		score, best := Slots(slots, bs, dice), 0
		for i := range score {
			if score[i] > score[best] {
				best = i
			}
		}
		wins[best]++
	}
	if wins[3] < 200 || wins[0] > 40 {
		t.Errorf("wins by slot %v: %v; want tue-09 in most", slots, wins)
	}
}
