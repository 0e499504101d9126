package engine

import "time"

// ExceptionKind says what an exception is about.
type ExceptionKind string

const (
	ExceptionOutput ExceptionKind = "output" // one piece: stopped by a rule, or below confidence
	ExceptionUnsure ExceptionKind = "unsure" // the outcome of a publish is not known
	ExceptionMissed ExceptionKind = "missed" // a piece did not go out in time
	ExceptionTask   ExceptionKind = "task"   // a task: anomaly, threshold
	ExceptionSystem ExceptionKind = "system" // credentials, a channel that refuses
)

// Exception is anything outside confidence or guardrails that waits for a person. At most one is open for a kind and subject.
type Exception struct {
	ID       string
	Kind     ExceptionKind
	Output   string // "" unless it is about one piece
	Task     string
	Subject  string // what it is about: the output's id, a task's, a channel's name; (Kind, Subject) is unique among open ones
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

// OutcomeExpired ends an exception that nobody decided in time: that is neither a yes nor a no.
const OutcomeExpired = "expired"

// Many exceptions of one cause within StormSpan are a storm: the first StormSize have cards of their own, all others share one, so that a
// lowered cap or a lost hour does not bury the rest. Each stays an exception of its own, with its own end.
const (
	StormSize = 3
	StormSpan = time.Hour
)
