package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"koira/engine"
)

// SendAgain is an approver's new yes to the same bytes, with the same key and this moment as the slot, after they looked themselves and it was
// not there. Where the channel can be asked it is asked once more: what it finds is published, and not sent again. What an owner let it pass it passes
// again, where that has not grown and an owner sends it: from somebody else it has code denied. Code invalid unless they
// looked; blocked while the first try can still arrive, or when a rule stops it now; conflict when it is settled already, when a part of
// it is live, or when it was found.
func (d *Desk) SendAgain(ctx context.Context, a engine.Actor, c Click, looked bool) error {
	seen, err := d.askChannel(ctx, a, c, looked)
	if err != nil {
		return err
	}
	return d.once(ctx, "send again", func(ctx context.Context) error { return d.sendAgain(ctx, a, c, looked, seen) })
}

func (d *Desk) sendAgain(ctx context.Context, a engine.Actor, c Click, looked bool, seen asked) error {
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
	if err := d.notByHand(ctx, o, undone); err != nil { // before anything is settled: a refusal keeps what was written
		return err
	}
	begun, err := d.repeatable(ctx, o, undone)
	if err != nil {
		return err
	}
	if err := d.found(ctx, a, o, begun, seen, undone); err != nil {
		return err
	}
	draft := d.moved(ctx, o, d.clock.Now().UTC().Truncate(time.Second))
	draft.Confidence, draft.Line = 0, 0 // the estimate was for the old version
	more, v, err := d.judgeAgain(ctx, a, o, draft, undone)
	if err != nil {
		return err
	}
	if v.Outcome == engine.Block {
		return blocked(v, undone)
	}
	return d.repeat(ctx, a, o, draft, c, more, v, undone)
}

// repeat schedules o for now, as draft. In one move: what is set aside for it stays so, and nobody else comes by it in between.
func (d *Desk) repeat(ctx context.Context, a engine.Actor, o, draft engine.Output, c Click, more given, v engine.Verdict, undone string) error {
	draft.Findings, draft.StrategyVersion, draft.GuardrailVersion = v.Findings, v.StrategyVersion, v.GuardrailVersion
	v, err := d.store.Move(ctx, engine.Move{
		Output: o.ID, From: o.State, To: engine.StateScheduled, Digest: o.Digest, By: a, At: d.clock.Now(), Why: "a person looked: not there",
		Gate: d.gate, Stage: engine.StageApproval, Draft: &draft, Slot: draft.Slot, Approval: d.approval(a, draft, c, more, v.GuardrailVersion), Outcome: "sent again",
	})
	if engine.CodeOf(err) == engine.CodeBlocked {
		return blocked(v, undone)
	}
	if err != nil {
		return d.failedMove(ctx, a, o, err, undone)
	}
	return nil
}

// judgeAgain is what the gate says of draft, which is o at another time, with the yes that a gives to it, and what that yes lets pass because an owner let
// o pass it. Code denied where nothing else stops it and a is no owner.
func (d *Desk) judgeAgain(ctx context.Context, a engine.Actor, o, draft engine.Output, undone string) (given, engine.Verdict, error) {
	view, err := d.store.ViewOf(ctx, draft, engine.StageApproval, d.clock.Now())
	if err != nil {
		return given{}, engine.Verdict{}, failed("judging", o.ID, err)
	}
	y := engine.Approval{Output: o.ID, Digest: draft.Digest, By: a.ID, Role: a.Role, At: d.clock.Now(), Audience: draft.Audience}
	view.Approval = &y
	v := d.gate(view)
	if v.Outcome != engine.Block {
		return given{}, v, nil
	}
	old, err := d.store.Approval(ctx, o.ID, o.Digest)
	if err != nil {
		return given{}, v, failed("reading who approved", o.ID, err)
	}
	if old == nil || old.Role < engine.RoleOwner {
		return given{}, v, nil
	}
	more := d.givenBefore(ctx, *old, o, view, v)
	y.Role, y.OverCap, y.Waived = engine.RoleOwner, more.overCap, more.waived
	if v = d.gate(view); v.Outcome == engine.Block { // something that no owner was shown
		return given{}, v, nil
	}
	if d.Authorize(a, ActionOnce, Object{ID: o.ID, Editor: o.EditedBy}) != nil {
		owners := d.people.With(engine.RoleOwner)
		return given{}, v, d.refused(ctx, a, ActionOnce, o.ID, &engine.Error{Code: engine.CodeDenied, Who: owners, Message: fmt.Sprintf(
			"An owner let this one pass what stops it (%s), so only an owner sends it again: %s. %s", strings.Join(engine.RulesPast(more.overCap, more.waived), ", "), names(owners), undone)})
	}
	return more, v, nil
}

// givenBefore is what of old, an owner's yes to o, counts for view's piece, which says the same at another time and is stopped by v: what it needs above
// a cap where that is no more than the owner allowed, and of the same week; and the very findings that it let through.
func (d *Desk) givenBefore(ctx context.Context, old engine.Approval, o engine.Output, view engine.View, v engine.Verdict) given {
	rise, zone := engine.RiseOf(view.Caps()), d.zone(ctx)
	sameWeek := engine.Week(o.Slot, zone) == engine.Week(view.Output.Slot, zone)
	if rise.Week > old.OverCap.Week || !sameWeek {
		rise.Week = 0
	}
	if rise.Task > old.OverCap.Task || !sameWeek {
		rise.Task = 0
	}
	if rise.Campaign > old.OverCap.Campaign {
		rise.Campaign = 0
	}
	if rise.Output > old.OverCap.Output {
		rise.Output = 0
	}
	more := given{overCap: rise}
	for _, f := range v.Blocks() {
		if w := engine.WaiverOf(f); slices.ContainsFunc(old.Waived, func(w engine.Waiver) bool { return w.Repeats(f) }) && !slices.Contains(more.waived, w) {
			more.waived = append(more.waived, w)
		}
	}
	return more
}

// repeatable returns what would be sent again, and refuses to repeat what can still arrive, or of which a part is live.
func (d *Desk) repeatable(ctx context.Context, o engine.Output, undone string) (begun []engine.Send, err error) {
	sends, err := d.store.Sends(ctx, o.ID)
	if err != nil {
		return nil, failed("reading the sends of", o.ID, err)
	}
	for _, s := range sends {
		if s.Wave == 2 && s.State == engine.SendPending { // it waits for the first part, whatever becomes of that
			continue
		}
		if s.State != engine.SendUnconfirmed {
			return nil, engine.Errorf(engine.CodeConflict, "A part of this is settled already, so the rest is not sent again: say that it is there, or drop it. %s", undone)
		}
		if d.clock.Now().Before(s.QuietUntil) {
			return nil, engine.Errorf(engine.CodeBlocked, "The first try can still arrive until %s: look again after that. %s", d.when(ctx, s.QuietUntil), undone)
		}
		begun = append(begun, s)
	}
	return begun, nil
}
