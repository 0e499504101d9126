package storage

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
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
	err := get(ctx, db.read, &r, `
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

// AskHalt writes down that by wants what is still being delivered of an output stopped; the loop asks its channel. Code conflict when the output
// is not out in that version, or when somebody asked already.
func (db *DB) AskHalt(ctx context.Context, output string, digest engine.Digest, by engine.Actor, at time.Time) error {
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		o, err := outputByID(ctx, t, output)
		if err != nil {
			return err
		}
		if err := o.standing(engine.StatePublished, digest); err != nil {
			return err
		}
		n, err := t.exec(ctx, `
			UPDATE sends
			SET    halt_asked = ?
			WHERE  output = ? AND state = 'published' AND variant <> '' AND halt_asked IS NULL`, stamp(at), output)
		switch {
		case err != nil:
			return err
		case n == 0:
			return engine.Errorf(engine.CodeConflict, "That was asked already; nothing was changed.")
		}
		if err := t.haltDue(ctx, output, stamp(at)); err != nil {
			return err
		}
		if err := t.record(ctx, engine.Event{
			At: at, Actor: by.ID, Surface: by.Surface, Action: "output.halt", Subject: output, Detail: map[string]string{"task": o.Task},
		}); err != nil {
			return err
		}
		return t.tellCard(ctx, output, at)
	})
}

const haltsSQL = `
	SELECT ` + sendColumns + `
	FROM   sends
	WHERE  halt_asked IS NOT NULL AND halted_at IS NULL
	ORDER BY halt_asked, id`

// HaltsAsked returns the sends whose delivery is to be stopped and whose channel has not answered, the oldest wish first.
func (db *DB) HaltsAsked(ctx context.Context) ([]engine.Send, error) {
	sends, err := readSends(ctx, db.read, haltsSQL)
	return sends, translate(err)
}

// Halted writes a channel's answer: how far the delivery got. Code conflict when an answer is written already.
func (db *DB) Halted(ctx context.Context, send string, p engine.Progress, at time.Time) error {
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		s, err := sendByID(ctx, t, send)
		if err != nil {
			return err
		}
		n, err := t.exec(ctx, `
			UPDATE sends
			SET    halted_at = ?, reached = ?, all_of = ?
			WHERE  id = ? AND halt_asked IS NOT NULL AND halted_at IS NULL`, stamp(at), max(0, p.Sent), max(0, p.Of), send)
		switch {
		case err != nil:
			return err
		case n == 0:
			return engine.Errorf(engine.CodeConflict, "An answer is written already; nothing was changed.")
		}
		if err := t.haltDue(ctx, s.Output, stamp{}); err != nil {
			return err
		}
		if err := t.record(ctx, engine.Event{
			At: at, Actor: engine.Koira.ID, Surface: engine.Koira.Surface, Action: "send.halted", Subject: send,
			Detail: map[string]string{"output": s.Output, "halted": yes(p.Halted), "sent": strconv.Itoa(p.Sent), "of": strconv.Itoa(p.Of)},
		}); err != nil {
			return err
		}
		return t.tellCard(ctx, s.Output, at)
	})
}

// haltDue makes an output due for its halt, or not any more once every channel has answered: in a tick in which nothing is, nobody looks.
func (t *tx) haltDue(ctx context.Context, output string, due stamp) error {
	_, err := t.exec(ctx, `
		UPDATE outputs
		SET    due = ?
		WHERE  id = ? AND state = 'published'
		AND    (? IS NOT NULL OR NOT EXISTS (SELECT 1 FROM sends WHERE output = outputs.id AND halt_asked IS NOT NULL AND halted_at IS NULL))`, due, output, due)
	return err
}

// tellCard queues an output's card, where people have one.
func (t *tx) tellCard(ctx context.Context, output string, at time.Time) error {
	posted, err := t.hasCard(ctx, output)
	if err != nil || !posted {
		return err
	}
	return t.queue(ctx, engine.Notice{Kind: engine.NoticeOutput, Subject: output, Due: at})
}
