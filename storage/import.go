package storage

import (
	"context"
	"time"

	"koira/engine"
)

// Import puts s, tasks and g in force together, g in the place of the version that it bears (0: none yet; else code conflict). All or nothing is
// written, and what was allowed is held against the whole: a task that moves to a channel which the same g allows keeps what it may keep.
func (db *DB) Import(ctx context.Context, s engine.Strategy, tasks []engine.Task, g engine.Guardrails, by engine.Actor, at time.Time, why string) error {
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		now, err := db.strategy(ctx, t)
		if err != nil && engine.CodeOf(err) != engine.CodeNotFound {
			return err
		}
		if now.Version == 0 || !same(now, s) {
			if err := t.putStrategy(ctx, engine.StrategyChange{From: now.Version, To: s, By: by, At: at, What: why}); err != nil {
				return err
			}
		}
		for _, n := range tasks {
			if _, err := t.setTask(ctx, n, by, at, why); err != nil {
				return err
			}
		}
		if err := t.putGuardrails(ctx, engine.RulesChange{From: g.Version, To: g, By: by, At: at, What: why}); err != nil {
			return err
		}
		return t.lapseAll(ctx, by, at)
	})
}
