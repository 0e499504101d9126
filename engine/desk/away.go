package desk

import (
	"context"
	"fmt"
	"slices"
	"time"

	"koira/engine"
)

// Away is what an owner wants to hold while they are away.
type Away struct {
	Until    time.Time // the beginning of the day on which they are back
	Delegate string    // user id of who decides meanwhile, "" for nobody
	MaxLevel engine.Level
	Capped   bool // Budget is the most that may be spent in that time
	Budget   engine.Money
}

// ProposeAway authorises a for going away as w says, and checks w; it changes nothing. It gives a's absence that runs already, if one does. Code
// invalid, with the field, for what cannot be.
func (d *Desk) ProposeAway(ctx context.Context, a engine.Actor, w Away) (running *engine.Absence, err error) {
	if a, err = d.allow(ctx, a, ActionAway, Object{ID: a.ID}); err != nil {
		return nil, err
	}
	as, err := d.store.Absences(ctx)
	if err != nil {
		return nil, failed("reading", "absences", err)
	}
	now := d.clock.Now()
	for _, x := range as {
		if x.Owner == a.ID && x.Holds(now) {
			running = &x
		}
	}
	return running, d.checkAway(a, w, as, now)
}

// checkAway refuses what cannot be. Who decides meanwhile is one listed person who is there, and whom nobody else asked: what was given for a time
// is not given on.
func (d *Desk) checkAway(a engine.Actor, w Away, as []engine.Absence, now time.Time) error {
	bad := func(field, format string, args ...any) error {
		e := engine.Errorf(engine.CodeInvalid, format+" Nothing changed.", args...)
		e.Field = field
		if field == "delegate" && w.Delegate != "" {
			e.Who = []string{w.Delegate}
		}
		return e
	}
	away := func(id string) bool {
		return slices.ContainsFunc(as, func(x engine.Absence) bool { return x.Owner == id && x.Holds(now) })
	}
	switch {
	case !w.Until.After(now):
		return bad("until", "That time is past.")
	case w.Until.Sub(now) > engine.LongestAbsence+24*time.Hour:
		return bad("until", "That is too far ahead: at most %d days.", int(engine.LongestAbsence/(24*time.Hour)))
	case w.MaxLevel < engine.LeastAway || w.MaxLevel > engine.L5:
		return bad("level", "While you are away I can be held to L3, L4 or L5. To stop everything: /koira stop.")
	case w.Capped && w.Budget < 0:
		return bad("budget", "The money for that time cannot be negative.")
	case w.Delegate == "":
		return nil
	case w.Delegate == a.ID:
		return bad("delegate", "You cannot decide for yourself while you are away. Choose somebody else, or nobody.")
	case d.people.Role(w.Delegate) < engine.RoleOperator:
		return bad("delegate", "@%s is no operator, approver or owner here, so they cannot decide for you.", w.Delegate)
	case away(w.Delegate):
		return bad("delegate", "@%s is away too, so they cannot decide for you.", w.Delegate)
	}
	for _, x := range as {
		if x.Delegate == a.ID && x.Holds(now) && d.people.Role(x.Owner) == engine.RoleOwner {
			e := engine.Errorf(engine.CodeInvalid, "@%s asked you to decide for them, so you cannot ask somebody else to. Go away without, or wait until they are back. Nothing changed.", x.Owner)
			e.Field, e.Who = "delegate", []string{x.Owner}
			return e
		}
	}
	return nil
}

// GoAway writes that a, an owner, is away as w says, from now on. An absence of theirs that runs is changed. What would go out by itself until then
// and may not any more waits, or is held. Calling it twice changes nothing more. Code invalid as ProposeAway's.
func (d *Desk) GoAway(ctx context.Context, a engine.Actor, w Away) (engine.Absence, error) {
	x, err := once(ctx, d, "away", func(ctx context.Context) (engine.Absence, error) {
		if _, err := d.ProposeAway(ctx, a, w); err != nil {
			return engine.Absence{}, err
		}
		x, err := d.store.StartAbsence(ctx, engine.Absence{
			ID: d.newID(), Owner: a.ID, Until: w.Until, Delegate: w.Delegate, MaxLevel: w.MaxLevel, Capped: w.Capped, Budget: w.Budget,
		}, a, d.clock.Now())
		if err != nil {
			return x, failed("going away of", a.ID, err)
		}
		return x, nil
	})
	return x, d.recheckAway(ctx, err)
}

// Back writes that a, an owner, is there again. What was held only because nobody was goes on. Code conflict when they are not away, so also on a
// second call.
func (d *Desk) Back(ctx context.Context, a engine.Actor) (engine.Absence, error) {
	x, err := once(ctx, d, "back", func(ctx context.Context) (engine.Absence, error) {
		a, err := d.allow(ctx, a, ActionAway, Object{ID: a.ID})
		if err != nil {
			return engine.Absence{}, err
		}
		x, err := d.store.EndAbsence(ctx, a.ID, a, d.clock.Now())
		if engine.CodeOf(err) == engine.CodeConflict {
			return x, engine.Errorf(engine.CodeConflict, "You are not away. Nothing left to do.")
		}
		if err != nil {
			return x, failed("coming back of", a.ID, err)
		}
		return x, nil
	})
	return x, d.recheckAway(ctx, err)
}

// seenEvery is how long after the last line of the log that an owner wrote another one says that they were here.
const seenEvery = time.Hour

// Seen notes that the person with this id did something here which may have changed nothing: an owner who only looks is not away. Whoever may do it,
// since it gives nothing. It writes nothing for who is no owner, nor where the log tells already of an owner in the last hour.
func (d *Desk) Seen(ctx context.Context, id string) error {
	if d.people.Role(id) < engine.RoleOwner {
		return nil
	}
	last, err := d.store.OwnersLast(ctx, id)
	if err != nil {
		return failed("noting", id, err)
	}
	now := d.clock.Now()
	if slices.Contains(d.people.With(engine.RoleOwner), last.Actor) && now.Sub(last.At) < seenEvery {
		return nil
	}
	return d.once(ctx, "seen", func(ctx context.Context) error {
		return d.store.Record(ctx, engine.Event{At: now, Actor: id, Surface: engine.SurfaceSlack, Action: "owner.seen", Subject: id})
	})
}

// recheckAway brings the queues in line with who is there; it comes after the act, as recheckLowered.
func (d *Desk) recheckAway(ctx context.Context, err error) error {
	if err != nil {
		return err
	}
	if _, err := d.Recheck(ctx, ""); err != nil {
		return fmt.Errorf("after who is away changed: %w", err)
	}
	return nil
}
