package desk

import (
	"context"

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
// block that may pass by itself leaves it where it is. That somebody else moved the piece meanwhile is no error: then theirs stands.
func (d *Desk) hold(ctx context.Context, o engine.Output, v engine.Verdict, why string) error {
	f, ok := lasting(v)
	if !ok {
		return nil
	}
	to := f.Held
	if to == "" {
		to = engine.StateHeld
	}
	if !engine.CanMove(o.State, to) {
		return nil
	}
	m := engine.Move{
		Output: o.ID, From: o.State, To: to, Digest: o.Digest, By: engine.Koira, At: d.clock.Now(), Why: why + ": " + f.Rule,
	}.Finds(v, nil)
	switch to {
	case engine.StateHeld:
		m.Open = d.exception(o, f)
	case engine.StateWaiting:
		m.WaitsFor = f.Evidence
	}
	if _, err := d.store.Move(ctx, m); err != nil && engine.CodeOf(err) != engine.CodeConflict {
		return failed("holding", o.ID, err)
	}
	return nil
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
