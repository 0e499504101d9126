package report

import (
	"time"

	"koira/engine"
)

// Row is one piece in a list.
type Row struct {
	Output      string // its id
	Task, Name  string // the task's id, and its name as people read it
	Kind        engine.Kind
	Channel     string // as people read it: "Bluesky"
	Title       string // subject, else the first line of the first wording; the theme's text while there is no copy
	Written     bool   // there is copy
	State       engine.State
	Words       string // the state in plain words: "waits for your yes"
	Slot        time.Time
	PublishedAt time.Time // zero while it is not out
	URL         string    // "" while there is none
	Approved    bool      // a scheduled piece: a person said yes; false means that it goes out by itself
	Simulated   bool
}

// When is the time by which the piece is listed: when it went out, else when it is planned.
func (r Row) When() time.Time {
	if !r.PublishedAt.IsZero() {
		return r.PublishedAt
	}
	return r.Slot
}
