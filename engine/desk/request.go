package desk

import (
	"context"
	"fmt"

	"koira/engine"
)

// Request is what a asked for, or what waits for a signature, as it stands. A request that is not a's own and does not wait is not told.
func (d *Desk) Request(ctx context.Context, a engine.Actor, id string) (engine.Request, error) {
	a, err := d.allow(ctx, a, ActionLook, Object{ID: id})
	if err != nil {
		return engine.Request{}, err
	}
	return d.request(ctx, a, id)
}

func (d *Desk) request(ctx context.Context, a engine.Actor, id string) (engine.Request, error) {
	r, err := d.store.Request(ctx, id)
	switch {
	case engine.CodeOf(err) == engine.CodeNotFound || err == nil && r.State == engine.RequestAsked && r.By != a.ID:
		return engine.Request{}, engine.Errorf(engine.CodeNotFound, "There is no such request. Nothing changed.")
	case err != nil:
		return r, failed("reading", id, err)
	}
	return r, nil
}

// openRequest authorises a for going on with a request that they asked for themselves, and reads it.
func (d *Desk) openRequest(ctx context.Context, a engine.Actor, action Action, id string) (engine.Actor, engine.Request, error) {
	a, err := d.allow(ctx, a, action, Object{ID: id})
	if err != nil {
		return a, engine.Request{}, err
	}
	r, err := d.request(ctx, a, id)
	if err == nil && (r.State != engine.RequestAsked || !r.Open(d.clock.Now())) {
		err = d.requestStands(ctx, a, r)
	}
	return a, r, err
}

// pend lets a change wait for a second person.
func (d *Desk) pend(ctx context.Context, a engine.Actor, r engine.Request, why string, tried []string) (Done, error) {
	if err := d.somebodySigns(ctx, a, r.Subject); err != nil {
		return Done{}, err
	}
	now := d.clock.Now()
	err := d.store.PendRequest(ctx, r.ID, a, now, now.Add(signedFor), why, tried)
	if engine.CodeOf(err) == engine.CodeConflict {
		return Done{}, d.lostRequest(ctx, a, r)
	}
	if err != nil {
		return Done{}, failed("asking for", r.Subject, err)
	}
	if r, err = d.store.Request(ctx, r.ID); err != nil {
		return Done{}, failed("reading", r.ID, err)
	}
	return Done{Waits: &r}, nil
}

// somebodySigns refuses what could never be signed.
func (d *Desk) somebodySigns(ctx context.Context, a engine.Actor, subject string) error {
	if len(d.people.Seconds(a.ID)) > 0 {
		return nil
	}
	return d.refused(ctx, a, ActionSign, subject, engine.Errorf(engine.CodeDenied,
		"The config file wants a second person's signature (four_eyes), and nobody else here is an approver or an owner. Nothing changed."))
}

// Sign is the second person's yes to what an owner asked for: it is worked out anew and comes into force. Who asked does not sign, and who asked
// must still be an owner. Code conflict when it is settled, has run out, or what it would change has moved; so also on a second call.
func (d *Desk) Sign(ctx context.Context, a engine.Actor, id string) (Done, error) {
	done, err := once(ctx, d, "sign", func(ctx context.Context) (Done, error) { return d.sign(ctx, a, id) })
	return done, d.recheckRules(ctx, done, err)
}

func (d *Desk) sign(ctx context.Context, a engine.Actor, id string) (Done, error) {
	a, r, err := d.MaySign(ctx, a, id)
	if err != nil {
		return Done{}, err
	}
	starter := engine.Actor{ID: r.By, Team: d.people.Team, Role: engine.RoleOwner, Surface: r.Surface}
	if r.Kind == engine.RequestLevel {
		return Done{}, d.signLevel(ctx, a, starter, r)
	}
	p, err := d.planOn(ctx, a, r)
	if err != nil {
		return Done{}, err
	}
	lowered, err := d.put(ctx, engine.RulesChange{By: starter, Why: r.Why, Request: r.ID, Signed: a}, p)
	if engine.CodeOf(err) == engine.CodeConflict {
		return Done{}, d.lostRequest(ctx, a, r)
	}
	return Done{Changes: p.changes, Left: r.Left, Lowered: lowered}, err
}

// MaySign authorises a's signature and reads what it is for; it changes nothing.
func (d *Desk) MaySign(ctx context.Context, a engine.Actor, id string) (engine.Actor, engine.Request, error) {
	a, err := d.allow(ctx, a, ActionSign, Object{ID: id})
	if err != nil {
		return a, engine.Request{}, err
	}
	r, err := d.request(ctx, a, id)
	if err != nil {
		return a, r, err
	}
	if a, err = d.allow(ctx, a, ActionSign, Object{ID: id, Asker: r.By}); err != nil {
		return a, r, err
	}
	if r.State != engine.RequestPending || !r.Open(d.clock.Now()) {
		return a, r, d.requestStands(ctx, a, r)
	}
	if d.people.Role(r.By) != engine.RoleOwner {
		return a, r, engine.Errorf(engine.CodeConflict, "Who asked for this is not an owner any more, so it is not signed. Nothing changed.")
	}
	return a, r, nil
}

// CancelledByPerson is why a request ended that somebody took back.
const CancelledByPerson = "cancelled by a person"

// Cancel takes back what waits for a signature, or what the asker was shown; anybody may who may tighten. Code conflict when it is settled.
func (d *Desk) Cancel(ctx context.Context, a engine.Actor, id string) error {
	return d.once(ctx, "cancel", func(ctx context.Context) error { return d.cancel(ctx, a, id) })
}

func (d *Desk) cancel(ctx context.Context, a engine.Actor, id string) error {
	a, err := d.allow(ctx, a, ActionCancel, Object{ID: id})
	if err != nil {
		return err
	}
	r, err := d.request(ctx, a, id)
	if err != nil {
		return err
	}
	if !r.Open(d.clock.Now()) {
		return d.requestStands(ctx, a, r)
	}
	err = d.store.CancelRequest(ctx, id, a, d.clock.Now(), CancelledByPerson)
	if engine.CodeOf(err) == engine.CodeConflict {
		return d.lostRequest(ctx, a, r)
	}
	if err != nil {
		return failed("cancelling", id, err)
	}
	return nil
}

// lostRequest tells the asker, in code conflict, why going on with r came to nothing.
func (d *Desk) lostRequest(ctx context.Context, a engine.Actor, r engine.Request) error {
	now, err := d.store.Request(ctx, r.ID)
	if err != nil {
		return failed("reading", r.ID, err)
	}
	if !now.Open(d.clock.Now()) || now.State != r.State {
		return d.requestStands(ctx, a, now)
	}
	if r.State == engine.RequestAsked && r.Kind == engine.RequestRules {
		if g, err := d.store.Guardrails(ctx); err == nil && g.Version != r.From {
			return d.rulesMoved(ctx, a)
		}
	}
	return engine.Errorf(engine.CodeConflict, "That is asked for already, and waits for a signature; cancel it there to ask for something else. Nothing changed.")
}

// requestStands is one sentence, in code conflict, on how r stands.
func (d *Desk) requestStands(ctx context.Context, a engine.Actor, r engine.Request) error {
	say := func(who, format string, args ...any) error {
		e := engine.Errorf(engine.CodeConflict, format, args...)
		if who != "" && who != a.ID && who != engine.Koira.ID {
			e.Who = []string{who}
		}
		return e
	}
	at := d.when(ctx, r.EndedAt)
	switch {
	case r.State == engine.RequestApplied:
		return say(r.EndedBy, "%s put this in force at %s. Nothing left to do.", name(a, r.EndedBy), at)
	case r.State == engine.RequestCancelled && r.EndedWhy != CancelledByPerson:
		return say("", "This ended at %s: %s. Ask again. Nothing changed.", at, r.EndedWhy)
	case r.State == engine.RequestCancelled:
		return say(r.EndedBy, "%s cancelled this at %s. Nothing changed.", name(a, r.EndedBy), at)
	case !r.Open(d.clock.Now()):
		return say("", "This ran out at %s. Ask again. Nothing changed.", d.when(ctx, r.Expires))
	case r.State == engine.RequestPending:
		return say("", "This waits for a signature, until %s. Nothing changed.", d.when(ctx, r.Expires))
	}
	return say("", "This is not confirmed yet by who asked for it. Nothing changed.")
}

// signLevel gives a task the level that an owner asked for, with a's signature.
func (d *Desk) signLevel(ctx context.Context, a, starter engine.Actor, r engine.Request) error {
	t, err := d.store.Task(ctx, r.Subject)
	if err != nil {
		return failed("reading", r.Subject, err)
	}
	if t.Level != engine.Level(r.From) {
		return d.levelMoved(t)
	}
	p, err := d.proposal(ctx, t, engine.Level(r.To))
	if err != nil {
		return err
	}
	m, err := termsOf(r.Edits)
	if err != nil {
		return err
	}
	c, err := d.raise(starter, p, m)
	if err != nil {
		return err
	}
	c.Request, c.Signed = r.ID, a
	c.Why = fmt.Sprintf("allowed by %s, signed by %s: %s", starter.ID, a.ID, p.Proof)
	return d.changeTask(ctx, c)
}
