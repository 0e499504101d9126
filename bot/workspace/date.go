package workspace

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

var dateToken = regexp.MustCompile(`\{[a-z_]+\}`)

// dateTokens are the tokens of Slack's date formatting, as its reference for the date element lists them. Times of day use the 24-hour
// clock, which in Slack each reader chooses.
var dateTokens = map[string]func(t, now time.Time) string{
	"{date_num}":           func(t, _ time.Time) string { return t.Format("2006-01-02") },
	"{date_slash}":         func(t, _ time.Time) string { return t.Format("02/01/2006") },
	"{date}":               dateMonth,
	"{date_pretty}":        pretty(dateMonth),
	"{date_short}":         dateShort,
	"{date_short_pretty}":  pretty(dateShort),
	"{date_long}":          dateLong,
	"{date_long_full}":     func(t, _ time.Time) string { return t.Format("January 2, 2006") },
	"{date_long_pretty}":   pretty(dateLong),
	"{day_divider_pretty}": pretty(dateDivider),
	"{time}":               func(t, _ time.Time) string { return t.Format("15:04") },
	"{time_secs}":          func(t, _ time.Time) string { return t.Format("15:04:05") },
	"{ago}":                ago,
}

// formatDate fills the tokens of format with t, both in now's zone. A token that Slack does not know makes the whole date fall back.
func formatDate(t, now time.Time, format, fallback string) string {
	t = t.In(now.Location())
	known := true
	filled := dateToken.ReplaceAllStringFunc(format, func(token string) string {
		fill, ok := dateTokens[token]
		if !ok {
			known = false
			return token
		}
		return fill(t, now)
	})
	if !known || strings.TrimSpace(filled) == "" {
		return fallback
	}
	return filled
}

// dateMonth leaves the year out within six months, as Slack's formatting reference says of {date}.
func dateMonth(t, now time.Time) string {
	month := fmt.Sprintf("%s %s", t.Month(), ordinal(t.Day()))
	if t.After(now.AddDate(0, -6, 0)) && t.Before(now.AddDate(0, 6, 0)) {
		return month
	}
	return fmt.Sprintf("%s, %d", month, t.Year())
}

func dateShort(t, _ time.Time) string { return t.Format("Jan 2, 2006") }

func dateLong(t, _ time.Time) string {
	return fmt.Sprintf("%s, %s %s, %d", t.Weekday(), t.Month(), ordinal(t.Day()), t.Year())
}

func dateDivider(t, now time.Time) string {
	if t.Year() != now.Year() {
		return dateLong(t, now)
	}
	return fmt.Sprintf("%s, %s %s", t.Weekday(), t.Month(), ordinal(t.Day()))
}

// pretty says yesterday, today or tomorrow where one of them holds in the reader's zone.
func pretty(otherwise func(t, now time.Time) string) func(t, now time.Time) string {
	return func(t, now time.Time) string {
		switch day := t.Format(time.DateOnly); day {
		case now.Format(time.DateOnly):
			return "today"
		case now.AddDate(0, 0, -1).Format(time.DateOnly):
			return "yesterday"
		case now.AddDate(0, 0, 1).Format(time.DateOnly):
			return "tomorrow"
		}
		return otherwise(t, now)
	}
}

// ago counts in the largest whole unit.
func ago(t, now time.Time) string {
	d := now.Sub(t)
	before, after := "", " ago"
	if d < 0 {
		d, before, after = -d, "in ", ""
	}
	units := []struct {
		size time.Duration
		name string
	}{{365 * 24 * time.Hour, "year"}, {30 * 24 * time.Hour, "month"}, {24 * time.Hour, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}}
	for _, u := range units {
		if n := int(d / u.size); n > 0 {
			return before + count(n, u.name) + after
		}
	}
	return "just now"
}

// count is n of a thing in words: "1 reply" needs its own plural, so name is one that takes an s.
func count(n int, name string) string {
	if n == 1 {
		return "1 " + name
	}
	return fmt.Sprintf("%d %ss", n, name)
}

func ordinal(n int) string {
	suffix := "th"
	switch {
	case n%100 >= 11 && n%100 <= 13:
	case n%10 == 1:
		suffix = "st"
	case n%10 == 2:
		suffix = "nd"
	case n%10 == 3:
		suffix = "rd"
	}
	return fmt.Sprintf("%d%s", n, suffix)
}
