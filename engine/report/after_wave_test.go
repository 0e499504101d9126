package report

import (
	"testing"
	"time"

	"koira/engine"
)

// What only its first readers have is as old as that, and is not out as a whole.
func TestOutSince(t *testing.T) {
	first := time.Date(2025, 11, 24, 14, 0, 0, 0, time.UTC)
	sent := func(at time.Time) SendRow { return SendRow{Send: engine.Send{PublishedAt: at}} }
	for name, c := range map[string]struct {
		v    PieceView
		want time.Time
	}{
		"nobody has it":           {PieceView{Sends: []SendRow{sent(time.Time{})}}, time.Time{}},
		"the first readers do":    {PieceView{Sends: []SendRow{sent(time.Time{}), sent(first)}}, first},
		"all do":                  {PieceView{Row: Row{PublishedAt: first.Add(2 * time.Hour)}, Sends: []SendRow{sent(first.Add(2 * time.Hour)), sent(first)}}, first},
		"a person published it":   {PieceView{Row: Row{PublishedAt: first}}, first},
		"it was known before any": {PieceView{Row: Row{PublishedAt: first}, Sends: []SendRow{sent(time.Time{})}}, first},
	} {
		if got := c.v.OutSince(); !got.Equal(c.want) {
			t.Errorf("%s: since %s, want %s", name, got, c.want)
		}
	}
}
