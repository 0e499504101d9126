package guard

import (
	"fmt"
	"time"

	"koira/engine"
)

// late keeps a piece from going out hours after its time, or before it.
func late(v engine.View) []engine.Finding {
	if v.Stage == engine.StageDraft || v.Output.Expires.IsZero() {
		return nil
	}
	if !v.Now.Before(v.Output.Expires) {
		return []engine.Finding{{
			Outcome: engine.Block, Held: engine.StateExpired,
			Evidence: fmt.Sprintf("It is %s late; the limit is %s.", span(v.Now.Sub(v.Output.Slot)), span(v.Output.Expires.Sub(v.Output.Slot))),
			Remedy:   "Give it another time.",
		}}
	}
	if v.Now.Before(v.Output.Slot) {
		if v.Stage == engine.StageClaim {
			return later("Its planned time has not come.", "Nothing: it goes out at its time.")
		}
		return nil
	}
	return nearlyLate(v)
}

// nearlyLate tells whoever looks at a piece that still waits for something else that it soon ends by itself. Whoever is asked for a yes after the planned
// time reads by the button what that yes does.
func nearlyLate(v engine.View) []engine.Finding {
	by, spare := v.Now.Sub(v.Output.Slot), v.Output.Expires.Sub(v.Output.Slot)
	use := float64(by) / float64(spare)
	if v.Stage != engine.StageClaim || use < engine.NearMiss {
		return nil
	}
	return []engine.Finding{{
		Outcome: engine.Warn, Use: use, Evidence: fmt.Sprintf("It is %s late; the limit is %s.", span(by), span(spare)),
		Remedy: "A little later it does not go out any more: give it another time.",
	}}
}

// span writes a length of time as people say it: "2 h 21 min".
func span(d time.Duration) string {
	m := int(d.Round(time.Minute).Minutes())
	switch {
	case m < 60:
		return fmt.Sprintf("%d min", m)
	case m%60 == 0:
		return fmt.Sprintf("%d h", m/60)
	}
	return fmt.Sprintf("%d h %d min", m/60, m%60)
}
