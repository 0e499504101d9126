package engine

import (
	"slices"
	"time"
)

// Guardrails are the limits that people set. They are one document with one version, so that every check can say what it was held against.
// Adding a guardrail: a field here, a function and a row in engine/guard.
type Guardrails struct {
	Version  int             `json:"version"`
	Budget   BudgetRule      `json:"budget"`
	Channels map[string]bool `json:"channels"` // allow-list: a channel that is not true here is not allowed
	Topics   TopicRule       `json:"topics"`
}

// BudgetRule caps money. A nil cap would mean unlimited, so there is none: 0 allows no spending.
type BudgetRule struct {
	Weekly  Money `json:"weekly"`  // everything, the model's cost included
	Ceiling Money `json:"ceiling"` // from the config file; no click sets Weekly above it
}

// TopicRule names what no output may be about.
type TopicRule struct {
	Blocked []string `json:"blocked"`
}

// Clone returns a copy that shares nothing with g.
func (g Guardrails) Clone() Guardrails {
	c := g
	c.Topics.Blocked = slices.Clone(g.Topics.Blocked)
	c.Channels = make(map[string]bool, len(g.Channels))
	for k, v := range g.Channels {
		c.Channels[k] = v
	}
	return c
}

// GuardrailChange is one row of the history of guardrails.
type GuardrailChange struct {
	Version int
	By      string
	At      time.Time
	Why     string // what changed, old → new
}

// Outcome is what a guardrail says.
type Outcome string

const (
	Pass  Outcome = "pass"
	Warn  Outcome = "warn"
	Block Outcome = "block"
)

// Finding is what one guardrail said of one output.
type Finding struct {
	Rule     string  `json:"rule"`
	Outcome  Outcome `json:"outcome"`
	Evidence string  `json:"evidence"`        // the quoted words or numbers, as a sentence; holds outside text, so it is escaped where it is drawn
	Remedy   string  `json:"remedy"`          // the smallest change that would let it pass
	Held     State   `json:"held,omitempty"`  // with Block: where the output goes when not StateHeld (StateExpired for "too late")
	Later    bool    `json:"later,omitempty"` // with Block: not now, but it may pass by itself later (stopped, paused)
}

// Stage is when the gate runs.
type Stage string

const (
	StageDraft    Stage = "draft"
	StageApproval Stage = "approval"
	StageClaim    Stage = "claim" // immediately before publishing
)

// Verdict is what the whole gate said of one output at one moment.
type Verdict struct {
	Outcome                           Outcome
	Stage                             Stage
	Findings                          []Finding
	At                                time.Time
	StrategyVersion, GuardrailVersion int
}

// Blocks returns the findings that block, in the gate's order.
func (v Verdict) Blocks() []Finding {
	var b []Finding
	for _, f := range v.Findings {
		if f.Outcome == Block {
			b = append(b, f)
		}
	}
	return b
}

// Gate decides over a View. It is pure: the same view gives the same verdict.
type Gate func(View) Verdict

// View is everything that the gate may look at, read in one transaction.
type View struct {
	Now        time.Time
	Stage      Stage
	Output     Output
	Task       Task
	Strategy   Strategy
	Guardrails Guardrails
	Control    Control
	Approval   *Approval // of this very digest, or nil
	Grant      *Grant    // the grant that holds for the task, or nil
	Week       Balance   // of the slot's ISO week in the business's zone
	TaskWeek   Balance   // the task's own share of it
	Campaign   Balance   // of the output's campaign, over its whole life; zero without one
	Reserved   Money     // what this output itself has reserved; it is part of the balances
	Breaker    Breaker   // of the output's channel
	Audience   int       // people whom the output's segment reaches now, as its channel counts them or as people set it; 0 when not known
}
