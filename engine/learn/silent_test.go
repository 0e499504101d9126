package learn

import (
	"testing"
	"time"
)

func TestSilent(t *testing.T) {
	now := time.Date(2025, 11, 24, 8, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		asks int
		ago  time.Duration
		want bool
	}{
		"answered":                       {0, 0, false},
		"asked hourly for half a day":    {12, 12 * time.Hour, true},
		"five asks in days":              {5, 5 * 24 * time.Hour, false},
		"six asks, one a day":            {6, 5 * 24 * time.Hour, true},
		"many asks in a bad hour":        {60, time.Hour, false},
		"not running is not being asked": {1, 30 * 24 * time.Hour, false},
	} {
		if got := (Silence{c.asks, now.Add(-c.ago)}).Silent(now); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
