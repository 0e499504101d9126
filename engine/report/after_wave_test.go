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

// A piece that a person found live is out since nobody knows when; of one whose channel told it, that is known, though a later part was found.
func TestWhatAPersonFound(t *testing.T) {
	send := func(at time.Time, evidence string) SendRow {
		return SendRow{Send: engine.Send{PublishedAt: at, ClaimedAt: today.Add(-time.Hour), Evidence: evidence}}
	}
	for name, c := range map[string]struct {
		sends []SendRow
		found bool
	}{
		"nothing is out":         {nil, false},
		"its channel told it":    {[]SendRow{send(today, "confirmed")}, false},
		"found":                  {[]SendRow{send(today, engine.FoundByPerson)}, true},
		"its first readers":      {[]SendRow{send(today, engine.FoundByPerson), send(today.Add(time.Hour), "confirmed")}, true},
		"only the rest is found": {[]SendRow{send(today, "confirmed"), send(today.Add(time.Hour), engine.FoundByPerson)}, false},
	} {
		v := PieceView{Row: Row{PublishedAt: today}, Sends: c.sends}
		if s, found := v.Found(); found != c.found || found && !s.ClaimedAt.Equal(today.Add(-time.Hour)) {
			t.Errorf("%s: %t, sent %s", name, found, s.ClaimedAt)
		}
	}
}
