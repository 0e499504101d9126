package app

import (
	"context"
	"fmt"
	"time"

	"koira/engine"
	"koira/engine/desk"
)

// crowd is the people of a simulated history: an owner, an approver, and somebody who may do nothing and tries. They come to koira in waking
// hours, stay away for days, and do what people do, most of it sensible.
type crowd struct {
	s               *simulation
	owner, approver engine.Actor
	stranger        engine.Actor
	away            map[string]time.Time // until when somebody does not look
	stoppedAt       time.Time
	pausedAt        map[string]time.Time
	weekly          engine.Money
	postedLinks     int
}

func newCrowd(s *simulation) *crowd {
	who := func(id string) engine.Actor {
		return engine.Actor{ID: id, Team: "T0KOIRA01", Role: s.config.people().Role(id), Surface: engine.SurfaceSlack}
	}
	return &crowd{
		s: s, owner: who("U0MARI0001"), approver: who("U0TOMI0001"), stranger: who("U0EVE00001"),
		away: map[string]time.Time{}, pausedAt: map[string]time.Time{},
	}
}

// act is what people do between two ticks.
func (c *crowd) act(ctx context.Context) error {
	now := c.s.clock.Now()
	if h := now.In(c.s.config.zone()).Hour(); h < 7 || h >= 21 {
		return nil
	}
	for _, a := range []engine.Actor{c.owner, c.approver} {
		if c.s.dice.IntN(700) == 0 {
			c.away[a.ID] = now.Add(time.Duration(1+c.s.dice.IntN(9)) * 24 * time.Hour)
		}
		if now.Before(c.away[a.ID]) {
			continue
		}
		if err := c.look(ctx, a); err != nil {
			return err
		}
	}
	return c.rarely(ctx)
}

// look is one person going through what waits.
func (c *crowd) look(ctx context.Context, a engine.Actor) error {
	open, err := c.s.core.DB.Outputs(ctx, engine.OutputFilter{States: []engine.State{
		engine.StateWaiting, engine.StateHeld, engine.StateHanded, engine.StateUnconfirmed, engine.StateScheduled,
	}, Bare: true})
	if err != nil {
		return err
	}
	for _, o := range open {
		if err := c.decide(ctx, a, o); err != nil {
			return err
		}
	}
	return nil
}

// actAbove is the number, of 1,000, from which a look at a piece ends in nothing.
const actAbove = 170

// decide is what one person does with one piece at one moment: mostly nothing.
func (c *crowd) decide(ctx context.Context, a engine.Actor, o engine.Output) error {
	d, n := c.s.core.Desk, c.s.dice.IntN(1000)
	if n >= actAbove && o.State != engine.StateUnconfirmed {
		return nil
	}
	o, err := c.s.core.DB.Output(ctx, o.ID)
	if err != nil {
		return err
	}
	click := desk.Click{Output: o.ID, Digest: o.Digest, Looked: time.Minute, Whole: true}
	switch o.State {
	case engine.StateWaiting:
		switch {
		case n < 120:
			return c.did(ctx, "approve", d.Approve(ctx, a, click), o, approves)
		case n < 126:
			return c.did(ctx, "publish now", d.PublishNow(ctx, a, click), o, approvesAny)
		case n < 132:
			return c.did(ctx, "reject", d.Reject(ctx, a, desk.No{Output: o.ID, Digest: o.Digest, Reason: "dull", Severe: n == 127, Again: n < 129}), o, nil)
		case n < 138:
			return c.edit(ctx, a, o)
		case n < 141:
			_, err := d.Reslot(ctx, a, o.ID, o.Digest, o.Slot.Add(time.Duration(1+c.s.dice.IntN(30))*time.Hour))
			return c.did(ctx, "reslot", err, o, nil)
		case n < 160:
			return c.mustFail(ctx, "stranger approves", d.Approve(ctx, c.stranger, click))
		case n < 165:
			click.Digest = "0000"
			return c.mustFail(ctx, "approve another version", d.Approve(ctx, a, click))
		}
	case engine.StateHeld:
		switch {
		case n < 100:
			return c.edit(ctx, a, o)
		case n < 160:
			return c.did(ctx, "reject held", d.Reject(ctx, a, desk.No{Output: o.ID, Digest: o.Digest, Reason: "untrue"}), o, nil)
		}
	case engine.StateHanded:
		if n < 60 {
			return c.byHand(ctx, a, o)
		}
	case engine.StateUnconfirmed:
		return c.unsure(ctx, a, o, n)
	case engine.StateScheduled:
		switch {
		case n < 8:
			return c.did(ctx, "take back", d.TakeBack(ctx, a, o.ID, o.Digest), o, nil)
		case n < 12:
			return c.did(ctx, "drop", d.Drop(ctx, a, o.ID, o.Digest), o, nil)
		}
	}
	return nil
}

func (c *crowd) edit(ctx context.Context, a engine.Actor, o engine.Output) error {
	texts := make([]engine.Variant, len(o.Variants))
	for i, v := range o.Variants {
		texts[i] = v
		texts[i].Body = "Good morning from the bakery. " + v.Body
		if c.s.dice.IntN(6) == 0 {
			texts[i].Body = "Now 50 % off. " + v.Body // not in the facts: the gate must hold it
		}
	}
	_, _, err := c.s.core.Desk.Edit(ctx, a, o.ID, o.Digest, texts)
	return c.did(ctx, "edit", err, o, nil)
}

func (c *crowd) byHand(ctx context.Context, a engine.Actor, o engine.Output) error {
	c.postedLinks++
	link := fmt.Sprintf("https://leipa.example/%s/%d", o.Channel, c.postedLinks)
	err := c.s.core.Desk.HandPublished(ctx, a, o.ID, o.Digest, link)
	if err == nil && len(o.Variants) > 0 {
		if err := c.s.world.PostedByHand(link, o.Variants[0].Shown, c.s.clock.Now()); err != nil {
			return err
		}
	}
	return c.did(ctx, "published by hand", err, o, nil)
}

// unsure is an honest person settling an unknown outcome: they look, and say what they saw.
func (c *crowd) unsure(ctx context.Context, a engine.Actor, o engine.Output, n int) error {
	d := c.s.core.Desk
	open, err := c.s.core.DB.OpenExceptions(ctx)
	if err != nil {
		return err
	}
	asked := false
	for _, e := range open {
		asked = asked || e.Kind == engine.ExceptionUnsure && e.Output == o.ID
	}
	if !asked || n > 300 {
		return nil
	}
	there := ""
	for _, copy := range c.s.world.Copies() {
		if copy.Key == o.ID+"-"+o.Variants[0].Name && copy.Gone.IsZero() {
			there = copy.URL
		}
	}
	switch {
	case there != "":
		return c.did(ctx, "it is there", d.ItIsThere(ctx, a, o.ID, o.Digest, there), o, nil)
	case n < 100:
		return c.did(ctx, "drop unsure", d.DropUnsure(ctx, a, o.ID, o.Digest), o, nil)
	}
	return c.did(ctx, "send again", d.SendAgain(ctx, a, desk.Click{Output: o.ID, Digest: o.Digest, Whole: true}, true), o, approvesAny)
}

// rarely is what happens once in a while: stops, rules, levels, asks.
func (c *crowd) rarely(ctx context.Context) error {
	d, now := c.s.core.Desk, c.s.clock.Now()
	if !c.stoppedAt.IsZero() && now.Sub(c.stoppedAt) > 5*time.Hour {
		return c.resume(ctx)
	}
	for id, at := range c.pausedAt {
		if now.Sub(at) > 30*time.Hour {
			delete(c.pausedAt, id)
			err := d.ResumeTask(ctx, c.owner, id)
			c.s.oracle.resumed(id, err)
			return c.did(ctx, "resume task", err, engine.Output{}, nil)
		}
	}
	tasks := c.s.config.Tasks
	task := tasks[c.s.dice.IntN(len(tasks))].ID
	switch n := c.s.dice.IntN(3000); {
	case n < 8:
		return c.stop(ctx)
	case n < 16:
		return c.mustFail(ctx, "stranger resumes", d.Resume(ctx, c.stranger))
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
		return c.lower(ctx, task)
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
		_, err := d.AddCopy(ctx, c.approver, task, "News from us\nThe oven was on early today. Come and see.")
		return c.did(ctx, "copy", err, engine.Output{}, nil)
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
		return c.mustFail(ctx, "approver raises", d.SetLevel(ctx, c.approver, task, engine.L3, engine.L4))
	}
	return nil
}

func (c *crowd) stop(ctx context.Context) error {
	err := c.s.core.Desk.Stop(ctx, c.approver, "")
	if err == nil {
		c.stoppedAt = c.s.clock.Now()
		c.s.oracle.stopped = true
	}
	return c.did(ctx, "stop", err, engine.Output{}, nil)
}

func (c *crowd) resume(ctx context.Context) error {
	c.stoppedAt, c.s.oracle.stopped = time.Time{}, false
	return c.did(ctx, "resume", c.s.core.Desk.Resume(ctx, c.owner), engine.Output{}, nil)
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
		return c.mustFail(ctx, "raise two levels", c.s.core.Desk.SetLevel(ctx, c.owner, task, t.Level, to+2))
	}
	err = c.s.core.Desk.SetLevel(ctx, c.owner, task, t.Level, to)
	c.s.oracle.raised(task, to, err)
	return c.did(ctx, "raise to "+to.String(), err, engine.Output{}, nil)
}

func (c *crowd) lower(ctx context.Context, task string) error {
	t, err := c.s.core.DB.Task(ctx, task)
	if err != nil {
		return err
	}
	to, ok := t.Level.Below()
	if !ok {
		return nil
	}
	return c.did(ctx, "lower", c.s.core.Desk.SetLevel(ctx, c.approver, task, t.Level, to), engine.Output{}, nil)
}

func (c *crowd) budget(ctx context.Context) error {
	sums := []string{"0", "3", "6", "40", "60", "500"}
	change, err := c.s.core.Desk.BudgetWeekly(ctx, c.owner, sums[c.s.dice.IntN(len(sums))])
	if err == nil && !change.Applied {
		_, err = c.s.core.Desk.Confirm(ctx, c.owner, change)
	}
	return c.did(ctx, "budget", err, engine.Output{}, nil)
}

func (c *crowd) channel(ctx context.Context) error {
	g, err := c.s.core.DB.Guardrails(ctx)
	if err != nil {
		return err
	}
	name := c.s.config.Channels[c.s.dice.IntN(len(c.s.config.Channels))].Name
	if g.Channels[name] {
		_, err = c.s.core.Desk.ChannelOff(ctx, c.approver, name)
		return c.did(ctx, "channel off", err, engine.Output{}, nil)
	}
	change, err := c.s.core.Desk.ChannelOn(ctx, c.owner, name)
	if err == nil {
		_, err = c.s.core.Desk.Confirm(ctx, c.owner, change)
	}
	return c.did(ctx, "channel on", err, engine.Output{}, nil)
}

func (c *crowd) topic(ctx context.Context) error {
	g, err := c.s.core.DB.Guardrails(ctx)
	if err != nil {
		return err
	}
	if n := len(g.Topics.Blocked); n > 3 {
		change, err := c.s.core.Desk.UnblockTopic(ctx, c.owner, g.Topics.Blocked[n-1])
		if err == nil {
			_, err = c.s.core.Desk.Confirm(ctx, c.owner, change)
		}
		return c.did(ctx, "topic unblocked", err, engine.Output{}, nil)
	}
	words := []string{"coffee", "starter", "oven"}
	_, err = c.s.core.Desk.BlockTopic(ctx, c.approver, words[c.s.dice.IntN(len(words))])
	return c.did(ctx, "topic blocked", err, engine.Output{}, nil)
}

// yes tells the oracle which version a person approved.
type yes int

const (
	nothing     yes = iota
	approvesIt      // exactly the version that was seen
	approvesNew     // the version that the act made of it
)

var approves, approvesAny = ptr(approvesIt), ptr(approvesNew)

func ptr(y yes) *yes { return &y }

// did counts an act and lets the oracle look at what it changed. A refusal is a normal answer, an internal fault is not.
func (c *crowd) did(ctx context.Context, what string, err error, o engine.Output, y *yes) error {
	c.s.step = c.s.clock.Now().Format("2006-01-02 15:04") + " " + what
	code := engine.CodeOf(err)
	if code == engine.CodeInternal {
		return c.s.breach("%s failed: %v", what, err)
	}
	if code != "" {
		what += " → " + string(code)
	}
	c.s.count(what)
	if err == nil && y != nil {
		if err := c.s.oracle.approved(ctx, o, *y); err != nil {
			return err
		}
	}
	return c.s.oracle.touched(ctx)
}

// mustFail is an act that nobody may get away with.
func (c *crowd) mustFail(ctx context.Context, what string, err error) error {
	if err == nil {
		return c.s.breach("%s: it was let through", what)
	}
	return c.did(ctx, what, err, engine.Output{}, nil)
}
