package guard

import (
	"fmt"

	"koira/engine"
)

// interrupted holds, at the claim, what would go to a channel at which too many attempts in a row came to nothing: a person looks first.
func interrupted(v engine.View) []engine.Finding {
	p := v.Breaker.Pause
	if v.Stage != engine.StageClaim || p == nil {
		return nil
	}
	return later(fmt.Sprintf("The channel %q is paused: %s", v.Output.Channel, p.Why), "Somebody looks at the channel and lets it go on.")
}
