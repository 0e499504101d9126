package app

import (
	"context"
	"slices"

	"koira/engine"
	"koira/engine/trust"
)

// regret is somebody who wants something gone that is out: an old piece or a new one, by the right person or by one who may not.
func (c *crowd) regret(ctx context.Context) error {
	out, err := c.s.core.DB.Outputs(ctx, engine.OutputFilter{States: []engine.State{engine.StatePublished, engine.StateSettled}, Newest: true, Bare: true, Limit: 20})
	if err != nil || len(out) == 0 {
		return err
	}
	d, o := c.s.core.Desk, out[c.s.dice.IntN(len(out))]
	if err := c.mustFail(ctx, "stranger takes down", func() error { return d.Retract(ctx, c.stranger, o.ID, o.Digest, "") }, o.ID); err != nil {
		return err
	}
	if err := c.mustFail(ctx, "take down an old version", func() error { return d.Retract(ctx, c.approver, o.ID, "0000", "") }, o.ID); err != nil {
		return err
	}
	before, err := c.s.core.DB.Task(ctx, o.Task)
	if err != nil {
		return err
	}
	paid, err := c.paid(ctx, o)
	if err != nil {
		return err
	}
	refusal := d.Retract(ctx, c.approver, o.ID, o.Digest, "it is wrong")
	c.s.oracle.judges(c.approver, refusal)
	if err := c.did(ctx, "take down", refusal, o, nil); err != nil {
		return err
	}
	if engine.CodeOf(refusal) == engine.CodeInvalid { // what cannot be taken back may still be under way
		return c.did(ctx, "stop the rest", d.StopRest(ctx, c.approver, o.ID, o.Digest), o, nil)
	}
	if refusal != nil {
		return nil
	}
	if err := c.lowered(ctx, before, paid); err != nil {
		return err
	}
	if err := c.did(ctx, "take down twice", d.Retract(ctx, c.approver, o.ID, o.Digest, ""), engine.Output{}, nil); err != nil {
		return err
	}
	return c.lowered(ctx, before, paid)
}

// paid reports whether a piece has lowered its task within the cooldown: it could not be taken down then, and costs nothing more now.
func (c *crowd) paid(ctx context.Context, o engine.Output) (bool, error) {
	ls, err := c.s.core.DB.Lowerings(ctx, o.Task, c.s.clock.Now().Add(-trust.Cooldown))
	return slices.ContainsFunc(ls, func(l engine.Lowering) bool { return slices.Contains(l.Pieces, o.ID) }), err
}

// lowered: a retraction takes a task down one level at once, and one only, or pauses it; a piece that is paid for changes nothing.
func (c *crowd) lowered(ctx context.Context, before engine.Task, paid bool) error {
	now, err := c.s.core.DB.Task(ctx, before.ID)
	if err != nil {
		return err
	}
	if before.Paused == nil && now.Paused != nil && now.Level == before.Level { // the second cause within the cooldown
		return nil
	}
	want, _ := before.Level.Below()
	if paid {
		want = before.Level
	}
	if now.Level != want {
		return c.s.breach("%s is at %s after a retraction at %s", before.ID, now.Level, before.Level)
	}
	return nil
}

// takenDown is what a batch of histories must have seen of all this.
var takenDown = []string{
	"take down", "take down → invalid", "take down twice → conflict", "take down an old version → conflict", "stranger takes down → denied", "stop the rest",
	"stop the rest → conflict", "published → retracting", "settled → retracting", "retracting → retracted", "retracting → published",
	"fault retract lose-reply", "fault halt lose-reply", "halt: cut short", "halt: too late", "halt: told after a lost answer",
}

// gone: of what is called taken down, no copy that koira made can be seen.
func (o *oracle) gone(out engine.Output) error {
	if out.State != engine.StateRetracted {
		return nil
	}
	for _, v := range out.Variants {
		if n := o.s.world.Live(out.ID + "-" + v.Name); n > 0 {
			return o.s.breach("%s is called taken down, and %d copies of it are out", out.ID, n)
		}
	}
	return nil
}
