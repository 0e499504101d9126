package report

import (
	"time"

	"koira/engine"
)

// GuardrailView is all rules in words.
type GuardrailView struct {
	Frame
	Version               int
	By                    string // user id, or "koira" for the config file's first version; "" when not known
	At                    time.Time
	Why                   string
	Rules                 []Rule
	History               []engine.GuardrailChange // newest first, ten at most
	MayLoosen, MayTighten []string                 // user ids
}

// Rule is one guardrail as people read it.
type Rule struct {
	Key   string // "budget"
	Name  string // "Money a week"
	Words string // "at most €120.00, the AI model included; never above €200.00"
	Set   bool   // false: people have not set it, so it is as strict as can be, or there is none, as Words says
}
