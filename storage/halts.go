package storage

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"koira/engine"
)

// Unhalted returns what went out since then and was not halted yet, nor found delivered.
func (db *DB) Unhalted(ctx context.Context, since time.Time) ([]engine.Send, error) {
	sends, err := readSends(ctx, db.read, `
		SELECT `+sendColumns+`
		FROM   sends
		WHERE  state = 'published' AND published_at >= ? AND NOT EXISTS (SELECT 1 FROM halts WHERE send = sends.id)
		ORDER BY published_at, id`, stamp(since))
	return sends, translate(err)
}

// SaveHalt keeps how far a delivery had got when everything was stopped, for its card and that of the stop. Code conflict when it is kept already.
func (db *DB) SaveHalt(ctx context.Context, send string, p engine.Progress, at time.Time) error {
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		s, err := sendByID(ctx, t, send)
		if err != nil {
			return err
		}
		n, err := t.exec(ctx, `
			INSERT INTO halts (send, at, sent, total, halted)
			VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (send) DO NOTHING`, send, stamp(at), p.Sent, p.Of, flag(p.Halted))
		if err != nil {
			return err
		}
		if n == 0 {
			return engine.Errorf(engine.CodeConflict, "This delivery was halted already.")
		}
		if !p.Halted {
			return nil
		}
		if _, err := t.exec(ctx, `
			UPDATE sends
			SET    evidence = ?
			WHERE  id = ?`, fmt.Sprintf("halted at %d of %d", p.Sent, p.Of), send); err != nil {
			return err
		}
		if err := t.record(ctx, engine.Event{
			At: at, Actor: engine.Koira.ID, Surface: engine.Koira.Surface, Action: "send.halted", Subject: send,
			Detail: map[string]string{"output": s.Output, "sent": strconv.Itoa(p.Sent), "of": strconv.Itoa(p.Of)},
		}); err != nil {
			return err
		}
		return t.queueAll(ctx, at, []engine.Notice{
			{Kind: engine.NoticeOutput, Subject: s.Output, Due: at}, {Kind: engine.NoticeControl, Subject: controlSubject, Due: at},
		})
	})
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
