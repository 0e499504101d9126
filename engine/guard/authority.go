package guard

import "koira/engine"

// authority asks, at the claim, for what lets this piece out: an approval of exactly this version by a person with the role, or a level that
// ships unasked with the grant that allows it; where that level gives people time to look, that time is over. It is the last look: whatever
// happened since, without one of these nothing is claimed.
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
	if Approved(v) {
		return nil
	}
	p := Passage(v)
	switch {
	case p.Way == engine.WayAlone, p.Way == engine.WayWindow && !v.Shown.IsZero() && !v.Now.Before(Over(v)):
		return nil
	case p.Way == engine.WayWindow:
		return later("People have not had their time to look at it yet.", "Say yes to it, or wait.")
	}
	why := "Nobody has approved this version, and " + v.Task.Name + " may not publish unasked."
	if v.Task.Level.Rung().Unasked && p.Why != "" {
		why = "Nobody has approved this version, and it waits for that: " + p.Why + "."
	}
	return []engine.Finding{{Outcome: engine.Block, Held: engine.StateWaiting, Evidence: why, Remedy: "Approve it."}}
}
