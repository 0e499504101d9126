package guard

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"koira/engine"
)

func TestQuiet(t *testing.T) {
	zone := helsinki()
	at := func(y int, m time.Month, d, h, min int) time.Time { return time.Date(y, m, d, h, min, 0, 0, zone) }
	night := engine.QuietRule{From: 22 * 60, To: 8 * 60}
	weekend := engine.QuietRule{Days: []time.Weekday{time.Saturday, time.Sunday}, From: 8 * 60, To: 22 * 60}
	friday := engine.QuietRule{Days: []time.Weekday{time.Friday}, From: 20 * 60, To: 10 * 60}
	dst := engine.QuietRule{From: 2 * 60, To: 3*60 + 30}
	noon := engine.QuietRule{From: 12 * 60, To: 12 * 60}
	for name, c := range map[string]struct {
		rules []engine.QuietRule
		t     time.Time
		until time.Time // zero: not quiet
	}{
		"before it begins":             {[]engine.QuietRule{night}, at(2025, 11, 24, 21, 59), time.Time{}},
		"as it begins":                 {[]engine.QuietRule{night}, at(2025, 11, 24, 22, 0), at(2025, 11, 25, 8, 0)},
		"after midnight":               {[]engine.QuietRule{night}, at(2025, 11, 25, 3, 0), at(2025, 11, 25, 8, 0)},
		"as it ends":                   {[]engine.QuietRule{night}, at(2025, 11, 25, 8, 0), time.Time{}},
		"one follows another":          {[]engine.QuietRule{night, weekend}, at(2025, 11, 28, 23, 0), at(2025, 12, 1, 8, 0)},
		"it began on its day":          {[]engine.QuietRule{friday}, at(2025, 11, 29, 9, 0), at(2025, 11, 29, 10, 0)},
		"it does not begin on others":  {[]engine.QuietRule{friday}, at(2025, 11, 29, 21, 0), time.Time{}},
		"nor end on its own morning":   {[]engine.QuietRule{friday}, at(2025, 11, 28, 9, 0), time.Time{}},
		"over the hour that is gone":   {[]engine.QuietRule{dst}, at(2026, 3, 29, 2, 30), at(2026, 3, 29, 4, 30)}, // 03:30 does not exist; the wall shows 04:30 then
		"after the hour that is gone":  {[]engine.QuietRule{dst}, at(2026, 3, 29, 4, 0), time.Time{}},
		"a night with 11 hours":        {[]engine.QuietRule{night}, at(2025, 10, 25, 23, 0), at(2025, 10, 26, 8, 0)},
		"a night with 9 hours":         {[]engine.QuietRule{night}, at(2026, 3, 28, 23, 0), at(2026, 3, 29, 8, 0)},
		"the year ends":                {[]engine.QuietRule{night}, at(2025, 12, 31, 23, 0), at(2026, 1, 1, 8, 0)},
		"from noon to noon is all day": {[]engine.QuietRule{noon}, at(2025, 11, 24, 15, 0), time.Time{}},
	} {
		_, until, ok := Quiet(c.rules, "bluesky", "locals", c.t, zone)
		if name == "from noon to noon is all day" {
			if !ok || !until.IsZero() {
				t.Errorf("%s: until %s", name, until)
			}
			continue
		}
		if name == "over the hour that is gone" { // either reading of a time that does not exist is free
			if _, _, still := Quiet(c.rules, "bluesky", "locals", until, zone); !ok || still || until.After(c.until) {
				t.Errorf("%s: until %s", name, until)
			}
			continue
		}
		if ok == c.until.IsZero() || !until.Equal(c.until) {
			t.Errorf("%s: quiet %v until %s, want %s", name, ok, until.In(zone), c.until)
		}
	}
	for _, r := range []engine.QuietRule{{Channel: "news", From: 0, To: 1439}, {Segment: "regulars", From: 0, To: 1439}} {
		if _, _, ok := Quiet([]engine.QuietRule{r}, "bluesky", "locals", at(2025, 11, 24, 9, 0), zone); ok {
			t.Errorf("%+v is not meant", r)
		}
	}
}

// In the hour that comes twice, both count: a wall clock shows 03:15 in each.
func TestQuietInTheHourThatComesTwice(t *testing.T) {
	rules := []engine.QuietRule{{From: 3 * 60, To: 3*60 + 30}}
	first := time.Date(2025, 10, 26, 0, 15, 0, 0, time.UTC)
	for _, c := range []struct {
		t  time.Time
		in bool
	}{{first, true}, {first.Add(30 * time.Minute), false}, {first.Add(time.Hour), true}, {first.Add(90 * time.Minute), false}} {
		if _, _, ok := Quiet(rules, "", "", c.t, helsinki()); ok != c.in {
			t.Errorf("%s: quiet %v", c.t.In(helsinki()), ok)
		}
	}
}

// Whatever the rules, the moment that Quiet promises is free of them, and it always comes to an end.
func TestTheEndOfQuietIsFree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) engine.QuietRule {
			var days []time.Weekday
			for d := range 7 {
				if rapid.Bool().Draw(t, "day") {
					days = append(days, time.Weekday(d))
				}
			}
			return engine.QuietRule{Days: days, From: rapid.IntRange(0, 1439).Draw(t, "from"), To: rapid.IntRange(0, 1439).Draw(t, "to")}
		}), 1, 4).Draw(t, "rules")
		at := time.Date(2025, 10, 20, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 400*24*60).Draw(t, "minute")) * time.Minute)
		_, until, ok := Quiet(rules, "", "", at, helsinki())
		if !ok || until.IsZero() {
			return
		}
		if _, _, still := Quiet(rules, "", "", until, helsinki()); still || !until.After(at) {
			t.Fatalf("from %s until %s", at, until)
		}
	})
}
