package guard

import (
	"fmt"

	"koira/engine"
)

// interrupted holds, at the claim, what would go to a channel at which too many attempts in a row came to nothing: a person looks first. Whoever is
// asked for a yes before that is told that the channel is paused, or will be with one attempt more: their yes alone gets nothing out there.
func interrupted(v engine.View) []engine.Finding {
	b := v.Breaker
	switch p := b.Pause; {
	case p != nil && v.Stage == engine.StageClaim:
		return later(fmt.Sprintf("The channel %q is paused: %s", v.Output.Channel, p.Why), "Somebody looks at the channel and lets it go on.")
	case v.Stage != engine.StageApproval:
		return nil
	case p != nil:
		return []engine.Finding{{
			Outcome: engine.Warn, Evidence: fmt.Sprintf("The channel %q is paused, so with a yes it waits for that to end: %s", v.Output.Channel, p.Why),
			Remedy: "Somebody looks at the channel and lets it go on.",
		}}
	}
	if n := max(b.Failed, b.Unconfirmed); n == engine.BreakAfter-1 {
		return []engine.Finding{{
			Outcome: engine.Warn, Evidence: fmt.Sprintf("The last %d attempts on the channel %q came to nothing; with one more it is paused.", n, v.Output.Channel),
			Remedy: "Look at the channel. One piece that gets out there ends the row.",
		}}
	}
	return nil
}
