package engine

import "time"

// Ledger kinds.
const (
	LedgerReserve = "reserve" // Reserved +x
	LedgerCommit  = "commit"  // Reserved −x, Spent +y
	LedgerRelease = "release" // Reserved −x
	LedgerCharge  = "charge"  // Spent +x without a reservation: a model call
)

// Entry is one line of the ledger. It is append-only: balances are sums, and the sum of Reserved over one output ends at zero.
type Entry struct {
	ID       string
	At       time.Time
	Kind     string
	Output   string // "" for a charge that belongs to none
	Task     string
	Campaign string
	Week     string // ISO week of the slot in the business's zone
	Reserved Money  // change of what is set aside
	Spent    Money  // change of what is spent
	Top      Rise   // change of what of it an owner allowed on top of each cap
	Note     string // "model: gpt-…, 812 tokens in, 240 out (estimated)"
}

// Balance is the sum of ledger entries.
type Balance struct {
	Reserved, Spent, Model Money // Model is the part of Spent that model calls took
	Top                    Money // what owners allowed single pieces on top of the cap that the sum is held against; see OnTop
}

// Used is what counts against a cap.
func (b Balance) Used() Money { return b.Reserved + b.Spent }

// OnTop is the part of b that is beyond a limit because owners allowed single pieces so much on top.
func (b Balance) OnTop(limit Money) Money { return onTop(b.Top, b.Used(), limit) }

// onTop is what of a sum is beyond a limit as owners allowed: what they allowed and the sum does not need is nobody's.
func onTop(allowed, used, limit Money) Money { return min(allowed, max(0, used-limit)) }
