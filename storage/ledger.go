package storage

import (
	"context"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

// balanceColumns sum what a WHERE chooses. A model call is the only thing that is spent without a reservation.
const balanceColumns = `COALESCE(SUM(reserved), 0) AS reserved, COALESCE(SUM(spent), 0) AS spent,
	COALESCE(SUM(CASE WHEN kind = 'charge' THEN spent ELSE 0 END), 0) AS model`

const (
	weekSQL = `
	SELECT ` + balanceColumns + `
	FROM   ledger
	WHERE  week = ?`

	taskWeekSQL = `
	SELECT ` + balanceColumns + `
	FROM   ledger
	WHERE  week = ? AND task = ?`

	campaignSQL = `
	SELECT ` + balanceColumns + `
	FROM   ledger
	WHERE  campaign = ? AND campaign <> ''`
)

type balanceRow struct {
	Reserved engine.Money `db:"reserved"`
	Spent    engine.Money `db:"spent"`
	Model    engine.Money `db:"model"`
}

func (r balanceRow) balance() engine.Balance { return engine.Balance(r) }

// Balance sums a week; BalanceByTask the same by task ("" for what belongs to none).
func (db *DB) Balance(ctx context.Context, week string) (engine.Balance, error) {
	b, err := balance(ctx, db.few(), weekSQL, week)
	return b, translate(err)
}

// BalanceByTask sums a week for each task that has entries in it.
func (db *DB) BalanceByTask(ctx context.Context, week string) (map[string]engine.Balance, error) {
	var rows []struct {
		Task string `db:"task"`
		balanceRow
	}
	if err := all(ctx, db.read, &rows, `
		SELECT task, `+balanceColumns+`
		FROM   ledger
		WHERE  week = ?
		GROUP BY task`, week); err != nil {
		return nil, translate(err)
	}
	byTask := make(map[string]engine.Balance, len(rows))
	for _, r := range rows {
		byTask[r.Task] = r.balance()
	}
	return byTask, nil
}

// Charge writes a charge: money that is already spent, such as a model call. Without a Week it belongs to the week of At.
func (db *DB) Charge(ctx context.Context, e engine.Entry) error {
	if e.Spent < 0 {
		return engine.Errorf(engine.CodeInvalid, "A charge cannot be negative.")
	}
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		if e.Week == "" {
			week, err := db.week(ctx, t, e.At)
			if err != nil {
				return err
			}
			e.Week = week
		}
		e.Kind, e.Reserved = engine.LedgerCharge, 0
		return t.enter(ctx, e)
	})
}

// Entries returns an output's entries, oldest first; output "" returns everything.
func (db *DB) Entries(ctx context.Context, output string) ([]engine.Entry, error) {
	query := `
		SELECT id, at, kind, output, task, campaign, week, reserved, spent, note
		FROM   ledger
		ORDER BY seq`
	q, args := sqlx.QueryerContext(db.read), []any(nil)
	if output != "" {
		query = `
		SELECT id, at, kind, output, task, campaign, week, reserved, spent, note
		FROM   ledger
		WHERE  output = ?
		ORDER BY seq`
		q, args = db.few(), []any{output}
	}
	var rows []struct {
		ID       string       `db:"id"`
		At       stamp        `db:"at"`
		Kind     string       `db:"kind"`
		Output   maybe        `db:"output"`
		Task     string       `db:"task"`
		Campaign string       `db:"campaign"`
		Week     string       `db:"week"`
		Reserved engine.Money `db:"reserved"`
		Spent    engine.Money `db:"spent"`
		Note     string       `db:"note"`
	}
	if err := all(ctx, q, &rows, query, args...); err != nil {
		return nil, translate(err)
	}
	entries := make([]engine.Entry, 0, len(rows))
	for _, r := range rows {
		entries = append(entries, engine.Entry{
			ID: r.ID, At: r.At.time(), Kind: r.Kind, Output: string(r.Output), Task: r.Task, Campaign: r.Campaign, Week: r.Week,
			Reserved: r.Reserved, Spent: r.Spent, Note: r.Note,
		})
	}
	return entries, nil
}

// enter appends one line.
func (t *tx) enter(ctx context.Context, e engine.Entry) error {
	_, err := t.exec(ctx, `
		INSERT INTO ledger (id, at, kind, output, task, campaign, week, reserved, spent, note)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		t.id(e.ID), stamp(e.At), e.Kind, maybe(e.Output), e.Task, e.Campaign, e.Week, e.Reserved, e.Spent, e.Note)
	return err
}

func balance(ctx context.Context, q sqlx.QueryerContext, query string, args ...any) (engine.Balance, error) {
	var r balanceRow
	err := get(ctx, q, &r, query, args...)
	return r.balance(), err
}
