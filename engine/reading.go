package engine

import (
	"slices"
	"strings"
	"time"
)

// Whoever says yes to everything, each piece hours after its card came, has read all of it or nothing: the yeses alone cannot tell. A sign of reading
// can: a person judged a piece, in words of their own or by something else than a yes, or read enough of them in a window that knows how long it stood.
const (
	// SignHolds is how far a sign of reading may lie from a yes, before or after it, for that yes to be known as a reader's: a quarter of a year. Who reads a
	// piece a week in its window has shown it by then, and who reads one a day and would take 97 in 100 as they are turns one down in it 94 times in 100.
	// It counts from the yes and not from today, so that what was earned does not fade while nothing of it changes.
	SignHolds = 90 * 24 * time.Hour

	// SignPieces is how many pieces read in a window are a sign: one stands open by chance while the telephone rings, ten do not.
	SignPieces = 10

	// readingPace is how many words a minute nobody reads faster than: twice the 238 at which adults read non-fiction silently, most of them between 175
	// and 300 (Brysbaert 2019, Journal of Memory and Language 109, 104047, on 190 studies). So fast readers pass, and who presses through does not.
	readingPace = 2 * 238
)

// ReadingTime is the least that so many words take to read; never less than Hurry.
func ReadingTime(words int) time.Duration {
	return max(Hurry, time.Duration(words)*time.Minute/readingPace)
}

// Words counts what there is to read of o, in all its wordings.
func (o Output) Words() int {
	n := 0
	for _, v := range o.Variants {
		n += len(strings.Fields(v.Subject)) + len(strings.Fields(v.Shown))
	}
	return n
}

// Reader is what shows of one person that they read, of whichever task. Both lists are oldest first.
type Reader struct {
	Judged []time.Time // they edited, rejected, stopped or took down a piece
	Read   []time.Time // they approved a piece from a window in which it had stood whole for its ReadingTime; each piece once
}

// Known reports whether a yes at that time is known as a reader's: a sign of reading lies within SignHolds of it.
func (r Reader) Known(at time.Time) bool {
	return near(r.Judged, at) > 0 || near(r.Read, at) >= SignPieces
}

// near counts the times that lie no farther than SignHolds from at.
func near(times []time.Time, at time.Time) int {
	first, _ := slices.BinarySearchFunc(times, at.Add(-SignHolds), time.Time.Compare)
	last, _ := slices.BinarySearchFunc(times, at.Add(SignHolds).Add(1), time.Time.Compare)
	return last - first
}
