package loop

import (
	"testing"
	"time"

	"koira/engine"
)

// TestALevelLapsesAfterSixtyIdleDays: the sixtieth day without a piece costs a level, and the count begins anew. A day on which the task was paused or
// everything stood still counts neither way; a piece is a day on which it ran, also where nobody approved it, and so are the two days after it.
func TestALevelLapsesAfterSixtyIdleDays(t *testing.T) {
	const day = 24 * time.Hour
	paused := func(pause bool) func(*testing.T, *shop) {
		return func(t *testing.T, s *shop) {
			c := engine.TaskChange{Task: "daily", From: engine.L5, To: engine.L5, By: file, At: s.clock.Now(), Resume: !pause}
			if pause {
				c.Pause = &engine.Pause{By: file.ID, Why: "summer"}
			}
			s.must(s.db.ChangeTask(t.Context(), c))
		}
	}
	expires := func(t *testing.T, s *shop) {
		now := s.clock.Now()
		s.must(s.db.AddOutput(t.Context(), engine.Output{
			ID: s.ids(), Task: "daily", Origin: engine.OriginKoira, State: engine.StatePlanned, Level: engine.L5, Channel: "social", Segment: "locals",
			Kind: engine.KindSocial, Slot: now.Add(time.Hour), Expires: now.Add(3 * time.Hour), CreatedAt: now,
		}, engine.Koira))
	}
	for name, c := range map[string]struct {
		on   map[int]func(*testing.T, *shop) // day → what happens on it, before koira looks
		days int
		want engine.Level
	}{
		"59 days":                         {nil, 59, engine.L5},
		"60 days":                         {nil, 60, engine.L4},
		"119 days":                        {nil, 119, engine.L4},
		"120 days":                        {nil, 120, engine.L3},
		"at L3 people approve each":       {nil, 200, engine.L3},
		"60 days, ten of them paused":     {map[int]func(*testing.T, *shop){20: paused(true), 30: paused(false)}, 60, engine.L5},
		"70 days, ten of them paused":     {map[int]func(*testing.T, *shop){20: paused(true), 30: paused(false)}, 70, engine.L4},
		"a piece two days before":         {map[int]func(*testing.T, *shop){58: expires}, 60, engine.L5},
		"59 days, two days after a piece": {map[int]func(*testing.T, *shop){10: expires}, 12 + 59, engine.L5},
		"60 days, two days after a piece": {map[int]func(*testing.T, *shop){10: expires}, 12 + 60, engine.L4},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t, func(*engine.Guardrails) {}, func(t *engine.Task) { t.Level = engine.L5 })
			for n := 1; n <= c.days; n++ {
				if act := c.on[n]; act != nil {
					act(t, s)
				}
				s.must(s.lower(t.Context()))
				s.clock.Advance(6 * time.Hour)
				s.must(s.lower(t.Context())) // a day counts once, however often koira looks
				s.clock.Advance(day - 6*time.Hour)
			}
			is, err := s.db.Task(t.Context(), "daily")
			s.must(err)
			if is.Level != c.want {
				t.Fatalf("after %d days it stands at %s, want %s", c.days, is.Level, c.want)
			}
			fell, err := s.db.Lowerings(t.Context(), "daily", time.Time{})
			s.must(err)
			for _, l := range fell {
				if l.Cause != engine.CauseIdle {
					t.Errorf("it fell for %s", l.Cause)
				}
			}
			if len(fell) != int(engine.L5-c.want) {
				t.Errorf("it fell %d times", len(fell))
			}
		})
	}
}
