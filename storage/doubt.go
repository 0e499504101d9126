package storage

import (
	"context"

	"koira/engine"
)

// Doubt says of a cleared output that it may have gone out though this store knows of no attempt: the store is an older copy of itself. Its sends
// are made, as a claim makes them, and have an unknown outcome with what r says of it (At, QuietUntil, Evidence, Why, Open); nothing
// leaves. Code conflict when the output has moved on or the digest is another.
func (db *DB) Doubt(ctx context.Context, id string, digest engine.Digest, r engine.Result) error {
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		before, err := outputByID(ctx, t, id)
		if err != nil {
			return err
		}
		if err := before.standing(engine.StateScheduled, digest); err != nil {
			return err
		}
		o, err := t.cleared(ctx, before)
		if err != nil {
			return err
		}
		if err := t.ensureReserved(ctx, before, r.At); err != nil {
			return err
		}
		after := before
		after.State = engine.StatePublishing
		after.Due = dueAfter(after, r.At)
		if err := t.advance(ctx, before, after, step{by: engine.Koira, at: r.At, why: r.Why}); err != nil {
			return err
		}
		intents, err := t.claimSends(ctx, o, 0, r.At)
		if err != nil {
			return err
		}
		for _, i := range intents {
			part := r
			part.Send, part.Fence, part.State, part.By = i.Send, i.Fence, engine.SendUnconfirmed, engine.Koira
			if _, err := t.apply(ctx, part); err != nil {
				return err
			}
		}
		return nil
	})
}
