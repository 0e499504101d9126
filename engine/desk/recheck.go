package desk

import (
	"context"
	"errors"
	"slices"

	"koira/engine"
	"koira/engine/guard"
)

// Recheck holds what is queued against the rules, caps and levels of this moment. A piece that no longer passes moves to the exception queue
// and its money is released; one that was to go out on a level that no longer allows it waits for a yes again, or is handed over where
// koira does not publish any more. Then it lets go on what no rule holds any more; see Release. Task "" means all. Later slots go first, so
// that a lowered cap keeps what is planned soonest. It returns how many it moved; calling it twice moves nothing more.
func (d *Desk) Recheck(ctx context.Context, task string) (int, error) {
	stopped, freed, err := d.recheckAll(ctx, task)
	return stopped + freed, err
}

// recheckAll is Recheck, counting apart what was stopped and what goes on again.
func (d *Desk) recheckAll(ctx context.Context, task string) (stopped, freed int, err error) {
	ctx = engine.Repeatable(ctx)
	queued, err := d.queue(ctx, task, engine.StateScheduled, engine.StateWaiting)
	if err != nil {
		return 0, 0, err
	}
	stopped, err = each(ctx, queued, d.recheck)
	freed, rerr := d.Release(ctx, task)
	return stopped, freed, errors.Join(err, rerr)
}

// each runs fn for all pieces and counts those that it moved: one that fails does not keep the others.
func each(ctx context.Context, pieces []engine.Output, fn func(context.Context, engine.Output) (bool, error)) (int, error) {
	var errs []error
	n := 0
	for _, o := range pieces {
		moved, err := fn(ctx, o)
		if moved {
			n++
		}
		errs = append(errs, err)
	}
	return n, errors.Join(errs...)
}

// queue reads all that is in these states, the latest slot first.
func (d *Desk) queue(ctx context.Context, task string, states ...engine.State) ([]engine.Output, error) {
	const page = 500
	var all []engine.Output
	for {
		got, err := d.store.Outputs(ctx, engine.OutputFilter{Task: task, States: states, Newest: true, Limit: page, Offset: len(all)})
		if err != nil {
			return nil, failed("rechecking", task, err)
		}
		all = append(all, got...)
		if len(got) < page {
			return all, nil
		}
	}
}

func (d *Desk) recheck(ctx context.Context, o engine.Output) (moved bool, err error) {
	view, err := d.store.View(ctx, o.ID, engine.StageApproval, d.clock.Now())
	if err != nil {
		return false, failed("rechecking", o.ID, err)
	}
	now := view.Output
	if now.Digest != o.Digest || !slices.Contains([]engine.State{engine.StateScheduled, engine.StateWaiting}, now.State) {
		return false, nil // somebody moved it meanwhile, past checks of its own
	}
	if view.Wave != nil {
		return d.recheckRest(ctx, view)
	}
	if v := d.gate(view); v.Outcome == engine.Block {
		f, lasts := lasting(v)
		if !lasts || f.Held == engine.StateExpired { // what is too late, the loop ends, with a card that says why
			return false, nil
		}
		if now.State != engine.StateWaiting || slices.ContainsFunc(v.Blocks(), func(f engine.Finding) bool { return f.Held != engine.StateWaiting }) {
			return d.hold(ctx, now, v, "no longer passes")
		} // else it waits for what they ask, a yes, and where koira does not publish any more it waits for nothing
	}
	if !view.Task.Acting().Rung().Publishes {
		return d.handOver(ctx, now, view.Task)
	}
	if now.State != engine.StateScheduled || guard.Approved(view) {
		return false, nil
	}
	return d.recheckUnasked(ctx, d.known(view))
}

// handOver gives a queued piece to people, since koira does not publish for its task any more.
func (d *Desk) handOver(ctx context.Context, o engine.Output, t engine.Task) (moved bool, err error) {
	_, _, err = d.redraft(ctx, engine.Koira, o, o, "its task is at "+t.Acting().String()+" now: you publish it by hand", "")
	if engine.CodeOf(err) == engine.CodeConflict {
		return false, nil
	}
	return err == nil, err
}

// recheckUnasked looks at a piece that is to go out by itself. Where its level gives people time to look at it, and they have no card of it yet, they
// get one: what was cleared at a higher level had none, and what came on the card of its week needs its own earlier when people are given more time.
func (d *Desk) recheckUnasked(ctx context.Context, v engine.View) (moved bool, err error) {
	p := guard.Passage(v)
	switch {
	case p.Way == engine.WayYes:
		return d.demote(ctx, v.Output, v.Task, p.Why)
	case p.Way == engine.WayWindow && v.Shown.IsZero():
		if err := d.store.AddNotice(ctx, engine.Notice{ID: d.newID(), Kind: engine.NoticeOutput, Subject: v.Output.ID}); err != nil {
			return false, failed("showing", v.Output.ID, err)
		}
	}
	return false, nil
}

// known is v with what its channel can do.
func (d *Desk) known(v engine.View) engine.View {
	if ch := d.channels[v.Output.Channel]; ch != nil {
		v.Traits = ch.Traits()
	}
	return v
}

// demote lets a piece wait that was to go out by itself.
func (d *Desk) demote(ctx context.Context, o engine.Output, t engine.Task, why string) (moved bool, err error) {
	return d.shift(ctx, engine.Move{
		Output: o.ID, From: engine.StateScheduled, To: engine.StateWaiting, Digest: o.Digest, By: engine.Koira, At: d.clock.Now(),
		Why: "its task is at " + t.Level.String() + " now", WaitsFor: why,
	}, "putting back")
}
