package guard

import "koira/engine"

// authority asks, at the claim, for what lets this piece out: an approval of exactly this version by a person with the role, or a level that
// ships unasked with the grant that allows it. It is the last look: whatever happened since, without one of the two nothing is claimed.
func authority(v engine.View) []engine.Finding {
	if v.Stage != engine.StageClaim {
		return nil
	}
	if !v.Task.Acting().Rung().Publishes {
		return []engine.Finding{{
			Outcome: engine.Block, Held: engine.StateWaiting,
			Evidence: "This task is at " + v.Task.Acting().String() + ": people publish its pieces by hand.",
			Remedy:   "An owner allows a higher level.",
		}}
	}
	if a := v.Approval; a != nil && a.Digest == v.Output.Digest && a.Role >= engine.RoleApprover {
		return nil
	}
	if v.Task.Level.Rung().Unasked && v.Grant != nil && v.Grant.Level >= v.Task.Level && v.Grant.Role >= engine.RoleOwner && v.Output.Unasked() {
		return nil
	}
	return []engine.Finding{{
		Outcome: engine.Block, Held: engine.StateWaiting,
		Evidence: "Nobody has approved this version, and " + v.Task.Name + " may not publish unasked.",
		Remedy:   "Approve it.",
	}}
}
