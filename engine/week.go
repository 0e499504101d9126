package engine

import "time"

// SubjectNeeded, behind an output's id, marks the subject of a notice that comes due when a yes is needed soon: a notice of its own, so that what
// happens meanwhile is told at once.
const SubjectNeeded = "|needed"

// WeekPiece is one of the pieces that came together on the one card of their week.
type WeekPiece struct {
	Output string
	Week   string    // "2025-W48"
	Digest Digest    // of the version that the card told of; a later one is told on a card of its own
	Needed time.Time // from then on a piece that still waits, or goes out unless stopped, has a card of its own
}
