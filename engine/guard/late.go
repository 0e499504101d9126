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
	if v.Stage == engine.StageClaim && v.Now.Before(v.Output.Slot) {
		return later("Its planned time has not come.", "Nothing: it goes out at its time.")
	}
	return nil
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
