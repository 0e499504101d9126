package guard

import (
	"strings"

	"koira/engine"
)

// caps lets what is about to go out unasked wait for a yes where something caps its task below L5: a cap wins over any grant, at every stage, so
// also when it came to be after the grant.
func caps(v engine.View) []engine.Finding {
	if !unattended(v) {
		return nil
	}
	top, why := v.Cap()
	if top >= engine.L5 {
		return nil
	}
	return []engine.Finding{{
		Outcome: engine.Block, Held: engine.StateWaiting,
		Evidence: "Each piece of this task waits for a yes, because " + strings.Join(why, " and ") + ".", Remedy: "Say yes to it.",
	}}
}
