package engine

import "time"

// Everything is the subject of what is about the whole program: a stop, and what led to it.
const Everything = "everything"

// TheLog is the subject of what is wrong with the log, because of which everything is stopped.
const TheLog = "log"

// CrashLimit starts that ended in a crash, inside CrashWindow before this one, stop everything: whatever kills the program may do so in the
// middle of a publish, and each start would try again.
const (
	CrashLimit  = 3
	CrashWindow = 10 * time.Minute
)

// Start is one run of the program on its store.
type Start struct {
	Install string      // the store's own id, given at its first start; a copy of the file carries it too
	Epoch   int64       // counts the starts
	Crashed []time.Time // starts inside CrashWindow that did not end by themselves, oldest first
}
