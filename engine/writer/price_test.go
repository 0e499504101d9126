package writer

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"koira/engine"
)

func TestCost(t *testing.T) {
	p := Prices{InPerMillion: 2 * engine.Unit, OutPerMillion: 8 * engine.Unit}
	for name, c := range map[string]struct {
		prices  Prices
		in, out int
		want    engine.Money
	}{
		"a million in":         {p, 1_000_000, 0, 2 * engine.Unit},
		"a million out":        {p, 0, 1_000_000, 8 * engine.Unit},
		"a usual call":         {p, 812, 240, 1624 + 1920},
		"less than a unit":     {Prices{InPerMillion: 1}, 1, 0, 1},
		"nothing":              {p, 0, 0, 0},
		"a model of one's own": {Prices{}, 1000, 1000, 0},
		"nonsense":             {p, -5, -5, 0},
		"too much to be true":  {Prices{priceMost, priceMost}, math.MaxInt, math.MaxInt, 2 * 100 * 10_000 * engine.Unit},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.prices.Cost(c.in, c.out); got != c.want {
				t.Errorf("got %d, want %d", got, c.want)
			}
		})
	}
}

func TestCostNeverFallsShort(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Prices{engine.Money(rapid.Int64Range(0, int64(priceMost)).Draw(t, "in")), engine.Money(rapid.Int64Range(0, int64(priceMost)).Draw(t, "out"))}
		in, out := rapid.IntRange(0, tokenMost).Draw(t, "tokens in"), rapid.IntRange(0, tokenMost).Draw(t, "tokens out")
		exact := (float64(in)*float64(p.InPerMillion) + float64(out)*float64(p.OutPerMillion)) / 1e6
		if got := float64(p.Cost(in, out)); got < exact*(1-1e-12) || got > exact*(1+1e-12)+2 {
			t.Fatalf("%d in, %d out at %+v cost %v, exactly %v", in, out, p, got, exact)
		}
	})
}

func TestEstimate(t *testing.T) {
	for text, want := range map[string]int{"": 0, "a": 1, "abcd": 1, "abcde": 2, "ääää": 1} {
		if got := estimate(text); got != want {
			t.Errorf("estimate(%q) = %d, want %d", text, got, want)
		}
	}
}
