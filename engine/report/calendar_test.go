package report

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"koira/engine"
)

func TestWeekSpan(t *testing.T) {
	for name, c := range map[string]struct {
		week, from string
		hours      float64 // 0 means that it is no week
	}{
		"an ordinary week":        {"2025-W47", "2025-11-17 00:00", 168},
		"the clocks go forward":   {"2025-W13", "2025-03-24 00:00", 167},
		"the clocks go back":      {"2025-W43", "2025-10-20 00:00", 169},
		"a 53rd week":             {"2020-W53", "2020-12-28 00:00", 168},
		"week 1 begins last year": {"2026-W01", "2025-12-29 00:00", 168},
		"a 53rd week that is not": {week: "2025-W53"},
		"week 0":                  {week: "2025-W00"},
		"too short":               {week: "2025-W7"},
		"a day":                   {week: "2025-11-24"},
		"letters":                 {week: "2025-Wxx"},
	} {
		t.Run(name, func(t *testing.T) {
			from, to, err := weekSpan(c.week, helsinki)
			if c.hours == 0 {
				if engine.CodeOf(err) != engine.CodeInvalid {
					t.Errorf("error %v, want code invalid", err)
				}
				return
			}
			if err != nil || !from.Equal(at(c.from)) || to.Sub(from).Hours() != c.hours {
				t.Errorf("from %v, %v h, %v; want %s, %v h", from, to.Sub(from).Hours(), err, c.from, c.hours)
			}
		})
	}
}

func TestWeekSpanHoldsItsMoments(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		moment := time.Unix(rapid.Int64Range(0, 4_000_000_000).Draw(t, "second"), 0)
		from, to, err := weekSpan(engine.Week(moment, helsinki), helsinki)
		if err != nil || moment.Before(from) || !moment.Before(to) {
			t.Fatalf("%v is not in [%v, %v): %v", moment, from, to, err)
		}
		if last, _, err := weekSpan(LastWeek(moment, helsinki), helsinki); err != nil || !addDays(last, 7, helsinki).Equal(from) {
			t.Fatalf("the week before %v starts at %v: %v", from, last, err)
		}
	})
}
