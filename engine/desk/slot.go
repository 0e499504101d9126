package desk

import (
	"context"
	"slices"
	"time"

	"koira/engine"
)

// furthest is how far ahead a piece may be put.
const furthest = 90 * 24 * time.Hour

// Reslot gives a piece another time, which makes a new version: it waits for a yes again. Code invalid for a time that is past or too far off,
// blocked when a rule forbids that time, conflict when another piece of the task stands there or this one has changed; in each case nothing
// changes. A second call has code conflict.
func (d *Desk) Reslot(ctx context.Context, a engine.Actor, output string, digest engine.Digest, at time.Time) (engine.Output, error) {
	return once(ctx, d, "reslot", func(ctx context.Context) (engine.Output, error) { return d.reslot(ctx, a, output, digest, at) })
}

func (d *Desk) reslot(ctx context.Context, a engine.Actor, output string, digest engine.Digest, at time.Time) (engine.Output, error) {
	const undone = "It keeps its time."
	a, o, err := d.open(ctx, a, ActionReslot, output)
	if err != nil {
		return o, err
	}
	at = at.UTC().Truncate(time.Minute)
	if err := d.future(ctx, at); err != nil {
		return o, err
	}
	if o.Digest != digest || !slices.Contains(editable, o.State) {
		return o, d.lost(ctx, a, o.ID, digest, undone)
	}
	if err := d.vacant(ctx, o, at); err != nil {
		return o, err
	}
	draft := d.moved(ctx, o, at)
	if draft.Digest == o.Digest {
		return o, engine.Errorf(engine.CodeInvalid, "That is its time already. Nothing changed.")
	}
	if err := d.allowedAt(ctx, o, draft); err != nil {
		return o, err
	}
	o, _, err = d.redraft(ctx, a, o, draft, "new time: waits for a yes again", undone)
	return o, err
}

// future refuses a slot that has passed or lies too far off.
func (d *Desk) future(ctx context.Context, at time.Time) error {
	now := d.clock.Now()
	e := engine.Errorf(engine.CodeInvalid, "%s has passed; choose a later time. Nothing changed.", d.when(ctx, at))
	e.Field = "time"
	if !at.After(now) {
		return e
	}
	if at.Sub(now) > furthest {
		e.Message = "A time is at most 90 days ahead. Nothing changed."
		return e
	}
	return nil
}

// vacant refuses the slot of another piece of the same task that is still to go out, or went out then.
func (d *Desk) vacant(ctx context.Context, o engine.Output, at time.Time) error {
	there, err := d.store.Outputs(ctx, engine.OutputFilter{Task: o.Task, SlotFrom: at, SlotTo: at.Add(time.Minute)})
	if err != nil {
		return failed("looking at the slot of", o.ID, err)
	}
	for _, x := range there {
		if x.ID != o.ID && live(x) {
			return engine.Errorf(engine.CodeConflict, "Another piece of this task stands at %s. Nothing changed.", d.when(ctx, at))
		}
	}
	return nil
}

// moved is o at another time: its digest covers the slot, so this is a new version.
func (d *Desk) moved(ctx context.Context, o engine.Output, at time.Time) engine.Output {
	o.Slot, o.Expires = at, at.Add(o.Kind.Tolerance())
	o.Arms.Slot = engine.SlotArm(at, d.zone(ctx))
	o.Digest = engine.DigestOf(o)
	return o
}

// allowedAt refuses a time at which a rule blocks that does not block now.
func (d *Desk) allowedAt(ctx context.Context, o, draft engine.Output) error {
	before, err := d.judge(ctx, o, engine.StageDraft)
	if err != nil {
		return err
	}
	after, err := d.judge(ctx, draft, engine.StageDraft)
	if err != nil {
		return err
	}
	for _, f := range after.Blocks() {
		if !slices.ContainsFunc(before.Blocks(), func(x engine.Finding) bool { return x.Rule == f.Rule }) {
			return blocked(engine.Verdict{Findings: []engine.Finding{f}}, "Nothing changed.")
		}
	}
	return nil
}

// PublishNow is an approver's yes to the version that c shows, with this moment as its slot: a new version, approved by the same person and
// due at once. When a rule blocks it, nothing changes and the error has code blocked. Code conflict on a second call.
func (d *Desk) PublishNow(ctx context.Context, a engine.Actor, c Click) error {
	return d.once(ctx, "publish now", func(ctx context.Context) error {
		const undone = "Not published."
		a, o, err := d.open(ctx, a, ActionApprove, c.Output)
		if err != nil {
			return err
		}
		if o.Digest != c.Digest || !slices.Contains(editable, o.State) {
			return d.lost(ctx, a, o.ID, c.Digest, undone)
		}
		if err := reaches(o, c, undone); err != nil {
			return err
		}
		return d.publishNow(ctx, a, o, c, undone)
	})
}

func (d *Desk) publishNow(ctx context.Context, a engine.Actor, o engine.Output, c Click, undone string) error {
	if err := d.notByHand(ctx, o, undone); err != nil {
		return err
	}
	draft := d.moved(ctx, o, d.clock.Now().UTC().Truncate(time.Second))
	v, err := d.judgeYes(ctx, a, draft)
	if err != nil {
		return err
	}
	if v.Outcome == engine.Block {
		return blocked(v, undone)
	}
	if draft.Digest != o.Digest || o.State != engine.StateWaiting {
		if o, v, err = d.redraft(ctx, a, o, draft, "publish now", undone); err != nil {
			return err
		}
		if o.State != engine.StateWaiting {
			return blocked(v, undone)
		}
	}
	return d.approve(ctx, a, o, c, "approved, to be published now")
}

// notByHand refuses, in code blocked, to send a piece of a task whose pieces people publish by hand.
func (d *Desk) notByHand(ctx context.Context, o engine.Output, undone string) error {
	t, err := d.store.Task(ctx, o.Task)
	if err != nil {
		return failed("publishing", o.ID, err)
	}
	if !t.Level.Rung().Publishes {
		return engine.Errorf(engine.CodeBlocked, "%s is at %s (%s): publish it by hand. %s", t.Name, t.Level, t.Level.Words(), undone)
	}
	return nil
}
