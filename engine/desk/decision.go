package desk

import (
	"context"
	"slices"

	"koira/engine"
)

// ApplyDecision puts in force what koira proposed. Code conflict when it is applied or undone already, or when the choice has moved since.
func (d *Desk) ApplyDecision(ctx context.Context, a engine.Actor, id string) error {
	return d.once(ctx, "apply", func(ctx context.Context) error { return d.apply(ctx, a, id) })
}

func (d *Desk) apply(ctx context.Context, a engine.Actor, id string) error {
	a, v, err := d.openDecision(ctx, a, ActionApply, id)
	if err != nil {
		return err
	}
	if !v.Proposed || !v.AppliedAt.IsZero() {
		return engine.Errorf(engine.CodeConflict, "This is in force already. Nothing left to do.")
	}
	if err := d.favour(ctx, v, v.From, v.To); err != nil {
		return err
	}
	return d.store.ApplyDecision(ctx, id, a, d.clock.Now())
}

// UndoDecision takes back what koira changed: the task favours again what it favoured before. A proposal that nobody applied is declined by
// it. Code conflict when it is undone already, or when the choice has moved since.
func (d *Desk) UndoDecision(ctx context.Context, a engine.Actor, id string) error {
	return d.once(ctx, "undo", func(ctx context.Context) error { return d.undo(ctx, a, id) })
}

func (d *Desk) undo(ctx context.Context, a engine.Actor, id string) error {
	a, v, err := d.openDecision(ctx, a, ActionUndo, id)
	if err != nil {
		return err
	}
	if !v.Proposed || !v.AppliedAt.IsZero() {
		if err := d.favour(ctx, v, v.To, v.From); err != nil {
			return err
		}
	}
	return d.store.RevertDecision(ctx, id, a, d.clock.Now())
}

// openDecision reads a decision about a choice that can be moved.
func (d *Desk) openDecision(ctx context.Context, a engine.Actor, action Action, id string) (engine.Actor, engine.Decision, error) {
	a, err := d.allow(ctx, a, action, Object{ID: id})
	if err != nil {
		return a, engine.Decision{}, err
	}
	v, err := d.store.Decision(ctx, id)
	switch {
	case engine.CodeOf(err) == engine.CodeNotFound:
		return a, v, engine.Errorf(engine.CodeNotFound, "There is no such decision. Nothing changed.")
	case err != nil:
		return a, v, failed("reading", id, err)
	case !v.RevertedAt.IsZero():
		e := engine.Errorf(engine.CodeConflict, "%s undid this at %s. Nothing left to do.", name(a, v.RevertedBy), d.when(ctx, v.RevertedAt))
		if v.RevertedBy != a.ID {
			e.Who = []string{v.RevertedBy}
		}
		return a, v, e
	case !v.Reversible || !slices.Contains(engine.Dimensions, engine.Dimension(v.What)):
		return a, v, engine.Errorf(engine.CodeInvalid, "This is not undone from here: set the level, or pause or resume the task. Nothing changed.")
	}
	return a, v, nil
}

// favour moves the pick of a decision's dimension. The beliefs go back as they were read: the loop computes them anew from what was observed.
func (d *Desk) favour(ctx context.Context, v engine.Decision, from, to string) error {
	picks, err := d.store.Picks(ctx, v.Task)
	if err != nil {
		return failed("reading the picks of", v.Task, err)
	}
	now := ""
	for _, p := range picks {
		if string(p.Dim) == v.What {
			now = p.Arm
		}
	}
	if now == to {
		return nil
	}
	if now != from {
		return engine.Errorf(engine.CodeConflict, "This choice has moved since, to %q. Nothing changed.", now)
	}
	beliefs, err := d.store.Beliefs(ctx, v.Task)
	if err != nil {
		return failed("reading the beliefs of", v.Task, err)
	}
	p := engine.Pick{Task: v.Task, Dim: engine.Dimension(v.What), Arm: to, At: d.clock.Now()}
	if err := d.store.Learn(ctx, v.Task, beliefs, []engine.Pick{p}, nil); err != nil {
		return failed("moving the pick of", v.Task, err)
	}
	return nil
}
