package storage

import (
	"context"
	"time"

	"koira/engine"
)

// Postpone sets when the loop looks at an output next, without moving it: for a reminder, a rule that will pass by itself, or a draft that
// failed and is tried again (failed counts an attempt). Code conflict when it is not in that state with that digest any more.
func (db *DB) Postpone(ctx context.Context, output string, state engine.State, digest engine.Digest, due time.Time, failed bool) error {
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		r, err := outputByID(ctx, t, output)
		if err != nil {
			return err
		}
		if err := r.standing(state, digest); err != nil {
			return err
		}
		if failed {
			r.Attempts++
		}
		_, err = t.exec(ctx, `
			UPDATE outputs
			SET    due = ?, attempts = ?
			WHERE  id = ? AND state = ? AND digest = ?`,
			stamp(due), r.Attempts, output, string(state), string(digest))
		return err
	})
}
