package storage

import (
	"context"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

type standingRow struct {
	Task    string        `db:"task"`
	Metric  engine.Metric `db:"metric"`
	Verdict string        `db:"verdict"`
	Value   float64       `db:"value"`
	Low     float64       `db:"low"`
	High    float64       `db:"high"`
	Pieces  int           `db:"pieces"`
	At      stamp         `db:"at"`
}

// SetStandings puts these in the place of all that was known of how a task stands. It is durable with the next Flush or durable change: what is
// lost is found out again.
func (db *DB) SetStandings(ctx context.Context, task string, now []engine.Standing) error {
	return db.inRelaxedTx(ctx, func(ctx context.Context, t *tx) error {
		if _, err := t.exec(ctx, `
			DELETE FROM standings
			WHERE  task = ?`, task); err != nil {
			return err
		}
		for _, s := range now {
			if _, err := t.exec(ctx, `
				INSERT INTO standings (task, metric, verdict, value, low, high, pieces, at)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
				task, string(s.Metric), s.Verdict, s.Value, s.Low, s.High, s.Pieces, stamp(s.At)); err != nil {
				return err
			}
		}
		return nil
	})
}

// Standings returns how a task stands against its thresholds, by metric.
func (db *DB) Standings(ctx context.Context, task string) ([]engine.Standing, error) {
	s, err := standings(ctx, db.read, task)
	return s, translate(err)
}

func standings(ctx context.Context, q sqlx.QueryerContext, task string) ([]engine.Standing, error) {
	var rows []standingRow
	if err := all(ctx, q, &rows, `
		SELECT task, metric, verdict, value, low, high, pieces, at
		FROM   standings
		WHERE  task = ?
		ORDER BY metric`, task); err != nil {
		return nil, err
	}
	found := make([]engine.Standing, 0, len(rows))
	for _, r := range rows {
		found = append(found, engine.Standing{
			Task: r.Task, Metric: r.Metric, Verdict: r.Verdict, Value: r.Value, Low: r.Low, High: r.High, Pieces: r.Pieces, At: r.At.time(),
		})
	}
	return found, nil
}
