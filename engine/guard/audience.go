package guard

import (
	"fmt"

	"koira/engine"
)

// An audience may have grown by so much since somebody looked, by both measures, before somebody looks again.
const (
	growthPercent = 10
	growthPeople  = 50
)

// Grown reports whether an audience that was so large when somebody looked is now so much larger that somebody looks again.
func Grown(was, now int) bool {
	return now > was+growthPeople || (now-was)*100 > was*growthPercent
}

// audience holds, at the claim, how many people the piece reaches now against how many it reached when it was approved, or where nobody was asked
// when it was written. Fewer people are no reason to stop, and a
// channel that can send to part sends to no more than the piece was brought down to, however many there are.
func audience(v engine.View) []engine.Finding {
	if v.Stage != engine.StageClaim || v.Traits.Part && v.Output.Most() > 0 {
		return nil
	}
	was, since := v.Output.Audience, "it was written"
	if a := v.Approval; a != nil && a.Digest == v.Output.Digest {
		was, since = a.Audience, "you looked"
	}
	most := was + min(growthPeople, was*growthPercent/100)
	f := engine.Finding{Evidence: fmt.Sprintf("Changed since %s: %s → %s readers.", since, engine.Thousands(was), engine.Thousands(v.Audience))}
	if most > was {
		f.Use = float64(v.Audience-was) / float64(most-was)
	}
	switch {
	case Grown(was, v.Audience):
		f.Outcome, f.Held, f.Remedy = engine.Block, engine.StateWaiting, "Look at it again, and approve it for that many."
	case f.Use >= engine.NearMiss:
		f.Outcome, f.Remedy = engine.Warn, fmt.Sprintf("Nothing for this one: above %s it is asked about again.", engine.Thousands(most))
	default:
		return nil
	}
	return []engine.Finding{f}
}
