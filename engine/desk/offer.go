package desk

import (
	"context"

	"koira/engine"
)

// Snooze is an owner's "not now" to an offer: it is not made again for a while. It changes no level. Code conflict, with a sentence on how the
// offer stands, where it does not ask any more, so also on a second call.
func (d *Desk) Snooze(ctx context.Context, a engine.Actor, id string) error {
	return d.once(ctx, "snooze", func(ctx context.Context) error { return d.snooze(ctx, a, id) })
}

func (d *Desk) snooze(ctx context.Context, a engine.Actor, id string) error {
	a, err := d.allow(ctx, a, ActionSnooze, Object{ID: id})
	if err != nil {
		return err
	}
	now := d.clock.Now()
	err = d.store.MoveRaiseOffer(ctx, engine.OfferMove{
		ID: id, From: engine.OfferOpen, To: engine.OfferSnoozed, By: a, At: now, Until: now.Add(engine.SnoozedFor), Why: "not now",
	})
	switch engine.CodeOf(err) {
	case "":
		return nil
	case engine.CodeConflict, engine.CodeNotFound:
		return d.offerStands(ctx, id)
	}
	return failed("putting off", id, err)
}

// offerStands is one sentence, in code conflict, on how an offer stands.
func (d *Desk) offerStands(ctx context.Context, id string) error {
	o, err := d.store.RaiseOffer(ctx, id)
	switch {
	case engine.CodeOf(err) == engine.CodeNotFound:
		return engine.Errorf(engine.CodeNotFound, "There is no such offer. Nothing changed.")
	case err != nil:
		return failed("reading", id, err)
	case o.State == engine.OfferSnoozed:
		e := engine.Errorf(engine.CodeConflict, "@%s put this off at %s, until %s. Nothing left to do.", o.By, d.when(ctx, o.MovedAt), d.when(ctx, o.Until))
		e.Who = []string{o.By}
		return e
	}
	return engine.Errorf(engine.CodeConflict, "This is not offered any more since %s: %s. Nothing left to do.", d.when(ctx, o.MovedAt), o.Why)
}

// SeeLook notes that a has looked through what a task did by itself. Code conflict when somebody has already, so also on a second call.
func (d *Desk) SeeLook(ctx context.Context, a engine.Actor, id string) error {
	return d.once(ctx, "see look", func(ctx context.Context) error { return d.seeLook(ctx, a, id) })
}

func (d *Desk) seeLook(ctx context.Context, a engine.Actor, id string) error {
	a, err := d.allow(ctx, a, ActionSee, Object{ID: id})
	if err != nil {
		return err
	}
	l, err := d.store.Look(ctx, id)
	if engine.CodeOf(err) == engine.CodeNotFound {
		return engine.Errorf(engine.CodeNotFound, "There is nothing like that to look through. Nothing changed.")
	}
	if err != nil {
		return failed("reading", id, err)
	}
	if !l.SeenAt.IsZero() {
		e := engine.Errorf(engine.CodeConflict, "@%s has seen this at %s. Nothing left to do.", l.SeenBy, d.when(ctx, l.SeenAt))
		e.Who = []string{l.SeenBy}
		return e
	}
	if err := d.store.SeeLook(ctx, id, a, d.clock.Now()); err != nil {
		return failed("noting", id, err)
	}
	return nil
}
