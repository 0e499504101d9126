package engine

import (
	"cmp"
	"fmt"
	"time"
)

// WaveRule is how a broadcast e-mail goes out that nobody said yes to: to a few readers first, to the rest once nothing was wrong with them. A zero field
// is its default.
type WaveRule struct {
	Percent int `json:"percent,omitempty"` // of the readers in the first wave; 10 by default, 100 sends to all at once
	Pause   int `json:"pause,omitempty"`   // minutes between it and the rest; 120 by default
	Lost    int `json:"lost,omitempty"`    // in 1,000 of the first readers who may unsubscribe or complain; 10 by default
}

// What is usual of a [WaveRule].
const (
	UsualFirst = 10  // percent
	UsualPause = 120 // minutes
	UsualLost  = 10  // in 1,000
)

// Words says r for people: "10 % of its readers first, the rest 2 h later unless more than 10 in 1,000 of them leave".
func (r WaveRule) Words() string {
	p := cmp.Or(r.Percent, UsualFirst)
	if p >= 100 {
		return "all its readers at once"
	}
	return fmt.Sprintf("%d %% of its readers first, the rest %s later unless more than %d in 1,000 of them leave", p, spanWords(r.Length()), cmp.Or(r.Lost, UsualLost))
}

// leastWave is how many readers a segment has at least for a first wave to say anything.
const leastWave = 20

// First is how many of so many readers the first wave goes to; 0 where all get it at once.
func (r WaveRule) First(readers int) int {
	p := cmp.Or(r.Percent, UsualFirst)
	if readers < leastWave || p >= 100 {
		return 0
	}
	return (readers*p + 99) / 100
}

// Length is how long the rest waits.
func (r WaveRule) Length() time.Duration {
	return time.Duration(cmp.Or(r.Pause, UsualPause)) * time.Minute
}

// untilRead is how long what is known to be out takes to be read for the first time.
const untilRead = 15 * time.Minute

// Until is when the rest may follow first: once its readers have had that for a while, and what they made of it could be read. What was known only
// later to be out counts from when it was sent.
func (r WaveRule) Until(first Send) time.Time {
	had, read := first.ClaimedAt.Add(r.Length()), first.PublishedAt.Add(min(r.Length(), untilRead))
	if read.After(had) {
		return read
	}
	return had
}

// fewLost is how many readers may always leave: one or two prove nothing.
const fewLost = 2

// TooMany reports whether so many of the first readers left that the rest does not follow by itself.
func (r WaveRule) TooMany(lost int64, reached int) bool {
	return lost > fewLost && lost*1000 > int64(reached)*int64(cmp.Or(r.Lost, UsualLost))
}

// Wave is how a piece stands of which the first readers have it, and the rest does not.
type Wave struct {
	Reached  int       // who have it
	Since    time.Time // when that became known
	Of       int       // whom it is for in all
	Until    time.Time // when the rest may follow
	Read     bool      // results of the first readers came in
	Lost     int64     // of them unsubscribed or complained
	Question string    // why something about it waits for a person besides; "" for nothing
}

// Left is how many do not have it.
func (w Wave) Left() int { return w.Of - w.Reached }

// RuleWave is the name of the rule that holds the rest of a piece, whatever the cause: its exception bears it.
const RuleWave = "wave"

// Holds is the exception of a rest that does not follow by itself, for a cause.
func (w Wave) Holds(id string, o Output, cause string, at time.Time) *Exception {
	return &Exception{
		ID: id, Kind: ExceptionOutput, Output: o.ID, Task: o.Task, Subject: o.ID, Rule: RuleWave, Reason: "The rest of an e-mail waits.", OpenedAt: at, Due: o.Expires,
		Evidence: fmt.Sprintf("%s of %s have it; the other %s do not. %s", Thousands(w.Reached), Thousands(w.Of), Thousands(w.Left()), cause),
	}
}

// OutcomeRestStopped ends a question about the rest of a piece: it does not go out.
const OutcomeRestStopped = "the rest was stopped"
