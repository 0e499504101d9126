package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"koira/engine"
)

// retraction writes down who had a piece taken down, and why.
func (t *tx) retraction(ctx context.Context, r engine.Retraction, m engine.Move) error {
	fill(&r.By, m.By.ID)
	fill(&r.From, m.By.Surface)
	if r.Role == engine.RoleNone {
		r.Role = m.By.Role
	}
	if r.At.IsZero() {
		r.At = m.At
	}
	_, err := t.exec(ctx, `
		INSERT INTO retractions (id, output, by_id, role, at, surface, level, why)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		t.id(r.ID), m.Output, r.By, int(r.Role), stamp(r.At), string(r.From), r.Level, r.Why)
	return err
}

// Retraction returns the newest order to take that output down, nil when there is none.
func (db *DB) Retraction(ctx context.Context, output string) (*engine.Retraction, error) {
	var r struct {
		ID    string         `db:"id"`
		By    string         `db:"by_id"`
		Role  engine.Role    `db:"role"`
		At    stamp          `db:"at"`
		From  engine.Surface `db:"surface"`
		Level engine.Level   `db:"level"`
		Why   string         `db:"why"`
	}
	err := get(ctx, db.few(), &r, `
		SELECT id, by_id, role, at, surface, level, why
		FROM   retractions
		WHERE  output = ?
		ORDER BY at DESC, id DESC LIMIT 1`, output)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, translate(err)
	}
	return &engine.Retraction{ID: r.ID, Output: output, By: r.By, Role: r.Role, At: r.At.time(), From: r.From, Level: r.Level, Why: r.Why}, nil
}

// tellCard queues an output's card, where people have one.
func (t *tx) tellCard(ctx context.Context, output string, at time.Time) error {
	posted, err := t.hasCard(ctx, output)
	if err != nil || !posted {
		return err
	}
	return t.queue(ctx, engine.Notice{Kind: engine.NoticeOutput, Subject: output, Due: at})
}
