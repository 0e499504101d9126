package report

import "time"

// Daily is the morning note.
type Daily struct {
	Status
	Day       time.Time // 00:00 in Zone of its day
	Today     []Row     // still to go out today, soonest first
	Yesterday DayCounts
	Missing   string // the sentence that says what a missing note means
}

// DayCounts is what became of a day's pieces.
type DayCounts struct{ Out, Failed, Expired int }
