package storage

import (
	"context"
	"time"

	"koira/engine"
)

// estimate keeps what koira thought of the copy that m brings.
func (t *tx) estimate(ctx context.Context, _, after outputRow, m engine.Move) error {
	if m.Estimate == nil {
		return nil
	}
	e := *m.Estimate
	_, err := t.exec(ctx, `
		INSERT INTO estimates (output, at, signs, confidence, line, heard, alone)
		VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (output) DO UPDATE
		SET    at = excluded.at, signs = excluded.signs, confidence = excluded.confidence, line = excluded.line, heard = excluded.heard,
		       alone = excluded.alone`,
		after.ID, stamp(m.At), doc[engine.Signs]{e.Signs}, e.Confidence, e.Line, flag(e.Heard), flag(e.Alone))
	return err
}

// Estimates returns what koira thought of the pieces that it drafted in [from, to), oldest first.
func (db *DB) Estimates(ctx context.Context, from, to time.Time) ([]engine.Estimate, error) {
	var rows []struct {
		Output     string            `db:"output"`
		Task       string            `db:"task"`
		At         stamp             `db:"at"`
		Signs      doc[engine.Signs] `db:"signs"`
		Confidence float64           `db:"confidence"`
		Line       float64           `db:"line"`
		Heard      bool              `db:"heard"`
		Alone      bool              `db:"alone"`
	}
	if err := all(ctx, db.few(), &rows, `
		SELECT e.output AS output, o.task AS task, e.at AS at, e.signs AS signs, e.confidence AS confidence, e.line AS line, e.heard AS heard,
		       e.alone AS alone
		FROM   estimates e JOIN outputs o ON o.id = e.output
		WHERE  e.at >= ? AND e.at < ?
		ORDER BY e.at, e.output`, lowest(from), lowest(to)); err != nil {
		return nil, translate(err)
	}
	estimates := make([]engine.Estimate, len(rows))
	for i, r := range rows {
		estimates[i] = engine.Estimate{
			Output: r.Output, Task: r.Task, At: r.At.time(), Signs: r.Signs.V, Confidence: r.Confidence, Line: r.Line, Heard: r.Heard,
			Alone: r.Alone,
		}
	}
	return estimates, nil
}
