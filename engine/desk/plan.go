package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"koira/engine"
)

// plan is a change worked out against the rules in force.
type plan struct {
	scene     scene
	was, next engine.Guardrails
	changes   []Change
}

func (d *Desk) plan(ctx context.Context, edits []engine.RuleEdit) (plan, error) {
	var p plan
	var err error
	if p.scene, err = d.scene(ctx); err != nil {
		return p, err
	}
	if p.was, err = d.store.Guardrails(ctx); err != nil {
		return p, failed("reading", "the rules", err)
	}
	p.changes, p.next, err = compute(p.scene, p.was, edits)
	return p, err
}

func (p plan) edits() []engine.RuleEdit {
	return slices.Concat(part(p.changes, false), part(p.changes, true))
}

func (p plan) lines() []string {
	lines := make([]string, len(p.changes))
	for i, c := range p.changes {
		lines[i] = c.String()
	}
	return lines
}

// what is p as a line of the history.
func (p plan) what() string { return someOf(p.lines()) }

// someOf joins the first of lines, and says how many more there are.
func someOf(lines []string) string {
	const most = 20
	if n := len(lines) - most; n > 0 {
		lines = append(lines[:most:most], fmt.Sprintf("and %d more", n))
	}
	return strings.Join(lines, "; ")
}

// subjectOf names edits in the log: their rules.
func subjectOf(edits []engine.RuleEdit) string {
	var rules []string
	for _, e := range edits {
		rules = append(rules, e.Rule)
	}
	return cut(strings.Join(rules, ", "))
}

// mayWant holds a change against role and ceiling. One that tightens in part, at once, may be asked for by whoever may tighten; the rest is left to an owner.
func (d *Desk) mayWant(ctx context.Context, a engine.Actor, p plan) error {
	least := ActionLoosen
	if len(part(p.changes, false)) > 0 {
		least = ActionTighten
	}
	if _, err := d.allow(ctx, a, least, Object{ID: subjectOf(p.edits())}); err != nil {
		return err
	}
	return d.underCeiling(ctx, a, p)
}

func (d *Desk) underCeiling(ctx context.Context, a engine.Actor, p plan) error {
	if err := ceilings(p.scene, p.was, p.next); err != nil {
		return d.refused(ctx, a, ActionFile, subjectOf(p.edits()), err)
	}
	return nil
}

// refusedChange answers a change that makes no sense. Who may not even tighten is told that instead.
func (d *Desk) refusedChange(ctx context.Context, a engine.Actor, subject string, why error) error {
	if _, err := d.allow(ctx, a, ActionTighten, Object{ID: subject}); err != nil {
		return err
	}
	return why
}

// planOn works r out anew on the version that it was shown on: nothing that it claims is believed but which rule gets which value.
func (d *Desk) planOn(ctx context.Context, a engine.Actor, r engine.Request) (plan, error) {
	p, err := d.plan(ctx, r.Edits)
	if p.was.Version != r.From && (err == nil || engine.CodeOf(err) != engine.CodeInternal) {
		return p, d.rulesMoved(ctx, a)
	}
	if err != nil {
		return p, err
	}
	return p, d.underCeiling(ctx, a, p)
}

// put writes a plan in the place of the version that it was worked out on, and gives the tasks that this lowers.
func (d *Desk) put(ctx context.Context, c engine.RulesChange, p plan) ([]engine.Fall, error) {
	lowered, err := d.falls(ctx, p)
	if err != nil {
		return nil, err
	}
	c.From, c.To, c.At, c.What = p.was.Version, p.next, d.clock.Now(), p.what()
	return lowered, d.store.ChangeGuardrails(ctx, c)
}

// recheckRules holds what is queued against the rules that are in force since done. It comes after the act, since it may be long and may be
// repeated.
func (d *Desk) recheckRules(ctx context.Context, done Done, err error) error {
	if err != nil || len(done.Changes) == 0 {
		return err
	}
	if _, err := d.Recheck(ctx, ""); err != nil {
		// The limit holds all the same: each piece is checked again before it goes out.
		return fmt.Errorf("rechecking under the new rules: %w", err)
	}
	return nil
}

// rulesMoved says who changed the rules under an open window.
func (d *Desk) rulesMoved(ctx context.Context, a engine.Actor) error {
	last, err := d.store.GuardrailChanges(ctx, 1)
	if err != nil {
		return failed("reading", "guardrails", err)
	}
	if len(last) == 0 {
		return engine.Errorf(engine.CodeConflict, "The rules changed since you looked. Nothing changed by your tap.")
	}
	l := last[0]
	e := engine.Errorf(engine.CodeConflict, "%s changed the rules at %s (%s), after you looked. Nothing changed by your tap.",
		name(a, l.By), d.when(ctx, l.At), l.Why)
	if l.By != a.ID {
		e.Who = []string{l.By}
	}
	return e
}
