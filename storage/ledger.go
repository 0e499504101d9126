package storage

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

// balanceColumns sum what a WHERE chooses. A model call is the only thing that is spent without a reservation.
const balanceColumns = `COALESCE(SUM(reserved), 0) AS reserved, COALESCE(SUM(spent), 0) AS spent,
	COALESCE(SUM(CASE WHEN kind = 'charge' THEN spent ELSE 0 END), 0) AS model`

const (
	weekSQL = `
	SELECT ` + balanceColumns + `, COALESCE(SUM(top_week), 0) AS top
	FROM   ledger
	WHERE  week = ?`

	taskWeekSQL = `
	SELECT ` + balanceColumns + `, COALESCE(SUM(top_task), 0) AS top
	FROM   ledger
	WHERE  week = ? AND task = ?`

	campaignSQL = `
	SELECT ` + balanceColumns + `, COALESCE(SUM(top_campaign), 0) AS top
	FROM   ledger
	WHERE  campaign = ? AND campaign <> ''`

	// weekToDateSQL is the part of a week that belongs to slots before a moment; what belongs to no piece counts when it was entered.
	weekToDateSQL = `
	SELECT COALESCE(SUM(l.reserved), 0) AS reserved, COALESCE(SUM(l.spent), 0) AS spent,
	       COALESCE(SUM(CASE WHEN l.kind = 'charge' THEN l.spent ELSE 0 END), 0) AS model, COALESCE(SUM(l.top_week), 0) AS top
	FROM   ledger l LEFT JOIN outputs o ON o.id = l.output
	WHERE  l.week = ? AND CASE WHEN o.id IS NULL OR l.kind = 'charge' THEN l.at ELSE o.slot END < ?`
)

type balanceRow struct {
	Reserved engine.Money `db:"reserved"`
	Spent    engine.Money `db:"spent"`
	Model    engine.Money `db:"model"`
	Top      engine.Money `db:"top"`
}

func (r balanceRow) balance() engine.Balance { return engine.Balance(r) }

// topRow is what an owner allowed on top of each cap.
type topRow struct {
	TopWeek     engine.Money `db:"top_week"`
	TopTask     engine.Money `db:"top_task"`
	TopCampaign engine.Money `db:"top_campaign"`
}

func (r topRow) top() engine.Rise {
	return engine.Rise{Week: r.TopWeek, Task: r.TopTask, Campaign: r.TopCampaign}
}

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
		SELECT task, `+balanceColumns+`, COALESCE(SUM(top_task), 0) AS top
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

// Entries returns an output's entries, oldest first; output "" returns everything.
func (db *DB) Entries(ctx context.Context, output string) ([]engine.Entry, error) {
	query := `
		SELECT id, at, kind, output, task, campaign, week, reserved, spent, top_week, top_task, top_campaign, note
		FROM   ledger
		ORDER BY seq`
	q, args := sqlx.QueryerContext(db.read), []any(nil)
	if output != "" {
		query = `
		SELECT id, at, kind, output, task, campaign, week, reserved, spent, top_week, top_task, top_campaign, note
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
		topRow
		Note string `db:"note"`
	}
	if err := all(ctx, q, &rows, query, args...); err != nil {
		return nil, translate(err)
	}
	entries := make([]engine.Entry, 0, len(rows))
	for _, r := range rows {
		entries = append(entries, engine.Entry{
			ID: r.ID, At: r.At.time(), Kind: r.Kind, Output: string(r.Output), Task: r.Task, Campaign: r.Campaign, Week: r.Week,
			Reserved: r.Reserved, Spent: r.Spent, Top: r.top(), Note: r.Note,
		})
	}
	return entries, nil
}

// enter appends one line.
func (t *tx) enter(ctx context.Context, e engine.Entry) error {
	_, err := t.exec(ctx, `
		INSERT INTO ledger (id, at, kind, output, task, campaign, week, reserved, spent, top_week, top_task, top_campaign, note)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		t.id(e.ID), stamp(e.At), e.Kind, maybe(e.Output), e.Task, e.Campaign, e.Week, e.Reserved, e.Spent, e.Top.Week, e.Top.Task, e.Top.Campaign, e.Note)
	return err
}

// BalanceBefore sums the part of a week that belongs to slots before a moment; what belongs to no piece counts when it was entered.
func (db *DB) BalanceBefore(ctx context.Context, week string, before time.Time) (engine.Balance, error) {
	b, err := balance(ctx, db.read, weekToDateSQL, week, stamp(before))
	return b, translate(err)
}

// Campaign sums what an offer's pieces cost over its whole life.
func (db *DB) Campaign(ctx context.Context, key string) (engine.Balance, error) {
	b, err := balance(ctx, db.read, campaignSQL, key)
	return b, translate(err)
}

// Weeks lists the weeks from that one on that have entries, oldest first.
func (db *DB) Weeks(ctx context.Context, from string) (weeks []string, err error) {
	err = all(ctx, db.read, &weeks, `
		SELECT DISTINCT week
		FROM   ledger
		WHERE  week >= ?
		ORDER BY week`, from)
	return weeks, translate(err)
}

// LedgerMark is a number that grows with each entry: while it stays, so do all balances.
func (db *DB) LedgerMark(ctx context.Context) (mark int64, err error) {
	mark, err = ledgerMark(ctx, db.read)
	return mark, translate(err)
}

func ledgerMark(ctx context.Context, q sqlx.QueryerContext) (mark int64, err error) {
	err = get(ctx, q, &mark, `
		SELECT COALESCE(MAX(seq), 0)
		FROM   ledger`)
	return mark, err
}

func balance(ctx context.Context, q sqlx.QueryerContext, query string, args ...any) (engine.Balance, error) {
	var r balanceRow
	err := get(ctx, q, &r, query, args...)
	return r.balance(), err
}
