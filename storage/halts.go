package storage

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"koira/engine"
)

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
			WHERE  output = ? AND state = 'published' AND variant <> '' AND halt_asked IS NULL
			AND    NOT EXISTS (SELECT 1 FROM halts WHERE send = sends.id)`, stamp(at), output)
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

// HaltsAsked returns the sends whose delivery is to be stopped and whose channel has not answered, the oldest wish first.
func (db *DB) HaltsAsked(ctx context.Context) ([]engine.Send, error) {
	sends, err := readSends(ctx, db.few(), sendsSQL+`
		WHERE  halt_asked IS NOT NULL AND halts.send IS NULL
		ORDER BY halt_asked, id`)
	return sends, translate(err)
}

// Unhalted returns what went out since then and was not halted yet, nor found delivered. What could not be halted is among them.
func (db *DB) Unhalted(ctx context.Context, since time.Time) ([]engine.Send, error) {
	sends, err := readSends(ctx, db.read, sendsSQL+`
		WHERE  state = 'published' AND published_at >= ? AND (halts.send IS NULL OR halts.halted = 0 AND halts.total = 0)
		ORDER BY published_at, id`, stamp(since))
	return sends, translate(err)
}

// SaveHalt keeps how far a delivery had got when it was halted, for its card and that of a stop: by a stop of everything, or because a person
// asked for it. Progress of 0 of 0 says that it could not be halted. Code conflict when another answer is kept already.
func (db *DB) SaveHalt(ctx context.Context, send string, p engine.Progress, at time.Time) error {
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		s, err := sendByID(ctx, t, send)
		if err != nil {
			return err
		}
		n, err := t.exec(ctx, `
			INSERT INTO halts (send, at, sent, total, halted)
			VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (send) DO UPDATE
			SET    at = excluded.at, sent = excluded.sent, total = excluded.total, halted = excluded.halted
			WHERE  halts.halted = 0 AND halts.total = 0 AND excluded.total > 0`, send, stamp(at), max(0, p.Sent), max(0, p.Of), flag(p.Halted))
		if err != nil {
			return err
		}
		if n == 0 {
			return engine.Errorf(engine.CodeConflict, "This delivery was halted already.")
		}
		if !p.Halted && s.HaltAsked.time().IsZero() {
			return nil
		}
		return t.tellHalt(ctx, s, p, at)
	})
}

// tellHalt tells people how far a delivery got.
func (t *tx) tellHalt(ctx context.Context, s sendRow, p engine.Progress, at time.Time) error {
	if err := t.haltDue(ctx, s.Output, stamp{}); err != nil {
		return err
	}
	if err := t.record(ctx, engine.Event{
		At: at, Actor: engine.Koira.ID, Surface: engine.Koira.Surface, Action: "send.halted", Subject: s.ID,
		Detail: map[string]string{"output": s.Output, "halted": yes(p.Halted), "sent": strconv.Itoa(p.Sent), "of": strconv.Itoa(p.Of)},
	}); err != nil {
		return err
	}
	if !p.Halted {
		return t.tellCard(ctx, s.Output, at)
	}
	if _, err := t.exec(ctx, `
		UPDATE sends
		SET    evidence = ?
		WHERE  id = ?`, fmt.Sprintf("halted at %d of %d", p.Sent, p.Of), s.ID); err != nil {
		return err
	}
	return t.queueAll(ctx, at, []engine.Notice{
		{Kind: engine.NoticeOutput, Subject: s.Output, Due: at}, {Kind: engine.NoticeControl, Subject: controlSubject, Due: at},
	})
}

// haltDue makes an output due for its halt, or not any more once every channel has answered: in a tick in which nothing is, nobody looks.
func (t *tx) haltDue(ctx context.Context, output string, due stamp) error {
	_, err := t.exec(ctx, `
		UPDATE outputs
		SET    due = ?
		WHERE  id = ? AND state = 'published'
		AND    (? IS NOT NULL OR NOT EXISTS (SELECT 1 FROM sends WHERE output = outputs.id AND halt_asked IS NOT NULL
		       AND NOT EXISTS (SELECT 1 FROM halts WHERE send = sends.id)))`, due, output, due)
	return err
}

// Halts returns the deliveries that were halted since then, oldest first.
func (db *DB) Halts(ctx context.Context, since time.Time) ([]engine.Halt, error) {
	var rows []struct {
		Output string `db:"output"`
		At     stamp  `db:"at"`
		Sent   int    `db:"sent"`
		Of     int    `db:"total"`
	}
	if err := all(ctx, db.read, &rows, `
		SELECT s.output, h.at, h.sent, h.total
		FROM   halts h JOIN sends s ON s.id = h.send
		WHERE  h.halted = 1 AND h.at >= ?
		ORDER BY h.at, h.send`, stamp(since)); err != nil {
		return nil, translate(err)
	}
	var hs []engine.Halt
	for _, r := range rows {
		hs = append(hs, engine.Halt{Output: r.Output, At: r.At.time(), Progress: engine.Progress{Sent: r.Sent, Of: r.Of, Halted: true}})
	}
	return hs, nil
}
