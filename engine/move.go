package engine

import "time"

// Move is one step of an output's life with everything that must become true together with it. The store does it in one transaction,
// as an update that matches ID, From and Digest: who wins it acts, everybody else gets code conflict.
//
// The store also, by itself, in that transaction: reserves CostMax when the output enters a state that HoldsMoney, releases what is
// reserved when it leaves them unspent, writes the Event, and closes the output's open exceptions when it leaves StateHeld. What is held from
// a queue keeps WaitsFor: whatever waited for a person waits again afterwards.
type Move struct {
	Output   string
	From, To State
	Digest   Digest // what the mover saw; must equal the stored one
	By       Actor
	At       time.Time
	Why      string

	Gate      Gate      // runs on the View inside the transaction; when it blocks nothing is changed and the error has code blocked
	Stage     Stage     // with Gate
	Draft     *Output   // new copy: Variants, Digest, Findings, versions, Confidence, Writer, EditedBy, Changed, Arms, Slot, Expires, CostMax, Audience
	Estimate  *Estimate // with Draft: what koira thinks of it, kept for later
	Findings  []Finding // new findings without new copy, set by Finds
	Approval  *Approval
	Rejection *Rejection
	Slot      time.Time // a new planned time (Digest covers it, so Draft must carry the new digest); zero keeps it
	Due       time.Time // when the loop shall look next; zero means: derived from the state (slot, expiry)
	WaitsFor  string
	Audience  int    // a new count of the people whom it reaches; 0 keeps the old one
	URL       string // with StatePublished by hand
	Failed    bool   // counts as a failed attempt
	Open      *Exception
	Outcome   string // with which open exceptions are closed; "" means To
	Notices   []Notice

	Remark     *Remark     // what the mover says of a piece that would have gone out by itself
	Retraction *Retraction // with StateRetracting: a person's order

	// With Findings: the versions that they were found under; 0 keeps the old ones.
	StrategyVersion, GuardrailVersion int
}

// Finds is m with what v found, and the versions under which it did; clamps are kept among it, see WithClamps.
func (m Move) Finds(v Verdict, clamps []Finding) Move {
	m.Findings, m.StrategyVersion, m.GuardrailVersion = WithClamps(v.Findings, clamps), v.StrategyVersion, v.GuardrailVersion
	return m
}

// Intent is what goes on the wire: committed before Prepare or Publish is called; its key and bytes never change.
type Intent struct {
	Send     string
	Output   string
	Task     string
	Variant  string
	Key      string
	Fence    int
	Channel  string
	Account  string
	Segment  string
	Subject  string // metadata for channels that need it beside the bytes; covered by Bytes
	Bytes    []byte // what was approved, byte for byte
	Digest   Digest
	Audience int
	Skip     int   // people of the segment, in the channel's own order, who had it before: it goes to those behind them
	CostMax  Money // the most that may be billed: a channel that may overspend is told Traits.Order of it
	Slot     time.Time
	FirstAt  time.Time // the same in every repeat
	Ref      Ref       // from an earlier Prepare; zero otherwise
}

// Resend tells whether an unconfirmed send may be scheduled again by itself after a probe that found nothing.
func (t Traits) Resend() bool { return t.Dedupe || t.Probe && t.Flight > 0 }
