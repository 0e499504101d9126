package storage

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

// Unreviewed counts a task's pieces with koira's words that ran out since then without anybody's yes that stands, or no, or
// other word on them, by their planned times.
func (db *DB) Unreviewed(ctx context.Context, task string, since time.Time) (int, error) {
	var n int
	err := get(ctx, db.few(), &n, `
		SELECT COUNT(*)
		FROM   outputs o
		WHERE  o.task = ? AND o.slot >= ? AND o.state = 'expired' AND o.origin IN ('koira', 'asked')
		  AND  NOT EXISTS (SELECT 1 FROM approvals x WHERE x.output = o.id AND`+standsSQL+`)
		  AND  NOT EXISTS (SELECT 1 FROM rejections r WHERE r.output = o.id)
		  AND  NOT EXISTS (SELECT 1 FROM remarks x WHERE x.output = o.id)`, task, lowest(since))
	return n, translate(err)
}

const measuredSQL = `
	SELECT COUNT(*)
	FROM  (SELECT 1
	       FROM   outputs o
	       WHERE  o.published_at IS NOT NULL AND o.channel = ? AND o.segment = ?
	         AND  EXISTS (SELECT 1 FROM sends s JOIN readings r ON r.send = s.id WHERE s.output = o.id)
	       LIMIT ?)`

// Measured counts the pieces that went out on a channel to a segment and were read at least once, up to engine.BaselinePieces.
func (db *DB) Measured(ctx context.Context, channel, segment string) (int, error) {
	n, err := db.measured(ctx, db.few(), channel, segment)
	return n, translate(err)
}

// measured asks no more once there were enough: what was read stays read.
func (db *DB) measured(ctx context.Context, q sqlx.QueryerContext, channel, segment string) (int, error) {
	door := [2]string{channel, segment}
	if _, enough := db.enough.Load(door); enough {
		return engine.BaselinePieces, nil
	}
	var n int
	err := get(ctx, q, &n, measuredSQL, channel, segment, engine.BaselinePieces)
	if _, writing := q.(*tx); err == nil && n >= engine.BaselinePieces && !writing { // what is written may yet be taken back
		db.enough.Store(door, true)
	}
	return n, err
}

// unasked counts the other pieces of v's task in the slot's week that went out, or are cleared to, without a yes to what they say.
func unasked(ctx context.Context, q sqlx.QueryerContext, v engine.View) (int, error) {
	zone := v.Strategy.Business.Location()
	from := engine.WeekStart(v.Output.Slot, zone)
	to := engine.WeekStart(from.AddDate(0, 0, 8), zone)
	var n int
	err := get(ctx, q, &n, `
		SELECT COUNT(*)
		FROM   outputs o
		WHERE  o.task = ? AND o.slot >= ? AND o.slot < ? AND o.id <> ? AND o.origin = 'koira'
		  AND  o.state IN ('scheduled', 'publishing', 'unconfirmed', 'published', 'settled', 'retracting', 'retracted')
		  AND  NOT EXISTS (SELECT 1 FROM approvals a WHERE a.output = o.id AND a.digest = o.digest)`,
		v.Output.Task, stamp(from), stamp(to), v.Output.ID)
	return n, err
}
