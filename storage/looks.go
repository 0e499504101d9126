package storage

import (
	"context"
	"time"

	"koira/engine"
)

type lookRow struct {
	ID     string `db:"id"`
	Task   string `db:"task"`
	Grant  string `db:"grant_id"`
	From   stamp  `db:"since"`
	At     stamp  `db:"at"`
	SeenAt stamp  `db:"seen_at"`
	SeenBy string `db:"seen_by"`
}

// AddLook writes a look and queues its card, and reports whether it was new: each is asked for once.
func (db *DB) AddLook(ctx context.Context, l engine.Look) (bool, error) {
	fresh := false
	err := db.inTx(ctx, func(ctx context.Context, t *tx) error {
		n, err := t.exec(ctx, `
			INSERT INTO looks (id, task, grant_id, since, at)
			VALUES (?, ?, ?, ?, ?)
			ON CONFLICT DO NOTHING`, l.ID, l.Task, l.Grant, stamp(l.From), stamp(l.At))
		if err != nil || n == 0 {
			return err
		}
		fresh = true
		return t.tellLook(ctx, l, "look.asked", engine.Koira, l.At)
	})
	return fresh, err
}

// SeeLook notes that somebody has looked. Code conflict when somebody has already.
func (db *DB) SeeLook(ctx context.Context, id string, by engine.Actor, at time.Time) error {
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		n, err := t.exec(ctx, `
			UPDATE looks
			SET    seen_at = ?, seen_by = ?
			WHERE  id = ? AND seen_at IS NULL`, stamp(at), by.ID, id)
		switch {
		case err != nil:
			return err
		case n == 0:
			return engine.Errorf(engine.CodeConflict, "That has been seen already.")
		}
		return t.tellLook(ctx, engine.Look{ID: id}, "look.seen", by, at)
	})
}

func (t *tx) tellLook(ctx context.Context, l engine.Look, action string, by engine.Actor, at time.Time) error {
	if err := t.record(ctx, engine.Event{
		At: at, Actor: by.ID, Surface: by.Surface, Action: action, Subject: l.ID, Detail: map[string]string{"task": l.Task},
	}); err != nil {
		return err
	}
	return t.queue(ctx, engine.Notice{Kind: engine.NoticeLook, Subject: l.ID, Due: at})
}

// Look has code not_found.
func (db *DB) Look(ctx context.Context, id string) (engine.Look, error) {
	var r lookRow
	err := get(ctx, db.few(), &r, `
		SELECT id, task, grant_id, since, at, seen_at, seen_by
		FROM   looks
		WHERE  id = ?`, id)
	return engine.Look{
		ID: r.ID, Task: r.Task, Grant: r.Grant, From: r.From.time(), At: r.At.time(), SeenAt: r.SeenAt.time(), SeenBy: r.SeenBy,
	}, translate(orAbsent(err, "look", id))
}
