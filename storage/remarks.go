package storage

import (
	"context"

	"koira/engine"
)

// Remark writes down what a person says of a piece that is to go out by itself. Code conflict when the piece is not on its way to its time in that
// version any more, or when they have said so already.
func (db *DB) Remark(ctx context.Context, l engine.Remark) error {
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		o, err := outputByID(ctx, t, l.Output)
		if err != nil {
			return err
		}
		if err := o.standing(engine.StateScheduled, l.Digest); err != nil {
			return err
		}
		if err := t.remark(ctx, l, o); err != nil {
			return err
		}
		if err := t.record(ctx, engine.Event{
			At: l.At, Actor: l.By, Surface: l.From, Action: "review." + l.Verdict, Subject: l.Output,
			Detail: map[string]string{"digest": l.Digest.Short(), "task": o.Task},
		}); err != nil {
			return err
		}
		return t.queue(ctx, engine.Notice{Kind: engine.NoticeOutput, Subject: l.Output, Due: l.At})
	})
}

func (t *tx) remark(ctx context.Context, l engine.Remark, o outputRow) error {
	_, err := t.exec(ctx, `
		INSERT INTO remarks (output, digest, verdict, by_id, role, at, surface, whole, looked, changed)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		o.ID, string(o.Digest), l.Verdict, l.By, int(l.Role), stamp(l.At), string(l.From), flag(l.Whole), max(0, l.Looked).Microseconds(), o.Changed)
	if isUnique(err) {
		return &engine.Error{Code: engine.CodeConflict, Message: "You have said so already.", Err: err}
	}
	return err
}

// Remarks returns what people said of one version of a piece that goes out unless stopped, oldest first.
func (db *DB) Remarks(ctx context.Context, output string, d engine.Digest) ([]engine.Remark, error) {
	var rows []struct {
		Verdict string         `db:"verdict"`
		By      string         `db:"by_id"`
		Role    engine.Role    `db:"role"`
		At      stamp          `db:"at"`
		From    engine.Surface `db:"surface"`
	}
	if err := all(ctx, db.few(), &rows, `
		SELECT verdict, by_id, role, at, surface
		FROM   remarks
		WHERE  output = ? AND digest = ?
		ORDER BY seq`, output, string(d)); err != nil {
		return nil, translate(err)
	}
	remarks := make([]engine.Remark, 0, len(rows))
	for _, r := range rows {
		remarks = append(remarks, engine.Remark{Output: output, Digest: d, Verdict: r.Verdict, By: r.By, Role: r.Role, At: r.At.time(), From: r.From})
	}
	return remarks, nil
}
