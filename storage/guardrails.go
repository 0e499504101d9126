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
	return db.ChangeGuardrails(ctx, engine.RulesChange{From: from, To: g, By: by, At: at, What: why})
}

// ChangeGuardrails applies c; see engine.RulesChange. What waits for a signature on the version that c replaces is cancelled; what
// was allowed for another voice lock lapses.
func (db *DB) ChangeGuardrails(ctx context.Context, c engine.RulesChange) error {
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		if err := t.putGuardrails(ctx, c); err != nil {
			return err
		}
		return t.lapseAll(ctx, c.By, c.At)
	})
}

func (t *tx) putGuardrails(ctx context.Context, c engine.RulesChange) error {
	now, err := t.db.guardrails(ctx, t)
	if err != nil && engine.CodeOf(err) != engine.CodeNotFound {
		return err
	}
	if now.Version != c.From {
		return engine.Errorf(engine.CodeConflict, "The guardrails have changed since you looked: version %d is in force now.", now.Version)
	}
	if err := t.carry(ctx, c.Request, c.By, c.Signed, c.At); err != nil {
		return err
	}
	g := c.To.Clone()
	g.Version = c.From + 1
	body, err := written(g)
	if err != nil {
		return err
	}
	if _, err := t.exec(ctx, `
		INSERT INTO guardrails (version, body, by_id, at, why, note, signed_by, alone)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		g.Version, body, c.By.ID, stamp(c.At), c.What, c.Why, c.Signed.ID, flag(c.Alone)); err != nil {
		return err
	}
	if err := t.record(ctx, engine.Event{
		At: c.At, Actor: c.By.ID, Surface: c.By.Surface, Action: "guardrails.changed", Subject: "guardrails",
		Detail: map[string]string{
			"from": strconv.Itoa(c.From), "to": strconv.Itoa(g.Version), "sum": sumOf(body), "why": c.What, "note": c.Why, "signed": c.Signed.ID, "alone": yes(c.Alone),
		},
	}); err != nil {
		return err
	}
	return t.voidRequests(ctx, engine.RequestRules, "", c.By, c.At, "the rules changed meanwhile")
}

// GuardrailChanges returns the newest changes first.
func (db *DB) GuardrailChanges(ctx context.Context, limit int) ([]engine.GuardrailChange, error) {
	return db.GuardrailHistory(ctx, 0, limit)
}

// GuardrailHistory returns the newest changes first, without as many of the newest as offset says.
func (db *DB) GuardrailHistory(ctx context.Context, offset, limit int) ([]engine.GuardrailChange, error) {
	var rows []struct {
		Version int    `db:"version"`
		By      string `db:"by_id"`
		At      stamp  `db:"at"`
		Why     string `db:"why"`
		Note    string `db:"note"`
		Signed  string `db:"signed_by"`
		Alone   bool   `db:"alone"`
	}
	if err := all(ctx, db.read, &rows, `
		SELECT version, by_id, at, why, note, signed_by, alone
		FROM   guardrails
		ORDER BY version DESC LIMIT ? OFFSET ?`, limit, offset); err != nil {
		return nil, translate(err)
	}
	changes := make([]engine.GuardrailChange, 0, len(rows))
	for _, r := range rows {
		changes = append(changes, engine.GuardrailChange{
			Version: r.Version, By: r.By, At: r.At.time(), Why: r.Why, Note: r.Note, SignedBy: r.Signed, Alone: r.Alone,
		})
	}
	return changes, nil
}

// GuardrailsAt returns an earlier version, or the one in force; code not_found.
func (db *DB) GuardrailsAt(ctx context.Context, version int) (engine.Guardrails, error) {
	var body doc[engine.Guardrails]
	err := get(ctx, db.read, &body, `
		SELECT body
		FROM   guardrails
		WHERE  version = ?`, version)
	return body.V, translate(orAbsent(err, "version of the guardrails", strconv.Itoa(version)))
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
