package storage

import (
	"slices"
	"testing"
	"time"

	"koira/engine"
)

// TestHurriedYes: a yes counts as hurried when the same person said another one within engine.Hurry, before or after, of whichever task; not when
// somebody else did, or at the very same time.
func TestHurriedYes(t *testing.T) {
	for name, c := range map[string]struct {
		by   engine.Actor // who says the other yes
		gap  time.Duration
		task string
		want bool
	}{
		"right after":           {alice, time.Second, "daily-social", true},
		"right before":          {alice, -time.Second, "daily-social", true},
		"just within":           {alice, engine.Hurry - time.Millisecond, "daily-social", true},
		"not within":            {alice, engine.Hurry, "daily-social", false},
		"not within, before it": {alice, -engine.Hurry, "daily-social", false},
		"of another task":       {alice, time.Second, "shop-notes", true},
		"of somebody else":      {bob, time.Second, "daily-social", false},
		"at the same time":      {alice, 0, "daily-social", false},
	} {
		t.Run(name, func(t *testing.T) {
			db := world(t)
			ok(t, db.PutTask(t.Context(), aTask("shop-notes"), alice, t0, "second"))
			yes := func(id, task string, hour int, by engine.Actor, when time.Time) {
				o := anOutput(id, hour)
				o.Task = task
				add(t, db, o, engine.StateDrafted, engine.StateWaiting)
				m := plain(walk(t, db, id), engine.StateScheduled)
				m.By, m.At, m.Approval = by, when, &engine.Approval{Looked: time.Hour, Whole: true, GuardrailVersion: 1}
				_, err := db.Move(t.Context(), m)
				ok(t, err)
			}
			yes("a", "daily-social", 1, alice, at(1))
			yes("b", c.task, 2, c.by, at(1).Add(c.gap))
			got, err := db.Reviews(t.Context(), "daily-social", time.Time{})
			ok(t, err)
			i := slices.IndexFunc(got, func(r engine.Review) bool { return r.Output == "a" })
			equal(t, got[i].Hurried, c.want)
		})
	}
}
