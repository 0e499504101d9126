package desk

import (
	"context"
	"fmt"
	"slices"
	"time"

	"koira/engine"
)

// Wanted is a change of the rules that somebody asks for, as it is shown before it is in force.
type Wanted struct {
	engine.Request
	Changes []Change
	Lowers  []engine.Fall // tasks that would not keep their level, or not their record
	Preview engine.Tried  // what it would have done to what is in the log; empty where nobody can tell
	Signers []string      // user ids of who may sign what its asker confirms; none where no signature is needed
}

// Tightens reports whether any part of w is in force at once when it is turned on.
func (w Wanted) Tightens() bool {
	return slices.ContainsFunc(w.Changes, Change.AtOnce)
}

// Loosens reports whether any part of w gives koira more room.
func (w Wanted) Loosens() bool {
	return slices.ContainsFunc(w.Changes, func(c Change) bool { return c.Loosens })
}

// Done is what came of a change of the rules.
type Done struct {
	Changes []Change        // in force now
	Left    []string        // see engine.Request
	Lowered []engine.Fall   // tasks that they took a wall from
	Rest    *Wanted         // what gives more room, with what is possible only together with it, still to be confirmed by its asker, an owner
	Waits   *engine.Request // what waits for a second person's signature
	Alone   bool            // more room that one owner gave alone

	NotAsked bool // a part gives more room, which only an owner asks for: nobody was asked
}

const (
	keptFor   = time.Hour        // how long a change that was shown may be turned on or confirmed
	signedFor = 15 * time.Minute // how long one that was confirmed may be signed
	tries     = 5                // of a tightening, when somebody else changed the rules at the same moment: it is never lost to that
)

// Want works out what edits would change and keeps it to be turned on or confirmed; the rules stay as they are. Whoever may tighten may ask
// for a tightening, an owner for more room. Code conflict when nothing would differ, denied above the config file's ceiling.
func (d *Desk) Want(ctx context.Context, a engine.Actor, edits ...engine.RuleEdit) (Wanted, error) {
	w, err := d.wantOnce(ctx, a, edits)
	return d.tried(ctx, w, err), err
}

func (d *Desk) wantOnce(ctx context.Context, a engine.Actor, edits []engine.RuleEdit) (Wanted, error) {
	return once(ctx, d, "want", func(ctx context.Context) (Wanted, error) { return d.want(ctx, a, "", nil, edits) })
}

// tried is w with its preview, which is worked out after the act, never in it: it may take a moment, and changes nothing.
func (d *Desk) tried(ctx context.Context, w Wanted, err error) Wanted {
	if err != nil || d.preview == nil || engine.HasTurn(ctx) {
		return w
	}
	if p, err := d.plan(ctx, w.Edits); err == nil && p.was.Version == w.From { // else the next step says what is wrong
		w.Preview = d.preview(ctx, p.was, p.next)
	}
	return w
}

// Revert is Want of everything that differs from an earlier version of the rules. The config file's ceiling is no part of it, and what names something
// that is gone since is left out and told. Code not_found when there is no such version.
func (d *Desk) Revert(ctx context.Context, a engine.Actor, version int) (Wanted, error) {
	w, err := once(ctx, d, "revert", func(ctx context.Context) (Wanted, error) { return d.revert(ctx, a, version) })
	return d.tried(ctx, w, err), err
}

func (d *Desk) revert(ctx context.Context, a engine.Actor, version int) (Wanted, error) {
	a, err := d.allow(ctx, a, ActionTighten, Object{ID: fmt.Sprint("version ", version)})
	if err != nil {
		return Wanted{}, err
	}
	old, err := d.store.GuardrailsAt(ctx, version)
	if engine.CodeOf(err) == engine.CodeNotFound {
		return Wanted{}, engine.Errorf(engine.CodeNotFound, "There is no version %d of the rules. /guardrails history lists them. Nothing changed.", version)
	}
	if err != nil {
		return Wanted{}, failed("reading", "the rules", err)
	}
	g, err := d.store.Guardrails(ctx)
	if err != nil {
		return Wanted{}, failed("reading", "the rules", err)
	}
	s, err := d.scene(ctx)
	if err != nil {
		return Wanted{}, err
	}
	edits, left, err := wayBack(s, g, old)
	if err != nil {
		return Wanted{}, d.refusedChange(ctx, a, subjectOf(edits), err)
	}
	why := fmt.Sprintf("back to version %d", version)
	if len(left) > 0 {
		why += ", without what names something that is gone"
	}
	w, err := d.want(ctx, a, why, left, edits)
	if len(edits) == 0 && len(left) > 0 && engine.CodeOf(err) == engine.CodeConflict {
		return w, engine.Errorf(engine.CodeConflict, "Version %d differs only in what names something that is gone, which is left out: %s. Nothing changed.", version, someOf(left))
	}
	return w, err
}

func (d *Desk) want(ctx context.Context, a engine.Actor, why string, left []string, edits []engine.RuleEdit) (Wanted, error) {
	a, err := d.allow(ctx, a, ActionLook, Object{ID: subjectOf(edits)})
	if err != nil {
		return Wanted{}, err
	}
	p, err := d.plan(ctx, edits)
	if err != nil {
		return Wanted{}, d.refusedChange(ctx, a, subjectOf(edits), err)
	}
	if err := d.mayWant(ctx, a, p); err != nil {
		return Wanted{}, err
	}
	now := d.clock.Now()
	w := Wanted{Request: engine.Request{
		ID: d.newID(), Kind: engine.RequestRules, Subject: subjectOf(p.edits()), Edits: p.edits(), From: p.was.Version, To: p.was.Version + 1,
		Lines: p.lines(), Left: left, Why: why, State: engine.RequestAsked, By: a.ID, Surface: a.Surface, At: now, Expires: now.Add(keptFor),
	}}
	if w, err = d.shown(ctx, a, w, p); err != nil {
		return w, err
	}
	if err := d.store.AddRequest(ctx, w.Request); err != nil {
		return w, failed("keeping", w.Subject, err)
	}
	return w, nil
}

// shown fills in what is shown beside the changes.
func (d *Desk) shown(ctx context.Context, a engine.Actor, w Wanted, p plan) (_ Wanted, err error) {
	w.Changes = p.changes
	if w.Loosens() && d.people.NeedsSecond(a.ID) {
		w.Signers = d.people.Seconds(a.ID)
	}
	w.Lowers, err = d.falls(ctx, p)
	return w, err
}

// falls lists the tasks that do not keep their level with p, or not their record.
func (d *Desk) falls(ctx context.Context, p plan) ([]engine.Fall, error) {
	s, err := d.store.Strategy(ctx)
	if err != nil && engine.CodeOf(err) != engine.CodeNotFound {
		return nil, failed("reading", "the strategy", err)
	}
	return d.fallsUnder(ctx, s, p.next)
}

// fallsUnder lists the tasks that do not keep their level once s and g are in force, or not their record.
func (d *Desk) fallsUnder(ctx context.Context, s engine.Strategy, g engine.Guardrails) ([]engine.Fall, error) {
	tasks, err := d.store.Tasks(ctx)
	if err != nil {
		return nil, failed("reading", "the tasks", err)
	}
	var all []engine.Fall
	for _, t := range tasks {
		was, err := d.store.Footing(ctx, t.ID)
		f, costs := engine.CostOf(t, was, s, g)
		if engine.CodeOf(err) == engine.CodeNotFound { // what it was allowed for is not known, so that it stands on what is true now
			f, costs = engine.FallOf(t, g)
		} else if err != nil {
			return nil, failed("reading what stands behind", t.ID, err)
		}
		if costs {
			all = append(all, f)
		}
	}
	return all, nil
}

// Reopen is what a asked for, as Want returned it, for the window that confirms it. Code conflict when the rules have changed since.
func (d *Desk) Reopen(ctx context.Context, a engine.Actor, id string) (Wanted, error) {
	a, r, err := d.openRequest(ctx, a, ActionLoosen, id)
	if err != nil {
		return Wanted{}, err
	}
	p, err := d.planOn(ctx, a, r)
	if err != nil {
		return Wanted{}, err
	}
	w, err := d.shown(ctx, a, Wanted{Request: r}, p)
	return d.tried(ctx, w, err), err
}

// Tighten is Want and TurnOn in one: what tightens is in force when it returns. Where nothing does, it is returned to be confirmed.
func (d *Desk) Tighten(ctx context.Context, a engine.Actor, edits ...engine.RuleEdit) (Done, error) {
	w, err := d.wantOnce(ctx, a, edits)
	if err != nil {
		return Done{}, err
	}
	if !w.Tightens() {
		w = d.tried(ctx, w, nil)
		return Done{Rest: &w}, nil
	}
	return d.TurnOn(ctx, a, w.ID)
}

// TurnOn puts in force what tightens of a change that its asker was shown; it is worked out anew, on the rules of this moment. What gives more
// room is returned as the Rest where the asker may confirm it. Code conflict when it is settled already, so also on a second call.
func (d *Desk) TurnOn(ctx context.Context, a engine.Actor, id string) (Done, error) {
	done, err := once(ctx, d, "turn on", func(ctx context.Context) (Done, error) { return d.turnOn(ctx, a, id) })
	if done.Rest != nil {
		w := d.tried(ctx, *done.Rest, err)
		done.Rest = &w
	}
	return done, d.recheckRules(ctx, done, err)
}

func (d *Desk) turnOn(ctx context.Context, a engine.Actor, id string) (Done, error) {
	a, r, err := d.openRequest(ctx, a, ActionTighten, id)
	if err != nil {
		return Done{}, err
	}
	for range tries {
		var p, tight plan
		if p, err = d.plan(ctx, r.Edits); err != nil {
			return Done{}, err
		}
		now := part(p.changes, false)
		if len(now) == 0 { // the rules moved since it was shown: nothing of it is in force at once any more
			w, err := d.want(ctx, a, r.Why, r.Left, r.Edits)
			if err != nil {
				return Done{}, err
			}
			return Done{Rest: &w}, nil
		}
		if tight, err = d.plan(ctx, now); err != nil {
			return Done{}, err
		}
		if len(part(tight.changes, true)) > 0 { // the rules moved between the two looks
			continue
		}
		var lowered []engine.Fall
		if lowered, err = d.put(ctx, engine.RulesChange{By: a, Why: r.Why, Request: r.ID}, tight); engine.CodeOf(err) == engine.CodeConflict {
			if now, serr := d.store.Request(ctx, id); serr != nil || !now.Open(d.clock.Now()) {
				return Done{}, d.requestStands(ctx, a, now)
			}
			continue
		}
		if err != nil {
			return Done{Changes: tight.changes, Lowered: lowered}, err
		}
		return d.rest(ctx, a, r, Done{Changes: tight.changes, Left: r.Left, Lowered: lowered}, part(p.changes, true))
	}
	return Done{}, d.rulesMoved(ctx, a)
}

// rest offers an owner what a tightening left.
func (d *Desk) rest(ctx context.Context, a engine.Actor, r engine.Request, out Done, looser []engine.RuleEdit) (Done, error) {
	if len(looser) == 0 {
		return out, nil
	}
	if d.Authorize(a, ActionLoosen, Object{ID: r.ID}) != nil {
		out.NotAsked = true
		return out, nil
	}
	w, err := d.want(ctx, a, r.Why, r.Left, looser)
	switch engine.CodeOf(err) {
	case "":
		out.Rest = &w
	case engine.CodeInternal:
		return out, err
	}
	return out, nil // what tightens is in force; the rest is not possible any more
}

// Confirm is its asker's yes, in the window that showed it, to a change that gives more room: an owner's. Where a second person signs, it waits
// for that; else it is in force. Code conflict when the rules have changed since it was shown, or it is settled, so also on a second call.
func (d *Desk) Confirm(ctx context.Context, a engine.Actor, id, why string) (Done, error) {
	tried := d.triedFor(ctx, a, id)
	done, err := once(ctx, d, "confirm", func(ctx context.Context) (Done, error) { return d.confirm(ctx, a, id, why, tried) })
	return done, d.recheckRules(ctx, done, err)
}

// triedFor is what the second person is shown beside a change that waits for them; none where nobody signs.
func (d *Desk) triedFor(ctx context.Context, a engine.Actor, id string) []string {
	if !d.people.NeedsSecond(a.ID) {
		return nil
	}
	r, err := d.store.Request(ctx, id)
	if err != nil || r.Kind != engine.RequestRules || r.State != engine.RequestAsked { // confirming says what is wrong
		return nil
	}
	lines := d.tried(ctx, Wanted{Request: r}, nil).Preview.Lines
	if p, err := d.plan(ctx, r.Edits); err == nil {
		falls, _ := d.falls(ctx, p)
		for _, f := range falls {
			lines = append(lines, f.Words())
		}
	}
	return lines
}

func (d *Desk) confirm(ctx context.Context, a engine.Actor, id, why string, tried []string) (Done, error) {
	a, r, err := d.openRequest(ctx, a, ActionLoosen, id)
	if err != nil {
		return Done{}, err
	}
	if why, err = field("note", "The reason", why, false, maxNote); err != nil {
		return Done{}, err
	}
	if why == "" {
		why = r.Why
	}
	p, err := d.planOn(ctx, a, r)
	if err != nil {
		return Done{}, err
	}
	if d.people.NeedsSecond(a.ID) {
		return d.pend(ctx, a, r, why, tried)
	}
	lowered, err := d.put(ctx, engine.RulesChange{By: a, Why: why, Request: r.ID, Alone: true}, p)
	if engine.CodeOf(err) == engine.CodeConflict {
		return Done{}, d.lostRequest(ctx, a, r)
	}
	return Done{Changes: p.changes, Left: r.Left, Lowered: lowered, Alone: true}, err
}
