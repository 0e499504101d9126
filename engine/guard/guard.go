// Package guard is the gate: pure checks over engine's nouns. Every path to a channel passes what [New] makes: at drafting, at approval, and again
// inside the claim before publishing. Rules are code; a model's opinion never lets anything through.
//
// The rules on texts look at one reading of each text ([Check] takes it), in which letters of other alphabets, spaced-out words and markup are seen
// through. What they read is at most what a program can: a rule is not cleverer than its list.
package guard

import (
	"cmp"
	"slices"

	"koira/engine"
)

// check looks at a view and returns what it finds: nothing, when its rule does not apply.
type check struct {
	rule string
	run  func(*look) []engine.Finding
	of   string // the limit that it holds, as people change it: Finding.Of where the finding names no other
}

// checks run in this order; a card shows blocks in it. To add one: write it in a file of its own, add a row here, a row to TestChecks, and its
// conversations to the scripts. One that reads no text is written over engine.View, and its row says of(…).
var checks = []check{
	{"stopped", of(stopped), ""},
	{"paused", of(paused), ""},
	{"interrupted", of(interrupted), ""},
	{"away", of(away), ""},
	{"authority", of(authority), ""},
	{engine.RuleWave, of(wave), ""},
	{"late", of(late), ""},
	{"audience", of(audience), ""},
	{"strategy", of(strategy), ""},
	{"channels", of(channels), "channels"},
	{engine.RuleBudget, of(budget), "budget"},
	{"pace", of(pace), "budget"},
	{"quiet", of(quiet), "quiet"},
	{"frequency", of(frequency), "frequency"},
	{"blast", of(blast), "blast"},
	{"caps", of(caps), ""},
	{"confidence", of(confidence), ""},
	{"performance", of(performance), "minimums"},
	{"topics", topics, "topics"},
	{"alphabets", alphabets, ""},
	{"voice", voice, "voice"},
	{"facts", facts, ""},
	{"links", linksRule, "links"},
	{"duplicates", duplicates, "duplicates"},
	{"limits", limits, ""},
	{"lines", lines, "lines"},
	{"mentions", mentions, "mentions"},
	{"safety", safety, ""},
}

// of is a check that needs no text.
func of(run func(engine.View) []engine.Finding) func(*look) []engine.Finding {
	return func(l *look) []engine.Finding { return run(*l.View) }
}

// Rules lists the names of all checks in the gate's order.
func Rules() []string {
	names := make([]string, len(checks))
	for i, c := range checks {
		names[i] = c.rule
	}
	return names
}

// New makes the gate that knows what each channel can do, and whether something reads its results; traits gives zero Traits for one that is not
// configured.
func New(traits func(channel string) engine.Traits, metered func(channel string) bool) engine.Gate {
	return func(v engine.View) engine.Verdict {
		v.Traits, v.Metered = traits(v.Output.Channel), metered(v.Output.Channel)
		return Check(v)
	}
}

// Check runs every check over v, whose Traits are filled. A rule that finds nothing gives one pass, so that a card can say how many checks passed.
// It is pure: what it keeps between calls is only what the same rules and facts would be made into again.
func Check(v engine.View) engine.Verdict {
	out := engine.Verdict{
		Outcome: engine.Pass, Stage: v.Stage, At: v.Now, Findings: make([]engine.Finding, 0, len(checks)),
		StrategyVersion: v.Strategy.Version, GuardrailVersion: v.Guardrails.Version,
	}
	l := newLook(&v)
	defer l.done()
	for _, c := range checks {
		found := c.run(l)
		if len(found) == 0 {
			found = passed
		}
		for _, f := range found {
			f.Rule = c.rule
			if f.Outcome != engine.Pass {
				f.Of = cmp.Or(f.Of, c.of)
			}
			f = waive(&v, f)
			out.Findings = append(out.Findings, f)
			out.Outcome = worse(out.Outcome, f.Outcome)
		}
	}
	out.Wave = firstWave(v)
	return out
}

// enough is how many findings of one rule a person reads; a text that breaks it more often is not looked at further.
const enough = 20

var passed = []engine.Finding{{Outcome: engine.Pass}}

var _ engine.Gate = Check

// waive turns a block into a warning where an owner's yes to this very version was a yes to this very finding, and its limit is no tighter since. It
// is the only place that does, and only where the finding itself says that it may be.
func waive(v *engine.View, f engine.Finding) engine.Finding {
	return waiveBy(v, f, func(w engine.Waiver) bool { return w.Covers(f) })
}

func waiveBy(v *engine.View, f engine.Finding, covers func(engine.Waiver) bool) engine.Finding {
	a := v.Approval
	if f.Outcome != engine.Block || !f.Waivable || v.Stage == engine.StageDraft || a == nil {
		return f
	}
	if a.Output != v.Output.ID || a.Digest != v.Output.Digest || a.Role < engine.RoleOwner || !slices.ContainsFunc(a.Waived, covers) {
		return f
	}
	f.Outcome, f.Evidence = engine.Warn, "An owner let it through: "+f.Evidence
	return f
}

func worse(a, b engine.Outcome) engine.Outcome {
	if rank(b) > rank(a) {
		return b
	}
	return a
}

func rank(o engine.Outcome) int {
	switch o {
	case engine.Pass:
		return 0
	case engine.Warn:
		return 1
	case engine.Clamp:
		return 2
	}
	return 3
}

func block(evidence, remedy string) []engine.Finding {
	return []engine.Finding{{Outcome: engine.Block, Evidence: evidence, Remedy: remedy}}
}

// later is a block that may pass by itself: the output stays where it is.
func later(evidence, remedy string) []engine.Finding {
	return []engine.Finding{{Outcome: engine.Block, Evidence: evidence, Remedy: remedy, Later: true}}
}
