package learn

import "testing"

func TestOutOfPace(t *testing.T) {
	letters := append(repeated(0, 13), 4) // a letter a week that costs 4
	for name, c := range map[string]struct {
		today float64
		days  []float64
		limit float64
		want  bool
	}{
		"nothing spent":                    {0, letters, 10, false},
		"as ever":                          {4, letters, 10, false},
		"twice as dear":                    {8, letters, 10, false},
		"more than twice":                  {8.1, letters, 10, true},
		"more than twice, of a large cap":  {8.1, letters, 40, false},
		"a first day in bounds":            {9, nil, 10, false},
		"a first day takes the whole week": {11, nil, 10, true},
		"a first day without a cap":        {500, nil, 0, false},
		"no cap, but more than ever":       {9, letters, 0, true},
		"a week of days is too few":        {9, letters[7:], 10, false},
	} {
		if got := OutOfPace(c.today, c.days, c.limit); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
