package report

import (
	"testing"
	"time"
)

// Counted by hand on the calendar of Helsinki; its clocks went back on Sunday 26 October 2025.
func TestCalendarDays(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	at := func(month time.Month, day, hour int) time.Time {
		return time.Date(2025, month, day, hour, 0, 0, 0, zone).UTC()
	}
	for name, c := range map[string]struct {
		from, to time.Time
		want     int
	}{
		"the same day":                  {at(11, 24, 9), at(11, 24, 18), 1},
		"over a night":                  {at(11, 24, 23), at(11, 25, 1), 1},
		"on the morning of day 14":      {at(11, 10, 18), at(11, 24, 9), 14},
		"over the change of the clocks": {at(10, 25, 12), at(10, 27, 0), 2},
	} {
		if got := calendarDays(c.from, c.to, zone); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}
