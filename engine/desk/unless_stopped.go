package desk

import (
	"context"
	"time"

	"koira/engine"
)

// LooksGood notes that somebody looked at a piece that goes out unless stopped, and finds it good. It counts as a review and changes nothing else:
// the piece goes at its time. Code conflict when it is not on its way any more, when somebody approved it, or when the same person has said so.
func (d *Desk) LooksGood(ctx context.Context, a engine.Actor, c Click) error {
	return d.once(ctx, "looks good", func(ctx context.Context) error { return d.looksGood(ctx, a, c) })
}

func (d *Desk) looksGood(ctx context.Context, a engine.Actor, c Click) error {
	const undone = "Not noted."
	a, o, err := d.open(ctx, a, ActionApprove, c.Output)
	if err != nil {
		return err
	}
	alone, err := d.unasked(ctx, o)
	if err != nil {
		return err
	}
	if o.Digest != c.Digest || !alone {
		return d.lost(ctx, a, o.ID, c.Digest, undone)
	}
	err = d.store.Remark(ctx, d.said(a, o, engine.ReviewApproved, c))
	if engine.CodeOf(err) == engine.CodeConflict {
		return engine.Errorf(engine.CodeConflict, "You have said that it looks good. It goes out at %s. Nothing left to do.", d.when(ctx, o.Slot))
	}
	return err
}

// unasked reports whether o is on its way to its time without anybody's yes to it.
func (d *Desk) unasked(ctx context.Context, o engine.Output) (bool, error) {
	if o.State != engine.StateScheduled {
		return false, nil
	}
	p, err := d.store.Approval(ctx, o.ID, o.Digest)
	if err != nil {
		return false, failed("reading the approval of", o.ID, err)
	}
	return p == nil, nil
}

func (d *Desk) said(a engine.Actor, o engine.Output, verdict string, c Click) engine.Remark {
	return engine.Remark{
		Output: o.ID, Digest: o.Digest, Verdict: verdict, By: a.ID, Role: a.Role, At: d.clock.Now(), From: a.Surface, Whole: c.Whole, Looked: c.Looked,
	}
}

// PutBack is an approver's yes to a piece that somebody stopped: it goes out at its time after all, or at the given one, which makes a new version
// that the same person says yes to. Code invalid, with the field "time", when its time has passed and no other is given; blocked when a rule
// forbids the new time; conflict when the piece has moved on, so also on a second call.
func (d *Desk) PutBack(ctx context.Context, a engine.Actor, c Click, at time.Time) error {
	return d.once(ctx, "put back", func(ctx context.Context) error { return d.putBack(ctx, a, c, at) })
}

func (d *Desk) putBack(ctx context.Context, a engine.Actor, c Click, at time.Time) error {
	const undone = "Not put back."
	a, o, err := d.open(ctx, a, ActionApprove, c.Output)
	if err != nil {
		return err
	}
	if o.Digest != c.Digest || o.State != engine.StateWaiting {
		return d.lost(ctx, a, o.ID, c.Digest, undone)
	}
	if err := reaches(o, c, undone); err != nil {
		return err
	}
	if at.IsZero() {
		at = o.Slot
	}
	at = at.UTC().Truncate(time.Minute)
	if err := d.future(ctx, at); err != nil {
		return err
	}
	if err := d.vacant(ctx, o, at); err != nil {
		return err
	}
	if draft := d.moved(ctx, o, at); !at.Equal(o.Slot) {
		if err := d.allowedAt(ctx, o, draft); err != nil {
			return err
		}
		var v engine.Verdict
		if o, v, err = d.redraft(ctx, a, o, draft, "put back at another time", undone); err != nil {
			return err
		}
		if o.State != engine.StateWaiting {
			return blocked(v, undone)
		}
	}
	return d.approve(ctx, a, o, c, "put back")
}
