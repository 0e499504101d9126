package learn

import (
	"math"
	"testing"
)

func repeated(v float64, n int) []float64 {
	xs := make([]float64, n)
	for i := range xs {
		xs[i] = v
	}
	return xs
}

func TestCollapsed(t *testing.T) {
	usual := []float64{12, 15, 9, 14, 18, 11, 13, 16}
	for name, c := range map[string]struct {
		newest []Beside
		want   int
	}{
		"nothing out":                       {nil, 0},
		"an ordinary piece":                 {[]Beside{{13, usual}}, 0},
		"a weak piece":                      {[]Beside{{4, usual}}, 0},
		"nothing at all":                    {[]Beside{{0, usual}}, 1},
		"too few to compare with":           {[]Beside{{0, usual[:7]}}, 0},
		"nothing, and never much":           {[]Beside{{0, repeated(3, 20)}}, 0},
		"small numbers need two":            {[]Beside{{0, repeated(7, 20)}}, 0},
		"small numbers, two in a row":       {[]Beside{{0, repeated(7, 20)}, {0, repeated(7, 20)}}, 2},
		"the one before was well":           {[]Beside{{0, repeated(7, 20)}, {9, repeated(7, 20)}}, 0},
		"wild numbers forgive one":          {[]Beside{{0, []float64{2, 40, 5, 60, 1, 30, 8, 22}}}, 0},
		"one of a hundred is as nothing":    {[]Beside{{1, repeated(100, 8)}}, 1},
		"more than ever is no collapse":     {[]Beside{{90, usual}}, 0},
		"weekends are lower, and no matter": {[]Beside{{6, []float64{14, 15, 13, 14, 6, 7, 14, 15, 13, 14, 6, 7}}}, 0},
	} {
		if got, luck := Collapsed(c.newest); got != c.want {
			t.Errorf("%s: %d pieces (luck %g), want %d", name, got, luck, c.want)
		}
	}
}

// Poisson: P(X ≤ 1) at mean 3 is e⁻³(1+3) = .199148. Negative binomial with mean 4 and variance 8 has r = 4, q = ½: P(0) = ½⁴ = .0625 and
// P(1) = 4·½⁵ = .125 (the textbook's waiting for the fourth head).
func TestAtMostByHand(t *testing.T) {
	for _, c := range []struct{ k, mean, variance, want float64 }{{1, 3, 3, .199148}, {0, 4, 8, .0625}, {1, 4, 8, .1875}} {
		if got := atMost(c.k, c.mean, c.variance); math.Abs(got-c.want) > 1e-6 {
			t.Errorf("atMost(%g, %g, %g) = %g, want %g", c.k, c.mean, c.variance, got, c.want)
		}
	}
}
