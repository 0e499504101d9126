package bot

import (
	"time"

	"koira/engine/report"
)

// Messages ring in the hours [morning, evening) of the business's zone.
const (
	morning = 8
	evening = 20
)

// untilDay is how long from now it is until people may be rung: 0 in the day, else until its next morning. Nobody is woken by a draft or a
// report; what cannot wait says so by giving no day.
func untilDay(now time.Time, day *report.Frame) time.Duration {
	if day == nil {
		return 0
	}
	l := now.In(day.Zone)
	if h := l.Hour(); h >= morning && h < evening {
		return 0
	}
	d := l.Day()
	if l.Hour() >= evening {
		d++
	}
	return time.Date(l.Year(), l.Month(), d, morning, 0, 0, 0, day.Zone).Sub(now)
}
