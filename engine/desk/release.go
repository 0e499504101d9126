package desk

import (
	"cmp"
	"context"
	"slices"

	"koira/engine"
	"koira/engine/guard"
)

// RuleChanged is the outcome of an exception that ended because no rule stops its piece any more.
const RuleChanged = "rule changed"

// Release lets go on what a rule held and no rule stops any more: the rule was loosened, the strategy changed, or money became free. A piece goes
// back to where it stood: to its slot, where a yes to this very version or a level and its grant still let it out, else it waits for a
// yes. The gate decides inside the move. Task "" means all; the soonest slot comes first to what there is to spend. It returns how many
// pieces it moved; calling it twice moves nothing more.
func (d *Desk) Release(ctx context.Context, task string) (int, error) {
	held, err := d.queue(ctx, task, engine.StateHeld)
	if err != nil {
		return 0, err
	}
	slices.Reverse(held)
	return each(ctx, held, d.release)
}

func (d *Desk) release(ctx context.Context, o engine.Output) (moved bool, err error) {
	if _, ruled := lasting(engine.Verdict{Findings: o.Findings}); !ruled { // something else than a rule holds it
		return false, nil
	}
	view, err := d.store.View(ctx, o.ID, engine.StageApproval, d.clock.Now())
	if err != nil {
		return false, failed("releasing", o.ID, err)
	}
	now, view := view.Output, d.known(view)
	gate := d.asks
	// Nothing kept it waiting when it was held, and what lets it out is on record.
	cleared := now.WaitsFor == "" && guard.Cleared(view) && d.lasts(view).Outcome != engine.Block
	if cleared {
		gate = d.lasts
	}
	v := gate(view)
	if now.Digest != o.Digest || now.State != engine.StateHeld || v.Outcome == engine.Block {
		return false, nil
	}
	m := engine.Move{
		Output: now.ID, From: engine.StateHeld, To: engine.StateDrafted, Digest: now.Digest, By: engine.Koira, At: d.clock.Now(),
		Why: "no rule stops it any more", Gate: gate, Stage: engine.StageApproval, Outcome: RuleChanged,
		WaitsFor: cmp.Or(now.WaitsFor, "no rule stops it any more"),
		Due:      d.clock.Now().Add(grace),
	}.Finds(v, now.Findings)
	if cleared {
		m.To, m.WaitsFor, m.Due = engine.StateScheduled, "", now.Slot
		if !guard.Approved(view) && guard.Passage(view).Way == engine.WayWindow {
			m.Notices = []engine.Notice{{ID: d.newID(), Kind: engine.NoticeOutput, Subject: now.ID}}
		}
	}
	switch _, err := d.store.Move(ctx, m); engine.CodeOf(err) {
	case "":
	case engine.CodeConflict, engine.CodeBlocked: // moved, or the rules have, in between
		return false, nil
	default:
		return false, failed("releasing", now.ID, err)
	}
	if m.To == engine.StateScheduled {
		return true, nil
	}
	return true, d.requeue(ctx, now, view.Task, m)
}

// requeue takes a piece that was released on to the queue of its level. Cut short before, the loop does it.
func (d *Desk) requeue(ctx context.Context, o engine.Output, t engine.Task, m engine.Move) error {
	to := engine.StateWaiting
	if !t.Level.Rung().Publishes {
		to = engine.StateHanded
	}
	_, err := d.shift(ctx, engine.Move{
		Output: o.ID, From: engine.StateDrafted, To: to, Digest: o.Digest, By: engine.Koira, At: d.clock.Now(), Why: m.Why, WaitsFor: m.WaitsFor,
	}, "releasing")
	return err
}

// lasts is the gate without what passes by itself: that holds at the claim, and keeps no piece in the exception queue.
func (d *Desk) lasts(v engine.View) engine.Verdict {
	return without(d.gate(v), func(f engine.Finding) bool { return f.Later })
}

// asks is lasts for a piece that goes back to those who say yes: what only a yes is missing for stops it no more, and what an owner once let pass does.
func (d *Desk) asks(v engine.View) engine.Verdict {
	return without(d.gate(v.Anew()), func(f engine.Finding) bool { return f.Later || f.Held == engine.StateWaiting })
}

// without is v for somebody to whom some of its blocks say nothing.
func without(v engine.Verdict, nothing func(engine.Finding) bool) engine.Verdict {
	if v.Outcome == engine.Block && !slices.ContainsFunc(v.Blocks(), func(f engine.Finding) bool { return !nothing(f) }) {
		v.Outcome = engine.Warn
	}
	return v
}
