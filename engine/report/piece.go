package report

import (
	"time"

	"koira/engine"
)

// PieceView is everything that a piece's card and windows need.
type PieceView struct {
	Frame
	Row
	Output     engine.Output
	Task       engine.Task
	Control    engine.Control
	Traits     engine.Traits // zero when the channel is not configured any more
	Theme      string        // as people wrote it
	Segment    string        // the name of its readers
	Audience   int           // people it may reach; 0 means not known
	Characters []int         // of each wording, as Traits.Limit counts them
	Warnings   []engine.Finding
	Blocks     []engine.Finding
	Passed     int // checks that passed

	Approval  *engine.Approval  // of what it says now
	Rejection *engine.Rejection // when it was rejected
	Exception *engine.Exception // the open one about it
	Readings  []Reading         // only what the channel or a meter gave
	Sends     []SendRow
	Silence   Silence
	Deadline  time.Time // the last moment for a decision; zero when none is asked
	MayDecide []string  // user ids that may approve or reject; its last editor is left out where somebody else could

	Long         bool // does not fit whole on a card
	Irreversible bool // cannot be taken down once out
}

// LongOrIrreversible reports whether it is approved in its window, never from the card.
func (p PieceView) LongOrIrreversible() bool { return p.Long || p.Irreversible }

// Soon reports whether its planned time is under 15 minutes away or past: then too Approve passes a window.
func (p PieceView) Soon() bool { return p.Slot.Sub(p.AsOf) < 15*time.Minute }

// Reading is one number that a piece brought so far.
type Reading struct {
	Metric    engine.Metric
	Name      string // "link visits", right for Value: "1 link visit"
	Value     int64
	Simulated bool
}

// SendRow is one delivery of a piece.
type SendRow struct {
	engine.Send
	Words string // the state in plain words
}
