package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"koira/engine"
)

// lowered writes down what a lowering rests on; its decision is written already.
func (t *tx) lowered(ctx context.Context, l engine.Lowering) error {
	_, err := t.exec(ctx, `
		INSERT INTO lowerings (decision, task, at, was, became, cause, pieces, luck)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		l.Decision, l.Task, stamp(l.At), int(l.From), int(l.To), string(l.Cause), doc[[]string]{l.Pieces}, l.Luck)
	return err
}

type loweringRow struct {
	Decision string        `db:"decision"`
	Task     string        `db:"task"`
	At       stamp         `db:"at"`
	From     engine.Level  `db:"was"`
	To       engine.Level  `db:"became"`
	Cause    engine.Cause  `db:"cause"`
	Pieces   doc[[]string] `db:"pieces"`
	Luck     float64       `db:"luck"`
}

func (r loweringRow) lowering() engine.Lowering {
	return engine.Lowering{Decision: r.Decision, Task: r.Task, At: r.At.time(), From: r.From, To: r.To, Cause: r.Cause, Pieces: r.Pieces.V, Luck: r.Luck}
}

// Lowerings returns what lowered a task since then, or paused it to resume lower, oldest first.
func (db *DB) Lowerings(ctx context.Context, task string, since time.Time) ([]engine.Lowering, error) {
	var rows []loweringRow
	if err := all(ctx, db.few(), &rows, `
		SELECT decision, task, at, was, became, cause, pieces, luck
		FROM   lowerings
		WHERE  task = ? AND at >= ?
		ORDER BY at, decision`, task, lowest(since)); err != nil {
		return nil, translate(err)
	}
	found := make([]engine.Lowering, 0, len(rows))
	for _, r := range rows {
		found = append(found, r.lowering())
	}
	return found, nil
}

// Lowering returns what a decision's lowering rests on, nil when the decision lowered nothing.
func (db *DB) Lowering(ctx context.Context, decision string) (*engine.Lowering, error) {
	var r loweringRow
	err := get(ctx, db.few(), &r, `
		SELECT decision, task, at, was, became, cause, pieces, luck
		FROM   lowerings
		WHERE  decision = ?`, decision)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, translate(err)
	}
	l := r.lowering()
	return &l, nil
}
