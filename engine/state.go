package engine

import "slices"

// State is where an output is in its life. Legal moves are in the table below and nowhere else; the store holds itself to the same table.
type State string

const (
	StatePlanned     State = "planned"     // theme, slot, arms and the reason are fixed; no copy yet
	StateDrafted     State = "drafted"     // copy exists, the gate has run
	StateWaiting     State = "waiting"     // in the approval queue
	StateHeld        State = "held"        // in the exception queue; it, or its rest, is certainly not out
	StateHanded      State = "handed"      // given to a person to publish by hand
	StateScheduled   State = "scheduled"   // cleared for its slot, money reserved; or its first wave is out, and the rest cleared
	StatePublishing  State = "publishing"  // intent saved before the call; the call may be on the wire
	StateUnconfirmed State = "unconfirmed" // outcome unknown; never blindly repeated
	StatePublished   State = "published"   // the channel confirmed it
	StateRetracting  State = "retracting"  // removal intent saved before the call
	StateSettled     State = "settled"     // last measurement taken
	StateRejected    State = "rejected"    // final
	StateExpired     State = "expired"     // final
	StateCancelled   State = "cancelled"   // final
	StateFailed      State = "failed"      // final
	StateRetracted   State = "retracted"   // final
)

// States lists every state in the order of an output's life.
var States = []State{
	StatePlanned, StateDrafted, StateWaiting, StateHeld, StateHanded, StateScheduled, StatePublishing, StateUnconfirmed, StatePublished,
	StateRetracting, StateSettled, StateRejected, StateExpired, StateCancelled, StateFailed, StateRetracted,
}

// From scheduled and held a piece becomes published only where a part of it is out: its rest does not go out.
var next = map[State][]State{
	StatePlanned:     {StateDrafted, StateHanded, StateCancelled, StateFailed},
	StateDrafted:     {StateWaiting, StateHeld, StateScheduled, StateHanded, StateCancelled},
	StateWaiting:     {StateScheduled, StateHeld, StateRejected, StateExpired, StateCancelled, StateDrafted},
	StateHeld:        {StateScheduled, StateRejected, StateExpired, StateCancelled, StateDrafted, StatePublished},
	StateHanded:      {StatePublished, StateRejected, StateExpired},
	StateScheduled:   {StatePublishing, StateHeld, StateWaiting, StateCancelled, StateExpired, StatePublished},
	StatePublishing:  {StatePublished, StateFailed, StateScheduled, StateUnconfirmed},
	StateUnconfirmed: {StatePublished, StateScheduled, StateFailed},
	StatePublished:   {StateSettled, StateRetracting},
	StateRetracting:  {StateRetracted, StatePublished},
	StateSettled:     {StateRetracting},
}

// CanMove reports whether an output may go from one state to another in one step.
func CanMove(from, to State) bool { return slices.Contains(next[from], to) }

// Next returns a copy of the states that may follow s; none for a final state.
func Next(s State) []State { return slices.Clone(next[s]) }

// Final reports whether nothing may follow s.
func (s State) Final() bool { return len(next[s]) == 0 }

// HoldsMoney reports whether an output in s has a reservation in the ledger.
func (s State) HoldsMoney() bool {
	return s == StateScheduled || s == StatePublishing || s == StateUnconfirmed
}
