package loop

import (
	"testing"
	"time"

	"koira/engine"
)

// TestWhatWasToGoByItselfIsKept: an estimate says whether its piece was to go out by itself but for a doubt, so whether what people then say of it is a
// sample. What its level, a cap or the want of time lets wait is seen whatever koira thinks of it.
func TestWhatWasToGoByItselfIsKept(t *testing.T) {
	level := func(l engine.Level) func(*engine.Task) { return func(t *engine.Task) { t.Level = l } }
	for name, c := range map[string]struct {
		task  func(*engine.Task)
		doubt bool
		alone bool
		state engine.State
	}{
		"L3: each waits":                  {level(engine.L3), false, false, engine.StateWaiting},
		"L3: each waits, doubted":         {level(engine.L3), true, false, engine.StateHeld},
		"L4, no grant: each waits":        {level(engine.L4), false, false, engine.StateWaiting},
		"L5: it goes":                     {level(engine.L5), false, true, engine.StateScheduled},
		"L5: it is doubted":               {level(engine.L5), true, true, engine.StateHeld},
		"L5, capped: each waits":          {func(t *engine.Task) { t.Level, t.Nature = engine.L5, []engine.Nature{engine.NatureBrand} }, false, false, engine.StateWaiting},
		"L5, capped: each waits, doubted": {func(t *engine.Task) { t.Level, t.Nature = engine.L5, []engine.Nature{engine.NatureBrand} }, true, false, engine.StateHeld},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t, anything, c.task)
			if c.doubt {
				s.must(s.db.SetSetting(t.Context(), insightKey, `{"at": "2025-11-24T08:00:00Z", "model": {"base": -1}}`))
			}
			s.tick()
			estimates, err := s.db.Estimates(t.Context(), time.Time{}, s.clock.Now().Add(time.Hour))
			s.must(err)
			if len(estimates) == 0 || len(estimates) != len(s.all(c.state)) {
				t.Fatalf("%d drafts, of which %d are %s", len(estimates), len(s.all(c.state)), c.state)
			}
			for _, e := range estimates {
				if e.Alone != c.alone || e.Doubted() != (c.alone && c.doubt) || e.Unsought() != (c.alone && !c.doubt) {
					t.Errorf("alone %t at confidence %.2f of %.2f", e.Alone, e.Confidence, e.Line)
				}
			}
		})
	}
}
