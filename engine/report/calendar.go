package report

import (
	"math"
	"time"

	"koira/engine"
)

// addDays returns the start of the day n days after t's in zone. Days have 23 or 25 hours where the clocks change, so hours are never added.
func addDays(t time.Time, n int, zone *time.Location) time.Time {
	l := t.In(zone)
	return time.Date(l.Year(), l.Month(), l.Day()+n, 0, 0, 0, 0, zone)
}

// weekSpan returns the Monday 00:00 of the ISO week "2025-W47" in zone and of the week after. Code invalid for anything else.
func weekSpan(week string, zone *time.Location) (from, to time.Time, err error) {
	bad := engine.Errorf(engine.CodeInvalid, "A week looks like 2025-W47; you wrote %q.", week)
	if len(week) != len("2025-W47") || week[4:6] != "-W" || !digits(week[:4]) || !digits(week[6:]) {
		return from, to, bad
	}
	year, n := number(week[:4]), number(week[6:])
	// The 4th of January is always in week 1 (ISO 8601).
	first := engine.WeekStart(time.Date(year, time.January, 4, 12, 0, 0, 0, zone), zone)
	from = addDays(first, 7*(n-1), zone)
	if engine.Week(from, zone) != week {
		return from, to, bad
	}
	return from, addDays(from, 7, zone), nil
}

// weeksFrom counts the weeks from one Monday to another. Between them weeks of 167 and 169 hours even out.
func weeksFrom(a, b time.Time) int {
	return int(math.Round(b.Sub(a).Hours() / (7 * 24)))
}

// LastWeek names the newest ISO week that has ended at t in zone.
func LastWeek(t time.Time, zone *time.Location) string {
	return engine.Week(addDays(engine.WeekStart(t, zone), -1, zone), zone)
}

func digits(s string) bool {
	for _, c := range s {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// number reads s, which holds digits only.
func number(s string) int {
	n := 0
	for _, c := range s {
		n = 10*n + int(c-'0')
	}
	return n
}

// weeksShown is how many weeks charts and histories hold.
const weeksShown = 12
