package engine

import "time"

// CouldNotRemove begins the reason of an exception about a piece that was to be taken down and is still there; others of its kind are about a piece that
// is out and should not be, which nobody has tried to take down.
const CouldNotRemove = "Could not take it down"

// ExceptionKind says what an exception is about.
type ExceptionKind string

const (
	ExceptionOutput ExceptionKind = "output" // one piece: stopped by a rule, or below confidence
	ExceptionUnsure ExceptionKind = "unsure" // the outcome of a publish is not known
	ExceptionMissed ExceptionKind = "missed" // a piece did not go out in time
	ExceptionTask   ExceptionKind = "task"   // a task: anomaly, threshold
	ExceptionSystem ExceptionKind = "system" // credentials, a channel that refuses
)

// Trouble is what kind of trouble an exception is about, the same however it is worded. Where more than one can befall a subject, each has its own, and
// people are asked about each.
type Trouble string

const (
	TroubleCredentials Trouble = "credentials" // a channel refuses koira's password for its pieces
	TroublePaused      Trouble = "paused"      // a channel, or a task, stands still until a person says otherwise
	TroubleAbsent      Trouble = "absent"      // a channel is not configured
	TroubleUncounted   Trouble = "uncounted"   // a channel does not say how many people it reaches
	TroubleUnread      Trouble = "unread"      // a channel refuses koira's password for its results
	TroubleSilent      Trouble = "silent"      // a channel tells no results
	TroubleBrokeOff    Trouble = "broke off"   // the results of a task did; it goes on
	TroubleCrashes     Trouble = "crashes"     // why everything is stopped
	TroubleRestored    Trouble = "restored"    // why everything is stopped
	TroubleSideFile    Trouble = "side file"   // of the log: the side file does not fit it
	TroubleChain       Trouble = "chain"       // of the log: what it says itself does not fit together
	TroubleLate        Trouble = "late"        // a piece did not go out in time
	TroubleUnwritten   Trouble = "unwritten"   // a piece was not written in time
	TroubleRefused     Trouble = "refused"     // its channel refuses a piece
	TroubleStillLive   Trouble = "still live"  // a piece could not be taken down
	TroubleBreach      Trouble = "breach"      // a piece is out, and should have been stopped
)

// HoldsUp reports whether what is cleared for a channel waits because of t; that nobody sees what comes of pieces holds up none.
func (t Trouble) HoldsUp() bool { return t != TroubleUnread && t != TroubleSilent }

// Exception is anything outside confidence or guardrails that waits for a person. At most one is open for a kind, subject and trouble.
type Exception struct {
	ID       string
	Kind     ExceptionKind
	Output   string // "" unless it is about one piece
	Task     string
	Subject  string // what it is about: the output's id, a task's, a channel's name; (Kind, Subject, Trouble) is unique among open ones
	Trouble  Trouble
	Reason   string // one sentence: what happened
	Evidence string // quoted words, numbers
	Remedy   string // the smallest thing that would end it
	Rule     string // the guardrail that stopped the piece; "" where none did
	Storm    string // the id of the Storm that it is a part of, "" when it has a card of its own
	OpenedAt time.Time
	Due      time.Time // what happens by itself happens then; zero if nothing does
	Reminded time.Time // when people were asked again; zero if never
	ClosedAt time.Time // zero while open
	ClosedBy string
	Outcome  string // "approved", "rejected", OutcomeExpired, "edited", "found live", "rule changed", …
}

// Stops reports whether e is why koira stopped everything.
func (e Exception) Stops() bool {
	return e.Kind == ExceptionSystem && (e.Subject == Everything || e.Subject == TheLog)
}

// OutcomeExpired ends an exception that nobody decided in time: that is neither a yes nor a no.
const OutcomeExpired = "expired"

// Many exceptions of one cause within StormSpan are a storm: the first StormSize have cards of their own, all others share one, so that a
// lowered cap or a lost hour does not bury the rest. Each stays an exception of its own, with its own end.
const (
	StormSize = 3
	StormSpan = time.Hour
)
