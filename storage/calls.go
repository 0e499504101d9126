package storage

import (
	"context"

	"koira/engine"
)

// callsSQL is what is set aside in a week for calls to the model that are under way.
const callsSQL = `
	SELECT COALESCE(SUM(reserved), 0)
	FROM   ledger
	WHERE  week = ? AND output IS NULL`

// Ask sets aside e.Reserved, the most that a call to the model may cost, in one transaction with the look at the caps; without a Week it belongs to
// the week of At. It belongs to no output: only the charge that [DB.Charge] writes does. Code blocked, with the cap, when that would pass one; nothing is set aside then. Charge ends it.
func (db *DB) Ask(ctx context.Context, e engine.Entry) error {
	if e.Reserved <= 0 {
		return engine.Errorf(engine.CodeInvalid, "A call that costs nothing needs no money set aside.")
	}
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		week, err := e.Week, error(nil)
		if week == "" {
			if week, err = db.week(ctx, t, e.At); err != nil {
				return err
			}
		}
		g, err := db.guardrails(ctx, t)
		if err != nil {
			return err
		}
		s, err := db.strategy(ctx, t)
		if err != nil {
			return err
		}
		b, err := balance(ctx, t, weekSQL, week)
		if err != nil {
			return err
		}
		var calls engine.Money
		if err := get(ctx, t, &calls, callsSQL, week); err != nil {
			return err
		}
		caps := []engine.MoneyCap{{Kind: engine.CapWeek, Limit: g.Budget.Weekly, Used: b.Used(), Top: b.Top, Cost: e.Reserved}}
		if g.Budget.Model > 0 {
			caps = append(caps, engine.MoneyCap{Kind: engine.CapModel, Limit: g.Budget.Model, Used: b.Model + calls, Cost: e.Reserved})
		}
		for _, c := range caps {
			if !c.Fits() {
				cur := s.Business.Currency
				return engine.Errorf(engine.CodeBlocked, "Asking the AI model may cost %s; of %s, %s, %s is free.",
					c.Cost.Format(cur), c.Name(""), c.Limit.Format(cur), c.Free().Format(cur))
			}
		}
		e.Kind, e.Output, e.Campaign, e.Week, e.Spent, e.Top = engine.LedgerReserve, "", "", week, 0, engine.Rise{}
		return t.enter(ctx, e)
	})
}

// Charge writes a charge: money that is already spent, such as a model call. Without a Week it belongs to the week of At. What Ask set aside for
// the call stands in e.Reserved, negative, and is released with it; a bill above that is spent all the same, and the log and an exception say so.
func (db *DB) Charge(ctx context.Context, e engine.Entry) error {
	if e.Spent < 0 || e.Reserved > 0 {
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
		return t.charge(ctx, e)
	})
}

func (t *tx) charge(ctx context.Context, e engine.Entry) error {
	aside := -e.Reserved
	e.Reserved, e.Top = 0, engine.Rise{}
	if aside > 0 {
		if err := t.enter(ctx, engine.Entry{At: e.At, Kind: engine.LedgerRelease, Task: e.Task, Week: e.Week, Reserved: -aside, Note: e.Note}); err != nil {
			return err
		}
	}
	if e.Spent > 0 || aside == 0 {
		e.Kind = engine.LedgerCharge
		if err := t.enter(ctx, e); err != nil {
			return err
		}
	}
	if over := e.Spent - aside; aside > 0 && over > 0 {
		return t.sayOver(ctx, bill{subject: "model", task: e.Task, what: "A call to the AI model", cost: e.Spent, over: over, aside: aside, at: e.At})
	}
	return nil
}

// SettleCalls charges what is set aside for calls to the model of which nobody will hear any more: those that a stop of the program cut off. They
// may have cost all of it. It returns how much that was; it is for the start, when no call is under way. Calling it twice charges once.
func (db *DB) SettleCalls(ctx context.Context, e engine.Entry) (sum engine.Money, err error) {
	err = db.inTx(ctx, func(ctx context.Context, t *tx) error {
		var rows []struct {
			Week     string       `db:"week"`
			Task     string       `db:"task"`
			Reserved engine.Money `db:"reserved"`
		}
		if err := all(ctx, t, &rows, `
			SELECT week, task, SUM(reserved) AS reserved
			FROM   ledger
			WHERE  output IS NULL
			GROUP BY week, task
			HAVING SUM(reserved) > 0
			ORDER BY week, task`); err != nil {
			return err
		}
		for _, r := range rows {
			sum += r.Reserved
			c := engine.Entry{At: e.At, Task: r.Task, Week: r.Week, Reserved: -r.Reserved, Spent: r.Reserved, Note: e.Note}
			if err := t.charge(ctx, c); err != nil {
				return err
			}
		}
		return nil
	})
	return sum, err
}
