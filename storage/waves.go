package storage

import (
	"context"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

// viewWave reads how the first readers of v's piece took it, while the rest waits; nil for every other piece.
func viewWave(ctx context.Context, q sqlx.QueryerContext, v engine.View) (*engine.Wave, error) {
	o := v.Output
	if o.Kind != engine.KindEmail || o.State != engine.StateScheduled && o.State != engine.StateHeld {
		return nil, nil
	}
	sends, err := sendsOf(ctx, q, o.ID)
	if err != nil || !engine.Partly(sends) {
		return nil, err
	}
	first, rest, _ := engine.Waves(sends)
	w := &engine.Wave{Reached: first.People, Of: first.People + rest.People, Since: first.PublishedAt, Until: v.Guardrails.Wave.Until(first)}
	var said struct {
		Read int   `db:"read"`
		Lost int64 `db:"lost"`
	}
	if err := get(ctx, q, &said, `
		SELECT COUNT(*) AS read, COALESCE(SUM(CASE WHEN metric IN ('unsubscribed', 'complaints') THEN value ELSE 0 END), 0) AS lost
		FROM   readings
		WHERE  send = ?`, first.ID); err != nil {
		return nil, err
	}
	w.Read, w.Lost = said.Read > 0, said.Lost
	var asked []string
	if err := all(ctx, q, &asked, `
		SELECT reason
		FROM   exceptions
		WHERE  closed_at IS NULL AND rule <> 'wave' AND (output = ? OR kind = 'task' AND task = ?)
		ORDER BY opened_at, id LIMIT 1`, o.ID, o.Task); err != nil {
		return nil, err
	}
	if len(asked) > 0 {
		w.Question = asked[0]
	}
	return w, nil
}
