package guard

import (
	"time"

	"koira/engine"
	"koira/engine/trust"
)

// spare is what must be left of a piece's time once people have looked: it is sent at a tick, not at a moment.
const spare = 10 * time.Minute

// Passage is how v's piece leaves, should the rest of the gate pass it and nobody say more: the ladder's rule, the grant that its level needs, the
// task's record, and the time that is left to look. v has its Traits.
func Passage(v engine.View) engine.Passage {
	l := v.Task.Acting()
	if l.Rung().Unasked && !v.Grant.Allows(v.Task.Level) {
		return engine.Passage{Way: engine.WayYes, Why: "no owner's yes to " + l.String() + " is in force"}
	}
	p := engine.Ships(l, v.Output, v.Traits, lacks(v), v.Guardrails.Review)
	if p.Way == engine.WayWindow && !v.Output.Expires.IsZero() && Over(v).Add(spare).After(v.Output.Expires) {
		return engine.Passage{Way: engine.WayYes, Why: "there is too little time to look at it before it would go out"}
	}
	return p
}

func lacks(v engine.View) string {
	if !v.Task.Level.Rung().Checks {
		return ""
	}
	return trust.Lacks(v.Task, trust.Of(v.Reviews), v.Guardrails.Trust)
}

// Over is when people have had their time to look at v's piece: from when its card was delivered, or from now where it is not yet.
func Over(v engine.View) time.Time {
	shown := v.Shown
	if shown.IsZero() {
		shown = v.Now
	}
	return v.Guardrails.Review.Over(shown, v.Strategy.Business.Location())
}

// Approved reports whether a person with the role said yes to exactly this version.
func Approved(v engine.View) bool {
	a := v.Approval
	return a != nil && a.Digest == v.Output.Digest && a.Role >= engine.RoleApprover
}

// Cleared reports whether v's piece may stand at its time: somebody said yes to it, or it may leave by itself.
func Cleared(v engine.View) bool {
	if !v.Task.Acting().Rung().Publishes {
		return false
	}
	w := Passage(v).Way
	return Approved(v) || w == engine.WayAlone || w == engine.WayWindow
}
