package storage

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

// PutShares puts in force, as a version of the guardrails, what an older koira kept beside them of the money of tasks and campaigns. What people have set
// there already stays. Where nothing waits, so also on a second call, it does nothing.
func (db *DB) PutShares(ctx context.Context, by engine.Actor, at time.Time) error {
	var rows []struct {
		Kind string       `db:"kind"`
		Key  string       `db:"key"`
		Sum  engine.Money `db:"sum"`
	}
	err := db.glance(ctx, func(q sqlx.QueryerContext) error {
		return all(ctx, q, &rows, `
			SELECT kind, key, sum
			FROM   shares
			ORDER BY kind, key`)
	})
	if err != nil || len(rows) == 0 {
		return err
	}
	g, err := db.Guardrails(ctx)
	if err != nil {
		return err
	}
	next, more := g.Clone(), false
	for _, r := range rows {
		shares := &next.Budget.Tasks
		if r.Kind == "campaign" {
			shares = &next.Budget.Campaigns
		}
		if *shares == nil {
			*shares = map[string]engine.Money{}
		}
		if (*shares)[r.Key] == 0 {
			(*shares)[r.Key], more = r.Sum, true
		}
	}
	if more { // else a start broke off after this, before anybody could have changed it again
		if err := db.SetGuardrails(ctx, g.Version, next, by, at, "the money of each task and campaign, as it was before it stood among the rules"); err != nil {
			return err
		}
	}
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, `DELETE FROM shares`)
		return err
	})
}
