package desk

import (
	"context"
	"slices"
	"time"

	"koira/engine"
)

// inCalendar are the states in which people's own copy stands in its task's calendar.
var inCalendar = []engine.State{engine.StateWaiting, engine.StateHeld, engine.StateScheduled}

// MoveCopy gives a piece of people's own copy another time. At L2 moving it there is the mover's yes to it, as putting it there was; elsewhere it
// waits for one again. Code invalid for a time that is past or too far off, conflict when another piece of the task stands there or this one has
// moved on, so also on a second call; in each case nothing changes.
func (d *Desk) MoveCopy(ctx context.Context, a engine.Actor, output string, digest engine.Digest, at time.Time) (engine.Output, error) {
	return once(ctx, d, "move copy", func(ctx context.Context) (engine.Output, error) { return d.moveCopy(ctx, a, output, digest, at) })
}

func (d *Desk) moveCopy(ctx context.Context, a engine.Actor, output string, digest engine.Digest, at time.Time) (engine.Output, error) {
	const undone = "It keeps its time."
	a, o, err := d.open(ctx, a, ActionCopy, output)
	if err != nil {
		return o, err
	}
	at = at.UTC().Truncate(time.Minute)
	if err := d.future(ctx, at); err != nil {
		return o, err
	}
	if o.Digest != digest || o.Origin != engine.OriginCopy || !slices.Contains(inCalendar, o.State) {
		return o, d.lost(ctx, a, o.ID, digest, undone)
	}
	if err := d.vacant(ctx, o, at); err != nil {
		return o, err
	}
	draft := d.moved(ctx, o, at)
	if draft.Digest == o.Digest {
		return o, engine.Errorf(engine.CodeInvalid, "That is its time already. Nothing changed.")
	}
	if err := d.allowedAt(ctx, o, draft); err != nil {
		return o, err
	}
	t, err := d.task(ctx, o.Task)
	if err != nil {
		return o, err
	}
	if o, _, err = d.redraft(ctx, a, o, draft, "new time: waits for a yes again", undone); err != nil {
		return o, err
	}
	return d.own(ctx, a, t, o)
}

// RemoveCopy takes a piece of people's own copy out of its calendar; its words can be used again. It returns the piece that it took out, also on a second
// try of the same delivery. Code conflict when it has moved on, so also on a second call.
func (d *Desk) RemoveCopy(ctx context.Context, a engine.Actor, output string, digest engine.Digest) (engine.Output, error) {
	return once(ctx, d, "remove copy", func(ctx context.Context) (engine.Output, error) {
		if err := d.drop(ctx, a, output, digest); err != nil {
			return engine.Output{}, err
		}
		return d.store.Output(ctx, output)
	})
}

// OrderCopy puts a piece of people's own copy at the given place of its task's calendar, 1 for the first; the times of the calendar stay, and the pieces
// between move up or down by one. At L2 that is the mover's yes to each piece that moves. Code invalid for a place that there is not, conflict when
// the piece has moved on, so also on a second call.
func (d *Desk) OrderCopy(ctx context.Context, a engine.Actor, output string, digest engine.Digest, place int) (engine.Output, error) {
	return once(ctx, d, "order copy", func(ctx context.Context) (engine.Output, error) { return d.orderCopy(ctx, a, output, digest, place) })
}

func (d *Desk) orderCopy(ctx context.Context, a engine.Actor, output string, digest engine.Digest, place int) (engine.Output, error) {
	const undone = "The order is as it was."
	a, o, err := d.open(ctx, a, ActionCopy, output)
	if err != nil {
		return o, err
	}
	all, err := d.store.Outputs(ctx, engine.OutputFilter{Task: o.Task, States: inCalendar, SlotFrom: d.clock.Now(), SlotTo: d.clock.Now().Add(furthest)})
	if err != nil {
		return o, failed("reading the calendar of", o.Task, err)
	}
	all = slices.DeleteFunc(all, func(x engine.Output) bool { return x.Origin != engine.OriginCopy })
	from := slices.IndexFunc(all, func(x engine.Output) bool { return x.ID == o.ID && x.Digest == digest })
	switch {
	case from < 0:
		return o, d.lost(ctx, a, o.ID, digest, undone)
	case place < 1 || place > len(all):
		return o, engine.Errorf(engine.CodeInvalid, "The calendar has places 1 to %d. %s", len(all), undone)
	case place == from+1:
		return o, engine.Errorf(engine.CodeInvalid, "It stands there already. Nothing changed.")
	}
	return d.reorder(ctx, a, all, from, place-1, undone)
}

// reorder moves one piece of a calendar: first all that move are taken out of their times, then each is put at its new one, so that none is in the way
// of another's money. It returns the piece that was moved.
func (d *Desk) reorder(ctx context.Context, a engine.Actor, was []engine.Output, from, to int, undone string) (engine.Output, error) {
	t, err := d.task(ctx, was[from].Task)
	if err != nil {
		return was[from], err
	}
	next := slices.Delete(slices.Clone(was), from, from+1)
	next = slices.Insert(next, to, was[from])
	var moved []engine.Output
	for i, o := range next {
		if o.ID == was[i].ID {
			continue
		}
		o, _, err := d.redraft(ctx, a, o, d.moved(ctx, o, was[i].Slot), "new order: waits for a yes again", undone)
		if err != nil {
			return o, err
		}
		moved = append(moved, o)
	}
	mine := was[from]
	for _, o := range moved {
		if o, err = d.own(ctx, a, t, o); err != nil {
			return o, err
		}
		if o.ID == mine.ID {
			mine = o
		}
	}
	return mine, nil
}
