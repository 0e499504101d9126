package app

import (
	"context"
	"fmt"
	"slices"
	"time"

	"koira/engine"
	"koira/engine/desk"
)

// rarely is what happens once in a while: stops, rules, levels, asks.
func (c *crowd) rarely(ctx context.Context) error {
	if acted, err := c.tend(ctx); acted || err != nil {
		return err
	}
	d, now, tasks := c.s.core.Desk, c.s.clock.Now(), c.s.config.Tasks
	if len(c.s.oracle.shut) > 0 && c.s.dice.IntN(8) == 0 {
		return c.channel(ctx)
	}
	if c.s.dice.IntN(90) == 0 {
		return c.whim(ctx)
	}
	task := tasks[c.s.dice.IntN(len(tasks))].ID
	if slices.Contains(c.upheavals.left, task) {
		return nil
	}
	switch n := c.s.dice.IntN(3000); {
	case n < 8:
		return c.stop(ctx)
	case n < 16:
		return c.others(ctx, task)
	case n < 22:
		err := d.PauseTask(ctx, c.approver, task, "a quiet week")
		if err == nil {
			c.pausedAt[task] = now
		}
		c.s.oracle.paused(task, err)
		return c.did(ctx, "pause task", err, engine.Output{}, nil)
	case n < 60:
		return c.raise(ctx, task)
	case n < 64:
		return c.down(ctx, c.approver, task, "lower")
	case n < 74:
		return c.budget(ctx)
	case n < 82:
		return c.channel(ctx)
	case n < 90:
		return c.topic(ctx)
	case n < 110:
		_, err := d.Ask(ctx, c.approver, task)
		return c.did(ctx, "ask", err, engine.Output{}, nil)
	case n < 118:
		return c.copy(ctx, task)
	case n < 124:
		c.postedLinks++
		link := fmt.Sprintf("https://leipa.example/posted/%d", c.postedLinks)
		_, err := d.Posted(ctx, c.approver, task, link)
		if err == nil {
			if err := c.s.world.PostedByHand(link, "A note from the founder", now); err != nil {
				return err
			}
		}
		return c.did(ctx, "posted", err, engine.Output{}, nil)
	case n < 130:
		return c.vacation(ctx)
	case n < 142:
		return c.regret(ctx)
	case n < 154:
		return c.travel(ctx)
	case n < 160:
		return c.comeBack(ctx)
	case n < 178:
		return c.calendar(ctx, task)
	case n < 200:
		return c.copies(ctx, task)
	case n >= 2960:
		if len(c.upheavals.left) > 0 {
			return nil
		}
		return c.owns(ctx)
	case n >= 2958:
		return c.sounds(ctx)
	case n < 700 && c.keen:
		return c.hurry(ctx, task)
	}
	return nil
}

// tend lets go on, after some hours, what stands still.
func (c *crowd) tend(ctx context.Context) (acted bool, err error) {
	now := c.s.clock.Now()
	if !c.stoppedAt.IsZero() && now.Sub(c.stoppedAt) > 5*time.Hour {
		return true, c.resume(ctx)
	}
	if acted, err := c.goOn(ctx); acted || err != nil {
		return acted, err
	}
	if c.s.oracle.thin() && now.Sub(c.thinned) > 30*time.Hour && !c.upheavals.away(now) {
		return true, c.restore(ctx)
	}
	for _, t := range c.s.config.Tasks {
		if at, paused := c.pausedAt[t.ID]; paused && now.Sub(at) > 30*time.Hour {
			delete(c.pausedAt, t.ID)
			err := c.s.core.Desk.ResumeTask(ctx, c.owner, t.ID)
			c.s.oracle.resumed(t.ID, err)
			return true, c.did(ctx, "resume task", err, engine.Output{}, nil)
		}
	}
	return false, nil
}

// copy is somebody's own text; at L2 putting it into the calendar is a yes to it.
func (c *crowd) copy(ctx context.Context, task string) error {
	o, err := c.s.core.Desk.AddCopy(ctx, c.approver, task, "News from us\nThe oven was on early today. Come and see.")
	if c.acting = c.approver; err == nil && o.State == engine.StateScheduled {
		return c.did(ctx, "copy into a calendar", nil, o, approvesAny)
	}
	return c.did(ctx, "copy", err, engine.Output{}, nil)
}

// calendar is an owner who lets koira's timer send what people write (L2), and people who fill the calendar and change it.
func (c *crowd) calendar(ctx context.Context, task string) error {
	t, err := c.s.core.DB.Task(ctx, task)
	if err != nil {
		return err
	}
	if t.Level < engine.L2 {
		waits, err := c.s.core.Desk.SetLevel(ctx, c.owner, task, t.Level, engine.L2)
		if err == nil && waits != nil {
			err = c.sign(ctx, waits.ID)
		}
		if err := c.s.oracle.raised(t, engine.L2, engine.Terms{}, err); err != nil {
			return err
		}
		if err := c.did(ctx, "raise to L2", err, engine.Output{}, nil); err != nil {
			return err
		}
	}
	for range 2 {
		if err := c.copy(ctx, task); err != nil {
			return err
		}
	}
	return nil
}

// others is what people try that is not theirs.
func (c *crowd) others(ctx context.Context, task string) error {
	d := c.s.core.Desk
	for _, try := range []struct {
		what string
		act  func() error
	}{
		{"stranger resumes", func() error { return d.Resume(ctx, c.stranger) }},
		{"approver resumes", func() error { return d.Resume(ctx, c.approver) }},
		{"approver raises", func() error { _, err := d.SetLevel(ctx, c.approver, task, engine.L3, engine.L4); return err }},
		{"koira resumes", func() error { return d.Resume(ctx, engine.Koira) }},
		{"resume with nobody listed", func() error { return c.s.nobody().Resume(ctx, c.owner) }},
	} {
		if err := c.mustFail(ctx, try.what, try.act, ""); err != nil {
			return err
		}
	}
	return nil
}

// nobody is a desk over the same store for which no people are listed.
func (s *simulation) nobody() *desk.Desk {
	return desk.New(desk.Options{
		Store: s.core.DB, People: engine.People{Team: "T0KOIRA01"}, Gate: s.core.Gate, Clock: s.clock, NewID: s.newID,
	})
}

func (c *crowd) stop(ctx context.Context) error {
	err := c.s.core.Desk.Stop(ctx, c.approver, "")
	if err == nil {
		c.stopped()
	}
	return c.did(ctx, "stop", err, engine.Output{}, nil)
}

// stopped takes down that everything is, and that somebody will resume.
func (c *crowd) stopped() {
	c.stoppedAt, c.s.oracle.stopped = c.s.clock.Now(), true
}

func (c *crowd) resume(ctx context.Context) error {
	err := c.s.core.Desk.Resume(ctx, c.owner)
	if err == nil {
		c.stoppedAt, c.s.oracle.stopped = time.Time{}, false
	}
	return c.did(ctx, "resume", err, engine.Output{}, nil)
}

// raise asks for the next level, as an owner does after an offer, and now and then for one that is too high.
func (c *crowd) raise(ctx context.Context, task string) error {
	t, err := c.s.core.DB.Task(ctx, task)
	if err != nil {
		return err
	}
	to, ok := t.Level.Above()
	if !ok {
		return nil
	}
	if to < engine.L5 && c.s.dice.IntN(5) == 0 {
		return c.mustFail(ctx, "raise two levels", func() error { _, err := c.s.core.Desk.SetLevel(ctx, c.owner, task, t.Level, to+2); return err }, "")
	}
	waits, err := c.s.core.Desk.SetLevel(ctx, c.owner, task, t.Level, to)
	if err == nil && waits != nil {
		err = c.sign(ctx, waits.ID)
	}
	if berr := c.s.oracle.raised(t, to, engine.Terms{}, err); berr != nil {
		return berr
	}
	return c.did(ctx, "raise to "+to.String(), err, engine.Output{}, nil)
}

// hurry is a keen owner's raise: soon to what goes out unless stopped, seldom beyond it.
func (c *crowd) hurry(ctx context.Context, task string) error {
	t, err := c.s.core.DB.Task(ctx, task)
	if err != nil || t.Level >= engine.L4 && c.s.dice.IntN(15) > 0 {
		return err
	}
	return c.raise(ctx, task)
}

func (c *crowd) budget(ctx context.Context) error {
	sums := []string{"0", "3", "6", "40", "60", "500"}
	return c.did(ctx, "budget", c.change(ctx, c.owner, "budget.weekly", sums[c.s.dice.IntN(len(sums))]), engine.Output{}, nil)
}

// change has somebody change a limit: what tightens at once, what gives more room confirmed and signed.
func (c *crowd) change(ctx context.Context, a engine.Actor, rule, to string) error {
	done, err := c.s.core.Desk.Tighten(ctx, a, engine.RuleEdit{Rule: rule, To: to})
	if err != nil {
		return err
	}
	return c.finish(ctx, a, done)
}

// finish confirms what gives more room, and has it signed where it waits.
func (c *crowd) finish(ctx context.Context, a engine.Actor, done desk.Done) (err error) {
	if done.Rest == nil {
		return nil
	}
	if done, err = c.s.core.Desk.Confirm(ctx, a, done.Rest.ID, ""); err != nil || done.Waits == nil {
		return err
	}
	return c.sign(ctx, done.Waits.ID)
}

// sign is the approver's second yes; the owner's own is tried first, and must fail.
func (c *crowd) sign(ctx context.Context, id string) error {
	if err := c.mustFail(ctx, "the owner signs alone", func() error { _, err := c.s.core.Desk.Sign(ctx, c.owner, id); return err }, ""); err != nil {
		return err
	}
	_, err := c.s.core.Desk.Sign(ctx, c.approver, id)
	return err
}

// channel takes one channel off the list, or puts back what is off.
func (c *crowd) channel(ctx context.Context) error {
	name := c.s.config.Channels[c.s.dice.IntN(len(c.s.config.Channels))].Name
	for _, ch := range c.s.config.Channels {
		if c.s.oracle.shut[ch.Name] {
			return c.open(ctx, ch.Name)
		}
	}
	return c.close(ctx, name)
}

// vacation takes every channel off the list: an empty list means nothing is allowed.
func (c *crowd) vacation(ctx context.Context) error {
	for _, ch := range c.s.config.Channels {
		if c.s.oracle.shut[ch.Name] {
			continue
		}
		if err := c.close(ctx, ch.Name); err != nil {
			return err
		}
	}
	return nil
}

func (c *crowd) close(ctx context.Context, name string) error {
	err := c.change(ctx, c.approver, "channel:"+name, "off")
	if err == nil {
		c.s.oracle.shut[name] = true
	}
	return c.did(ctx, "channel off", err, engine.Output{}, nil)
}

func (c *crowd) open(ctx context.Context, name string) error {
	err := c.change(ctx, c.owner, "channel:"+name, "on")
	if err == nil {
		delete(c.s.oracle.shut, name)
	}
	return c.did(ctx, "channel on", err, engine.Output{}, nil)
}

func (c *crowd) topic(ctx context.Context) error {
	g, err := c.s.core.DB.Guardrails(ctx)
	if err != nil {
		return err
	}
	if n := len(g.Topics.Blocked); n > 3 {
		return c.did(ctx, "topic unblocked", c.change(ctx, c.owner, "topic:"+g.Topics.Blocked[n-1], "allowed"), engine.Output{}, nil)
	}
	words := []string{"coffee", "starter", "oven"}
	return c.did(ctx, "topic blocked", c.change(ctx, c.approver, "topic:"+words[c.s.dice.IntN(len(words))], "blocked"), engine.Output{}, nil)
}
