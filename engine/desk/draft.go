package desk

import (
	"context"
	"time"

	"koira/engine"
)

// Ask has koira write a piece for the task's next free slot; its arms are left to the loop. It returns the planned piece. Asking twice plans two.
func (d *Desk) Ask(ctx context.Context, a engine.Actor, task string) (engine.Output, error) {
	return once(ctx, d, "ask", func(ctx context.Context) (engine.Output, error) { return d.ask(ctx, a, task) })
}

func (d *Desk) ask(ctx context.Context, a engine.Actor, task string) (engine.Output, error) {
	a, err := d.allow(ctx, a, ActionAsk, Object{ID: task})
	if err != nil {
		return engine.Output{}, err
	}
	t, err := d.task(ctx, task)
	if err != nil {
		return engine.Output{}, err
	}
	if !t.Level.Rung().Writes {
		return engine.Output{}, engine.Errorf(engine.CodeBlocked, "%s is at %s (%s): I do not write for it. Nothing changed.", t.Name, t.Level, t.Level.Words())
	}
	if t.Paused != nil {
		return engine.Output{}, engine.Errorf(engine.CodeBlocked, "%s is paused: %s. Resume it first. Nothing changed.", t.Name, t.Paused.Why)
	}
	at, err := d.nextSlot(ctx, t)
	if err != nil {
		return engine.Output{}, err
	}
	s, err := d.store.Strategy(ctx)
	if err != nil {
		return engine.Output{}, failed("asking for a piece of", t.ID, err)
	}
	if l := s.LacksWords(); l != "" {
		return engine.Output{}, engine.Errorf(engine.CodeBlocked, "I write nothing for %s yet: %s. You own the what and the why: /koira strategy. Nothing changed.", t.Name, l)
	}
	if m := s.Misfit(t); m != "" {
		return engine.Output{}, engine.Errorf(engine.CodeBlocked, "I write nothing for %s: %s. /koira strategy shows what is in it. Nothing changed.", t.Name, m)
	}
	o := d.planned(ctx, t, engine.OriginAsked, at, "Asked for by a person.")
	o.Campaign = campaign(s, at)
	if o.Audience, err = d.reach(ctx, o); err != nil {
		return o, err
	}
	return o, d.add(ctx, o, a)
}

// reach is how many people a piece reaches, as its channel counted them lately or as people set it; 0 where nobody knows.
func (d *Desk) reach(ctx context.Context, o engine.Output) (int, error) {
	n, err := d.store.Audience(ctx, o.Channel, o.Segment, d.clock.Now())
	if err != nil {
		return 0, failed("counting the readers of", o.ID, err)
	}
	return n, nil
}

// campaign is the first offer that holds at a slot, "" when none does.
func campaign(s engine.Strategy, slot time.Time) string {
	for _, x := range s.Offers {
		if (engine.Fact{From: x.From, Until: x.Until}).Holds(slot) {
			return x.Key
		}
	}
	return ""
}

// planned is a new piece of a task.
func (d *Desk) planned(ctx context.Context, t engine.Task, origin engine.Origin, at time.Time, reason string) engine.Output {
	now := d.clock.Now()
	return engine.Output{
		ID: d.newID(), Task: t.ID, Origin: origin, State: engine.StatePlanned, Level: t.Level, Channel: t.Channel, Account: t.Account,
		Segment: t.Segment, Kind: t.Kind, Slot: at, Expires: t.Expires(at), Arms: engine.Arms{Slot: engine.SlotArm(at, d.zone(ctx))},
		Reason: reason, CostMax: t.CostMax, CreatedAt: now, UpdatedAt: now,
	}
}

func (d *Desk) add(ctx context.Context, o engine.Output, by engine.Actor) error {
	if err := d.store.AddOutput(ctx, o, by); err != nil {
		return failed("adding", o.ID, err)
	}
	return nil
}

// another asks for a new piece in the place of a rejected one: at the same time while that can still be met, else at the next free one.
func (d *Desk) another(ctx context.Context, a engine.Actor, o engine.Output) error {
	t, err := d.store.Task(ctx, o.Task)
	if err != nil {
		return failed("asking for another", o.ID, err)
	}
	if !t.Level.Rung().Writes {
		return engine.Errorf(engine.CodeBlocked, "Rejected. %s is at %s (%s), so I write no other.", t.Name, t.Level, t.Level.Words())
	}
	reason := "Asked for in the place of a rejected piece (" + o.ID + ")."
	at := o.Slot
	if at.Before(d.clock.Now().Add(soonest)) {
		if at, err = d.nextSlot(ctx, t); err != nil {
			return err
		}
	}
	n := d.planned(ctx, t, engine.OriginAsked, at, reason)
	n.Campaign = o.Campaign
	if n.Audience, err = d.reach(ctx, n); err != nil {
		return err
	}
	return d.add(ctx, n, a)
}

// Drop puts a piece aside for good, from wherever it waits: planned, drafted, waiting, held, scheduled or handed. Code conflict when it has
// moved on, so also on a second call.
func (d *Desk) Drop(ctx context.Context, a engine.Actor, output string, digest engine.Digest) error {
	return d.once(ctx, "drop", func(ctx context.Context) error { return d.drop(ctx, a, output, digest) })
}

func (d *Desk) drop(ctx context.Context, a engine.Actor, output string, digest engine.Digest) error {
	const undone = "Not dropped."
	a, o, err := d.open(ctx, a, ActionDrop, output)
	if err != nil {
		return err
	}
	to := engine.StateCancelled
	if o.State == engine.StateHanded { // koira cannot cancel what a person may be posting: it only stops expecting it
		to = engine.StateExpired
	}
	if o.Digest != digest || !engine.CanMove(o.State, to) {
		return d.lost(ctx, a, o.ID, digest, undone)
	}
	_, err = d.store.Move(ctx, engine.Move{
		Output: o.ID, From: o.State, To: to, Digest: digest, By: a, At: d.clock.Now(), Why: "dropped", Outcome: "dropped",
	})
	if err != nil {
		return d.failedMove(ctx, a, o, err, undone)
	}
	return nil
}
