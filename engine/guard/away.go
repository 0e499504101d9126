package guard

import (
	"fmt"

	"koira/engine"
)

// away holds what would go out without anybody's yes while no owner is there: what could not be taken back, at any level, and what goes unasked at
// a level above the one that the owner allowed for that time. A person's yes to this very version lets both out. A level above the allowed one is
// held down already in the view, so that everything else acts as at that one too; money is the budget's rule.
func away(v engine.View) []engine.Finding {
	if !v.Away.Holds() || !goesUnasked(v) {
		return nil
	}
	until := v.Away.Until.In(v.Strategy.Business.Location()).Format("Mon 2 Jan")
	f := engine.Finding{Outcome: engine.Block, Held: engine.StateWaiting, Remedy: "Somebody who may approve says yes to it."}
	switch {
	case v.Task.Permanent(v.Traits):
		f.Evidence = fmt.Sprintf("No owner is here until %s, and this cannot be taken back once it is out.", until)
	case v.Task.Level < engine.L4 && v.Away.Level >= engine.L4: // at L4 and above, what waits and what does not is authority's
		f.Evidence = fmt.Sprintf("No owner is here until %s; until then %s goes no further than %s: %s.", until, v.Task.Name, v.Task.Level, v.Task.Level.Words())
	default:
		return nil
	}
	return []engine.Finding{f}
}

// goesUnasked reports whether a piece would go out without a yes to it, at its task's own level.
func goesUnasked(v engine.View) bool {
	o, a := v.Output, v.Approval
	switch {
	case o.State == engine.StateHeld && v.Stage != engine.StageClaim: // what lets it go on is looked at once it is scheduled
		return false
	case o.State == engine.StateWaiting || o.Origin != engine.OriginKoira || o.EditedBy != "":
		return false
	case a != nil && a.Digest == o.Digest && a.Role >= engine.RoleApprover:
		return false
	}
	return v.Stage != engine.StageDraft || v.Away.Level.Rung().Unasked && v.Grant != nil
}
