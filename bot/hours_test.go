package bot

import (
	"testing"
	"time"

	"koira/engine/report"
)

func TestUntilDay(t *testing.T) {
	helsinki, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		at   string
		want time.Duration
	}{
		"in the day":                         {"2025-11-24 12:00", 0},
		"the first minute of the day":        {"2025-11-24 08:00", 0},
		"the last minute before it":          {"2025-11-24 07:59", time.Minute},
		"the last minute of the day":         {"2025-11-24 19:59", 0},
		"the first minute after it":          {"2025-11-24 20:00", 12 * time.Hour},
		"midnight":                           {"2025-11-25 00:00", 8 * time.Hour},
		"the night that is an hour longer":   {"2025-10-25 20:00", 13 * time.Hour},
		"the night that is an hour shorter":  {"2026-03-28 20:00", 11 * time.Hour},
		"the last night of a year and month": {"2025-12-31 23:00", 9 * time.Hour},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			at, err := time.ParseInLocation("2006-01-02 15:04", c.at, helsinki)
			if err != nil {
				t.Fatal(err)
			}
			if got := untilDay(at.UTC(), &report.Frame{Zone: helsinki}); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
			if untilDay(at, nil) != 0 {
				t.Error("what cannot wait waits")
			}
		})
	}
}
