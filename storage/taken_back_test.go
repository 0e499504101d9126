package storage

import (
	"testing"
	"time"

	"koira/engine"
)

// TestAYesThatWasTakenBackIsNone: what somebody took back counts as no review; what ran out after it, as run out. A new yes counts, and so does one
// after which koira itself let the piece wait.
func TestAYesThatWasTakenBackIsNone(t *testing.T) {
	say := func(hour int, by engine.Actor, to engine.State) func(engine.Output) engine.Move {
		return func(o engine.Output) engine.Move {
			m := plain(o, to)
			m.By, m.At = by, at(hour)
			if to == engine.StateScheduled {
				m.Approval = &engine.Approval{Looked: time.Hour, Whole: true, GuardrailVersion: 1}
			}
			return m
		}
	}
	yes, back, out := say(1, alice, engine.StateScheduled), say(2, bob, engine.StateWaiting), say(6, engine.Koira, engine.StateExpired)
	for name, c := range map[string]struct {
		moves            []func(engine.Output) engine.Move
		reviewed, ranOut int
	}{
		"a yes":                              {[]func(engine.Output) engine.Move{yes}, 1, 0},
		"a yes that came too late":           {[]func(engine.Output) engine.Move{yes, out}, 1, 0},
		"taken back":                         {[]func(engine.Output) engine.Move{yes, back}, 0, 0},
		"taken back, and it ran out":         {[]func(engine.Output) engine.Move{yes, back, out}, 0, 1},
		"taken back, and another yes":        {[]func(engine.Output) engine.Move{yes, back, say(3, bob, engine.StateScheduled)}, 1, 0},
		"taken back twice":                   {[]func(engine.Output) engine.Move{yes, back, say(3, bob, engine.StateScheduled), say(4, alice, engine.StateWaiting), out}, 0, 1},
		"koira lets it wait, and it ran out": {[]func(engine.Output) engine.Move{yes, say(2, engine.Koira, engine.StateWaiting), out}, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			db := world(t)
			add(t, db, anOutput("a", 5), engine.StateDrafted, engine.StateWaiting)
			for _, m := range c.moves {
				_, err := db.Move(t.Context(), m(walk(t, db, "a")))
				ok(t, err)
			}
			said, err := db.Reviews(t.Context(), "daily-social", time.Time{})
			ok(t, err)
			n, err := db.Unreviewed(t.Context(), "daily-social", time.Time{})
			ok(t, err)
			equal(t, []int{len(said), n}, []int{c.reviewed, c.ranOut})
		})
	}
}
