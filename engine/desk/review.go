package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"koira/engine"
	"koira/engine/guard"
)

// Click is one press under a piece: what was drawn there, and how it was looked at.
type Click struct {
	Output   string
	Digest   engine.Digest
	Audience int           // how many people it was shown to reach; 0 where no number was shown
	Looked   time.Duration // wall time between the card's delivery and the click; 0 when unknown
	Stood    time.Duration // wall time for which all of it stood in a window for reading; 0 from a card
	Whole    bool          // the piece was shown whole
}

// FieldAudience marks the refusal of a yes to a piece that reaches more people by now than the person was shown.
const FieldAudience = "audience"

// reaches refuses, in code conflict, a yes to o from somebody who was shown that it reaches fewer people, by so much that they look again.
func reaches(o engine.Output, c Click, undone string) error {
	if !guard.Grown(c.Audience, o.Audience) {
		return nil
	}
	e := engine.Errorf(engine.CodeConflict, "This reaches %s people now, it said %s when you looked. %s", engine.Thousands(o.Audience), engine.Thousands(c.Audience), undone)
	if c.Audience == 0 {
		e.Message = fmt.Sprintf("This reaches %s people now; that was not known when you looked. %s", engine.Thousands(o.Audience), undone)
	}
	e.Field = FieldAudience
	return e
}

// Approve is a person's yes to exactly the version that c shows, which waits for one or is held for want of one: the piece is scheduled for its
// slot, unless the gate blocks it now. Then it
// moves to the exception queue and the error has code blocked, with the rule and the remedy. Code conflict says who was first, or that the
// draft has changed; so does a second press.
func (d *Desk) Approve(ctx context.Context, a engine.Actor, c Click) error {
	return d.once(ctx, "approve", func(ctx context.Context) error {
		a, o, err := d.open(ctx, a, ActionApprove, c.Output)
		if err != nil {
			return err
		}
		return d.approveSeen(ctx, a, o, c)
	})
}

// blink is how soon after a piece came up in the place of another a yes to it is the second tap of the one before: nobody has seen it.
const blink = time.Second

// ApproveInWeek is Approve from a window in which each piece takes the place of the one before. There the second of two taps is the same yes, and no
// error; and one that comes before anybody can have seen the piece is none: code conflict.
func (d *Desk) ApproveInWeek(ctx context.Context, a engine.Actor, c Click) error {
	return d.once(ctx, "approve in a week", func(ctx context.Context) error {
		a, o, err := d.open(ctx, a, ActionApprove, c.Output)
		if err != nil {
			return err
		}
		y, err := d.store.Approval(ctx, o.ID, c.Digest)
		switch {
		case err != nil:
			return failed("reading who approved", o.ID, err)
		case y != nil && y.By == a.ID && o.Digest == c.Digest && o.State == engine.StateScheduled:
			return nil
		case c.Looked < blink:
			return engine.Errorf(engine.CodeConflict, "This came up less than a second before that tap, so it does not count as a yes. Not approved.")
		}
		return d.approveSeen(ctx, a, o, c)
	})
}

// approveSeen approves o in the version that c shows.
func (d *Desk) approveSeen(ctx context.Context, a engine.Actor, o engine.Output, c Click) error {
	if o.Digest != c.Digest || o.State != engine.StateWaiting && !o.Asks() {
		return d.lost(ctx, a, o.ID, c.Digest, "Not approved.")
	}
	if err := reaches(o, c, "Not approved."); err != nil {
		return err
	}
	return d.approve(ctx, a, o, c, "approved")
}

// approve schedules a waiting piece in the version o.
func (d *Desk) approve(ctx context.Context, a engine.Actor, o engine.Output, c Click, why string) error {
	return d.yes(ctx, a, o, c, given{}, why)
}

// given is what an owner lets one version pass besides: so much above the caps on money, and these findings.
type given struct {
	overCap engine.Rise
	waived  []engine.Waiver
}

// yes schedules a piece that waits or is held, in the version o, past what more says.
func (d *Desk) yes(ctx context.Context, a engine.Actor, o engine.Output, c Click, more given, why string) error {
	g, err := d.store.Guardrails(ctx)
	if err != nil {
		return failed("approving", o.ID, err)
	}
	v, err := d.store.Move(ctx, engine.Move{
		Output: o.ID, From: o.State, To: engine.StateScheduled, Digest: o.Digest, By: a, At: d.clock.Now(), Why: why,
		Gate: d.gate, Stage: engine.StageApproval, Approval: d.approval(a, o, c, more, g.Version),
	})
	switch engine.CodeOf(err) {
	case "":
		return nil
	case engine.CodeConflict:
		return d.lost(ctx, a, o.ID, o.Digest, "Not approved.")
	case engine.CodeBlocked:
		_, herr := d.hold(ctx, o, v, "stopped when "+a.ID+" approved it")
		return errors.Join(blocked(v, "Not approved."), herr)
	}
	return failed("approving", o.ID, err)
}

// approval is a's yes to the version o that c shows, under the guardrails of that version.
func (d *Desk) approval(a engine.Actor, o engine.Output, c Click, more given, version int) *engine.Approval {
	return &engine.Approval{
		ID: d.newID(), Output: o.ID, Digest: o.Digest, By: a.ID, Role: a.Role, At: d.clock.Now(), From: a.Surface,
		GuardrailVersion: version, Audience: min(c.Audience, o.Audience), Whole: c.Whole, Looked: c.Looked, Stood: c.Stood, Words: o.Words(), OwnEdit: o.EditedBy == a.ID,
		OverCap: more.overCap, Waived: more.waived,
	}
}

// No is a person's rejection of one version.
type No struct {
	Output string
	Digest engine.Digest
	Reason string // one of engine.RejectReasons' keys
	Note   string // what should be done differently
	Severe bool   // it would have hurt: the task goes down one level at once
	Again  bool   // koira is to write another for this time
}

// rejectable are the states in which a piece waits for somebody.
var rejectable = []engine.State{engine.StateWaiting, engine.StateHeld, engine.StateHanded}

// Reject ends a piece in exactly the version that n shows, and with it lowers its task and asks for another as n says. Code conflict says who was
// first, so also on a second call.
func (d *Desk) Reject(ctx context.Context, a engine.Actor, n No) error {
	lowered, err := once(ctx, d, "reject", func(ctx context.Context) (string, error) { return d.rejectAll(ctx, a, n) })
	return d.recheckLowered(ctx, lowered, err)
}

// rejectAll returns the task that it lowered, "" for none.
func (d *Desk) rejectAll(ctx context.Context, a engine.Actor, n No) (lowered string, err error) {
	a, o, err := d.open(ctx, a, ActionReject, n.Output)
	if err != nil {
		return "", err
	}
	if n.Note, err = field("note", "The note", n.Note, false, maxNote); err != nil {
		return "", err
	}
	if !slices.ContainsFunc(engine.RejectReasons, func(r struct{ Key, Label string }) bool { return r.Key == n.Reason }) {
		e := engine.Errorf(engine.CodeInvalid, "Choose a reason. Nothing changed.")
		e.Field = "reason"
		return "", e
	}
	if err := d.reject(ctx, a, o, n); err != nil {
		return "", err
	}
	if n.Severe {
		if lowered, err = d.lowerFor(ctx, a, o, engine.CauseSerious, fmt.Sprintf("a piece was rejected as serious (%s)", n.Reason)); err != nil {
			return "", err
		}
	}
	if n.Again {
		err = d.another(ctx, a, o)
	}
	return lowered, err
}

func (d *Desk) reject(ctx context.Context, a engine.Actor, o engine.Output, n No) error {
	if o.Digest != n.Digest || !slices.Contains(rejectable, o.State) {
		return d.lost(ctx, a, o.ID, n.Digest, "Not rejected.")
	}
	now := d.clock.Now()
	_, err := d.store.Move(ctx, engine.Move{
		Output: o.ID, From: o.State, To: engine.StateRejected, Digest: n.Digest, By: a, At: now, Why: "rejected: " + n.Reason,
		Rejection: &engine.Rejection{
			ID: d.newID(), Output: o.ID, Digest: n.Digest, By: a.ID, Role: a.Role, At: now, From: a.Surface,
			Reason: n.Reason, Note: n.Note, Severe: n.Severe,
		},
	})
	if engine.CodeOf(err) == engine.CodeConflict {
		return d.lost(ctx, a, o.ID, n.Digest, "Not rejected.")
	}
	if err != nil {
		return failed("rejecting", o.ID, err)
	}
	return nil
}

// TakeBack puts a piece that is to go out back into the queue, where it waits for a yes; nothing is lost. Of one that would have gone out by itself
// it is a review: it was stopped. It works until the piece is on its way. Code conflict says what was faster; a second call has it too.
func (d *Desk) TakeBack(ctx context.Context, a engine.Actor, output string, digest engine.Digest) error {
	return d.once(ctx, "take back", func(ctx context.Context) error { return d.takeBack(ctx, a, output, digest) })
}

func (d *Desk) takeBack(ctx context.Context, a engine.Actor, output string, digest engine.Digest) error {
	a, o, err := d.open(ctx, a, ActionTakeBack, output)
	if err != nil {
		return err
	}
	if o.Digest != digest || o.State != engine.StateScheduled {
		return d.lost(ctx, a, o.ID, digest, "Not taken back.")
	}
	m := engine.Move{
		Output: o.ID, From: o.State, To: engine.StateWaiting, Digest: digest, By: a, At: d.clock.Now(), Why: "taken back", WaitsFor: "taken back",
	}
	alone, err := d.unasked(ctx, o)
	if err != nil {
		return err
	}
	if alone {
		l := d.said(a, o, engine.ReviewStopped, Click{Whole: true})
		m.Why, m.WaitsFor, m.Remark = "stopped", "it was stopped", &l
	}
	_, err = d.store.Move(ctx, m)
	if engine.CodeOf(err) == engine.CodeConflict {
		return d.lost(ctx, a, o.ID, digest, "Not taken back.")
	}
	if err != nil {
		return failed("taking back", o.ID, err)
	}
	return nil
}
