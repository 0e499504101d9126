package desk

import (
	"cmp"
	"context"
	"slices"

	"koira/engine"
)

// blocked is the error for a verdict that blocks: the rule's evidence and its remedy, then what therefore did not happen.
func blocked(v engine.Verdict, undone string) error {
	b := v.Blocks()
	if len(b) == 0 { // a gate that blocks and finds nothing to say
		return engine.Errorf(engine.CodeBlocked, "A rule stops this. %s", undone)
	}
	return engine.Errorf(engine.CodeBlocked, "Stopped by a rule (%s). %s %s %s", b[0].Rule, b[0].Evidence, b[0].Remedy, undone)
}

// hold moves a piece that the gate blocks to where its first lasting block sends it: the exception queue, or its end when it is too late. A
// block that may pass by itself leaves it where it is; one that only asks for a yes says nothing of a piece that waits for one. That somebody else moved the piece meanwhile is
// no error: then theirs stands.
func (d *Desk) hold(ctx context.Context, o engine.Output, v engine.Verdict, why string) (moved bool, err error) {
	says := v
	if o.State == engine.StateWaiting {
		says.Findings = slices.DeleteFunc(v.Blocks(), func(f engine.Finding) bool { return f.Held == engine.StateWaiting })
	}
	f, ok := lasting(says)
	to := cmp.Or(f.Held, engine.StateHeld)
	if !ok || !engine.CanMove(o.State, to) {
		return false, nil
	}
	m := engine.Move{
		Output: o.ID, From: o.State, To: to, Digest: o.Digest, By: engine.Koira, At: d.clock.Now(), Why: why + ": " + f.Rule,
	}.Finds(v, o.Findings)
	switch to {
	case engine.StateHeld:
		m.Open = d.exception(o, f)
	case engine.StateWaiting:
		m.WaitsFor = f.Evidence
	}
	return d.shift(ctx, m, "holding")
}

// shift makes a move of koira's, unless somebody else moved the piece meanwhile; doing names it for the log.
func (d *Desk) shift(ctx context.Context, m engine.Move, doing string) (bool, error) {
	switch _, err := d.store.Move(ctx, m); engine.CodeOf(err) {
	case "":
		return true, nil
	case engine.CodeConflict:
		return false, nil
	default:
		return false, failed(doing, m.Output, err)
	}
}

// lasting returns the first block that does not pass by itself.
func lasting(v engine.Verdict) (engine.Finding, bool) {
	for _, f := range v.Blocks() {
		if !f.Later {
			return f, true
		}
	}
	return engine.Finding{}, false
}

func (d *Desk) exception(o engine.Output, f engine.Finding) *engine.Exception {
	return &engine.Exception{
		ID: d.newID(), Kind: engine.ExceptionOutput, Output: o.ID, Task: o.Task, Subject: o.ID,
		Reason: f.Reason(), Evidence: f.Evidence, Remedy: f.Remedy, Rule: f.Rule, OpenedAt: d.clock.Now(), Due: o.Expires,
	}
}
