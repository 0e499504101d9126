package engine

import "time"

// Decision is something that koira changed, or proposes to change at L3, with what it saw and what it expects.
type Decision struct {
	ID         string
	Task       string
	At         time.Time
	What       string  // a Dimension, "level", "pause", DecidedBaseline or DecidedRecord
	From, To   string  // of a pause "running" and "paused"; of its end the level that the task had and the one that it runs at
	Signal     string  // the numbers, as a sentence
	Expected   string  // the forecast, as a sentence; "" where there is none
	Chance     float64 // probability given to the forecast; 0 without one
	Reversible bool
	Proposed   bool      // at L3: not in force until a person applies it
	AppliedAt  time.Time // with Proposed: when a person did
	AppliedBy  string
	RevertedAt time.Time
	RevertedBy string
	ScoredAt   time.Time
	Held       bool // with ScoredAt: the forecast came true
}

// DecidedRecord is what a Decision is about by which the record of a task began anew while its level stayed: From is how many reviewed pieces counted until
// then, To is "0".
const DecidedRecord = "record"
