package engine

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestParseHours(t *testing.T) {
	for text, want := range map[string][]Hours{
		"09-10": {{540, 600}}, "16-17 9-10": {{540, 600}, {960, 1020}}, "9:30–10:15": {{570, 615}}, "20-24": {{1200, 1440}}, "off": nil, "9—10, 16—17": {{540, 600}, {960, 1020}},
	} {
		got, err := ParseHours(strings.Fields(text))
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "9", "10-9", "9-9", "22-6", "9-10 10-11", "9-11 10-12", "25-26", "9-24:30", "nine-ten", "-", "1-2 3-4 5-6 7-8 9-10 11-12 13-14", "off 9-10"} {
		if got, err := ParseHours(strings.Fields(text)); CodeOf(err) != CodeInvalid {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
}

func TestNextHours(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	at := func(day, hour, minute int) time.Time { return time.Date(2025, 10, day, hour, minute, 0, 0, zone) }
	chosen := []Hours{{540, 600}, {960, 1020}}
	for name, c := range map[string]struct{ now, want time.Time }{
		"before the first":  {at(20, 7, 0), at(20, 9, 0)},
		"at its beginning":  {at(20, 9, 0), at(20, 9, 0)},
		"in it":             {at(20, 9, 59), at(20, 9, 59)},
		"at its end":        {at(20, 10, 0), at(20, 16, 0)},
		"after the last":    {at(20, 17, 0), at(21, 9, 0)},
		"over the 25 hours": {at(25, 17, 30), at(26, 9, 0)}, // the clocks go back that night
	} {
		if got := NextHours(chosen, c.now, zone); !got.Equal(c.want) {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	if got := NextHours(nil, at(20, 7, 0), zone); !got.IsZero() {
		t.Error(got)
	}
}
