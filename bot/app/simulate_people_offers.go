package app

import (
	"context"
	"slices"
	"time"

	"koira/engine"
)

// offerActs are acts that a batch of histories must have seen of offers, looks and cards of a level.
var offerActs = []string{
	"offer shown", "allow offered L3", "allow offered L4", "allow offered L5", "allow twice → conflict", "not now", "not now twice → conflict",
	"not now too late → conflict", "approver says not now → denied", "stranger says not now → denied", "approver allows → denied", "too much allowed → invalid",
	"seen", "seen twice → conflict", "stranger has seen → denied", "lower after a look", "back to L3", "back to L4",
}

// answer is one person going through what koira asks them beside pieces: offers, and what they are to look through.
func (c *crowd) answer(ctx context.Context, a engine.Actor) error {
	if a.ID == c.owner.ID {
		if err := c.offers(ctx); err != nil {
			return err
		}
	}
	if c.s.o.study != nil || !c.listed(a) {
		return nil
	}
	if err := c.looks(ctx, a); err != nil || c.s.dice.IntN(250) > 0 {
		return err
	}
	return c.backTo(ctx, a)
}

// offers is an owner before the offers on their screen, those too that koira took back.
func (c *crowd) offers(ctx context.Context) error {
	live, err := c.s.core.DB.LiveOffers(ctx, "")
	if err != nil {
		return err
	}
	for _, o := range live {
		if c.s.o.study == nil && c.s.dice.IntN(4) > 0 {
			continue
		}
		if err := c.offered(ctx, o); err != nil {
			return err
		}
	}
	return nil
}

func (c *crowd) offered(ctx context.Context, o engine.RaiseOffer) error {
	d := c.s.core.Desk
	if c.s.o.study == nil {
		if err := c.meddle(ctx, o); err != nil {
			return err
		}
	}
	if o.State != engine.OfferOpen {
		if err := c.mustFail(ctx, "not now too late", func() error { return d.Snooze(ctx, c.owner, o.ID) }, ""); err != nil || c.s.dice.IntN(8) > 0 {
			return err
		}
		return c.allows(ctx, o) // the button on an old screen
	}
	m := c.manners[c.owner.ID]
	if m.name != stamping.name {
		if _, err := d.ProposeLevel(ctx, c.owner, o.Task, o.To); err != nil {
			return c.did(ctx, "offer shown", err, engine.Output{}, nil)
		}
		c.s.count("offer shown")
		if c.s.o.study == nil && c.s.dice.IntN(4) == 0 {
			return c.notNow(ctx, o)
		}
		if c.s.o.study == nil && c.s.dice.IntN(4) == 0 { // not on the offer's card: by the command
			return c.raise(ctx, o.Task)
		}
	}
	return c.allows(ctx, o)
}

// meddle is whoever is no owner and presses an offer's buttons.
func (c *crowd) meddle(ctx context.Context, o engine.RaiseOffer) error {
	d := c.s.core.Desk
	for _, try := range []struct {
		what string
		act  func() error
	}{
		{"approver says not now", func() error { return d.Snooze(ctx, c.approver, o.ID) }},
		{"stranger says not now", func() error { return d.Snooze(ctx, c.stranger, o.ID) }},
		{"approver allows", func() error { _, err := d.SetLevel(ctx, c.approver, o.Task, o.From, o.To); return err }},
		{"koira allows", func() error { _, err := d.SetLevel(ctx, engine.Koira, o.Task, o.From, o.To); return err }},
	} {
		if err := c.mustFail(ctx, try.what, try.act, ""); err != nil {
			return err
		}
	}
	return nil
}

func (c *crowd) notNow(ctx context.Context, o engine.RaiseOffer) error {
	snooze := func() error { return c.s.core.Desk.Snooze(ctx, c.owner, o.ID) }
	err := snooze()
	if derr := c.did(ctx, "not now", err, engine.Output{}, nil); derr != nil || err != nil {
		return derr
	}
	return c.mustFail(ctx, "not now twice", snooze, "")
}

// allows is an owner's confirmed yes to what an offer named, at times with less than the level would let out, and pressed twice.
func (c *crowd) allows(ctx context.Context, o engine.RaiseOffer) error {
	d := c.s.core.Desk
	t, err := c.s.core.DB.Task(ctx, o.Task)
	if err != nil {
		return err
	}
	var m engine.Terms
	if c.s.o.study == nil && o.To >= engine.L4 && t.Cadence.Max > 1 && c.s.dice.IntN(3) == 0 {
		m.PerWeek = 1 + c.s.dice.IntN(t.Cadence.Max)
		m.LookOn = c.s.clock.Now().AddDate(0, 0, 1+c.s.dice.IntN(20))
		more := engine.Terms{PerWeek: t.Cadence.Max + 1}
		if err := c.mustFail(ctx, "too much allowed", func() error { _, err := d.SetLevelWithin(ctx, c.owner, o.Task, o.From, o.To, more); return err }, ""); err != nil {
			return err
		}
	}
	waits, err := d.SetLevelWithin(ctx, c.owner, o.Task, o.From, o.To, m)
	if err == nil && waits != nil {
		err = c.sign(ctx, waits.ID)
	}
	if berr := c.s.oracle.raised(t, o.To, m, err); berr != nil {
		return berr
	}
	if derr := c.did(ctx, "allow offered "+o.To.String(), err, engine.Output{}, nil); derr != nil || err != nil {
		return derr
	}
	return c.mustFail(ctx, "allow twice", func() error { _, err := d.SetLevelWithin(ctx, c.owner, o.Task, o.From, o.To, m); return err }, "")
}

// looks is somebody who is asked to look a task's pieces through: they have, or lower it.
func (c *crowd) looks(ctx context.Context, a engine.Actor) error {
	d := c.s.core.Desk
	for _, l := range c.s.oracle.records.unseen {
		if c.s.dice.IntN(4) > 0 {
			continue
		}
		if err := c.mustFail(ctx, "stranger has seen", func() error { return d.SeeLook(ctx, c.stranger, l.ID) }, ""); err != nil {
			return err
		}
		if c.s.dice.IntN(8) == 0 {
			return c.down(ctx, a, l.Task, "lower after a look")
		}
		err := d.SeeLook(ctx, a, l.ID)
		if derr := c.did(ctx, "seen", err, engine.Output{}, nil); derr != nil || err != nil {
			return derr
		}
		return c.mustFail(ctx, "seen twice", func() error { return d.SeeLook(ctx, a, l.ID) }, "")
	}
	return nil
}

// backTo is the button on the card of a level that was allowed: the task goes back to the one below.
func (c *crowd) backTo(ctx context.Context, a engine.Actor) error {
	tasks, err := c.s.core.DB.Tasks(ctx)
	if err != nil {
		return err
	}
	tasks = slices.DeleteFunc(tasks, func(t engine.Task) bool { return t.Level < engine.L4 })
	if len(tasks) == 0 {
		return nil
	}
	t := tasks[c.s.dice.IntN(len(tasks))]
	to, _ := t.Level.Below()
	return c.down(ctx, a, t.ID, "back to "+to.String())
}

func (c *crowd) down(ctx context.Context, a engine.Actor, task, what string) error {
	t, err := c.s.core.DB.Task(ctx, task)
	if err != nil {
		return err
	}
	to, ok := t.Level.Below()
	if !ok {
		return nil
	}
	_, err = c.s.core.Desk.SetLevel(ctx, a, task, t.Level, to)
	return c.did(ctx, what, err, engine.Output{}, nil)
}

// copies is somebody who changes what stands in a task's calendar of their own texts: another time, another place, out of it.
func (c *crowd) copies(ctx context.Context, task string) error {
	d, now := c.s.core.Desk, c.s.clock.Now()
	all, err := c.s.core.DB.Outputs(ctx, engine.OutputFilter{
		Task: task, States: []engine.State{engine.StateWaiting, engine.StateHeld, engine.StateScheduled}, SlotFrom: now, SlotTo: now.AddDate(0, 0, 60), Limit: 100,
	})
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(o engine.Output) bool { return o.Origin != engine.OriginCopy })
	if len(all) == 0 {
		return nil
	}
	i := c.s.dice.IntN(len(all))
	o, what := all[i], "copy moved"
	act := func() error {
		_, err := d.MoveCopy(ctx, c.approver, o.ID, o.Digest, o.Slot.Add(time.Duration(1+c.s.dice.IntN(60))*time.Hour))
		return err
	}
	switch c.s.dice.IntN(3) {
	case 0:
		what, act = "copy taken out", func() error { _, err := d.RemoveCopy(ctx, c.approver, o.ID, o.Digest); return err }
	case 1:
		what, act = "copy put elsewhere", func() error {
			_, err := d.OrderCopy(ctx, c.approver, o.ID, o.Digest, 1+c.s.dice.IntN(len(all)))
			return err
		}
	}
	if err := c.mustFail(ctx, "stranger moves copy", func() error { _, err := d.MoveCopy(ctx, c.stranger, o.ID, o.Digest, o.Slot.Add(time.Hour)); return err }, o.ID); err != nil {
		return err
	}
	done := act()
	if done == nil {
		if err := c.movedCopies(ctx, all); err != nil {
			return err
		}
	}
	return c.did(ctx, what, done, engine.Output{}, nil)
}

// movedCopies tells the oracle of each text that its mover said yes to by moving it in an L2 calendar.
func (c *crowd) movedCopies(ctx context.Context, was []engine.Output) error {
	for _, o := range was {
		now, err := c.s.core.DB.Output(ctx, o.ID)
		if err != nil {
			return err
		}
		if now.Digest == o.Digest || now.State != engine.StateScheduled {
			continue
		}
		c.acting = c.approver
		if err := c.s.oracle.decides(c.acting); err != nil {
			return err
		}
		if err := c.s.oracle.approved(ctx, o, approvesNew); err != nil {
			return err
		}
	}
	return nil
}
