package learn

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

var close9 = cmpopts.EquateApprox(0, 1e-9)

func TestDecompose(t *testing.T) {
	for name, c := range map[string]struct {
		drivers []Driver
		want    []Part
	}{
		"nothing": {nil, []Part{}},
		"two more pieces, each as good": {
			[]Driver{{"posts", [2]float64{5, 7}, [2]float64{50, 70}}},
			[]Part{{Key: "posts", Volume: 20}},
		},
		"as many pieces, each better": {
			[]Driver{{"posts", [2]float64{5, 5}, [2]float64{50, 70}}},
			[]Part{{Key: "posts", Rate: 20}},
		},
		"one piece moved from a weak to a strong task": {
			[]Driver{{"weak", [2]float64{4, 3}, [2]float64{4, 3}}, {"strong", [2]float64{4, 5}, [2]float64{40, 50}}},
			[]Part{{Key: "weak", Mix: -1}, {Key: "strong", Mix: 10}},
		},
		"a task begins": {
			[]Driver{{"old", [2]float64{4, 4}, [2]float64{40, 40}}, {"new", [2]float64{0, 4}, [2]float64{0, 20}}},
			[]Part{{Key: "old", Volume: 30, Mix: -30}, {Key: "new", Volume: 5, Mix: 15}},
		},
		"the first week of all": {
			[]Driver{{"posts", [2]float64{0, 3}, [2]float64{0, 30}}},
			[]Part{{Key: "posts", Volume: 30}},
		},
		"a total without pieces": {
			[]Driver{{"stray", [2]float64{0, 0}, [2]float64{4, 9}}, {"posts", [2]float64{2, 2}, [2]float64{8, 8}}},
			[]Part{{Key: "stray", Rate: 5}, {Key: "posts"}},
		},
		"every task better, the total worse (Simpson)": {
			[]Driver{{"mail", [2]float64{9, 1}, [2]float64{900, 110}}, {"post", [2]float64{1, 9}, [2]float64{10, 99}}},
			[]Part{{Key: "mail", Mix: -840, Rate: 50}, {Key: "post", Mix: 84, Rate: 5}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, Decompose(c.drivers), close9); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// drawDrivers draws two weeks of up to 12 drivers, empty weeks and totals without units included.
func drawDrivers(t *rapid.T) []Driver {
	one := rapid.Custom(func(t *rapid.T) Driver {
		d := Driver{Key: rapid.StringMatching(`[a-z]{1,6}`).Draw(t, "key")}
		for w := range d.Units {
			d.Units[w] = float64(rapid.IntRange(0, 60).Draw(t, "units"))
			if d.Units[w] > 0 || rapid.IntRange(0, 9).Draw(t, "stray") == 0 {
				d.Total[w] = float64(rapid.IntRange(0, 50_000).Draw(t, "total"))
			}
		}
		return d
	})
	return rapid.SliceOfN(one, 0, 12).Draw(t, "drivers")
}

func TestDecomposeProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		drivers := drawDrivers(t)
		parts := Decompose(drivers)

		var sum, delta float64
		scale := 1.0 // floating point gives about 1e-15 of the largest number
		for i, p := range parts {
			d := drivers[i]
			sum += p.Volume + p.Mix + p.Rate
			delta += d.Total[1] - d.Total[0]
			scale = max(scale, d.Total[0], d.Total[1])
			if got, want := p.Sum(), d.Total[1]-d.Total[0]; math.Abs(got-want) > 1e-9*scale {
				t.Fatalf("%s: parts sum to %v, its change is %v", d.Key, got, want)
			}
			if d.Units[0] == d.Units[1] && math.Abs(p.Pieces()) > 1e-9*scale {
				t.Fatalf("%s: as many units, but %v put down to them", d.Key, p.Pieces())
			}
		}
		if math.Abs(sum-delta) > 1e-9*scale {
			t.Fatalf("parts sum to %v, the change is %v", sum, delta)
		}

		turned := make([]Driver, len(drivers))
		for i, d := range drivers {
			turned[i] = Driver{d.Key, [2]float64{d.Units[1], d.Units[0]}, [2]float64{d.Total[1], d.Total[0]}}
		}
		for i, p := range Decompose(turned) {
			want := Part{parts[i].Key, -parts[i].Volume, -parts[i].Mix, -parts[i].Rate}
			if diff := cmp.Diff(want, p, cmpopts.EquateApprox(1e-9, 1e-9)); diff != "" {
				t.Fatalf("the weeks turned round: %s", diff)
			}
		}

		slices.Reverse(drivers)
		again := Decompose(drivers)
		slices.Reverse(again)
		if diff := cmp.Diff(parts, again, cmpopts.EquateApprox(1e-9, 1e-9)); diff != "" {
			t.Fatalf("the order of drivers matters: %s", diff)
		}
	})
}

func TestUsual(t *testing.T) {
	for name, c := range map[string]struct {
		weeks     []float64
		low, high float64
		ok        bool
	}{
		"no week":          {},
		"five weeks":       {weeks: []float64{10, 10, 10, 10, 10}},
		"six weeks":        {weeks: []float64{70, 80, 90, 110, 120, 130}, low: 100 - 1.96*1.4826*20, high: 100 + 1.96*1.4826*20, ok: true},
		"seven weeks":      {weeks: []float64{100, 60, 140, 80, 120, 70, 130}, low: 100 - 1.96*1.4826*30, high: 100 + 1.96*1.4826*30, ok: true},
		"one odd week":     {weeks: []float64{100, 60, 9_000, 80, 120, 70, 130}, low: 100 - 1.96*1.4826*30, high: 100 + 1.96*1.4826*30, ok: true},
		"always the same":  {weeks: []float64{25, 25, 25, 25, 25, 25}, low: 25 - 1.96*5, high: 25 + 1.96*5, ok: true},
		"nothing ever":     {weeks: []float64{0, 0, 0, 0, 0, 0}, ok: true},
		"never below zero": {weeks: []float64{0, 0, 1, 1, 2, 2}, low: 0, high: 1 + 1.96*1.4826, ok: true},
	} {
		t.Run(name, func(t *testing.T) {
			before := slices.Clone(c.weeks)
			low, high, ok := Usual(c.weeks)
			if diff := cmp.Diff([]float64{c.low, c.high}, []float64{low, high}, close9); diff != "" || ok != c.ok {
				t.Errorf("ok = %v, want %v\n%s", ok, c.ok, diff)
			}
			if diff := cmp.Diff(before, c.weeks); diff != "" {
				t.Errorf("the input was changed: %s", diff)
			}
		})
	}
}
