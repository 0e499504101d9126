package engine

import "time"

// SendState is where one delivery is. It is the finer grain below an output's State, which derives from it (see Derive).
type SendState string

const (
	SendPending     SendState = "pending"     // not begun
	SendPublishing  SendState = "publishing"  // intent saved, the call may be on the wire
	SendUnconfirmed SendState = "unconfirmed" // outcome unknown
	SendPublished   SendState = "published"
	SendRetracting  SendState = "retracting"
	SendRetracted   SendState = "retracted"
	SendFailed      SendState = "failed" // certainly not out, never will be; nobody knows of one that was given up
)

// Send is one delivery of one variant to one set of recipients.
type Send struct {
	ID          string
	Output      string
	Variant     string
	Segment     string
	Key         string // idempotency key; given once, never changes
	Fence       int    // counts claims; a result that carries an older fence is refused
	State       SendState
	Ref         Ref       // what Prepare or Publish returned; zero until then
	ClaimedAt   time.Time // of the last claim; the created-at that goes on the wire is FirstAt
	FirstAt     time.Time // of the first claim: the same in every repeat
	QuietUntil  time.Time // while unconfirmed: the first moment at which "not found" proves absence; zero when that can never be proved
	Probes      int       // how often the last attempt was looked for
	Evidence    string    // what is known of the last attempt, for people
	PublishedAt time.Time
	NextRead    time.Time // when its results are read next; zero once settled
	GoneAt      time.Time // when its channel said that it is gone; zero unless it was taken down
	LookedAt    time.Time // when it was looked for after that, and was not there; zero until then
	HaltAsked   time.Time // when a person asked to stop what is still being delivered; zero if nobody did
	HaltedAt    time.Time // when its channel answered that, or a stop of everything; Reached of All people have it
	Reached     int
	All         int
	Wave        int // 1 for the first readers, 2 for the rest; 0 for all at once
	Skip        int // of the rest: how many had it before
	People      int // of a wave: whom it goes to at most; 0 for all at once
}

// FoundByPerson is the Evidence of a send that a person found live: its PublishedAt is when they said so, and when it landed nobody knows.
const FoundByPerson = "found live by a person"

// Waves returns a piece's first wave and its rest; false where it goes to all at once.
func Waves(sends []Send) (first, rest Send, ok bool) {
	for _, s := range sends {
		switch s.Wave {
		case 1:
			first, ok = s, true
		case 2:
			rest = s
		}
	}
	return first, rest, ok
}

// Partly reports whether the first readers have a piece of which the rest has not begun.
func Partly(sends []Send) bool {
	first, rest, ok := Waves(sends)
	return ok && first.State == SendPublished && rest.State == SendPending
}

// ByHand reports whether a person published s: all that is known of it is its address.
func (s Send) ByHand() bool { return s.Variant == "" }

// Dropped is the Evidence of a failed send of which nobody ever learned what became of it: a person gave it up.
const Dropped = "dropped by a person"

// GivenUp reports whether s is never sent again although it may be out.
func (s Send) GivenUp() bool { return s.State == SendFailed && s.Evidence == Dropped }

// Derive gives the state of an output whose sends are in these states, and false when they do not decide it. An unknown outcome outranks
// everything, since it needs a person; one published copy outranks failures.
func Derive(sends []Send) (State, bool) {
	n := map[SendState]int{}
	for _, s := range sends {
		n[s.State]++
	}
	switch {
	case len(sends) == 0:
		return "", false
	case n[SendUnconfirmed] > 0:
		return StateUnconfirmed, true
	case n[SendPublishing] > 0:
		return StatePublishing, true
	case n[SendRetracting] > 0:
		return StateRetracting, true
	case n[SendPending] > 0:
		return StateScheduled, true
	case n[SendPublished] > 0:
		return StatePublished, true
	case n[SendRetracted] > 0:
		return StateRetracted, true
	}
	return StateFailed, true
}

// Result is what one attempt to publish, probe or retract came to. The store applies it only while the send still carries Fence.
type Result struct {
	Send       string
	Fence      int
	State      SendState // published, unconfirmed, failed, retracted, or pending for "certainly not out, try again"
	Ref        Ref
	At         time.Time
	Evidence   string
	QuietUntil time.Time // with unconfirmed
	RetryAt    time.Time // with pending: not before
	Probed     bool      // counts as one probe
	Refused    bool      // with pending: the channel itself refused; it counts as failed there
	By         Actor     // Koira, or the person who resolved an unknown outcome
	Why        string
	GoneAt     time.Time // with retracting or retracted: when the channel said that it is gone
	LookedAt   time.Time // with retracted: when it was looked for after that
	Spent      Money     // with published: what it cost; the rest of the reservation is released
	SpentAll   bool      // instead of Spent: it is taken to have cost all that was set aside for it, since nobody knows better
	Open       *Exception
	Breaks     *Exception // opened instead when this is the attempt at which the channel is paused; see Breaker
	Close      string     // outcome with which the output's open exceptions are closed; "" leaves them
	Notices    []Notice
}
