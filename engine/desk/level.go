package desk

import (
	"context"
	"fmt"
	"strings"

	"koira/engine"
	"koira/engine/trust"
)

// Cooldown is how long after a lowering for cause a task is not raised again.
const Cooldown = trust.Cooldown

// Proposal is a wanted change of a task's level, for the window that confirms it.
type Proposal struct {
	Task     engine.Task
	From, To engine.Level
	Raises   bool
	Missing  []string     // what stands in the way of a raise, in words; it may be confirmed only when this is empty
	Opens    []string     // keys of the limits whose windows set what of it people can set
	Record   trust.Record // since the last lowering for cause
	Proof    string       // the record as it is offered, and as the Grant will carry it
}

// ProposeLevel says what a change of level would mean; it changes nothing. A raise can be proposed by an owner only. Code invalid for a
// level that is not the next one on the path.
func (d *Desk) ProposeLevel(ctx context.Context, a engine.Actor, task string, to engine.Level) (Proposal, error) {
	if _, err := d.allow(ctx, a, ActionLook, Object{ID: task}); err != nil {
		return Proposal{}, err
	}
	t, err := d.task(ctx, task)
	if err != nil {
		return Proposal{}, err
	}
	if _, err := d.allow(ctx, a, direction(t.Level, to), Object{ID: t.ID}); err != nil {
		return Proposal{}, err
	}
	return d.proposal(ctx, t, to)
}

func direction(from, to engine.Level) Action {
	if to > from {
		return ActionRaise
	}
	return ActionLower
}

func (d *Desk) proposal(ctx context.Context, t engine.Task, to engine.Level) (Proposal, error) {
	p := Proposal{Task: t, From: t.Level, To: to, Raises: to > t.Level}
	switch {
	case to < engine.L0 || to > engine.L5:
		return p, engine.Errorf(engine.CodeInvalid, "A level is one of L0 to L5. Nothing changed.")
	case to == t.Level:
		return p, d.already(ctx, t)
	case !p.Raises:
		return p, nil
	}
	// L2 is a choice beside the path, so it may be chosen from below; every other raise is one rung.
	if next, ok := t.Level.Above(); to != engine.L2 && (!ok || to != next) {
		return p, engine.Errorf(engine.CodeInvalid, "From %s the next step is %s (%s). Nothing changed.", t.Level, next, next.Words())
	}
	return d.prove(ctx, p)
}

// already is the error of a wish for the level that t is at: also that nobody's yes to it is in force, and how it comes back.
func (d *Desk) already(ctx context.Context, t engine.Task) error {
	g, err := d.store.Grant(ctx, t.ID)
	if err != nil {
		return failed("reading the grant of", t.ID, err)
	}
	if t.Level.Rung().Unasked && !g.Allows(t.Level) {
		return engine.Errorf(engine.CodeConflict, "%s is at %s already, but no owner's yes to it is in force, so each piece waits for a yes. Lower it to %s; from there an owner can allow more again. Nothing changed.",
			t.Name, t.Level, engine.L3)
	}
	return engine.Errorf(engine.CodeConflict, "%s is at %s (%s) already. Nothing left to do.", t.Name, t.Level, t.Level.Words())
}

// prove fills in the record of a raise and what is missing.
func (d *Desk) prove(ctx context.Context, p Proposal) (Proposal, error) {
	ch, err := d.channel(p.Task.Channel)
	if err != nil {
		return p, err
	}
	c, err := trust.Gather(ctx, d.store, trust.Door{Traits: ch.Traits(), Metered: d.metered[p.Task.Channel]}, p.Task, p.To, d.clock.Now())
	if err != nil {
		return p, failed("proving", p.Task.ID, err)
	}
	p.Record, p.Proof, p.Missing, p.Opens = c.Record, c.Record.Words(), c.Missing(), c.Walls.Opens(p.To)
	return p, nil
}

// SetLevel changes a task's level from the one that the asker saw. Lowering takes effect at once. Raising is an owner's confirmed click, one
// rung on the path, never above what caps the task and never beyond its record: else code blocked with what is missing, whoever asks. It
// gives the Grant, or returns the request that waits for a second person's signature. Code conflict when the level has moved, so also on a
// second call.
func (d *Desk) SetLevel(ctx context.Context, a engine.Actor, task string, from, to engine.Level) (waits *engine.Request, err error) {
	return d.SetLevelWithin(ctx, a, task, from, to, engine.Terms{})
}

// SetLevelWithin is SetLevel with terms that tighten the grant of a raise. Code invalid, with its field, for terms that would give more than the
// task's own limits.
func (d *Desk) SetLevelWithin(ctx context.Context, a engine.Actor, task string, from, to engine.Level, m engine.Terms) (waits *engine.Request, err error) {
	r, err := once(ctx, d, "level", func(ctx context.Context) (levelSet, error) { return d.setLevel(ctx, a, task, from, to, m) })
	return r.Waits, d.recheckLowered(ctx, r.Lowered, err)
}

// levelSet is what came of setting a level: the task that was lowered, "" for none, or the request that waits.
type levelSet struct {
	Lowered string
	Waits   *engine.Request
}

// WishLevel carries out a wish for a level that somebody typed, from whatever level the task is at: down at once, and then done is true. What it
// returns of a raise is for an owner to confirm with SetLevel; code blocked with what is missing.
func (d *Desk) WishLevel(ctx context.Context, a engine.Actor, task string, to engine.Level) (p Proposal, done bool, err error) {
	p, err = once(ctx, d, "wish level", func(ctx context.Context) (Proposal, error) { return d.wishLevel(ctx, a, task, to) })
	if err != nil || p.Raises {
		return p, false, err
	}
	return p, true, d.recheckLowered(ctx, p.Task.ID, nil)
}

func (d *Desk) wishLevel(ctx context.Context, a engine.Actor, task string, to engine.Level) (Proposal, error) {
	p, err := d.ProposeLevel(ctx, a, task, to)
	if err != nil {
		return p, err
	}
	if p.Raises {
		return p, p.blocked()
	}
	a.Role = d.people.Role(a.ID)
	return p, d.lower(ctx, a, p.Task, to, "lowered by "+a.ID, false)
}

// blocked is the error of a raise that something stands in the way of, nil for none.
func (p Proposal) blocked() error {
	if len(p.Missing) == 0 {
		return nil
	}
	return &engine.Error{
		Code: engine.CodeBlocked, Who: p.Record.Silent(),
		Message: fmt.Sprintf("%s cannot go to %s yet. Missing: %s. Nothing changed.", p.Task.Name, p.To, strings.Join(p.Missing, "; ")),
	}
}

func (d *Desk) setLevel(ctx context.Context, a engine.Actor, task string, from, to engine.Level, m engine.Terms) (levelSet, error) {
	p, err := d.ProposeLevel(ctx, a, task, to)
	if code := engine.CodeOf(err); p.From != from && (code == "" || code == engine.CodeInvalid && p.Task.ID != "") {
		return levelSet{}, d.levelMoved(p.Task)
	}
	if err != nil {
		return levelSet{}, err
	}
	a.Role = d.people.Role(a.ID)
	if !p.Raises {
		return levelSet{Lowered: p.Task.ID}, d.lower(ctx, a, p.Task, to, "lowered by "+a.ID, false)
	}
	if err := d.checkTerms(ctx, p.Task, m); err != nil {
		return levelSet{}, err
	}
	c, err := d.raise(a, p, m)
	if err != nil {
		return levelSet{}, err
	}
	if d.people.NeedsSecond(a.ID) {
		r, err := d.askLevel(ctx, a, p, m)
		return levelSet{Waits: r}, err
	}
	c.Alone = true
	return levelSet{}, d.changeTask(ctx, c)
}

// raise is the change that an owner's yes to p makes; code blocked while something is missing.
func (d *Desk) raise(owner engine.Actor, p Proposal, m engine.Terms) (engine.TaskChange, error) {
	if err := p.blocked(); err != nil {
		return engine.TaskChange{}, err
	}
	c := d.levelChange(owner, p.Task, p.To, "allowed by "+owner.ID+": "+p.Proof)
	c.Grant = &engine.Grant{
		ID: d.newID(), Task: p.Task.ID, Level: p.To, By: owner.ID, Role: owner.Role, At: c.At, From: owner.Surface, Proof: p.Proof, Terms: m,
	}
	return c, nil
}

// askLevel lets a raise wait for a second person.
func (d *Desk) askLevel(ctx context.Context, a engine.Actor, p Proposal, m engine.Terms) (*engine.Request, error) {
	if err := d.somebodySigns(ctx, a, p.Task.ID); err != nil {
		return nil, err
	}
	now := d.clock.Now()
	r := engine.Request{
		ID: d.newID(), Kind: engine.RequestLevel, Subject: p.Task.ID, From: int(p.From), To: int(p.To), State: engine.RequestPending,
		Lines: []string{
			fmt.Sprintf("%s: %s (%s) → %s (%s)", p.Task.Name, p.From, p.From.Words(), p.To, p.To.Words()),
			"Reviews: " + p.Proof,
		},
		By: a.ID, Surface: a.Surface, At: now, Expires: now.Add(signedFor), Edits: termEdits(m),
	}
	s, err := d.store.Strategy(ctx)
	if err != nil {
		return nil, failed("reading", "the strategy", err)
	}
	if words := m.Words(s.Business.Currency, s.Business.Location()); words != "" {
		r.Lines = append(r.Lines, "Within: "+words)
	}
	err = d.store.AddRequest(ctx, r)
	if engine.CodeOf(err) == engine.CodeConflict {
		return nil, engine.Errorf(engine.CodeConflict, "More room for %s is asked for already, and waits for a signature. Nothing changed.", p.Task.Name)
	}
	if err != nil {
		return nil, failed("asking for", p.Task.ID, err)
	}
	return &r, nil
}

func (d *Desk) levelMoved(t engine.Task) error {
	return engine.Errorf(engine.CodeConflict, "%s is at %s (%s) now; it moved since you looked. Nothing changed.", t.Name, t.Level, t.Level.Words())
}

// lower takes a task down at once; what would have gone out on the strength of the old level is rechecked after the act. For cause means that
// evidence, not a wish, lowers it: then the cooldown begins.
func (d *Desk) lower(ctx context.Context, a engine.Actor, t engine.Task, to engine.Level, why string, cause bool) error {
	c := d.levelChange(a, t, to, why)
	c.Lowered = cause
	return d.changeTask(ctx, c)
}

func (d *Desk) levelChange(a engine.Actor, t engine.Task, to engine.Level, why string) engine.TaskChange {
	now, id := d.clock.Now(), d.newID()
	return engine.TaskChange{
		Task: t.ID, From: t.Level, To: to, By: a, At: now, Why: why,
		Decision: &engine.Decision{ID: id, Task: t.ID, At: now, What: "level", From: t.Level.String(), To: to.String(), Signal: why},
		Notices:  []engine.Notice{{ID: d.newID(), Kind: engine.NoticeLevel, Subject: id, Due: now}},
	}
}

// changeTask applies c; a conflict becomes a sentence on how the task stands.
func (d *Desk) changeTask(ctx context.Context, c engine.TaskChange) error {
	err := d.store.ChangeTask(ctx, c)
	if engine.CodeOf(err) != engine.CodeConflict {
		return err
	}
	t, rerr := d.store.Task(ctx, c.Task)
	if rerr != nil {
		return failed("reading", c.Task, rerr)
	}
	return d.levelMoved(t)
}
