package engine

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
)

// Waiver is one finding that an owner lets one digest pass: exactly that one, and only while its limit is no tighter than it was. What a rule finds
// besides, or finds because it was tightened since, is not let through by it.
type Waiver struct {
	Rule string  `json:"rule"`
	What string  `json:"what,omitempty"` // as Finding.What; "" of a yes from before this was kept: nobody knows what it was of
	Bar  float64 `json:"bar,omitempty"`  // as Finding.Bar
	Use  float64 `json:"use,omitempty"`  // as Finding.Use; 0 of a yes from before this was kept
}

// WaiverOf is an owner's yes to f.
func WaiverOf(f Finding) Waiver { return Waiver{Rule: f.Rule, What: f.What, Bar: f.Bar, Use: f.Use} }

// Covers reports whether w lets f through. One of which nobody knows what it was of lets nothing through.
func (w Waiver) Covers(f Finding) bool {
	return f.Waivable && w.What != "" && w.Rule == f.Rule && w.What == f.What && f.Bar >= w.Bar
}

// Repeats reports whether a yes to the same words at another time, without asking anew, lets f through as w did: it is what w covers, and has not grown.
func (w Waiver) Repeats(f Finding) bool { return w.Covers(f) && f.Use <= w.Use }

// UnmarshalJSON also reads the name of a rule alone, as it was written down once.
func (w *Waiver) UnmarshalJSON(b []byte) error {
	if bytes.HasPrefix(b, []byte(`"`)) {
		*w = Waiver{}
		return json.Unmarshal(b, &w.Rule)
	}
	type plain Waiver
	return json.Unmarshal(b, (*plain)(w))
}

// RulesOf names the rules of ws, each once.
func RulesOf(ws []Waiver) []string {
	var rules []string
	for _, w := range ws {
		if !slices.Contains(rules, w.Rule) {
			rules = append(rules, w.Rule)
		}
	}
	return rules
}

// RulesPast names the rules that an owner's yes lets something past: that on money first, where it may cost more than its caps leave.
func RulesPast(r Rise, ws []Waiver) []string {
	if r == (Rise{}) {
		return RulesOf(ws)
	}
	return append([]string{RuleBudget}, RulesOf(ws)...)
}

// Mark is a short name of f as it was shown to somebody: another finding has another one, and so has the same one when it says more.
func (f Finding) Mark() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %g %.4f", f.Rule, f.What, f.Bar, f.Use))
	return hex.EncodeToString(sum[:4])
}
