package desk

import (
	"context"

	"koira/engine"
)

// recheckRest holds the rest of a piece whose first readers have it where it would not follow by itself any more: people decide about it.
func (d *Desk) recheckRest(ctx context.Context, view engine.View) (moved bool, err error) {
	o := view.Output
	v := d.gate(view)
	f, lasts := lasting(v)
	if o.State != engine.StateScheduled || !lasts || f.Held == engine.StateExpired {
		return false, nil
	}
	m := engine.Move{
		Output: o.ID, From: o.State, To: engine.StateHeld, Digest: o.Digest, By: engine.Koira, At: d.clock.Now(), Why: "the rest: " + f.Evidence,
		Open: view.Wave.Holds(d.newID(), o, f.Evidence, d.clock.Now()),
	}.Finds(v, o.Findings)
	return d.shift(ctx, m, "holding the rest of")
}

// waits is the version of a piece whose first readers have it and whose rest waits; false for any other.
func (d *Desk) waits(ctx context.Context, o engine.Output, digest engine.Digest) (bool, error) {
	if o.Digest != digest || o.State != engine.StateScheduled && o.State != engine.StateHeld {
		return false, nil
	}
	sends, err := d.store.Sends(ctx, o.ID)
	if err != nil {
		return false, failed("reading the sends of", o.ID, err)
	}
	return engine.Partly(sends), nil
}

// stopWaiting ends a piece whose rest waits: it stays with those who have it. It reports whether there was such a rest.
func (d *Desk) stopWaiting(ctx context.Context, a engine.Actor, o engine.Output, digest engine.Digest) (bool, error) {
	is, err := d.waits(ctx, o, digest)
	if err != nil || !is {
		return false, err
	}
	_, err = d.store.Move(ctx, engine.Move{
		Output: o.ID, From: o.State, To: engine.StatePublished, Digest: digest, By: a, At: d.clock.Now(), Why: "stopped by a person", Outcome: engine.OutcomeRestStopped,
	})
	if engine.CodeOf(err) == engine.CodeConflict {
		return true, d.lost(ctx, a, o.ID, digest, "Nothing was stopped.")
	}
	if err != nil {
		return true, failed("stopping the rest of", o.ID, err)
	}
	return true, nil
}

// SendRest is a person's yes to the rest of a piece whose first readers have it: it follows at once, unless the gate blocks it now; then code blocked,
// and it waits as before. Code conflict when there is no such rest any more, so also on a second call.
func (d *Desk) SendRest(ctx context.Context, a engine.Actor, c Click) error {
	return d.once(ctx, "send the rest", func(ctx context.Context) error {
		const undone = "Nothing was sent."
		a, o, err := d.open(ctx, a, ActionApprove, c.Output)
		if err != nil {
			return err
		}
		is, err := d.waits(ctx, o, c.Digest)
		if err != nil {
			return err
		}
		if !is || o.State != engine.StateHeld {
			return d.lost(ctx, a, o.ID, c.Digest, undone)
		}
		if err := reaches(o, c, undone); err != nil {
			return err
		}
		g, err := d.store.Guardrails(ctx)
		if err != nil {
			return failed("sending the rest of", o.ID, err)
		}
		now := d.clock.Now()
		v, err := d.store.Move(ctx, engine.Move{
			Output: o.ID, From: o.State, To: engine.StateScheduled, Digest: o.Digest, By: a, At: now, Why: "a person sends the rest", Gate: d.gate, Stage: engine.StageApproval, Due: now,
			Approval: &engine.Approval{
				ID: d.newID(), Output: o.ID, Digest: o.Digest, By: a.ID, Role: a.Role, At: now, From: a.Surface, GuardrailVersion: g.Version,
				Audience: min(c.Audience, o.Audience), Whole: c.Whole, Looked: c.Looked, OwnEdit: o.EditedBy == a.ID,
			},
		})
		switch engine.CodeOf(err) {
		case "":
			return nil
		case engine.CodeConflict:
			return d.lost(ctx, a, o.ID, o.Digest, undone)
		case engine.CodeBlocked:
			return blocked(v, undone)
		}
		return failed("sending the rest of", o.ID, err)
	})
}
