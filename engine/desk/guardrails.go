package desk

import (
	"context"
	"fmt"

	"koira/engine"
)

// Change is one change of one limit, old → new.
type Change struct {
	Rule     string // "budget", "topic:sale", "channel:bluesky"
	Old, New string // "120.00", "blocked" or "allowed", "on" or "off"
	Loosens  bool   // gives koira more room: an owner confirms it
	From     int    // the guardrail version that it was computed from
	Applied  bool   // it is in force
}

func (c Change) String() string { return c.Rule + ": " + c.Old + " → " + c.New }

// BudgetWeekly sets what may be spent in a week, from a sum as people write it. Less is in force at once; more is returned for an owner to
// Confirm. Nothing sets it above the ceiling of the config file.
func (d *Desk) BudgetWeekly(ctx context.Context, a engine.Actor, sum string) (Change, error) {
	return d.change(ctx, a, "budget", sum)
}

// BlockTopic is in force at once; UnblockTopic is returned for an owner to Confirm. Code conflict when it stands so already.
func (d *Desk) BlockTopic(ctx context.Context, a engine.Actor, topic string) (Change, error) {
	return d.change(ctx, a, "topic:"+topic, blockedWord)
}

func (d *Desk) UnblockTopic(ctx context.Context, a engine.Actor, topic string) (Change, error) {
	return d.change(ctx, a, "topic:"+topic, allowedWord)
}

// ChannelOff is in force at once; ChannelOn is returned for an owner to Confirm. Code conflict when it stands so already.
func (d *Desk) ChannelOff(ctx context.Context, a engine.Actor, name string) (Change, error) {
	return d.change(ctx, a, "channel:"+name, offWord)
}

func (d *Desk) ChannelOn(ctx context.Context, a engine.Actor, name string) (Change, error) {
	return d.change(ctx, a, "channel:"+name, onWord)
}

// tries is how often a tightening is tried again when somebody else changed the rules at the same moment: it is never lost to that.
const tries = 5

// change computes a change; one that tightens is in force when it returns, one that loosens is returned to be confirmed.
func (d *Desk) change(ctx context.Context, a engine.Actor, rule, to string) (Change, error) {
	c, err := once(ctx, d, "limit", func(ctx context.Context) (Change, error) { return d.changeLimit(ctx, a, rule, to) })
	return c, d.recheckRules(ctx, c, err)
}

func (d *Desk) changeLimit(ctx context.Context, a engine.Actor, rule, to string) (Change, error) {
	if _, err := d.allow(ctx, a, ActionLook, Object{ID: rule}); err != nil {
		return Change{}, err
	}
	var err error
	for range tries {
		var g engine.Guardrails
		if g, err = d.store.Guardrails(ctx); err != nil {
			return Change{}, failed("changing", rule, err)
		}
		var c Change
		c, next, cerr := d.compute(g, rule, to)
		if cerr != nil {
			return c, d.refusedChange(ctx, a, c, cerr)
		}
		if c.Loosens {
			return c, d.mayLoosen(ctx, a, c, next)
		}
		if a, err = d.allow(ctx, a, ActionTighten, Object{ID: rule}); err != nil {
			return c, err
		}
		if err = d.put(ctx, a, c, next); engine.CodeOf(err) != engine.CodeConflict {
			c.Applied = err == nil
			return c, err
		}
	}
	return Change{}, err
}

// Confirm puts a loosening in force: an owner's yes in the window that showed c. It is computed anew, so nothing that c claims is believed but
// which rule gets which value, and on which version. Code conflict when the rules have changed since, so also on a second call.
func (d *Desk) Confirm(ctx context.Context, a engine.Actor, c Change) (Change, error) {
	c, err := once(ctx, d, "loosen", func(ctx context.Context) (Change, error) { return d.confirm(ctx, a, c) })
	return c, d.recheckRules(ctx, c, err)
}

func (d *Desk) confirm(ctx context.Context, a engine.Actor, c Change) (Change, error) {
	a, err := d.allow(ctx, a, ActionLoosen, Object{ID: c.Rule})
	if err != nil {
		return c, err
	}
	g, err := d.store.Guardrails(ctx)
	if err != nil {
		return c, failed("confirming", c.Rule, err)
	}
	if g.Version != c.From {
		return c, d.rulesMoved(ctx, a)
	}
	c, next, err := d.compute(g, c.Rule, c.New)
	if err != nil {
		return c, d.refusedChange(ctx, a, c, err)
	}
	if err := d.mayLoosen(ctx, a, c, next); err != nil {
		return c, err
	}
	if err = d.put(ctx, a, c, next); engine.CodeOf(err) == engine.CodeConflict {
		return c, d.rulesMoved(ctx, a)
	}
	c.Applied = err == nil
	return c, err
}

// mayLoosen holds a loosening against role and ceiling.
func (d *Desk) mayLoosen(ctx context.Context, a engine.Actor, c Change, next engine.Guardrails) error {
	if _, err := d.allow(ctx, a, ActionLoosen, Object{ID: c.Rule}); err != nil {
		return err
	}
	if c.Rule != "budget" || next.Budget.Weekly <= next.Budget.Ceiling {
		return nil
	}
	return d.refused(ctx, a, ActionFile, c.Rule, engine.Errorf(engine.CodeDenied,
		"The ceiling in the config file is %s; nobody can go above it from here. Nothing changed.", plain(next.Budget.Ceiling)))
}

// put writes next in the place of the version that c was computed from.
func (d *Desk) put(ctx context.Context, a engine.Actor, c Change, next engine.Guardrails) error {
	return d.store.SetGuardrails(ctx, c.From, next, a, d.clock.Now(), c.String())
}

// recheckRules holds what is queued against the rules that c put in force. It comes after the act, since it may be long and may be repeated.
func (d *Desk) recheckRules(ctx context.Context, c Change, err error) error {
	if err != nil || !c.Applied {
		return err
	}
	if _, err := d.Recheck(ctx, ""); err != nil {
		// The limit holds all the same: each piece is checked again before it goes out.
		return fmt.Errorf("rechecking after %s: %w", c, err)
	}
	return nil
}

// rulesMoved says who changed the rules under an open window.
func (d *Desk) rulesMoved(ctx context.Context, a engine.Actor) error {
	last, err := d.store.GuardrailChanges(ctx, 1)
	if err != nil {
		return failed("reading", "guardrails", err)
	}
	if len(last) == 0 {
		return engine.Errorf(engine.CodeConflict, "The rules changed since you looked. Nothing changed by your tap.")
	}
	l := last[0]
	e := engine.Errorf(engine.CodeConflict, "%s changed the rules at %s (%s), after you looked. Nothing changed by your tap.",
		name(a, l.By), d.when(ctx, l.At), l.Why)
	if l.By != a.ID {
		e.Who = []string{l.By}
	}
	return e
}

// refusedChange answers a change that makes no sense. Who may not even tighten is told that instead.
func (d *Desk) refusedChange(ctx context.Context, a engine.Actor, c Change, why error) error {
	if _, err := d.allow(ctx, a, ActionTighten, Object{ID: c.Rule}); err != nil {
		return err
	}
	return why
}
