package storage

import (
	"context"

	"koira/engine"
)

// Beliefs returns what a task believes; Picks what it favours.
func (db *DB) Beliefs(ctx context.Context, task string) ([]engine.Belief, error) {
	var rows []struct {
		Task    string           `db:"task"`
		Dim     engine.Dimension `db:"dim"`
		Arm     string           `db:"arm"`
		Trials  float64          `db:"trials"`
		Hits    float64          `db:"hits"`
		Outputs int              `db:"outputs"`
		At      stamp            `db:"at"`
	}
	if err := all(ctx, db.few(), &rows, `
		SELECT task, dim, arm, trials, hits, outputs, at
		FROM   beliefs
		WHERE  task = ?
		ORDER BY dim, arm`, task); err != nil {
		return nil, translate(err)
	}
	beliefs := make([]engine.Belief, 0, len(rows))
	for _, r := range rows {
		beliefs = append(beliefs, engine.Belief{Task: r.Task, Dim: r.Dim, Arm: r.Arm, Trials: r.Trials, Hits: r.Hits, Outputs: r.Outputs, At: r.At.time()})
	}
	return beliefs, nil
}

// Picks returns what a task favours, by dimension.
func (db *DB) Picks(ctx context.Context, task string) ([]engine.Pick, error) {
	var rows []struct {
		Task string           `db:"task"`
		Dim  engine.Dimension `db:"dim"`
		Arm  string           `db:"arm"`
		At   stamp            `db:"at"`
	}
	if err := all(ctx, db.few(), &rows, `
		SELECT task, dim, arm, at
		FROM   picks
		WHERE  task = ?
		ORDER BY dim`, task); err != nil {
		return nil, translate(err)
	}
	picks := make([]engine.Pick, 0, len(rows))
	for _, r := range rows {
		picks = append(picks, engine.Pick{Task: r.Task, Dim: r.Dim, Arm: r.Arm, At: r.At.time()})
	}
	return picks, nil
}

// Learn replaces a task's beliefs and the given picks and adds the decisions that moved them, in one transaction.
func (db *DB) Learn(ctx context.Context, task string, b []engine.Belief, p []engine.Pick, d []engine.Decision) error {
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		if _, err := t.exec(ctx, `
			DELETE FROM beliefs
			WHERE  task = ?`, task); err != nil {
			return err
		}
		for _, x := range b {
			if _, err := t.exec(ctx, `
				INSERT INTO beliefs (task, dim, arm, trials, hits, outputs, at)
				VALUES (?, ?, ?, ?, ?, ?, ?)`,
				task, string(x.Dim), x.Arm, x.Trials, x.Hits, x.Outputs, stamp(x.At)); err != nil {
				return err
			}
		}
		for _, x := range p {
			if _, err := t.exec(ctx, `
				INSERT INTO picks (task, dim, arm, at)
				VALUES (?, ?, ?, ?)
				ON CONFLICT (task, dim) DO UPDATE SET arm = excluded.arm, at = excluded.at`,
				task, string(x.Dim), x.Arm, stamp(x.At)); err != nil {
				return err
			}
		}
		for _, x := range d {
			if err := t.decide(ctx, x); err != nil {
				return err
			}
		}
		return nil
	})
}
