package desk

import (
	"context"
	"slices"
	"strings"

	"koira/engine"
)

// Once is what an owner would let one piece pass, for the window that confirms it.
type Once struct {
	Output  engine.Output
	Task    string            // its name
	Caps    []engine.MoneyCap // those that it exceeds; empty when it exceeds none
	Rise    engine.Rise       // what it needs on top of each
	Waives  []engine.Finding  // what else stops it that an owner may let through
	Ceiling engine.Money      // of the config file
}

// oncable are the states in which a piece waits for somebody's yes.
var oncable = []engine.State{engine.StateWaiting, engine.StateHeld}

// ProposeOnce says what letting this version pass would mean; it changes nothing. It is for owners. Code blocked when a rule stops it that nobody
// may waive, denied above the config file's ceiling, conflict when nothing stops it or it has moved on.
func (d *Desk) ProposeOnce(ctx context.Context, a engine.Actor, output string, digest engine.Digest) (Once, error) {
	const undone = "Nothing changed."
	a, o, err := d.open(ctx, a, ActionOnce, output)
	if err != nil {
		return Once{}, err
	}
	if o.Digest != digest && digest != "" || !slices.Contains(oncable, o.State) {
		return Once{}, d.lost(ctx, a, o.ID, digest, undone)
	}
	view, err := d.store.View(ctx, o.ID, engine.StageApproval, d.clock.Now())
	if err != nil {
		return Once{}, failed("looking at", o.ID, err)
	}
	if !view.Task.Level.Rung().Publishes {
		return Once{}, engine.Errorf(engine.CodeBlocked, "%s is at %s (%s): publish it by hand. %s", view.Task.Name, view.Task.Level, view.Task.Level.Words(), undone)
	}
	return d.needs(ctx, a, view, undone)
}

// needs works out what view's piece needs. An old yes of an owner counts for nothing: each is asked anew.
func (d *Desk) needs(ctx context.Context, a engine.Actor, view engine.View, undone string) (Once, error) {
	view.Approval = nil
	p := Once{Output: view.Output, Task: view.Task.Name, Ceiling: view.Guardrails.Budget.Ceiling}
	for _, c := range view.Caps() {
		if c.Short() == 0 {
			continue
		}
		p.Caps = append(p.Caps, c)
		if c.BeyondFile() {
			what := map[bool]string{true: "campaign", false: "week"}[c.Kind == engine.CapCampaign]
			return p, d.refused(ctx, a, ActionFile, view.Output.ID, engine.Errorf(engine.CodeDenied,
				"It would bring the %s to %s; the ceiling in the config file is %s, and nobody can go above it from here. %s", what, plain(c.Total()), plain(c.Ceiling), undone))
		}
	}
	p.Rise = engine.RiseOf(p.Caps)
	v := d.gate(view)
	for _, f := range v.Blocks() {
		switch {
		case f.Fixed:
			return p, blocked(engine.Verdict{Findings: []engine.Finding{f}}, undone)
		case f.Rule == engine.RuleBudget && len(p.Caps) > 0:
		case f.Held == engine.StateWaiting || f.Asks: // a person's yes is all that it asks for
		case f.Waivable:
			p.Waives = append(p.Waives, f)
		default:
			return p, blocked(engine.Verdict{Findings: []engine.Finding{f}}, undone)
		}
	}
	if len(p.Caps) == 0 && len(p.Waives) == 0 {
		return p, engine.Errorf(engine.CodeConflict, "No rule stops this any more. Approve it as it is. %s", undone)
	}
	return p, nil
}

// AllowOnce is an owner's yes to the version that c shows although it costs more than the caps leave: a one-time rise, for this version alone, of at
// most the sums that the window showed. The caps stay as they are, and the file's ceiling holds. What else an owner may waive of it must be among
// marks, which [Once.Marks] gave for the window: what came up since was not seen by them. Code conflict when it needs more by now, so that the owner
// looks again.
func (d *Desk) AllowOnce(ctx context.Context, a engine.Actor, c Click, shown engine.Rise, marks []string) error {
	return d.once(ctx, "allow once", func(ctx context.Context) error { return d.allowOnce(ctx, a, c, shown, marks) })
}

func (d *Desk) allowOnce(ctx context.Context, a engine.Actor, c Click, shown engine.Rise, marks []string) error {
	const undone = "Not allowed."
	p, err := d.ProposeOnce(ctx, a, c.Output, c.Digest)
	if err != nil {
		return err
	}
	if err := reaches(p.Output, c, undone); err != nil {
		return err
	}
	if !within(p.Rise, shown) {
		return engine.Errorf(engine.CodeConflict, "More is used by now, so it would need more than the window showed. Look again. %s", undone)
	}
	for _, f := range p.Waives {
		if !slices.Contains(marks, f.Mark()) {
			return blocked(engine.Verdict{Findings: []engine.Finding{f}}, undone)
		}
	}
	a.Role = d.people.Role(a.ID)
	more := given{p.Rise, p.waivers()}
	why := "let through once by " + a.ID
	if rules := engine.RulesPast(more.overCap, more.waived); len(rules) > 0 {
		why += ": " + strings.Join(rules, ", ")
	}
	return d.yes(ctx, a, p.Output, c, more, why)
}

// ApproveAnyway is an owner's yes to the version that c shows although rules stop it: exactly what [Once.Marks] names, which the window
// showed, and only where each may be waived. Money above a cap is none of them: that is AllowOnce's.
func (d *Desk) ApproveAnyway(ctx context.Context, a engine.Actor, c Click, marks []string) error {
	return d.AllowOnce(ctx, a, c, engine.Rise{}, marks)
}

// within reports whether a rise needs no more than was shown.
func within(r, shown engine.Rise) bool {
	return r.Week <= shown.Week && r.Task <= shown.Task && r.Campaign <= shown.Campaign && r.Output <= shown.Output
}

// Marks names what p.Waives shows, for the yes to it.
func (p Once) Marks() []string {
	var marks []string
	for _, f := range p.Waives {
		if m := f.Mark(); !slices.Contains(marks, m) {
			marks = append(marks, m)
		}
	}
	return marks
}

func (p Once) waivers() []engine.Waiver {
	var ws []engine.Waiver
	for _, f := range p.Waives {
		if w := engine.WaiverOf(f); !slices.Contains(ws, w) {
			ws = append(ws, w)
		}
	}
	return ws
}
