package storage

import (
	"context"
	"time"

	"koira/engine"
)

// JoinWeek notes that pieces stand on the card of a coming week, and queues for each a look at its Needed: who still has not decided then gets a card
// of its own. A piece that stands on one already stays as it is, so calling twice changes nothing.
func (db *DB) JoinWeek(ctx context.Context, pieces []engine.WeekPiece, at time.Time) error {
	return db.inRelaxedTx(ctx, func(ctx context.Context, t *tx) error {
		for _, p := range pieces {
			n, err := t.exec(ctx, `
				INSERT INTO week_pieces (output, week, digest, at)
				VALUES (?, ?, ?, ?)
				ON CONFLICT DO NOTHING`, p.Output, p.Week, string(p.Digest), stamp(at))
			if err != nil {
				return err
			}
			if n == 0 {
				continue
			}
			if err := t.queue(ctx, engine.Notice{Kind: engine.NoticeOutput, Subject: p.Output + engine.SubjectNeeded, Due: p.Needed}); err != nil {
				return err
			}
		}
		return nil
	})
}

type weekPieceRow struct {
	Output string        `db:"output"`
	Week   string        `db:"week"`
	Digest engine.Digest `db:"digest"`
}

// WeekPieces returns what stands on the card of a week, in no particular order.
func (db *DB) WeekPieces(ctx context.Context, week string) ([]engine.WeekPiece, error) {
	var rows []weekPieceRow
	if err := all(ctx, db.few(), &rows, `
		SELECT output, week, digest
		FROM   week_pieces
		WHERE  week = ?`, week); err != nil {
		return nil, translate(err)
	}
	pieces := make([]engine.WeekPiece, len(rows))
	for i, r := range rows {
		pieces[i] = engine.WeekPiece{Output: r.Output, Week: r.Week, Digest: r.Digest}
	}
	return pieces, nil
}

// InWeek returns on which week's card a piece stands. Code not_found when on none.
func (db *DB) InWeek(ctx context.Context, output string) (engine.WeekPiece, error) {
	var r weekPieceRow
	err := get(ctx, db.few(), &r, `
		SELECT output, week, digest
		FROM   week_pieces
		WHERE  output = ?`, output)
	return engine.WeekPiece{Output: r.Output, Week: r.Week, Digest: r.Digest}, translate(orAbsent(err, "week of", output))
}
