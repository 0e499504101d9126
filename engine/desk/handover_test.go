package desk

import (
	"testing"
	"time"

	"koira/engine"
)

// What waits for a yes is handed over once its task is at L1, also while the task stands below its minimum.
func TestWhatWaitsIsHandedOverBelowItsMinimumToo(t *testing.T) {
	for name, beyond := range map[string]bool{"fine": false, "beyond": true} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			o := w.piece(t, "daily-social", "Rye.", start.Add(day))
			if beyond {
				must(t, w.store.SetStandings(w.ctx, "daily-social", []engine.Standing{{
					Task: "daily-social", Metric: engine.Clicks, Verdict: engine.StandingBeyond, Value: 2, Low: 1, High: 3, Pieces: 9, At: w.clock.Now(),
				}}))
			}
			w.clock.Advance(time.Hour)
			_, err := w.SetLevel(w.ctx, person(mari), "daily-social", engine.L3, engine.L1)
			must(t, err)
			must(t, w.rechecked())
			now := w.now(t, o.ID)
			if now.State != engine.StateHanded {
				t.Errorf("it is %s", now.State)
			}
		})
	}
}
