package storage

import (
	"context"

	"koira/engine"
)

// Lines returns the ledger's lines after number after, oldest first, and the number of the last one: 0 begins at the first. The ledger is
// append-only, so who has read it so far has nothing to read again.
func (db *DB) Lines(ctx context.Context, after int64) (lines []engine.Entry, last int64, err error) {
	var rows []struct {
		Seq      int64        `db:"seq"`
		ID       string       `db:"id"`
		At       stamp        `db:"at"`
		Kind     string       `db:"kind"`
		Output   maybe        `db:"output"`
		Task     string       `db:"task"`
		Campaign string       `db:"campaign"`
		Week     string       `db:"week"`
		Reserved engine.Money `db:"reserved"`
		Spent    engine.Money `db:"spent"`
		topRow
		Note string `db:"note"`
	}
	if err := all(ctx, db.few(), &rows, `
		SELECT seq, id, at, kind, output, task, campaign, week, reserved, spent, top_week, top_task, top_campaign, note
		FROM   ledger
		WHERE  seq > ?
		ORDER BY seq LIMIT 1000`, after); err != nil {
		return nil, after, translate(err)
	}
	last = after
	for _, r := range rows {
		last = r.Seq
		lines = append(lines, engine.Entry{
			ID: r.ID, At: r.At.time(), Kind: r.Kind, Output: string(r.Output), Task: r.Task, Campaign: r.Campaign, Week: r.Week,
			Reserved: r.Reserved, Spent: r.Spent, Top: r.top(), Note: r.Note,
		})
	}
	return lines, last, nil
}
