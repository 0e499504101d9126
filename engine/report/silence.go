package report

import (
	"strings"
	"time"
)

// Does is what silence does: the one mark on a card says it.
type Does string

const (
	DoesEnd     Does = "end"     // it waits for a yes, and ends without one
	DoesGoOut   Does = "go-out"  // it goes out by itself unless stopped
	DoesStay    Does = "stay"    // it stays as it is, however long
	DoesNothing Does = "nothing" // nothing is asked of anybody
)

// Silence is what happens if nobody does anything.
type Silence struct {
	Does Does
	At   time.Time // when; zero where no time matters
	Text string    // a whole sentence, "{at}" standing for At; use Words
}

// Words returns the sentence, with its time as when writes it.
func (s Silence) Words(when func(time.Time) string) string {
	if s.At.IsZero() {
		return s.Text
	}
	return strings.ReplaceAll(s.Text, "{at}", when(s.At))
}
