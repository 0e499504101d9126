package storage

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

// purse is what the ledger says of one output, by week: one, unless a zone changed under it.
type purse []holding

type holding struct {
	Week     string       `db:"week"`
	Reserved engine.Money `db:"reserved"`
	Spent    engine.Money `db:"spent"` // without model calls
	topRow                // what of Reserved and Spent an owner allowed on top
}

func (p purse) reserved() (sum engine.Money) {
	for _, h := range p {
		sum += h.Reserved
	}
	return sum
}

func (p purse) spent() (sum engine.Money) {
	for _, h := range p {
		sum += h.Spent
	}
	return sum
}

// rest is how much more an output with this ceiling may still cost.
func (p purse) rest(ceiling engine.Money) engine.Money { return max(0, ceiling-p.spent()) }

// in is what the output holds in a week.
func (p purse) in(week string) holding {
	for _, h := range p {
		if h.Week == week {
			return h
		}
	}
	return holding{Week: week}
}

func purseOf(ctx context.Context, q sqlx.QueryerContext, output string) (purse, error) {
	var p purse
	err := all(ctx, q, &p, `
		SELECT week, SUM(reserved) AS reserved, SUM(CASE WHEN kind = 'commit' THEN spent ELSE 0 END) AS spent,
		       SUM(top_week) AS top_week, SUM(top_task) AS top_task, SUM(top_campaign) AS top_campaign
		FROM   ledger
		WHERE  output = ?
		GROUP BY week
		ORDER BY week`, output)
	return p, err
}

// settle makes the ledger agree with a move: a reservation while the state holds money, in the week of the slot, and none afterwards. What is
// set aside already is never made more by it, so that the result of a delivery is written down whatever the caps say by then. With a new time it goes
// to the week of that, where the caps leave room.
func (t *tx) settle(ctx context.Context, before, after outputRow, at time.Time) error {
	was, is := before.State.HoldsMoney(), after.State.HoldsMoney()
	if !was && !is {
		return nil
	}
	p, err := purseOf(ctx, t, after.ID)
	if err != nil {
		return err
	}
	switch {
	case !is:
		return t.release(ctx, after, p, 0, at)
	case was && after.Slot == before.Slot:
		return t.release(ctx, after, p, min(p.reserved(), p.rest(after.CostMax)), at)
	}
	return t.hold(ctx, after, p, p.rest(after.CostMax), at)
}

// hold sets aside exactly amount in the week of the output's slot, and nothing elsewhere. It is the last wall before money is promised: a sum
// that would pass a cap in force, or what an owner allowed on top of it for this very version, has code blocked.
func (t *tx) hold(ctx context.Context, o outputRow, p purse, amount engine.Money, at time.Time) error {
	if amount == 0 && p.reserved() == 0 {
		return nil
	}
	week, err := t.db.week(ctx, t, o.Slot.time())
	if err != nil {
		return err
	}
	if p.reserved() == amount && p.in(week).Reserved == amount {
		return nil
	}
	if amount == 0 {
		return t.release(ctx, o, p, 0, at)
	}
	top, err := t.mayHold(ctx, o, amount, at) // while what it has is still its own
	if err != nil {
		return err
	}
	if err := t.release(ctx, o, p, 0, at); err != nil {
		return err
	}
	e := o.entry(at, engine.LedgerReserve, week, amount, 0, "")
	e.Top = top
	return t.enter(ctx, e)
}

// release gives back all but keep of what is set aside, and with it what no owner needs to have allowed on top any more.
func (t *tx) release(ctx context.Context, o outputRow, p purse, keep engine.Money, at time.Time) error {
	for _, h := range p {
		stays := min(h.Reserved, keep)
		keep -= stays
		if h.Reserved == stays {
			continue
		}
		e := o.entry(at, engine.LedgerRelease, h.Week, stays-h.Reserved, 0, "")
		used := stays + h.Spent
		e.Top = engine.Rise{Week: min(0, used-h.TopWeek), Task: min(0, used-h.TopTask), Campaign: min(0, used-h.TopCampaign)}
		if err := t.enter(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

// mayHold holds amount, in place of all that is set aside for o, against every cap in force. It returns what of it stands on top of each.
func (t *tx) mayHold(ctx context.Context, o outputRow, amount engine.Money, at time.Time) (engine.Rise, error) {
	v, err := t.db.standingIn(ctx, t, o.output())
	if err != nil {
		return engine.Rise{}, err
	}
	if err := t.db.viewMoney(ctx, t, &v); err != nil {
		return engine.Rise{}, err
	}
	if err := t.db.viewAway(ctx, t, &v, at); err != nil {
		return engine.Rise{}, err
	}
	if v.Output.CostMax, err = engine.AddMoney(amount, v.Spent); err != nil {
		return engine.Rise{}, err
	}
	caps := v.Caps()
	for _, c := range caps {
		if !c.Fits() {
			return engine.Rise{}, overCap(v, c)
		}
	}
	return engine.RiseOf(caps), nil
}

// commit turns spent from reserved into spent. What exceeds the reservation is spent all the same, and the log and an exception say so.
func (t *tx) commit(ctx context.Context, o outputRow, spent engine.Money, at time.Time) error {
	if spent < 0 {
		return engine.Errorf(engine.CodeInvalid, "What a piece cost cannot be negative.")
	}
	p, err := purseOf(ctx, t, o.ID)
	if err != nil {
		return err
	}
	over := spent
	for _, h := range p {
		part := min(h.Reserved, over)
		if part <= 0 {
			continue
		}
		over -= part
		if err := t.enter(ctx, o.entry(at, engine.LedgerCommit, h.Week, -part, part, "")); err != nil {
			return err
		}
	}
	if over == 0 {
		return nil
	}
	return t.commitOver(ctx, o, over, p.spent()+spent, at)
}

func (t *tx) commitOver(ctx context.Context, o outputRow, over, cost engine.Money, at time.Time) error {
	week, err := t.db.week(ctx, t, o.Slot.time())
	if err != nil {
		return err
	}
	if err := t.enter(ctx, o.entry(at, engine.LedgerCommit, week, 0, over, "over the reservation")); err != nil {
		return err
	}
	return t.sayOver(ctx, bill{subject: o.ID, task: o.Task, what: "A piece on " + o.Channel, cost: cost, over: over, aside: o.CostMax, at: at})
}

// bill is one that came to more than was set aside.
type bill struct {
	subject, task, what string
	cost, over, aside   engine.Money
	at                  time.Time
}

// sayOver writes an event and opens an exception: money beyond what was set aside is never spent silently.
func (t *tx) sayOver(ctx context.Context, b bill) error {
	s, err := t.db.strategy(ctx, t)
	if err != nil && engine.CodeOf(err) != engine.CodeNotFound {
		return err
	}
	if err := t.record(ctx, engine.Event{
		At: b.at, Actor: engine.Koira.ID, Surface: engine.Koira.Surface, Action: "ledger.over", Subject: b.subject,
		Detail: map[string]string{"task": b.task, "over": micros(b.over), "reserved": micros(b.aside)},
	}); err != nil {
		return err
	}
	cur := s.Business.Currency
	return t.raise(ctx, engine.Exception{
		Kind: engine.ExceptionSystem, Task: b.task, Subject: "bill:" + b.subject, OpenedAt: b.at,
		Reason:   "A bill came to more than was set aside.",
		Evidence: b.what + " cost " + b.cost.Format(cur) + "; " + b.aside.Format(cur) + " was set aside for it. The rest counts against your limits all the same.",
		Remedy:   "Look at the bill, and lower what such a piece may cost.",
	}, engine.Koira)
}

func (r outputRow) entry(at time.Time, kind, week string, reserved, spent engine.Money, note string) engine.Entry {
	return engine.Entry{
		At: at, Kind: kind, Output: r.ID, Task: r.Task, Campaign: r.Campaign, Week: week, Reserved: reserved, Spent: spent, Note: note,
	}
}
