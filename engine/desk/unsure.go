package desk

import (
	"context"
	"time"

	"koira/engine"
)

// ItIsThere is a person's word that a piece of which the outcome was unknown is live, and where. What it may have cost counts as spent, since
// nobody knows better. The link is not opened. Code conflict when it is settled already, so also on a second call.
func (d *Desk) ItIsThere(ctx context.Context, a engine.Actor, output string, digest engine.Digest, address string) error {
	a, o, unsure, all, err := d.openUnsure(ctx, a, ActionResolve, output, digest)
	if err != nil {
		return err
	}
	if address, err = link(address); err != nil {
		return err
	}
	for _, s := range unsure {
		ref := s.Ref
		ref.URL = address
		if ref.ID == "" { // nothing is known of it but its address
			ref.ID = address
		}
		r := d.settled(a, o, s, engine.SendPublished, "found live by a person")
		r.Ref, r.Spent = ref, o.CostMax/engine.Money(all)
		if err := d.apply(ctx, a, o, r); err != nil {
			return err
		}
	}
	return nil
}

// DropUnsure gives up a piece of which the outcome is unknown: it is not sent again. Code conflict when it is settled already.
func (d *Desk) DropUnsure(ctx context.Context, a engine.Actor, output string, digest engine.Digest) error {
	a, o, unsure, _, err := d.openUnsure(ctx, a, ActionResolve, output, digest)
	if err != nil {
		return err
	}
	for _, s := range unsure {
		if err := d.apply(ctx, a, o, d.settled(a, o, s, engine.SendFailed, "dropped")); err != nil {
			return err
		}
	}
	return nil
}

// grace keeps the loop from repeating a delivery on the old yes while the new one is written.
const grace = 10 * time.Minute

// SendAgain is an approver's new yes to the same bytes, with the same key and this moment as the slot, after they looked themselves and it was
// not there. Code invalid unless they did; blocked while the first try can still arrive, or when a rule stops it now; conflict when it is
// settled already or when a part of it is live. Nothing changes then.
func (d *Desk) SendAgain(ctx context.Context, a engine.Actor, c Click, looked bool) error {
	const undone = "Not sent again."
	a, o, unsure, all, err := d.openUnsure(ctx, a, ActionResend, c.Output, c.Digest)
	if err != nil {
		return err
	}
	if !looked {
		e := engine.Errorf(engine.CodeInvalid, "Please look first whether it is there. %s", undone)
		e.Field = "looked"
		return e
	}
	if len(unsure) != all {
		return engine.Errorf(engine.CodeConflict, "A part of this is live, so the rest is not sent again: drop it, or say that it is there. %s", undone)
	}
	now := d.clock.Now()
	for _, s := range unsure {
		if now.Before(s.QuietUntil) {
			return engine.Errorf(engine.CodeBlocked, "The first try can still arrive until %s: look again after that. %s", d.when(ctx, s.QuietUntil), undone)
		}
	}
	v, err := d.judge(ctx, d.moved(ctx, o, now.UTC().Truncate(time.Second)), engine.StageApproval)
	if err != nil {
		return err
	}
	if v.Outcome == engine.Block {
		return blocked(v, undone)
	}
	for _, s := range unsure {
		r := d.settled(a, o, s, engine.SendPending, "a person looked: not there")
		r.RetryAt = now.Add(grace)
		if err := d.apply(ctx, a, o, r); err != nil {
			return err
		}
	}
	if o, err = d.store.Output(ctx, o.ID); err != nil {
		return failed("reading", c.Output, err)
	}
	if o.State != engine.StateScheduled || o.Digest != c.Digest {
		return d.lost(ctx, a, o.ID, c.Digest, undone)
	}
	return d.publishNow(ctx, a, o, c, undone)
}

// openUnsure reads a piece of which the outcome is unknown, its unconfirmed sends and how many sends it has in all.
func (d *Desk) openUnsure(ctx context.Context, a engine.Actor, action Action, id string, digest engine.Digest) (
	actor engine.Actor, o engine.Output, unsure []engine.Send, all int, err error,
) {
	if a, o, err = d.open(ctx, a, action, id); err != nil {
		return a, o, nil, 0, err
	}
	if o.State != engine.StateUnconfirmed || o.Digest != digest {
		return a, o, nil, 0, d.lost(ctx, a, o.ID, digest, "Nothing changed.")
	}
	begun, err := d.store.Sends(ctx, o.ID)
	if err != nil {
		return a, o, nil, 0, failed("reading the sends of", o.ID, err)
	}
	for _, s := range begun {
		if s.State == engine.SendUnconfirmed {
			unsure = append(unsure, s)
		}
	}
	return a, o, unsure, len(begun), nil
}

// settled is what a person's answer comes to for one send.
func (d *Desk) settled(a engine.Actor, o engine.Output, s engine.Send, to engine.SendState, why string) engine.Result {
	return engine.Result{
		Send: s.ID, Fence: s.Fence, State: to, Ref: s.Ref, At: d.clock.Now(), Evidence: why + " (" + a.ID + ")", By: a, Why: why, Close: why,
		Notices: d.card(o.ID),
	}
}

func (d *Desk) apply(ctx context.Context, a engine.Actor, o engine.Output, r engine.Result) error {
	err := d.store.Apply(ctx, r)
	if engine.CodeOf(err) == engine.CodeConflict {
		return d.lost(ctx, a, o.ID, o.Digest, "Nothing changed.")
	}
	if err != nil {
		return failed("settling", o.ID, err)
	}
	return nil
}
