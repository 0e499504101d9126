package desk

import (
	"context"

	"koira/engine"
)

// Stop stops everything at once: nothing is claimed for the wire after it returns. Everybody on the list may. Code conflict says who stopped
// it when it is stopped already.
func (d *Desk) Stop(ctx context.Context, a engine.Actor, why string) error {
	return d.once(ctx, "stop", func(ctx context.Context) error { return d.stop(ctx, a, why) })
}

func (d *Desk) stop(ctx context.Context, a engine.Actor, why string) error {
	a, err := d.allow(ctx, a, ActionStop, Object{ID: "everything"})
	if err != nil {
		return err
	}
	if why, err = field("why", "The reason", why, false, maxNote); err != nil {
		why = "" // a stop is never refused for its words
	}
	now := d.clock.Now()
	err = d.store.SetControl(ctx, engine.Control{Stopped: true, StoppedBy: a.ID, StoppedAt: now, Why: why}, a, now)
	if engine.CodeOf(err) == engine.CodeConflict {
		return d.controlStands(ctx, a)
	}
	if err != nil {
		return failed("stopping", "everything", err)
	}
	return nil
}

// Resume ends a stop; an owner alone may. What became too late meanwhile does not go out. Code conflict when nothing is stopped.
func (d *Desk) Resume(ctx context.Context, a engine.Actor) error {
	return d.once(ctx, "resume", func(ctx context.Context) error { return d.resume(ctx, a) })
}

func (d *Desk) resume(ctx context.Context, a engine.Actor) error {
	a, err := d.allow(ctx, a, ActionResume, Object{ID: "everything"})
	if err != nil {
		return err
	}
	err = d.store.SetControl(ctx, engine.Control{}, a, d.clock.Now())
	if engine.CodeOf(err) == engine.CodeConflict {
		return d.controlStands(ctx, a)
	}
	if err != nil {
		return failed("resuming", "everything", err)
	}
	return nil
}

func (d *Desk) controlStands(ctx context.Context, a engine.Actor) error {
	c, err := d.store.Control(ctx)
	if err != nil {
		return failed("reading", "control", err)
	}
	if !c.Stopped {
		return engine.Errorf(engine.CodeConflict, "Nothing is stopped: everything runs. Nothing left to do.")
	}
	e := engine.Errorf(engine.CodeConflict, "Already stopped: %s stopped everything at %s.", name(a, c.StoppedBy), d.when(ctx, c.StoppedAt))
	if c.StoppedBy != a.ID {
		e.Who = []string{c.StoppedBy}
	}
	return e
}
