package engine

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// SettingHoursBefore is the store's setting of how many hours a week people said that the work took before koira did it: a number such as "6.5", ""
// where nobody said. The audit writes it.
const SettingHoursBefore = "hours_before"

// Hours is a stretch of the business's day in which somebody wants to read drafts, in minutes: 9:00 to 10:00 is 540 to 600.
type Hours struct {
	From int `json:"from"`
	To   int `json:"to"` // exclusive, after From, at most 1440
}

func (h Hours) String() string {
	return fmt.Sprintf("%02d:%02d–%02d:%02d", h.From/60, h.From%60, h.To/60, h.To%60)
}

// maxHours is how many stretches one person may choose.
const maxHours = 6

// ParseHours reads hours as people write them, "09-10 16:30–17", and gives them in order. "off" gives none. Code invalid for anything else, and for
// stretches that are empty, run over midnight or touch each other.
func ParseHours(words []string) ([]Hours, error) {
	bad := func() ([]Hours, error) {
		return nil, Errorf(CodeInvalid, "Hours look like 09-10 16-17, each within one day; you wrote %q. Or say off. Nothing changed.", strings.Join(words, " "))
	}
	if len(words) == 1 && strings.EqualFold(words[0], "off") {
		return nil, nil
	}
	var all []Hours
	for _, w := range words {
		from, to, ok := strings.Cut(strings.NewReplacer("–", "-", "—", "-").Replace(strings.TrimSuffix(w, ",")), "-")
		h := Hours{}
		var ok1, ok2 bool
		h.From, ok1 = minuteOf(from)
		h.To, ok2 = minuteOf(to)
		if !ok || !ok1 || !ok2 || h.To <= h.From {
			return bad()
		}
		all = append(all, h)
	}
	slices.SortFunc(all, func(a, b Hours) int { return a.From - b.From })
	for i := 1; i < len(all); i++ {
		if all[i].From <= all[i-1].To {
			return bad()
		}
	}
	if len(all) == 0 || len(all) > maxHours {
		return bad()
	}
	return all, nil
}

// minuteOf reads "9", "09", "9:30" or "24" as minutes of a day.
func minuteOf(s string) (int, bool) {
	hour, minute, with := strings.Cut(s, ":")
	h, err := strconv.Atoi(hour)
	if err != nil || h < 0 || h > 24 || len(hour) > 2 {
		return 0, false
	}
	m := 0
	if with {
		if m, err = strconv.Atoi(minute); err != nil || m < 0 || m > 59 || len(minute) != 2 {
			return 0, false
		}
	}
	return 60*h + m, 60*h+m <= 24*60
}

// NextHours is the first moment from t on that lies in one of all, by a clock on the wall of zone: t itself where one holds; zero where there are none.
func NextHours(all []Hours, t time.Time, zone *time.Location) time.Time {
	l := t.In(zone)
	var next time.Time
	for d := range 2 {
		for _, h := range all {
			from := time.Date(l.Year(), l.Month(), l.Day()+d, 0, h.From, 0, 0, zone)
			to := time.Date(l.Year(), l.Month(), l.Day()+d, 0, h.To, 0, 0, zone)
			switch {
			case !to.After(t):
				continue
			case !from.After(t):
				return t
			case next.IsZero() || from.Before(next):
				next = from
			}
		}
	}
	return next
}
