package storage

import (
	"context"
	"time"

	"koira/engine"
)

// Receive writes a delivery down, durably; false when its key is known already.
func (db *DB) Receive(ctx context.Context, d engine.Delivery) (fresh bool, err error) {
	err = db.inTx(ctx, func(ctx context.Context, t *tx) error {
		n, err := t.exec(ctx, `
			INSERT INTO deliveries (dedupe_key, kind, payload, at, attempts)
			VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (dedupe_key) DO NOTHING`,
			d.Key, d.Kind, d.Payload, stamp(d.At), d.Attempts)
		fresh = n == 1
		return err
	})
	return fresh && err == nil, err
}

// PendingDeliveries returns those that are not done, oldest first.
func (db *DB) PendingDeliveries(ctx context.Context, limit int) ([]engine.Delivery, error) {
	var rows []struct {
		Key      string `db:"dedupe_key"`
		Kind     string `db:"kind"`
		Payload  []byte `db:"payload"`
		At       stamp  `db:"at"`
		Attempts int    `db:"attempts"`
	}
	if err := all(ctx, db.few(), &rows, `
		SELECT dedupe_key, kind, payload, at, attempts
		FROM   deliveries
		WHERE  done_at IS NULL
		ORDER BY at, dedupe_key LIMIT ?`, limit); err != nil {
		return nil, translate(err)
	}
	pending := make([]engine.Delivery, 0, len(rows))
	for _, r := range rows {
		pending = append(pending, engine.Delivery{Key: r.Key, Kind: r.Kind, Payload: r.Payload, At: r.At.time(), Attempts: r.Attempts})
	}
	return pending, nil
}

// CountDelivery notes that a delivery is begun for the n-th time, before it is.
func (db *DB) CountDelivery(ctx context.Context, key string, n int) error {
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, `
			UPDATE deliveries
			SET    attempts = ?
			WHERE  dedupe_key = ? AND done_at IS NULL`, n, key)
		return err
	})
}

// FinishDelivery marks a delivery as done; why is "" or what went wrong for good. The first finish stands; calling twice is safe.
func (db *DB) FinishDelivery(ctx context.Context, key string, at time.Time, why string) error {
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, `
			UPDATE deliveries
			SET    done_at = ?, why = ?
			WHERE  dedupe_key = ? AND done_at IS NULL`, stamp(at), why, key)
		return err
	})
}

// TrimDeliveries forgets done deliveries that came before t, with what they did, and posts of before t of which nobody learned where they stand.
func (db *DB) TrimDeliveries(ctx context.Context, t time.Time) error {
	return db.inTx(ctx, func(ctx context.Context, x *tx) error {
		if _, err := x.exec(ctx, `
			DELETE FROM deliveries
			WHERE  done_at IS NOT NULL AND at < ?`, stamp(t)); err != nil {
			return err
		}
		_, err := x.exec(ctx, `
			DELETE FROM posts
			WHERE  at < ?`, stamp(t))
		return err
	})
}
