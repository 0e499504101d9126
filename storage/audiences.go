package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

// countHolds is how long a channel's count is believed. After that the size that people set counts again.
const countHolds = 24 * time.Hour

// SetAudience keeps what a channel counted: how many people a segment reaches through it.
func (db *DB) SetAudience(ctx context.Context, channel, segment string, people int, at time.Time) error {
	if people < 0 {
		return engine.Errorf(engine.CodeInvalid, "A channel counted %d people.", people)
	}
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, `
			INSERT INTO audiences (channel, segment, people, at)
			VALUES (?, ?, ?, ?)
			ON CONFLICT (channel, segment) DO UPDATE SET people = excluded.people, at = excluded.at`, channel, segment, people, stamp(at))
		return err
	})
}

// Audience is how many people a segment reaches through a channel now: as the channel counted lately, else as people set the segment's size; 0
// when neither is known.
func (db *DB) Audience(ctx context.Context, channel, segment string, now time.Time) (n int, err error) {
	err = db.snapshot(ctx, func(q sqlx.QueryerContext) error {
		s, err := db.strategy(ctx, q)
		if err != nil {
			return err
		}
		n, err = audience(ctx, q, s, channel, segment, now)
		return err
	})
	return n, err
}

func audience(ctx context.Context, q sqlx.QueryerContext, s engine.Strategy, channel, segment string, now time.Time) (int, error) {
	var n int
	err := get(ctx, q, &n, `
		SELECT people
		FROM   audiences
		WHERE  channel = ? AND segment = ? AND at >= ?`, channel, segment, stamp(now.Add(-countHolds)))
	if err == nil || !errors.Is(err, sql.ErrNoRows) {
		return n, err
	}
	for _, x := range s.Segments {
		if x.Key == segment {
			return x.Size, nil
		}
	}
	return 0, nil
}
