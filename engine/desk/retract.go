package desk

import (
	"context"
	"fmt"
	"slices"

	"koira/engine"
)

// isOut are the states of what people can see.
var isOut = []engine.State{engine.StatePublished, engine.StateSettled}

// Retract has a piece that is out taken down, and lowers the piece's task one level for cause; the loop carries the removal out and looks whether
// it is gone. Code invalid where the channel takes nothing back, or a person published it. Code conflict says who was first, so also on a second
// call.
func (d *Desk) Retract(ctx context.Context, a engine.Actor, output string, digest engine.Digest, why string) error {
	lowered, err := once(ctx, d, "retract", func(ctx context.Context) (string, error) { return d.retractAll(ctx, a, output, digest, why) })
	return d.recheckLowered(ctx, lowered, err)
}

// retractAll returns the task that it lowered, "" for none.
func (d *Desk) retractAll(ctx context.Context, a engine.Actor, output string, digest engine.Digest, why string) (lowered string, err error) {
	a, o, err := d.open(ctx, a, ActionRetract, output)
	if err != nil {
		return "", err
	}
	if why, err = field("note", "The reason", why, false, maxNote); err != nil {
		return "", err
	}
	if err := d.retract(ctx, a, o, digest, why); err != nil {
		return "", err
	}
	return d.lowerFor(ctx, a, o, engine.CauseTakenDown, "a piece that was out was taken down")
}

func (d *Desk) retract(ctx context.Context, a engine.Actor, o engine.Output, digest engine.Digest, why string) error {
	const undone = "Nothing was taken down."
	if o.Digest != digest || !slices.Contains(isOut, o.State) {
		return d.lost(ctx, a, o.ID, digest, undone)
	}
	if err := d.removable(ctx, o); err != nil {
		return err
	}
	t, err := d.store.Task(ctx, o.Task)
	if err != nil {
		return failed("reading the task of", o.ID, err)
	}
	now := d.clock.Now()
	_, err = d.store.Move(ctx, engine.Move{
		Output: o.ID, From: o.State, To: engine.StateRetracting, Digest: digest, By: a, At: now, Why: "taken down by a person", Outcome: "taken down",
		Retraction: &engine.Retraction{ID: d.newID(), Output: o.ID, By: a.ID, Role: a.Role, At: now, From: a.Surface, Level: t.Level, Why: why},
	})
	if err != nil {
		return d.failedMove(ctx, a, o, err, undone)
	}
	return nil
}

// removable refuses what koira cannot take down.
func (d *Desk) removable(ctx context.Context, o engine.Output) error {
	ch, err := d.channel(o.Channel)
	if err != nil {
		return err
	}
	if !ch.Traits().Retract {
		return engine.Errorf(engine.CodeInvalid, "What went out by %s cannot be taken back. Nothing changed.", ch.Traits().Label)
	}
	sends, err := d.store.Sends(ctx, o.ID)
	if err != nil {
		return failed("reading the sends of", o.ID, err)
	}
	if !slices.ContainsFunc(sends, func(s engine.Send) bool { return s.State == engine.SendPublished && !s.ByHand() }) {
		return engine.Errorf(engine.CodeInvalid, "A person published this, so I cannot take it down: remove it at %s. Nothing changed.", ch.Traits().Label)
	}
	return nil
}

// takenDownBy is the sentence for a piece that is being taken down, or was.
func (d *Desk) takenDownBy(ctx context.Context, a engine.Actor, o engine.Output) (text, who string) {
	r, err := d.store.Retraction(ctx, o.ID)
	switch {
	case err != nil || r == nil:
		return fmt.Sprintf("This was taken down at %s.", d.when(ctx, o.UpdatedAt)), ""
	case o.State == engine.StateRetracting:
		return fmt.Sprintf("%s had this taken down at %s; it is under way.", name(a, r.By), d.when(ctx, r.At)), r.By
	}
	return fmt.Sprintf("%s had this taken down at %s.", name(a, r.By), d.when(ctx, r.At)), r.By
}

// StopRest stops what of a piece has not gone out: the rest that waits after its first readers, or what is still being delivered, where its channel can;
// the loop asks it, and the card says how many have it. Code
// invalid where the channel delivers at once; code conflict when it was asked already, so also on a second call.
func (d *Desk) StopRest(ctx context.Context, a engine.Actor, output string, digest engine.Digest) error {
	return d.once(ctx, "stop the rest", func(ctx context.Context) error { return d.stopRest(ctx, a, output, digest) })
}

func (d *Desk) stopRest(ctx context.Context, a engine.Actor, output string, digest engine.Digest) error {
	const undone = "Nothing was stopped."
	a, o, err := d.open(ctx, a, ActionHalt, output)
	if err != nil {
		return err
	}
	if stopped, err := d.stopWaiting(ctx, a, o, digest); err != nil || stopped {
		return err
	}
	if o.Digest != digest || o.State != engine.StatePublished {
		return d.lost(ctx, a, o.ID, digest, undone)
	}
	ch, err := d.channel(o.Channel)
	if err != nil {
		return err
	}
	if !ch.Traits().Halt {
		return engine.Errorf(engine.CodeInvalid, "%s delivers at once, so there is no rest to stop. Nothing changed.", ch.Traits().Label)
	}
	err = d.store.AskHalt(ctx, o.ID, digest, a, d.clock.Now())
	if engine.CodeOf(err) == engine.CodeConflict {
		return engine.Errorf(engine.CodeConflict, "The rest of this was stopped already, or a person sent it. Nothing left to do.")
	}
	if err != nil {
		return failed("stopping the rest of", o.ID, err)
	}
	return nil
}
