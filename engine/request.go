package engine

import (
	"slices"
	"time"
)

// RequestState is where a Request is. The store holds itself to the moves that the comments name.
type RequestState string

const (
	RequestAsked     RequestState = "asked"     // shown to its asker, old → new; may become pending, applied, cancelled, expired
	RequestPending   RequestState = "pending"   // an owner has confirmed it, and a second person signs: applied, cancelled, expired
	RequestApplied   RequestState = "applied"   // final: in force
	RequestCancelled RequestState = "cancelled" // final: taken back, or what it would have changed has moved
	RequestExpired   RequestState = "expired"   // final: nobody went on with it in time
)

// RequestKind is what a Request would change.
type RequestKind string

const (
	RequestRules RequestKind = "rules" // Edits of the guardrails
	RequestLevel RequestKind = "level" // the level of the task that Subject names

	// RequestStrategy is a new version of the strategy: Edits hold what was typed, a part each. It never waits for a signature.
	RequestStrategy RequestKind = "strategy"
)

// RuleEdit is one limit and the value that it is to have, both in the words of desk's table of limits: "budget.weekly" and "400".
type RuleEdit struct {
	Rule string `json:"rule"`
	To   string `json:"to"`
}

// Request is a change of limits, of a level or of the strategy that a person asks for. It changes nothing until it is applied, which happens once, and only
// while From still is in force.
type Request struct {
	ID       string
	Kind     RequestKind
	Subject  string // the limits, or the task's id; at most one is pending for a kind and subject
	Edits    []RuleEdit
	From, To int      // the version of the rules, or of the strategy, that it was computed from, and the next; the levels
	Lines    []string // old → new, a limit each, as people were shown it
	Left     []string // what going back to an earlier version leaves out, since what it names is gone: a limit each, as that version says it
	Tried    []string // of what waits for a signature: what it would have done to what is on record, as it was when it was confirmed
	Why      string   // a person's words
	State    RequestState
	By       string // who asks, and confirmed it
	Surface  Surface
	At       time.Time // asked, or confirmed when it became pending
	Expires  time.Time // not applied at or after it
	EndedAt  time.Time // zero while it is open
	EndedBy  string
	EndedWhy string
}

// Open reports whether r may still be applied at t.
func (r Request) Open(t time.Time) bool {
	return slices.Contains([]RequestState{RequestAsked, RequestPending}, r.State) && t.Before(r.Expires)
}

// RulesChange is a new version of the guardrails with everything that becomes true with it. The store does it in one transaction: code
// conflict when another version than From is in force, or when Request is not open any more.
type RulesChange struct {
	From    int // 0: none yet
	To      Guardrails
	By      Actor // who asked for it
	At      time.Time
	What    string // old → new
	Why     string // a person's words
	Request string // that it carries out, "" for none
	Signed  Actor  // the second person; the zero Actor where nobody signed
	Alone   bool   // one owner gave more room alone, since nobody else could sign
}
