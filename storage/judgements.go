package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

type judgementRow struct {
	Output  string               `db:"output"`
	Digest  engine.Digest        `db:"digest"`
	At      stamp                `db:"at"`
	Judge   string               `db:"judge"`
	Score   float64              `db:"score"`
	Reasons doc[[]engine.Reason] `db:"reasons"`
	Missing string               `db:"missing"`
}

func (r judgementRow) judgement() *engine.Judgement {
	return &engine.Judgement{
		Output: r.Output, Digest: r.Digest, At: r.At.time(), Judge: r.Judge, Opinion: engine.Opinion{Score: r.Score, Reasons: r.Reasons.V}, Missing: r.Missing,
	}
}

// KeepJudgement writes what a judge thought of one version of a piece, and what asking it cost, which stand or fall together; bill is nil where nothing
// was asked. A version that has a judgement keeps that one; the bill is paid all the same.
func (db *DB) KeepJudgement(ctx context.Context, j engine.Judgement, bill *engine.Entry) error {
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		if bill != nil {
			if err := t.charge(ctx, *bill); err != nil {
				return err
			}
		}
		n, err := t.exec(ctx, `
			INSERT INTO judgements (output, digest, at, judge, score, reasons, missing)
			VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (output, digest) DO NOTHING`,
			j.Output, string(j.Digest), stamp(j.At), j.Judge, j.Score, doc[[]engine.Reason]{j.Reasons}, j.Missing)
		if err != nil || n == 0 {
			return err
		}
		said := map[string]string{"digest": j.Digest.Short(), "judge": j.Judge, "missing": j.Missing}
		if j.Missing == "" {
			said["score"] = fmt.Sprintf("%.2f", j.Score)
		}
		return t.record(ctx, engine.Event{
			At: j.At, Actor: engine.Koira.ID, Surface: engine.Koira.Surface, Action: "voice.judged", Subject: j.Output, Detail: said,
		})
	})
}

// Judgement returns what a judge thought of one version of a piece, nil where none was asked.
func (db *DB) Judgement(ctx context.Context, output string, d engine.Digest) (*engine.Judgement, error) {
	j, err := judgement(ctx, db.few(), output, d)
	return j, translate(err)
}

func judgement(ctx context.Context, q sqlx.QueryerContext, output string, d engine.Digest) (*engine.Judgement, error) {
	if d == "" {
		return nil, nil
	}
	var r judgementRow
	err := get(ctx, q, &r, `
		SELECT output, digest, at, judge, score, reasons, missing
		FROM   judgements
		WHERE  output = ? AND digest = ?`, output, string(d))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return r.judgement(), nil
}
