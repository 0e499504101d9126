package storage

import (
	"context"
	"strconv"

	"koira/engine"
)

// Alert writes that a cap's share was passed and queues its notice, once for a period, cap, percent and limit: calling it twice tells once, and
// who was told of the larger share is not told of the smaller. It reports whether this call was the one.
func (db *DB) Alert(ctx context.Context, a engine.Alert) (first bool, err error) {
	err = db.inTx(ctx, func(ctx context.Context, t *tx) error {
		n, err := t.exec(ctx, `
			INSERT INTO alerts (period, cap, percent, amount, used, at)
			SELECT ?, ?, ?, ?, ?, ?
			WHERE  NOT EXISTS (SELECT 1 FROM alerts WHERE period = ? AND cap = ? AND amount = ? AND percent >= ?)`,
			a.Period, a.Cap, a.Percent, a.Limit, a.Used, stamp(a.At), a.Period, a.Cap, a.Limit, a.Percent)
		if first = n > 0; err != nil || !first {
			return err
		}
		if err := t.record(ctx, engine.Event{
			At: a.At, Actor: engine.Koira.ID, Surface: engine.Koira.Surface, Action: "budget.alert", Subject: a.Cap,
			Detail: map[string]string{"period": a.Period, "percent": strconv.Itoa(a.Percent), "limit": micros(a.Limit), "used": micros(a.Used)},
		}); err != nil {
			return err
		}
		return t.queue(ctx, engine.Notice{Kind: engine.NoticeBudget, Subject: a.Subject(), Due: a.At})
	})
	return first, err
}

// Alerts returns what people were told of a period's caps, oldest first.
func (db *DB) Alerts(ctx context.Context, period string) ([]engine.Alert, error) {
	var rows []struct {
		Period  string       `db:"period"`
		Cap     string       `db:"cap"`
		Percent int          `db:"percent"`
		Limit   engine.Money `db:"amount"`
		Used    engine.Money `db:"used"`
		At      stamp        `db:"at"`
	}
	if err := all(ctx, db.read, &rows, `
		SELECT period, cap, percent, amount, used, at
		FROM   alerts
		WHERE  period = ?
		ORDER BY at, cap, percent`, period); err != nil {
		return nil, translate(err)
	}
	told := make([]engine.Alert, 0, len(rows))
	for _, r := range rows {
		told = append(told, engine.Alert{Period: r.Period, Cap: r.Cap, Percent: r.Percent, Limit: r.Limit, Used: r.Used, At: r.At.time()})
	}
	return told, nil
}
