package report

import "koira/engine"

// WhyNot is what stands between a piece and its readers now, and the smallest change that would let it pass.
type WhyNot struct {
	Frame
	Row
	Stage    engine.Stage // at which the gate looked
	Blocks   []engine.Finding
	Warnings []engine.Finding
	Passed   int    // checks that passed
	Answer   string // one sentence: "Two rules stop it.", "Nothing stops it: it goes out at its time."
	Fresh    bool   // the gate looked just now; false for a piece in a final state, whose findings are those of its last check
	Version  int    // of the guardrails that it was held against
}
