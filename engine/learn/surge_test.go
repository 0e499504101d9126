package learn

import "testing"

func TestSurged(t *testing.T) {
	usual := []float64{4, 6, 3, 5, 7, 4, 5, 6} // median 5, MAD 1: spread √5 = 2.24, so more than 18.4
	for name, c := range map[string]struct {
		b     Beside
		least float64
		want  bool
	}{
		"an ordinary letter":       {Beside{6, usual}, 8, false},
		"a bad one":                {Beside{15, usual}, 8, false},
		"just inside":              {Beside{18, usual}, 8, false},
		"just outside":             {Beside{19, usual}, 8, true},
		"too few to compare with":  {Beside{80, usual[:5]}, 8, false},
		"nobody ever left, few do": {Beside{7, repeated(0, 10)}, 8, false},
		"nobody ever left, 8 do":   {Beside{8, repeated(0, 10)}, 8, true},
		"first complaints":         {Beside{3, repeated(0, 10)}, 3, false},
		"four complaints":          {Beside{4, repeated(0, 10)}, 3, true},
		"wild numbers":             {Beside{40, []float64{2, 30, 5, 45, 8, 20}}, 8, false},
	} {
		if got := Surged(c.b, c.least); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
