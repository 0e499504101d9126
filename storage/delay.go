package storage

import (
	"context"
	"time"

	"koira/engine"
)

// DelayOutput puts off what failed without moving it, such as a draft that could not be written: it counts an attempt, the loop looks again
// at due, and WaitsFor says why until the next move. Code conflict when the output is not in that state any more.
func (db *DB) DelayOutput(ctx context.Context, id string, from engine.State, due time.Time, why string) error {
	return db.inRelaxedTx(ctx, func(ctx context.Context, t *tx) error {
		r, err := outputByID(ctx, t, id)
		if err != nil {
			return err
		}
		if err := r.standing(from, r.Digest); err != nil {
			return err
		}
		_, err = t.exec(ctx, `
			UPDATE outputs
			SET    due = ?, attempts = attempts + 1, waits_for = ?
			WHERE  id = ? AND state = ?`, stamp(due), why, id, string(from))
		return err
	})
}
