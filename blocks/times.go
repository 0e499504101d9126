package blocks

import (
	"strconv"
	"strings"
	"time"

	"koira/engine"
	"koira/engine/report"
)

// when is a time for sections and context lines: each reader sees it in their own zone, "tomorrow 09:10" where that is so.
func when(t time.Time, f report.Frame) md {
	return md("<!date^" + strconv.FormatInt(t.Unix(), 10) + "^{date_pretty} {time}|" + zoned(t, f) + ">")
}

// hour is when without the day, for a list of one day.
func hour(t time.Time, f report.Frame) md {
	return md("<!date^" + strconv.FormatInt(t.Unix(), 10) + "^{time}|" + zoned(t, f) + ">")
}

// onDay is when with its weekday, for the one line of a card on which a piece is planned: shops think in weekdays, and Slack has no shorter
// form of one that is right in each reader's own zone.
func onDay(t time.Time, f report.Frame) md {
	return md("<!date^" + strconv.FormatInt(t.Unix(), 10) + "^{date_long_pretty} {time}|" + zoned(t, f) + ">")
}

// clock is a time where only plain text can stand, in the business's zone: "13:10" today, "Tue 09:10" within a week, else with the date.
func clock(t time.Time, f report.Frame) string {
	zone := zoneOf(f)
	l, day := t.In(zone), engine.DayStart(f.AsOf, zone)
	days := engine.DayStart(t, zone).Add(12*time.Hour).Sub(day) / (24 * time.Hour) // noon: days of 23 and 25 hours count as one
	switch {
	case l.Before(day):
	case days == 0:
		return l.Format("15:04")
	case days < 7:
		return l.Format("Mon 15:04")
	}
	if l.Year() == f.AsOf.In(zone).Year() {
		return l.Format("Mon 2 Jan 15:04")
	}
	return l.Format("2 Jan 2006 15:04")
}

// zoned is clock with the zone's city, for readers elsewhere: "Tue 25 Nov 09:10 Helsinki".
func zoned(t time.Time, f report.Frame) string { return clock(t, f) + " " + city(f) }

func zoneOf(f report.Frame) *time.Location {
	if f.Zone == nil {
		return time.UTC
	}
	return f.Zone
}

// city names the business's zone as people do.
func city(f report.Frame) string { return cityOf(zoneOf(f)) }

// cityOf names a zone as people do: "Europe/Helsinki" is Helsinki.
func cityOf(zone *time.Location) string {
	name := zone.String()
	return strings.ReplaceAll(name[strings.LastIndex(name, "/")+1:], "_", " ")
}

// since says how long ago t was, roughly: "4 h", "2 days".
func since(t time.Time, f report.Frame) string {
	d := f.AsOf.Sub(t)
	switch {
	case d < time.Hour:
		return plural(max(1, int(d.Minutes())), "minute", "minutes")
	case d < 48*time.Hour:
		return strconv.Itoa(int(d.Hours())) + " h"
	}
	return plural(int(d.Hours()/24), "day", "days")
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return number(int64(n)) + " " + many
}

// number writes thousands apart: "2,310,000".
func number(n int64) string {
	s := strconv.FormatInt(n, 10)
	start := 0
	if n < 0 {
		start = 1
	}
	for i := len(s) - 3; i > start; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// amount writes a mean: at most one decimal under 10, none above.
func amount(v float64) string {
	if v > -9.95 && v < 9.95 {
		return strings.TrimSuffix(strconv.FormatFloat(v, 'f', 1, 64), ".0")
	}
	return number(int64(v + 0.5))
}

// value writes a reading: money as money.
func value(n int64, money bool, currency string) string {
	if money {
		return engine.Money(n).Format(currency)
	}
	return number(n)
}
