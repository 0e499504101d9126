package engine

import (
	"context"
	"time"
)

// Clock tells the time and waits. main makes two: the business's (plans, slots, budgets; it may be accelerated or virtual) and the
// wall's (timeouts, rate limits, how long a person looked).
type Clock interface {
	Now() time.Time
	// Wait returns nil once d has passed on this clock, or ctx's error as soon as ctx ends.
	Wait(ctx context.Context, d time.Duration) error
}

// NewID returns a fresh, sortable text id each time it is called. The generator comes from main; it is safe for concurrent use.
type NewID func() string

// Week names the ISO week of t in zone, such as "2025-W47": the window of weekly budgets.
func Week(t time.Time, zone *time.Location) string {
	y, w := t.In(zone).ISOWeek()
	return formatWeek(y, w)
}

// WeekStart returns the Monday 00:00 in zone of t's ISO week. It is right across daylight-saving changes, when a week has 167 or 169 hours.
func WeekStart(t time.Time, zone *time.Location) time.Time {
	l := t.In(zone)
	back := (int(l.Weekday()) + 6) % 7
	return time.Date(l.Year(), l.Month(), l.Day()-back, 0, 0, 0, 0, zone)
}

// DayStart returns 00:00 in zone of t's day.
func DayStart(t time.Time, zone *time.Location) time.Time {
	l := t.In(zone)
	return time.Date(l.Year(), l.Month(), l.Day(), 0, 0, 0, 0, zone)
}

func formatWeek(year, week int) string {
	const digits = "0123456789"
	return string([]byte{
		digits[year/1000%10], digits[year/100%10], digits[year/10%10], digits[year%10],
		'-', 'W', digits[week/10%10], digits[week%10],
	})
}
