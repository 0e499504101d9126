package storage

import (
	"context"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

// Guardrails returns the version in force; code not_found before the first.
func (db *DB) Guardrails(ctx context.Context) (engine.Guardrails, error) {
	g, err := keep(ctx, db, &db.rules.guardrails, func() (g engine.Guardrails, err error) {
		err = db.glance(ctx, func(q sqlx.QueryerContext) error {
			g, err = db.guardrails(ctx, q)
			return err
		})
		return g, err
	})
	return g.Clone(), err
}

// SetGuardrails puts g in force as version from+1; code conflict when the version in force is not from (0: none yet).
func (db *DB) SetGuardrails(ctx context.Context, from int, g engine.Guardrails, by engine.Actor, at time.Time, why string) error {
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		now, err := db.guardrails(ctx, t)
		if err != nil && engine.CodeOf(err) != engine.CodeNotFound {
			return err
		}
		if now.Version != from {
			return engine.Errorf(engine.CodeConflict, "The guardrails have changed since you looked: version %d is in force now.", now.Version)
		}
		g = g.Clone()
		g.Version = from + 1
		body, err := written(g)
		if err != nil {
			return err
		}
		if _, err := t.exec(ctx, `
			INSERT INTO guardrails (version, body, by_id, at, why)
			VALUES (?, ?, ?, ?, ?)`,
			g.Version, body, by.ID, stamp(at), why); err != nil {
			return err
		}
		return t.record(ctx, engine.Event{
			At: at, Actor: by.ID, Surface: by.Surface, Action: "guardrails.changed", Subject: "guardrails",
			Detail: map[string]string{"from": strconv.Itoa(from), "to": strconv.Itoa(g.Version), "sum": sumOf(body), "why": why},
		})
	})
}

// GuardrailChanges returns the newest changes first.
func (db *DB) GuardrailChanges(ctx context.Context, limit int) ([]engine.GuardrailChange, error) {
	var rows []struct {
		Version int    `db:"version"`
		By      string `db:"by_id"`
		At      stamp  `db:"at"`
		Why     string `db:"why"`
	}
	if err := all(ctx, db.read, &rows, `
		SELECT version, by_id, at, why
		FROM   guardrails
		ORDER BY version DESC LIMIT ?`, limit); err != nil {
		return nil, translate(err)
	}
	changes := make([]engine.GuardrailChange, 0, len(rows))
	for _, r := range rows {
		changes = append(changes, engine.GuardrailChange{Version: r.Version, By: r.By, At: r.At.time(), Why: r.Why})
	}
	return changes, nil
}

func (db *DB) guardrails(ctx context.Context, q sqlx.QueryerContext) (engine.Guardrails, error) {
	var version int
	if err := get(ctx, q, &version, `
		SELECT COALESCE(MAX(version), 0)
		FROM   guardrails`); err != nil {
		return engine.Guardrails{}, err
	}
	if version == 0 {
		return engine.Guardrails{}, engine.Errorf(engine.CodeNotFound, "There are no guardrails yet.")
	}
	g, err := db.rules.limits.body(ctx, q, version, `
		SELECT body
		FROM   guardrails
		WHERE  version = ?`)
	return g.Clone(), err
}
