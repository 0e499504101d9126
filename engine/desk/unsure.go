package desk

import (
	"cmp"
	"context"
	"time"

	"koira/engine"
)

// ItIsThere is a person's word that a piece of which the outcome was unknown is live, and where. All that was set aside counts as spent, since
// nobody knows better. The link is not opened. Code conflict when it is settled already, so also on a second call.
func (d *Desk) ItIsThere(ctx context.Context, a engine.Actor, output string, digest engine.Digest, address string) error {
	return d.once(ctx, "it is there", func(ctx context.Context) error { return d.itIsThere(ctx, a, output, digest, address) })
}

func (d *Desk) itIsThere(ctx context.Context, a engine.Actor, output string, digest engine.Digest, address string) error {
	a, o, err := d.openUnsure(ctx, a, ActionResolve, output, digest)
	if err != nil {
		return err
	}
	if address, err = link(address); err != nil {
		return err
	}
	return d.settle(ctx, a, o, engine.Move{To: engine.StatePublished, URL: address, Why: "found live by a person", Outcome: "found live"})
}

// DropUnsure gives up every delivery of a piece of which the outcome is unknown: none is sent again. What is known to be live stays so. Code
// conflict when it is settled already.
func (d *Desk) DropUnsure(ctx context.Context, a engine.Actor, output string, digest engine.Digest) error {
	return d.once(ctx, "drop unsure", func(ctx context.Context) error { return d.dropUnsure(ctx, a, output, digest) })
}

func (d *Desk) dropUnsure(ctx context.Context, a engine.Actor, output string, digest engine.Digest) error {
	a, o, err := d.openUnsure(ctx, a, ActionResolve, output, digest)
	if err != nil {
		return err
	}
	begun, err := d.store.Sends(ctx, o.ID)
	if err != nil {
		return failed("reading the sends of", o.ID, err)
	}
	for _, s := range begun {
		if s.State != engine.SendUnconfirmed {
			continue
		}
		err := d.store.Apply(ctx, engine.Result{
			Send: s.ID, Fence: s.Fence, State: engine.SendFailed, At: d.clock.Now(), Evidence: engine.Dropped, By: a, Why: "dropped", Close: "dropped",
		})
		if err != nil {
			return d.failedMove(ctx, a, o, err, "Nothing changed.")
		}
	}
	return nil
}

// grace keeps the loop from going on with a piece that is in the middle of an act of several moves.
const grace = 10 * time.Minute

// SendAgain is an approver's new yes to the same bytes, with the same key and this moment as the slot, after they looked themselves and it was
// not there. Where the channel can be asked it is asked once more: what it finds is published, and not sent again. Code invalid unless they
// looked; blocked while the first try can still arrive, or when a rule stops it now; conflict when it is settled already, when a part of
// it is live, or when it was found.
func (d *Desk) SendAgain(ctx context.Context, a engine.Actor, c Click, looked bool) error {
	return d.once(ctx, "send again", func(ctx context.Context) error { return d.sendAgain(ctx, a, c, looked) })
}

func (d *Desk) sendAgain(ctx context.Context, a engine.Actor, c Click, looked bool) error {
	const undone = "Not sent again."
	a, o, err := d.openUnsure(ctx, a, ActionResend, c.Output, c.Digest)
	if err != nil {
		return err
	}
	if !looked {
		e := engine.Errorf(engine.CodeInvalid, "Please look first whether it is there. %s", undone)
		e.Field = "looked"
		return e
	}
	if err := reaches(o, c, undone); err != nil {
		return err
	}
	begun, err := d.repeatable(ctx, o, undone)
	if err != nil {
		return err
	}
	if err := d.askOnce(ctx, a, o, begun, undone); err != nil {
		return err
	}
	v, err := d.judge(ctx, d.moved(ctx, o, d.clock.Now().UTC().Truncate(time.Second)), engine.StageApproval)
	if err != nil {
		return err
	}
	if v.Outcome == engine.Block {
		return blocked(v, undone)
	}
	// Cut short after this move, the piece goes out on its old yes if its time allows, and ends otherwise.
	err = d.settle(ctx, a, o, engine.Move{
		To: engine.StateScheduled, Why: "a person looked: not there", Outcome: "sent again", Due: d.clock.Now().Add(grace),
	})
	if err != nil {
		return err
	}
	o.State = engine.StateScheduled
	return d.publishNow(ctx, a, o, c, undone)
}

// repeatable refuses to repeat what can still arrive, or of which a part is live.
func (d *Desk) repeatable(ctx context.Context, o engine.Output, undone string) ([]engine.Send, error) {
	begun, err := d.store.Sends(ctx, o.ID)
	if err != nil {
		return nil, failed("reading the sends of", o.ID, err)
	}
	for _, s := range begun {
		if s.Wave == 2 && s.State == engine.SendPending { // it waits for the first part, whatever becomes of that
			continue
		}
		if s.State != engine.SendUnconfirmed {
			return nil, engine.Errorf(engine.CodeConflict, "A part of this is settled already, so the rest is not sent again: say that it is there, or drop it. %s", undone)
		}
		if d.clock.Now().Before(s.QuietUntil) {
			return nil, engine.Errorf(engine.CodeBlocked, "The first try can still arrive until %s: look again after that. %s", d.when(ctx, s.QuietUntil), undone)
		}
	}
	return begun, nil
}

// askOnce asks the channel itself before it is sent to a second time, where it can be asked: a person may have looked in the wrong place, or
// too early. Code conflict when something is there: it then counts as published. A channel that finds nothing, or cannot say, leaves the
// person's word to stand.
func (d *Desk) askOnce(ctx context.Context, a engine.Actor, o engine.Output, begun []engine.Send, undone string) error {
	ch, err := d.channel(o.Channel)
	if err != nil || !ch.Traits().Probe {
		return err
	}
	var found []string
	for _, s := range begun {
		i, err := d.store.Intent(ctx, s.ID)
		if err != nil {
			return failed("asking for", o.ID, err)
		}
		pctx, cancel := context.WithTimeout(ctx, d.timeout)
		rec, err := ch.Probe(pctx, i, s.Ref)
		cancel()
		if err != nil {
			continue
		}
		err = d.store.Apply(ctx, engine.Result{
			Send: s.ID, Fence: s.Fence, State: engine.SendPublished, Ref: rec.Ref, At: d.clock.Now(), By: a, Probed: true, Spent: rec.Spent,
			Evidence: "found at the channel", Why: "looked once more before sending it again", Close: "found live",
		})
		if err != nil {
			return d.failedMove(ctx, a, o, err, undone)
		}
		found = append(found, rec.URL)
	}
	switch len(found) {
	case 0:
		return nil
	case len(begun):
		return engine.Errorf(engine.CodeConflict, "Good that I looked once more: %s has it already. It counts as published now: %s. %s", ch.Traits().Label, cmp.Or(found[0], "no link"), undone)
	}
	return engine.Errorf(engine.CodeConflict, "Good that I looked once more: %s has a part of it already. Say of the rest whether it is there, or drop it. %s", ch.Traits().Label, undone)
}

// openUnsure reads a piece of which the outcome is unknown.
func (d *Desk) openUnsure(ctx context.Context, a engine.Actor, action Action, id string, digest engine.Digest) (engine.Actor, engine.Output, error) {
	a, o, err := d.open(ctx, a, action, id)
	if err == nil && (o.State != engine.StateUnconfirmed || o.Digest != digest) {
		err = d.lost(ctx, a, o.ID, digest, "Nothing changed.")
	}
	return a, o, err
}

// settle writes a person's answer.
func (d *Desk) settle(ctx context.Context, a engine.Actor, o engine.Output, m engine.Move) error {
	m.Output, m.From, m.Digest, m.By, m.At = o.ID, engine.StateUnconfirmed, o.Digest, a, d.clock.Now()
	if _, err := d.store.Move(ctx, m); err != nil {
		return d.failedMove(ctx, a, o, err, "Nothing changed.")
	}
	return nil
}
