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

// Ask sets aside e.Reserved, the most that a call to the model may cost, in one transaction with the look at the caps of the week, the model, the
// task and the campaign; without a Week it belongs to the week of At. It belongs to no output: only the charge that [DB.Charge] writes does. Code
// blocked, with the cap, when that would pass one; nothing is set aside then. Charge ends it.
func (db *DB) Ask(ctx context.Context, e engine.Entry) error {
	if e.Reserved <= 0 {
		return engine.Errorf(engine.CodeInvalid, "A call that costs nothing needs no money set aside.")
	}
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		var err error
		if e.Week == "" {
			if e.Week, err = db.week(ctx, t, e.At); err != nil {
				return err
			}
		}
		if err := t.mayAsk(ctx, e); err != nil {
			return err
		}
		e.Kind, e.Output, e.Spent, e.Top = engine.LedgerReserve, "", 0, engine.Rise{}
		return t.enter(ctx, e)
	})
}

// mayAsk holds a call against every cap in force. No owner allows one more than they leave.
func (t *tx) mayAsk(ctx context.Context, e engine.Entry) error {
	v := engine.View{Output: engine.Output{Campaign: e.Campaign, CostMax: e.Reserved}}
	var err error
	if e.Task != "" {
		if v.Task, err = task(ctx, t, e.Task); err != nil {
			return err
		}
	}
	if v.Strategy, err = t.db.strategy(ctx, t); err != nil {
		return err
	}
	if v.Guardrails, err = t.db.guardrails(ctx, t); err != nil {
		return err
	}
	v.Guardrails.Budget.Output = 0 // of what a piece costs outside
	if v.Week, err = balance(ctx, t, weekSQL, e.Week); err != nil {
		return err
	}
	if v.TaskWeek, err = balance(ctx, t, taskWeekSQL, e.Week, e.Task); err != nil {
		return err
	}
	if v.Campaign, err = balance(ctx, t, campaignSQL, e.Campaign); err != nil {
		return err
	}
	v.Output.Slot = e.At // while nobody is there, calls count against what may be spent in that time
	if err := t.db.viewAway(ctx, t, &v, e.At); err != nil {
		return err
	}
	caps := v.Caps()
	if most := v.Guardrails.Budget.Model; most > 0 {
		var calls engine.Money
		if err := get(ctx, t, &calls, callsSQL, e.Week); err != nil {
			return err
		}
		caps = append(caps, engine.MoneyCap{Kind: engine.CapModel, Limit: most, Used: v.Week.Model + calls, Cost: e.Reserved})
	}
	for _, c := range caps {
		if !c.Fits() {
			cur := v.Strategy.Business.Currency
			return engine.Errorf(engine.CodeBlocked, "Asking the AI model may cost %s; of %s, %s, %s is free.",
				c.Cost.Format(cur), c.Name(v.Task.Name), c.Limit.Format(cur), c.Free().Format(cur))
		}
	}
	return nil
}

// Charge writes a charge: money that is already spent, such as a model call. Without a Week it belongs to the week of At. What Ask set aside for
// the call stands in e.Reserved, negative, and is released with it; a bill above that is spent all the same, and the log and an exception say so.
func (db *DB) Charge(ctx context.Context, e engine.Entry) error {
	if e.Spent < 0 || e.Reserved > 0 {
		return engine.Errorf(engine.CodeInvalid, "A charge cannot be negative.")
	}
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		return t.charge(ctx, e)
	})
}

func (t *tx) charge(ctx context.Context, e engine.Entry) error {
	if e.Week == "" {
		week, err := t.db.week(ctx, t, e.At)
		if err != nil {
			return err
		}
		e.Week = week
	}
	aside := -e.Reserved
	e.Reserved, e.Top = 0, engine.Rise{}
	if aside > 0 {
		if err := t.enter(ctx, engine.Entry{
			At: e.At, Kind: engine.LedgerRelease, Task: e.Task, Campaign: e.Campaign, Week: e.Week, Reserved: -aside, Note: e.Note,
		}); err != nil {
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
			Campaign string       `db:"campaign"`
			Reserved engine.Money `db:"reserved"`
		}
		if err := all(ctx, t, &rows, `
			SELECT week, task, campaign, SUM(reserved) AS reserved
			FROM   ledger
			WHERE  output IS NULL
			GROUP BY week, task, campaign
			HAVING SUM(reserved) > 0
			ORDER BY week, task, campaign`); err != nil {
			return err
		}
		for _, r := range rows {
			sum += r.Reserved
			c := engine.Entry{At: e.At, Task: r.Task, Campaign: r.Campaign, Week: r.Week, Reserved: -r.Reserved, Spent: r.Reserved, Note: e.Note}
			if err := t.charge(ctx, c); err != nil {
				return err
			}
		}
		return nil
	})
	return sum, err
}
