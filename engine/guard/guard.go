// Package guard is the gate: pure checks over engine's nouns. Every path to a channel passes [Check]: at drafting, at approval, and again
// inside the claim before publishing. Rules are code; a model's opinion never lets anything through.
package guard

import (
	"slices"

	"koira/engine"
)

// check looks at a view and returns what it finds: nothing, when its rule does not apply.
type check struct {
	rule string
	run  func(engine.View) []engine.Finding
}

// checks run in this order; a card shows blocks in it. To add one: write it in a file of its own, add a row here and a row to TestChecks.
var checks = []check{
	{"stopped", stopped},
	{"paused", paused},
	{"interrupted", interrupted},
	{"authority", authority},
	{"late", late},
	{"audience", audience},
	{"channels", channels},
	{"budget", budget},
	{"pace", pace},
	{"quiet", quiet},
	{"frequency", frequency},
	{"blast", blast},
	{"performance", performance},
	{"topics", topics},
	{"facts", facts},
	{"safety", safety},
}

// Rules lists the names of all checks in the gate's order.
func Rules() []string {
	names := make([]string, len(checks))
	for i, c := range checks {
		names[i] = c.rule
	}
	return names
}

// Check runs every check over v. A rule that finds nothing gives one pass, so that a card can say how many checks passed.
func Check(v engine.View) engine.Verdict {
	out := engine.Verdict{
		Outcome: engine.Pass, Stage: v.Stage, At: v.Now,
		StrategyVersion: v.Strategy.Version, GuardrailVersion: v.Guardrails.Version,
	}
	for _, c := range checks {
		found := c.run(v)
		if len(found) == 0 {
			found = []engine.Finding{{Outcome: engine.Pass}}
		}
		for _, f := range found {
			f.Rule = c.rule
			f = waive(v, f)
			out.Findings = append(out.Findings, f)
			out.Outcome = worse(out.Outcome, f.Outcome)
		}
	}
	return out
}

var _ engine.Gate = Check

// waive turns a block into a warning where an owner's yes to this very version names its rule. It is the only place that does, and only where
// the finding itself says that it may be.
func waive(v engine.View, f engine.Finding) engine.Finding {
	a := v.Approval
	if f.Outcome != engine.Block || !f.Waivable || v.Stage == engine.StageDraft || a == nil {
		return f
	}
	if a.Output != v.Output.ID || a.Digest != v.Output.Digest || a.Role < engine.RoleOwner || !slices.Contains(a.Waived, f.Rule) {
		return f
	}
	f.Outcome, f.Evidence = engine.Warn, "An owner let it through: "+f.Evidence
	return f
}

func worse(a, b engine.Outcome) engine.Outcome {
	rank := map[engine.Outcome]int{engine.Pass: 0, engine.Warn: 1, engine.Clamp: 2, engine.Block: 3}
	if rank[b] > rank[a] {
		return b
	}
	return a
}

func block(evidence, remedy string) []engine.Finding {
	return []engine.Finding{{Outcome: engine.Block, Evidence: evidence, Remedy: remedy}}
}

// later is a block that may pass by itself: the output stays where it is.
func later(evidence, remedy string) []engine.Finding {
	return []engine.Finding{{Outcome: engine.Block, Evidence: evidence, Remedy: remedy, Later: true}}
}
