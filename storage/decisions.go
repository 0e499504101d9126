package storage

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

const decisionColumns = `id, task, at, what, was, became, signal, expected, chance, reversible, proposed, applied_at, applied_by,
	reverted_at, reverted_by, scored_at, held`

type decisionRow struct {
	ID         string  `db:"id"`
	Task       string  `db:"task"`
	At         stamp   `db:"at"`
	What       string  `db:"what"`
	From       string  `db:"was"`
	To         string  `db:"became"`
	Signal     string  `db:"signal"`
	Expected   string  `db:"expected"`
	Chance     float64 `db:"chance"`
	Reversible bool    `db:"reversible"`
	Proposed   bool    `db:"proposed"`
	AppliedAt  stamp   `db:"applied_at"`
	AppliedBy  string  `db:"applied_by"`
	RevertedAt stamp   `db:"reverted_at"`
	RevertedBy string  `db:"reverted_by"`
	ScoredAt   stamp   `db:"scored_at"`
	Held       bool    `db:"held"`
}

func (r decisionRow) decision() engine.Decision {
	return engine.Decision{
		ID: r.ID, Task: r.Task, At: r.At.time(), What: r.What, From: r.From, To: r.To, Signal: r.Signal, Expected: r.Expected, Chance: r.Chance,
		Reversible: r.Reversible, Proposed: r.Proposed, AppliedAt: r.AppliedAt.time(), AppliedBy: r.AppliedBy,
		RevertedAt: r.RevertedAt.time(), RevertedBy: r.RevertedBy, ScoredAt: r.ScoredAt.time(), Held: r.Held,
	}
}

// Decisions returns the newest first, of one task or of all (""), made since then.
func (db *DB) Decisions(ctx context.Context, task string, since time.Time, limit int) ([]engine.Decision, error) {
	query := `
		SELECT ` + decisionColumns + `
		FROM   decisions
		WHERE  at >= ?
		ORDER BY at DESC, id DESC LIMIT ?`
	args := []any{lowest(since), limit}
	if task != "" {
		query = `
		SELECT ` + decisionColumns + `
		FROM   decisions
		WHERE  task = ? AND at >= ?
		ORDER BY at DESC, id DESC LIMIT ?`
		args = []any{task, lowest(since), limit}
	}
	var rows []decisionRow
	if err := all(ctx, db.few(), &rows, query, args...); err != nil {
		return nil, translate(err)
	}
	decisions := make([]engine.Decision, 0, len(rows))
	for _, r := range rows {
		decisions = append(decisions, r.decision())
	}
	return decisions, nil
}

// LastPause returns when a task was last paused for what it brought, zero for not since then.
func (db *DB) LastPause(ctx context.Context, task string, since time.Time) (time.Time, error) {
	var at stamp
	err := get(ctx, db.few(), &at, `
		SELECT MAX(at)
		FROM   decisions
		WHERE  task = ? AND at >= ? AND what = 'pause'`, task, lowest(since))
	return at.time(), translate(err)
}

// Decision has code not_found.
func (db *DB) Decision(ctx context.Context, id string) (engine.Decision, error) {
	r, err := decision(ctx, db.few(), id)
	return r.decision(), translate(err)
}

// RevertDecision marks it as reverted; code conflict when it is already, or cannot be.
func (db *DB) RevertDecision(ctx context.Context, id string, by engine.Actor, at time.Time) error {
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		r, err := decision(ctx, t, id)
		switch {
		case err != nil:
			return err
		case !r.Reversible:
			return engine.Errorf(engine.CodeConflict, "That cannot be undone.")
		case !r.RevertedAt.time().IsZero():
			return engine.Errorf(engine.CodeConflict, "That has been undone already.")
		}
		if _, err := t.exec(ctx, `
			UPDATE decisions
			SET    reverted_at = ?, reverted_by = ?
			WHERE  id = ? AND reverted_at IS NULL`, stamp(at), by.ID, id); err != nil {
			return err
		}
		return t.record(ctx, engine.Event{
			At: at, Actor: by.ID, Surface: by.Surface, Action: "decision.reverted", Subject: id,
			Detail: map[string]string{"task": r.Task, "what": r.What, "from": r.To, "to": r.From},
		})
	})
}

// ApplyDecision marks a proposal as applied; code conflict when it is already, was declined, or is no proposal.
func (db *DB) ApplyDecision(ctx context.Context, id string, by engine.Actor, at time.Time) error {
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		r, err := decision(ctx, t, id)
		switch {
		case err != nil:
			return err
		case !r.Proposed || !r.AppliedAt.time().IsZero():
			return engine.Errorf(engine.CodeConflict, "That is in force already.")
		case !r.RevertedAt.time().IsZero():
			return engine.Errorf(engine.CodeConflict, "That was turned down already.")
		}
		if _, err := t.exec(ctx, `
			UPDATE decisions
			SET    applied_at = ?, applied_by = ?
			WHERE  id = ? AND applied_at IS NULL`, stamp(at), by.ID, id); err != nil {
			return err
		}
		return t.record(ctx, engine.Event{
			At: at, Actor: by.ID, Surface: by.Surface, Action: "decision.applied", Subject: id,
			Detail: map[string]string{"task": r.Task, "what": r.What, "from": r.From, "to": r.To},
		})
	})
}

// decide writes a new decision and its event.
func (t *tx) decide(ctx context.Context, d engine.Decision) error {
	d.ID = t.id(d.ID)
	if _, err := t.exec(ctx, `
		INSERT INTO decisions (`+decisionColumns+`)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		d.ID, d.Task, stamp(d.At), d.What, d.From, d.To, d.Signal, d.Expected, d.Chance, flag(d.Reversible), flag(d.Proposed),
		stamp(d.AppliedAt), d.AppliedBy, stamp(d.RevertedAt), d.RevertedBy, stamp(d.ScoredAt), flag(d.Held)); err != nil {
		return err
	}
	return t.record(ctx, engine.Event{
		At: d.At, Actor: engine.Koira.ID, Surface: engine.Koira.Surface, Action: "decision.made", Subject: d.ID,
		Detail: map[string]string{"task": d.Task, "what": d.What, "from": d.From, "to": d.To, "proposed": yes(d.Proposed)},
	})
}

func decision(ctx context.Context, q sqlx.QueryerContext, id string) (decisionRow, error) {
	var r decisionRow
	err := get(ctx, q, &r, `
		SELECT `+decisionColumns+`
		FROM   decisions
		WHERE  id = ?`, id)
	return r, orAbsent(err, "decision", id)
}

// lowest is a lower bound: the zero time is before everything, where a NULL would compare with nothing.
func lowest(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(stampLayout)
}
