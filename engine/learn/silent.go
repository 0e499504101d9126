package learn

import "time"

const (
	// silentAsks in a row without any answer, over silentFor, is silence.
	silentAsks = 6
	silentFor  = 12 * time.Hour
)

// Silence is how long a channel's meter has told nothing of pieces that are out, counted while it is asked: what nobody asked for is no silence.
type Silence struct {
	Asks  int       // in a row that brought not one reading
	Since time.Time // the first of them
}

// Silent reports whether a channel is silent at now: asked six times in a row, over twelve hours or more, about pieces that are out, and not one
// number came. A reading of 0 is an answer.
func (s Silence) Silent(now time.Time) bool {
	return s.Asks >= silentAsks && now.Sub(s.Since) >= silentFor
}
