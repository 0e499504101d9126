package report

import (
	"time"

	"koira/engine"
)

// Queue is what waits for people's hands, first needed first: drafts that wait for a yes and pieces to publish by hand.
type Queue struct {
	Frame
	Page
	Items   []QueueItem
	Total   int
	Kinds   []KindCount
	Minutes int       // to read all of it: an estimate, at 200 words a minute and 20 s a piece for the decision
	First   time.Time // the first moment at which one of them runs out; zero when the queue is empty
}

// QueueItem is one piece in the queue.
type QueueItem struct {
	Row
	Digest    engine.Digest
	Deadline  time.Time // without a decision it ends then
	WaitsFor  string    // why it waits
	Silence   Silence
	MayDecide []string // user ids
	Window    bool     // it is approved in its window, never from a card: long, or not to be taken back
}
