package desk

import (
	"context"

	"koira/engine"
	"koira/engine/guard"
)

// render fills in what goes out and the digest of o. Code invalid, with the field of the wording at fault, when its channel would refuse it.
func (d *Desk) render(o engine.Output) (engine.Output, error) {
	ch, err := d.channel(o.Channel)
	if err != nil {
		return o, err
	}
	r, err := ch.Render(o)
	if err != nil {
		return o, d.atFault(ch, o, err)
	}
	if len(r.Variants) != len(o.Variants) {
		return o, engine.Errorf(engine.CodeInternal, "The channel %s drew %d of %d wordings.", o.Channel, len(r.Variants), len(o.Variants))
	}
	tr := ch.Traits()
	vs := make([]engine.Variant, len(o.Variants))
	for i, v := range o.Variants {
		if n := r.Variants[i].Count; tr.Limit > 0 && n > tr.Limit {
			e := engine.Errorf(engine.CodeInvalid, "Wording %s has %d characters; %s takes %d. Nothing changed.", v.Name, n, tr.Label, tr.Limit)
			e.Field = v.Name + ".body"
			return o, e
		}
		v.Rendered, v.Shown = r.Variants[i].Bytes, r.Variants[i].Shown
		vs[i] = v
	}
	o.Variants = vs
	o.Digest = engine.DigestOf(o)
	return o, nil
}

// atFault finds the wording that the channel refuses, for the field to mark.
func (d *Desk) atFault(ch page, o engine.Output, err error) error {
	if engine.CodeOf(err) != engine.CodeInvalid {
		return failed("drawing", o.ID, err)
	}
	for _, v := range o.Variants {
		one := o
		one.Variants = []engine.Variant{v}
		if _, e := ch.Render(one); engine.CodeOf(e) == engine.CodeInvalid {
			return &engine.Error{Code: engine.CodeInvalid, Message: sentence(e) + " Nothing changed.", Field: v.Name + ".body", Err: e}
		}
	}
	return err
}

// judge asks the gate about draft as if it stood where the stored piece stands; nothing changes.
func (d *Desk) judge(ctx context.Context, draft engine.Output, stage engine.Stage) (engine.Verdict, error) {
	view, err := d.store.ViewOf(ctx, draft, stage, d.clock.Now())
	if err != nil {
		return engine.Verdict{}, failed("judging", draft.ID, err)
	}
	return d.gate(view), nil
}

// judgeYes is what the gate says of draft with the yes that a gives to it: what asks for no more than that does not stop it.
func (d *Desk) judgeYes(ctx context.Context, a engine.Actor, draft engine.Output) (engine.Verdict, error) {
	view, err := d.store.ViewOf(ctx, draft, engine.StageApproval, d.clock.Now())
	if err != nil {
		return engine.Verdict{}, failed("judging", draft.ID, err)
	}
	view.Approval = &engine.Approval{Output: draft.ID, Digest: draft.Digest, By: a.ID, Role: a.Role, At: d.clock.Now(), Audience: draft.Audience}
	return d.gate(view), nil
}

// brought brings a draft whose digest nobody has seen down to what the caps and the blast radius leave for it, and says how it stands then.
func (d *Desk) brought(ctx context.Context, draft engine.Output) (engine.Output, engine.Verdict, error) {
	v, err := d.judge(ctx, draft, engine.StageDraft)
	if err != nil {
		return draft, v, err
	}
	less, clamps := v.Clamp(draft)
	if len(clamps) == 0 {
		return draft, v, nil
	}
	less.Digest = engine.DigestOf(less)
	if v, err = d.judge(ctx, less, engine.StageDraft); err != nil {
		return draft, v, err
	}
	if v.Outcome == engine.Clamp { // it cannot be made small enough
		if v, err = d.judge(ctx, less, engine.StageApproval); err != nil {
			return draft, v, err
		}
	}
	v.Findings = engine.WithClamps(v.Findings, clamps)
	return less, v, nil
}

// redraft puts new words or a new time in the place of o and sends the piece through its queue again. The old version's cards conflict from
// the first step on. A crash between steps leaves the piece taken back or drafted, never cleared.
func (d *Desk) redraft(ctx context.Context, a engine.Actor, o, draft engine.Output, why, undone string) (engine.Output, engine.Verdict, error) {
	if o.State == engine.StateScheduled {
		_, err := d.store.Move(ctx, engine.Move{
			Output: o.ID, From: o.State, To: engine.StateWaiting, Digest: o.Digest, By: a, At: d.clock.Now(), Why: why, WaitsFor: why,
		})
		if err != nil {
			return o, engine.Verdict{}, d.failedMove(ctx, a, o, err, undone)
		}
		o.State = engine.StateWaiting
		draft.State = o.State // it waits for the yes that a rule may ask for
	}
	return d.enqueue(ctx, a, o, draft, why, undone)
}

// enqueue writes draft over o, which stands in a state from which it can be drafted, and moves it on: to the approval queue, to the
// exception queue when the gate blocks it, or to people's hands where koira does not publish. It returns the piece as it stands and the verdict.
func (d *Desk) enqueue(ctx context.Context, a engine.Actor, o, draft engine.Output, why, undone string) (engine.Output, engine.Verdict, error) {
	g, err := d.store.Guardrails(ctx)
	if err != nil {
		return o, engine.Verdict{}, failed("redrafting", o.ID, err)
	}
	t, err := d.store.Task(ctx, o.Task)
	if err != nil {
		return o, engine.Verdict{}, failed("reading the task of", o.ID, err)
	}
	draft.Expires = t.Expires(draft.Slot) // who publishes it may have changed since it was planned
	draft.Sketch = guard.Sketch(draft.Variants, guard.Standing(g, draft)...)
	draft.Confidence, draft.Line = 0, 0 // the estimate was for the old version
	draft, v, err := d.brought(ctx, draft)
	if err != nil {
		return o, v, err
	}
	draft.Findings, draft.StrategyVersion, draft.GuardrailVersion = v.Findings, v.StrategyVersion, v.GuardrailVersion
	m := engine.Move{
		Output: o.ID, From: o.State, To: engine.StateDrafted, Digest: o.Digest, By: a, At: d.clock.Now(), Why: why, Draft: &draft, Outcome: "edited",
		Due: d.clock.Now().Add(grace), WaitsFor: why, // the loop routes a draft that is left behind, not one that is about to move; it waits too
	}
	if !draft.Slot.Equal(o.Slot) {
		m.Slot = draft.Slot
	}
	if _, err = d.store.Move(ctx, m); err != nil {
		return o, v, d.failedMove(ctx, a, o, err, undone)
	}
	draft.State = engine.StateDrafted
	m = engine.Move{
		Output: o.ID, From: draft.State, To: engine.StateWaiting, Digest: draft.Digest, By: a, At: d.clock.Now(), Why: why, WaitsFor: why,
	}
	if f, stop := lasting(v); stop {
		m.To, m.By, m.Why, m.Open = engine.StateHeld, engine.Koira, why+": "+f.Rule, d.exception(draft, f)
	} else if !t.Acting().Rung().Publishes {
		m.To = engine.StateHanded
	}
	if _, err = d.store.Move(ctx, m); err != nil {
		return draft, v, d.failedMove(ctx, a, draft, err, undone)
	}
	draft.State = m.To
	return draft, v, nil
}

// failedMove turns a move's error into what the asker is told.
func (d *Desk) failedMove(ctx context.Context, a engine.Actor, o engine.Output, err error, undone string) error {
	if engine.CodeOf(err) == engine.CodeConflict {
		return d.lost(ctx, a, o.ID, o.Digest, undone)
	}
	return failed("moving", o.ID, err)
}
