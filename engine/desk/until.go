package desk

import (
	"strconv"
	"strings"
	"time"

	"koira/engine"
)

// dateWords completes the refusal of what is no date.
const dateWords = "Write it like 8 Dec, 2025-12-08, Monday or 2 weeks. Nothing changed."

// ParseUntil reads the day until which somebody is away, as people write it: "8 Dec", "8 December 2025", "2025-12-08", "Monday", "tomorrow", "3 days",
// "2 weeks". It gives the beginning of that day in zone, on which they are back. A day without a year is the next such day; a weekday is the next
// one, never today. Code invalid, with the field "until", for nonsense, for a day that has begun, and for one more than 90 days ahead.
func ParseUntil(text string, now time.Time, zone *time.Location) (time.Time, error) {
	words := strings.Fields(strings.ToLower(strings.TrimSuffix(strings.TrimSpace(text), ".")))
	today := engine.DayStart(now, zone)
	day, ok := readDay(words, today, zone)
	switch {
	case len(words) == 0:
		return time.Time{}, notUntil("Until when? " + dateWords)
	case !ok:
		return time.Time{}, notUntil("I cannot read %q as a day. "+dateWords, cut(text))
	case !day.After(today):
		return time.Time{}, notUntil("%s is past. "+dateWords, day.Format("Mon 2 Jan 2006"))
	case day.Sub(today) > engine.LongestAbsence+2*time.Hour: // a day of 25 hours is one
		return time.Time{}, notUntil("%s is too far ahead: at most %d days. Nothing changed.", day.Format("Mon 2 Jan 2006"), int(engine.LongestAbsence/(24*time.Hour)))
	}
	return day.UTC(), nil
}

func notUntil(format string, args ...any) error {
	e := engine.Errorf(engine.CodeInvalid, format, args...)
	e.Field = "until"
	return e
}

// readDay is the beginning of the day that words name.
func readDay(words []string, today time.Time, zone *time.Location) (time.Time, bool) {
	plus := func(days int) (time.Time, bool) {
		return time.Date(today.Year(), today.Month(), today.Day()+days, 0, 0, 0, 0, zone), true
	}
	// A weekday before a date says nothing more: "Mon 8 Dec".
	if len(words) > 1 {
		if _, ok := dayNamed(words[0]); ok {
			words = words[1:]
		}
	}
	switch len(words) {
	case 1:
		if words[0] == "tomorrow" {
			return plus(1)
		}
		if d, ok := dayNamed(words[0]); ok {
			return plus((int(d-today.Weekday())+6)%7 + 1)
		}
		day, err := time.ParseInLocation(time.DateOnly, words[0], zone)
		return day, err == nil
	case 2:
		n, err := strconv.Atoi(words[0])
		if err == nil && n > 0 && n <= 1_000 {
			switch strings.TrimSuffix(words[1], "s") {
			case "day":
				return plus(n)
			case "week":
				return plus(7 * n)
			}
		}
		return dated(words, today.Year(), today, zone)
	case 3:
		year, err := strconv.Atoi(words[2])
		if err != nil || len(words[2]) != 4 {
			return time.Time{}, false
		}
		return dated(words[:2], year, time.Time{}, zone)
	}
	return time.Time{}, false
}

// dated reads "8 dec" and "dec 8" of a year; where that day is before today and the one of the next year may be meant, it is that.
func dated(words []string, year int, today time.Time, zone *time.Location) (time.Time, bool) {
	for _, w := range [][2]string{{words[0], words[1]}, {words[1], words[0]}} {
		n, err := strconv.Atoi(strings.TrimSuffix(w[0], "."))
		month, ok := monthNamed(w[1])
		if err != nil || !ok {
			continue
		}
		day := time.Date(year, month, n, 0, 0, 0, 0, zone)
		if day.Day() != n || day.Month() != month {
			return time.Time{}, false
		}
		if next := time.Date(year+1, month, n, 0, 0, 0, 0, zone); day.Before(today) && next.Sub(today) <= engine.LongestAbsence {
			day = next
		}
		return day, true
	}
	return time.Time{}, false
}

func dayNamed(word string) (time.Weekday, bool) {
	for d := time.Sunday; d <= time.Saturday; d++ {
		if begins(d.String(), word) {
			return d, true
		}
	}
	return 0, false
}

func monthNamed(word string) (time.Month, bool) {
	for m := time.January; m <= time.December; m++ {
		if begins(m.String(), word) {
			return m, true
		}
	}
	return 0, false
}

// begins reports whether word is name, or at least its first three letters.
func begins(name, word string) bool {
	word = strings.TrimSuffix(word, ".")
	return len(word) >= 3 && strings.HasPrefix(strings.ToLower(name), word)
}
