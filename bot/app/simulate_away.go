package app

import (
	"context"
	"time"

	"koira/engine"
	"koira/engine/desk"
)

// leave is what the crowd's owner said when they went away, kept beside the store.
type leave struct {
	desk.Away
	from time.Time
}

// wentAway are acts that a batch of histories must have seen of absences.
var wentAway = []string{"away", "back", "back → conflict", "approver goes away → denied", "owner decides for themselves → invalid", "away is over"}

// travel is an owner who goes away, with limits or without, and now and then comes back before their time.
func (c *crowd) travel(ctx context.Context) error {
	d, now := c.s.core.Desk, c.s.clock.Now()
	w := desk.Away{Until: now.Add(time.Duration(1+c.s.dice.IntN(8)) * 24 * time.Hour), MaxLevel: engine.LeastAway + engine.Level(c.s.dice.IntN(3))}
	if c.s.dice.IntN(2) == 0 {
		w.Capped, w.Budget = true, engine.Money(c.s.dice.IntN(6))*engine.Unit
	}
	if c.s.dice.IntN(2) == 0 {
		w.Delegate = c.approver.ID
	}
	if err := c.mustFail(ctx, "approver goes away", func() error { _, err := d.GoAway(ctx, c.approver, w); return err }, ""); err != nil {
		return err
	}
	own := w
	own.Delegate = c.owner.ID
	if err := c.mustFail(ctx, "owner decides for themselves", func() error { _, err := d.GoAway(ctx, c.owner, own); return err }, ""); err != nil {
		return err
	}
	_, err := d.GoAway(ctx, c.owner, w)
	if err == nil {
		g := &leave{Away: w, from: now}
		if was := c.s.oracle.left; was != nil && now.Before(was.Until) {
			g.from = was.from
		}
		c.s.oracle.left = g
	}
	return c.did(ctx, "away", err, engine.Output{}, nil)
}

// comeBack is the owner's word that they are back, also when they never left.
func (c *crowd) comeBack(ctx context.Context) error {
	_, err := c.s.core.Desk.Back(ctx, c.owner)
	if err == nil {
		c.s.oracle.left = nil
	}
	return c.did(ctx, "back", err, engine.Output{}, nil)
}

// beyond says how a piece that leaves passes what the owner, who is away, allowed; "" for within it.
func (o *oracle) beyond(t engine.Task, tr engine.Traits, said bool, now time.Time) string {
	g := o.left
	if g == nil {
		return ""
	}
	if !now.Before(g.Until) {
		o.s.count("away is over")
		o.left = nil
		return ""
	}
	switch {
	case said:
		return ""
	case t.Permanent(tr):
		return "for good, unasked, while no owner is there"
	case min(t.Level, g.MaxLevel) < engine.L4:
		return "unasked, while no owner is there and nothing may act above " + g.MaxLevel.String()
	}
	return ""
}

// tooDear: what is cleared while the owner is away stays, with what was spent since, within what they allowed for that time, by the ledger's own
// lines.
func (o *oracle) tooDear(ctx context.Context, out engine.Output) error {
	g := o.left
	if g == nil || !g.Capped || !o.s.clock.Now().Before(g.Until) || !out.Slot.Before(g.Until) {
		return nil
	}
	aside, err := o.s.core.DB.Outputs(ctx, engine.OutputFilter{
		States: []engine.State{engine.StateScheduled, engine.StatePublishing, engine.StateUnconfirmed}, SlotTo: g.Until, Limit: 10_000, Bare: true,
	})
	if err != nil {
		return err
	}
	var used engine.Money
	for _, x := range aside {
		for _, e := range o.ledger.byOutput[x.ID] {
			used += e.Reserved
		}
	}
	for _, entries := range o.ledger.byOutput {
		for _, e := range entries {
			if e.At.After(g.from) {
				used += e.Spent
			}
		}
	}
	if used > g.Budget {
		return o.s.breach("%s was cleared while no owner is there: %d of %d is used", out.ID, used, g.Budget)
	}
	return nil
}
