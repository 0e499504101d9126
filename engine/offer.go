package engine

import "time"

// OfferState is where a RaiseOffer is. The store holds itself to the moves that the comments name.
type OfferState string

const (
	OfferOpen      OfferState = "open"      // its card asks an owner; may become snoozed, withdrawn, closed
	OfferSnoozed   OfferState = "snoozed"   // an owner said "not now"; closed when its time is over, or the level moved
	OfferWithdrawn OfferState = "withdrawn" // it is not true any more; open again when it is, closed when the level moved
	OfferClosed    OfferState = "closed"    // final: allowed, or the level moved, or asked anew
)

// SnoozedFor is how long "not now" holds.
const SnoozedFor = 14 * 24 * time.Hour

// RaiseOffer is koira's offer of the next level of one task to an owner. At most one of a task is not closed. It changes nothing: only an owner's
// confirmed click raises a level.
type RaiseOffer struct {
	ID       string
	Task     string
	From, To Level
	State    OfferState
	At       time.Time // when it was made
	Proof    string    // the record as it was then
	Until    time.Time // with OfferSnoozed: when it may be made again
	By       string    // user id of who snoozed it, or of who moved the level; koira's where it withdrew it
	MovedAt  time.Time // when State became what it is
	Why      string    // of State, in words; "" while open
}

// OfferMove is a change of a RaiseOffer's state.
type OfferMove struct {
	ID       string
	From, To OfferState
	By       Actor
	At       time.Time
	Until    time.Time // with OfferSnoozed
	Why      string
}

// Look is a card that asks people to look through what a task did by itself: once a week in the first two weeks after a grant, and on the day that
// its owner chose. It closes when somebody says that they have seen it.
type Look struct {
	ID     string // of the grant, and which of its looks it is
	Task   string
	Grant  string
	From   time.Time // what was done since
	At     time.Time
	SeenAt time.Time // zero while nobody has
	SeenBy string
}

// Watched is how long after a grant the morning note and the weekly look speak of the task whatever happened.
const Watched = 14 * 24 * time.Hour
