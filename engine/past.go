package engine

import "time"

// Past is what is on record of the pieces of a stretch of time and of what stood around them: enough to run the gate on them again as of their time,
// as far as the gate looks at what is kept. It is of one moment.
type Past struct {
	Pieces     []Output            // with their wordings, without findings; newest planned time first
	More       int                 // pieces of the same time that were left out
	Approvals  map[string]Approval // by output: the newest of what the piece says now
	Around     []Neighbour         // all that went out, or may have been cleared to; At is its planned time now
	Moves      []PastMove          // of pieces, in the order of the log
	Ledger     []Entry             // of the weeks of the pieces, and of the campaigns in them, in its order
	Strategies []DatedStrategy     // oldest first; the first was in force at the beginning, or is the first there was
	Grants     []Grant             // that held at some time of the stretch
}

// PastMove is a line of the log on a piece's move.
type PastMove struct {
	Output string
	To     State
	At     time.Time
	Slot   time.Time // its planned time after the move
}

// DatedStrategy is a version of the strategy and since when it is in force.
type DatedStrategy struct {
	Strategy
	At time.Time
}

// Tried is what a change of the rules would have done to what is on record, in words: one sentence a line, the most important first. It changes
// nothing. Pieces are some of those that the lines speak of.
type Tried struct {
	Lines  []string
	Pieces []TriedPiece
}

// TriedPiece is one piece of which a change of the rules would have decided otherwise.
type TriedPiece struct {
	Output string
	Title  string
	Words  string // "would have been stopped: links"
	Day    string // "3 Nov": when it went out, or is planned
	URL    string // "" while there is none
}
