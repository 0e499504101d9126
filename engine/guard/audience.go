package guard

import (
	"fmt"
	"slices"

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
// when it was written. Fewer people are no reason to stop.
func audience(v engine.View) []engine.Finding {
	if v.Stage != engine.StageClaim || v.Traits.Part && limited(v.Output) {
		return nil
	}
	was, since := v.Output.Audience, "it was written"
	if a := v.Approval; a != nil && a.Digest == v.Output.Digest {
		was, since = a.Audience, "you looked"
	}
	if !Grown(was, v.Audience) {
		return nil
	}
	return []engine.Finding{{
		Outcome: engine.Block, Held: engine.StateWaiting,
		Evidence: fmt.Sprintf("Changed since %s: %s → %s readers.", since, engine.Thousands(was), engine.Thousands(v.Audience)),
		Remedy:   "Look at it again, and approve it for that many.",
	}}
}

// limited reports whether a piece was brought down to fewer people: a channel that can do that sends to no more, however many there are.
func limited(o engine.Output) bool {
	return slices.ContainsFunc(o.Findings, func(f engine.Finding) bool {
		return f.Outcome == engine.Clamp && f.Limit != nil && f.Limit.Audience > 0
	})
}
