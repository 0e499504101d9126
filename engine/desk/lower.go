package desk

import (
	"context"
	"slices"

	"koira/engine"
	"koira/engine/trust"
)

// lowerFor takes a piece's task down one level for cause, or pauses it when that is the second cause within the cooldown; see trust.Lower. It returns
// the task's id, "" when nothing is lowered: there is no level below, or the piece has lowered its task before.
func (d *Desk) lowerFor(ctx context.Context, a engine.Actor, o engine.Output, cause engine.Cause, why string) (string, error) {
	t, err := d.store.Task(ctx, o.Task)
	if err != nil {
		return "", failed("lowering for", o.ID, err)
	}
	now := d.clock.Now()
	before, err := d.store.Lowerings(ctx, t.ID, now.Add(-Cooldown))
	if err != nil {
		return "", failed("lowering for", o.ID, err)
	}
	if slices.ContainsFunc(before, func(l engine.Lowering) bool { return slices.Contains(l.Pieces, o.ID) }) {
		return "", nil
	}
	c, ok := trust.Lower(t, trust.Grounds{Cause: cause, Why: why, Pieces: []string{o.ID}}, before, a, now, d.newID)
	if !ok {
		return "", nil
	}
	return t.ID, d.changeTask(ctx, c)
}
