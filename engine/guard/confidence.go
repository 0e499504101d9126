package guard

import (
	"fmt"

	"koira/engine"
)

// confidence asks a person about a piece that koira doubts, at every level: an approver's yes to this very version is the answer, and so is any
// change of its text. Where people publish by hand they read each piece anyway, and are warned.
func confidence(v engine.View) []engine.Finding {
	o := v.Output
	if o.Confidence == 0 || o.Confidence >= o.Line {
		return nil
	}
	f := engine.Finding{
		Outcome: engine.Block, Asks: true,
		Evidence: fmt.Sprintf("I doubt that you would take it as it is: of 100 such pieces about %.0f pass, and below %.0f I ask.", 100*o.Confidence, 100*o.Line),
		Remedy:   "Read it, and say yes or change it.",
	}
	switch a := v.Approval; {
	case a != nil && a.Output == o.ID && a.Digest == o.Digest && a.Role >= engine.RoleApprover:
		return nil
	case !v.Task.Level.Rung().Publishes:
		f.Outcome, f.Asks = engine.Warn, false
	}
	return []engine.Finding{f}
}
