package storage

import (
	"context"
	"time"

	"koira/engine"
)

// JoinWeek notes that pieces stand on the card of their week, and queues for each a look at its Needed: who still has not decided then gets a card
// of its own. A piece that stands on one already stays as it is, but that it may be Needed earlier; so calling twice changes nothing.
func (db *DB) JoinWeek(ctx context.Context, pieces []engine.WeekPiece, at time.Time) error {
	return db.inRelaxedTx(ctx, func(ctx context.Context, t *tx) error {
		for _, p := range pieces {
			n, err := t.exec(ctx, `
				INSERT INTO week_pieces (output, week, digest, at, needed)
				VALUES (?, ?, ?, ?, ?)
				ON CONFLICT (output) DO UPDATE
				SET   needed = excluded.needed
				WHERE excluded.needed < week_pieces.needed AND excluded.week = week_pieces.week AND excluded.digest = week_pieces.digest`, p.Output, p.Week, string(p.Digest), stamp(at), stamp(p.Needed))
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
	Needed stamp         `db:"needed"`
}

func (r weekPieceRow) piece() engine.WeekPiece {
	return engine.WeekPiece{Output: r.Output, Week: r.Week, Digest: r.Digest, Needed: r.Needed.time()}
}

// WeekPieces returns what stands on the card of a week, in no particular order.
func (db *DB) WeekPieces(ctx context.Context, week string) ([]engine.WeekPiece, error) {
	var rows []weekPieceRow
	if err := all(ctx, db.few(), &rows, `
		SELECT output, week, digest, needed
		FROM   week_pieces
		WHERE  week = ?`, week); err != nil {
		return nil, translate(err)
	}
	pieces := make([]engine.WeekPiece, len(rows))
	for i, r := range rows {
		pieces[i] = r.piece()
	}
	return pieces, nil
}

// InWeek returns on which week's card a piece stands. Code not_found when on none.
func (db *DB) InWeek(ctx context.Context, output string) (engine.WeekPiece, error) {
	var r weekPieceRow
	err := get(ctx, db.few(), &r, `
		SELECT output, week, digest, needed
		FROM   week_pieces
		WHERE  output = ?`, output)
	return r.piece(), translate(orAbsent(err, "week of", output))
}
