package report

import "koira/engine"

// Status is the answer to "is it running, and does it need me".
type Status struct {
	Frame
	Control engine.Control // who stopped everything, when and why; zero while it runs
	NeedYou NeedYou
	Next    *Row     // the piece that goes out next, also while stopped; nil when none is planned
	Writer  string   // who writes: "built-in template writer, no AI model configured"
	Notes   []string // whole sentences: what is simulated, which tasks are paused
}

// Running is false while everything is stopped.
func (s Status) Running() bool { return !s.Control.Stopped }

// NeedYou counts what waits for people.
type NeedYou struct {
	Problems int // open exceptions
	Drafts   int // pieces that wait for a yes
	Hand     int // pieces that are ready for a person to publish
}

// Total is how many things need somebody.
func (n NeedYou) Total() int { return n.Problems + n.Drafts + n.Hand }

// Stopped is the card of the emergency stop, and what its Resume window lists.
type Stopped struct {
	Frame
	Control   engine.Control
	Waits     []Row    // would go out at their time after a resume, soonest first
	TooLate   []Row    // their time has passed: a resume does not send them
	UnderWay  []Row    // their delivery had begun, or its outcome is not known
	OutToday  []Row    // went out today before the stop
	MayResume []string // user ids
}
