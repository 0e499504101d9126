package storage

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

// purse is what the ledger says of one output.
type purse struct {
	held  []holding    // by week; one, unless a zone changed under it
	spent engine.Money // committed so far, without model calls
}

type holding struct {
	Week   string
	Amount engine.Money
}

func (p purse) reserved() (sum engine.Money) {
	for _, h := range p.held {
		sum += h.Amount
	}
	return sum
}

// rest is how much more an output with this ceiling may still cost.
func (p purse) rest(ceiling engine.Money) engine.Money { return max(0, ceiling-p.spent) }

func purseOf(ctx context.Context, q sqlx.QueryerContext, output string) (purse, error) {
	var rows []struct {
		Week     string       `db:"week"`
		Reserved engine.Money `db:"reserved"`
		Spent    engine.Money `db:"spent"`
	}
	err := all(ctx, q, &rows, `
		SELECT week, SUM(reserved) AS reserved, SUM(CASE WHEN kind = 'commit' THEN spent ELSE 0 END) AS spent
		FROM   ledger
		WHERE  output = ?
		GROUP BY week
		ORDER BY week`, output)
	var p purse
	for _, r := range rows {
		p.spent += r.Spent
		if r.Reserved != 0 {
			p.held = append(p.held, holding{r.Week, r.Reserved})
		}
	}
	return p, err
}

// settle makes the ledger agree with a move: a reservation while the state holds money, in the week of the slot, and none afterwards.
func (t *tx) settle(ctx context.Context, before, after outputRow, at time.Time) error {
	was, is := before.State.HoldsMoney(), after.State.HoldsMoney()
	if !was && !is {
		return nil
	}
	p, err := purseOf(ctx, t, after.ID)
	if err != nil {
		return err
	}
	if !is {
		return t.release(ctx, after, p.held, at)
	}
	return t.hold(ctx, after, p, p.rest(after.CostMax), at)
}

// hold sets aside exactly amount in the week of the output's slot, and nothing elsewhere.
func (t *tx) hold(ctx context.Context, o outputRow, p purse, amount engine.Money, at time.Time) error {
	if amount == 0 && len(p.held) == 0 {
		return nil
	}
	week, err := t.db.week(ctx, t, o.Slot.time())
	if err != nil {
		return err
	}
	if amount > 0 && len(p.held) == 1 && p.held[0] == (holding{week, amount}) {
		return nil
	}
	if err := t.release(ctx, o, p.held, at); err != nil || amount == 0 {
		return err
	}
	return t.enter(ctx, o.entry(at, engine.LedgerReserve, week, amount, 0, ""))
}

func (t *tx) release(ctx context.Context, o outputRow, held []holding, at time.Time) error {
	for _, h := range held {
		if err := t.enter(ctx, o.entry(at, engine.LedgerRelease, h.Week, -h.Amount, 0, "")); err != nil {
			return err
		}
	}
	return nil
}

// commit turns spent from reserved into spent. What exceeds the reservation is spent all the same, and the log says so.
func (t *tx) commit(ctx context.Context, o outputRow, spent engine.Money, at time.Time) error {
	if spent < 0 {
		return engine.Errorf(engine.CodeInvalid, "What a piece cost cannot be negative.")
	}
	p, err := purseOf(ctx, t, o.ID)
	if err != nil {
		return err
	}
	over := spent
	for _, h := range p.held {
		part := min(h.Amount, over)
		if over -= part; part == 0 {
			break
		}
		if err := t.enter(ctx, o.entry(at, engine.LedgerCommit, h.Week, -part, part, "")); err != nil {
			return err
		}
	}
	if over == 0 {
		return nil
	}
	return t.commitOver(ctx, o, over, at)
}

func (t *tx) commitOver(ctx context.Context, o outputRow, over engine.Money, at time.Time) error {
	week, err := t.db.week(ctx, t, o.Slot.time())
	if err != nil {
		return err
	}
	if err := t.enter(ctx, o.entry(at, engine.LedgerCommit, week, 0, over, "over the reservation")); err != nil {
		return err
	}
	return t.record(ctx, engine.Event{
		At: at, Actor: engine.Koira.ID, Surface: engine.Koira.Surface, Action: "ledger.over", Subject: o.ID,
		Detail: map[string]string{"task": o.Task, "over": micros(over), "reserved": micros(o.CostMax)},
	})
}

func (r outputRow) entry(at time.Time, kind, week string, reserved, spent engine.Money, note string) engine.Entry {
	return engine.Entry{
		At: at, Kind: kind, Output: r.ID, Task: r.Task, Campaign: r.Campaign, Week: week, Reserved: reserved, Spent: spent, Note: note,
	}
}
