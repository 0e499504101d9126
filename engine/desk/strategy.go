package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"koira/engine"
	"koira/engine/guard"
)

type strategies interface {
	StrategyAt(ctx context.Context, version int) (engine.Strategy, error)
	StrategyHistory(ctx context.Context, offset, limit int) ([]engine.StrategyVersion, error)
	ChangeStrategy(ctx context.Context, c engine.StrategyChange) error
}

// StrategyWanted is a change of the strategy that an owner asks for, as it is shown before it is in force. Its request's Edits are what was
// typed, of the parts that were touched.
type StrategyWanted struct {
	engine.Request
	Changes []Change
	Effects engine.Tried            // what it does to pieces and tasks; empty while Moved
	Moved   *engine.StrategyVersion // somebody has changed the same part since: nothing can be applied before its asker has looked at both
}

// StrategyDone is what came of a change of the strategy.
type StrategyDone struct {
	Changes []Change        // in force now; empty while Moved
	Version int             // in force now
	Stopped int             // pieces that were queued and are stopped by it now
	Moved   *StrategyWanted // see StrategyWanted.Moved
}

// WantStrategy works out what a window's texts would change and keeps them to be applied; the strategy stays as it is. from is the version that the
// window showed: a part that was not touched in it stays as it is now. What somebody else has changed in the same part meanwhile is no error: it is
// told in Moved, and what was typed is kept. Code conflict when nothing would differ, invalid with the part as its field.
func (d *Desk) WantStrategy(ctx context.Context, a engine.Actor, from int, edits ...engine.RuleEdit) (StrategyWanted, error) {
	w, err := once(ctx, d, "want strategy", func(ctx context.Context) (StrategyWanted, error) { return d.wantStrategy(ctx, a, from, "", edits) })
	return d.affects(ctx, w, err)
}

// RevertStrategy is WantStrategy of everything that differs from an earlier version. Who the business is stays as it is, and a fact that was looked at
// since stays looked at. Code not_found when there is no such version.
func (d *Desk) RevertStrategy(ctx context.Context, a engine.Actor, version int) (StrategyWanted, error) {
	w, err := once(ctx, d, "revert strategy", func(ctx context.Context) (StrategyWanted, error) {
		if _, err := d.allow(ctx, a, ActionStrategy, Object{ID: engine.TheStrategy}); err != nil {
			return StrategyWanted{}, err
		}
		now, err := d.store.Strategy(ctx)
		if err != nil {
			return StrategyWanted{}, failed("reading", engine.TheStrategy, err)
		}
		return d.wantStrategy(ctx, a, now.Version, fmt.Sprintf("back to version %d", version), []engine.RuleEdit{{Rule: partVersion, To: strconv.Itoa(version)}})
	})
	return d.affects(ctx, w, err)
}

func (d *Desk) wantStrategy(ctx context.Context, a engine.Actor, from int, why string, edits []engine.RuleEdit) (StrategyWanted, error) {
	a, err := d.allow(ctx, a, ActionStrategy, Object{ID: engine.TheStrategy})
	if err != nil {
		return StrategyWanted{}, err
	}
	p, err := d.planStrategy(ctx, from, edits)
	if err != nil {
		return StrategyWanted{}, err
	}
	if len(p.changes) == 0 && p.moved == nil && len(p.kept) > 0 {
		return StrategyWanted{}, engine.Errorf(engine.CodeConflict, "%s Nothing else differs, and nothing changed.", strings.Join(p.kept, " "))
	}
	if len(p.changes) == 0 && p.moved == nil {
		return StrategyWanted{}, engine.Errorf(engine.CodeConflict, "That is how it stands already. Nothing left to do.")
	}
	now := d.clock.Now()
	w := StrategyWanted{Changes: p.changes, Moved: p.moved, Request: engine.Request{
		ID: d.newID(), Kind: engine.RequestStrategy, Subject: engine.TheStrategy, Edits: p.touched, From: from, To: p.was.Version + 1,
		Lines: plan{changes: p.changes}.lines(), Why: why, State: engine.RequestAsked, By: a.ID, Surface: a.Surface, At: now, Expires: now.Add(keptFor),
	}}
	if err := d.store.AddRequest(ctx, w.Request); err != nil {
		return w, failed("keeping", w.Subject, err)
	}
	return w, nil
}

// ReopenStrategy is what a asked for, as WantStrategy returned it, worked out anew. It changes nothing.
func (d *Desk) ReopenStrategy(ctx context.Context, a engine.Actor, id string) (StrategyWanted, error) {
	_, w, _, err := d.openStrategy(ctx, a, id)
	return d.affects(ctx, w, err)
}

// openStrategy reads what a asked for and works it out on the strategy of this moment. Where that is no more what a was shown, it says so in Moved.
func (d *Desk) openStrategy(ctx context.Context, a engine.Actor, id string) (engine.Actor, StrategyWanted, strategyPlan, error) {
	a, r, err := d.openRequest(ctx, a, ActionStrategy, id)
	if err != nil {
		return a, StrategyWanted{}, strategyPlan{}, err
	}
	if r.Kind != engine.RequestStrategy {
		return a, StrategyWanted{}, strategyPlan{}, engine.Errorf(engine.CodeNotFound, "There is no such request. Nothing changed.")
	}
	p, err := d.planStrategy(ctx, r.From, r.Edits)
	if err == nil && p.moved == nil && !slices.Equal(r.Lines, plan{changes: p.changes}.lines()) {
		p.moved, err = d.lastStrategy(ctx)
	}
	return a, StrategyWanted{Request: r, Changes: p.changes, Moved: p.moved}, p, err
}

// ApplyStrategy is its asker's yes, in the window that showed it, to a change of the strategy: it is in force, and what is queued was checked again.
// Where somebody changed the same part since, nothing is, and Moved holds what was typed. Code conflict when it is settled, so also on a second call.
func (d *Desk) ApplyStrategy(ctx context.Context, a engine.Actor, id, why string) (StrategyDone, error) {
	done, err := once(ctx, d, "apply strategy", func(ctx context.Context) (StrategyDone, error) { return d.applyStrategy(ctx, a, id, why) })
	if err != nil || done.Moved != nil {
		return done, err
	}
	done.Stopped, err = d.recheckStrategy(ctx)
	return done, err
}

func (d *Desk) applyStrategy(ctx context.Context, a engine.Actor, id, why string) (StrategyDone, error) {
	a, w, p, err := d.openStrategy(ctx, a, id)
	if err != nil {
		return StrategyDone{}, err
	}
	if w.Moved != nil {
		return StrategyDone{Version: p.was.Version, Moved: &w}, nil
	}
	if why, err = field("note", "The reason", why, false, maxNote); err != nil {
		return StrategyDone{}, err
	}
	if why == "" {
		why = w.Why
	}
	err = d.store.ChangeStrategy(ctx, engine.StrategyChange{
		From: p.was.Version, To: p.next, By: a, At: d.clock.Now(), What: whatChanged(p.changes), Why: why, Request: w.ID,
	})
	if engine.CodeOf(err) == engine.CodeConflict {
		return StrategyDone{}, d.lostRequest(ctx, a, w.Request)
	}
	return StrategyDone{Changes: p.changes, Version: p.was.Version + 1}, err
}

// recheckStrategy holds what is queued against the strategy that is in force now, and lets go on what nothing holds any more. It comes after the act,
// since it may be long and may be repeated; each piece is checked again before it goes out all the same. It returns how many it stopped now.
func (d *Desk) recheckStrategy(ctx context.Context) (stopped int, err error) {
	if stopped, _, err = d.recheckAll(ctx, ""); err != nil {
		return stopped, fmt.Errorf("rechecking under the new strategy: %w", err)
	}
	return stopped, nil
}

// strategyPlan is a change worked out against the strategy in force.
type strategyPlan struct {
	was, next engine.Strategy
	touched   []engine.RuleEdit // those that say something else than the version that they were typed on
	changes   []Change
	moved     *engine.StrategyVersion
	kept      []string // what going back leaves as it is, and why
}

func (d *Desk) planStrategy(ctx context.Context, from int, edits []engine.RuleEdit) (p strategyPlan, err error) {
	if p.was, err = d.store.Strategy(ctx); err != nil {
		return p, failed("reading", engine.TheStrategy, err)
	}
	base := p.was
	if from != p.was.Version {
		if base, err = d.versionOf(ctx, from); err != nil {
			return p, err
		}
	}
	p.next = p.was
	moved := false
	for _, e := range edits {
		if e.Rule == partVersion {
			if p.next, p.kept, err = d.backTo(ctx, p.was, e.To); err != nil {
				return p, err
			}
			moved, p.touched = moved || base.Version != p.was.Version, append(p.touched, e)
			continue
		}
		if sameLines(e.To, StrategyText(base, e.Rule)) {
			continue
		}
		typed, err := ReadStrategyPart(p.next, e.Rule, e.To)
		if err != nil {
			return p, err
		}
		says, was, now := StrategyText(typed, e.Rule), StrategyText(base, e.Rule), StrategyText(p.was, e.Rule)
		if says == was {
			continue
		}
		p.touched = append(p.touched, e)
		if err := d.peopled(ctx, p.was, typed); err != nil {
			return p, err
		}
		switch {
		case says == now: // somebody else wrote the same
		case was != now:
			moved = true
		default:
			p.next = typed
		}
	}
	p.changes = strategyChanges(p.was, p.next, p.was.Business.Location())
	if moved {
		p.moved, err = d.lastStrategy(ctx)
	}
	return p, err
}

// backTo is now with goals, readers, themes, facts and voice as they were in a version: what is set in Slack. Who the business is, its offers and
// their money stay as they are, and so does when facts were looked at, and how many readers are counted on, or were when they were taken away.
//
// It tells what stays although the version says otherwise: koira's limits are held against the number of readers, so that a smaller one is more room.
func (d *Desk) backTo(ctx context.Context, now engine.Strategy, version string) (_ engine.Strategy, kept []string, err error) {
	n, err := strconv.Atoi(version)
	if err != nil {
		return now, nil, engine.Errorf(engine.CodeInvalid, "A version is a number. Nothing changed.")
	}
	old, err := d.versionOf(ctx, n)
	if err != nil {
		return now, nil, err
	}
	old, next := old.Clone(), now.Clone()
	next.Goals, next.Segments, next.Themes, next.Facts, next.Voice = old.Goals, old.Segments, old.Themes, old.Facts, old.Voice
	for i, f := range next.Facts {
		if x, _ := now.Fact(f.Key); x.Text == f.Text && x.Checked.After(f.Checked) {
			next.Facts[i].Checked = x.Checked
		}
	}
	for i, x := range next.Segments {
		is, in, err := d.lastSize(ctx, now, n, x.Key)
		if err != nil {
			return now, nil, err
		}
		if x.Size < is {
			next.Segments[i].Size = is
			stay := "stay"
			if in != now.Version {
				stay = "come back"
			}
			kept = append(kept, fmt.Sprintf("%s %s counted as %s readers, not %s: limits are held against that number, so a smaller one belongs into the config file.",
				cut(x.Name), stay, engine.Thousands(is), engine.Thousands(x.Size)))
		}
	}
	return next, kept, d.leads(ctx, now, next)
}

// lastSize is how many readers the newest version with that segment counts on, and which version that is; it looks no further back than version back.
func (d *Desk) lastSize(ctx context.Context, now engine.Strategy, back int, segment string) (size, version int, err error) {
	for s := now; ; {
		if s.HasSegment(segment) || s.Version <= back {
			return s.Reach(segment), s.Version, nil
		}
		if s, err = d.versionOf(ctx, s.Version-1); err != nil {
			return 0, 0, err
		}
	}
}

// leads refuses facts of next that name links which no piece may name now: the list of links is changed as a guardrail, with what that asks for.
func (d *Desk) leads(ctx context.Context, now, next engine.Strategy) error {
	g, err := d.store.Guardrails(ctx)
	if err != nil {
		return failed("reading", "the guardrails", err)
	}
	for _, f := range next.Facts {
		if was, i := now.Fact(f.Key); i >= 0 && was.Text == f.Text {
			continue
		}
		if links := guard.Unlisted(f.Text, now, g); len(links) > 0 {
			e := engine.Errorf(engine.CodeInvalid, "A fact lets pieces link to what it names, and %s is not on your list of links. Put its host there first (/guardrails links). Nothing changed.", cut(links[0]))
			e.Field = "fact"
			return e
		}
	}
	return nil
}

// peopled refuses a smaller number of readers than is counted on now, and a group that tasks speak to and that has none: how many a piece may reach is
// held against that number where its channel cannot count.
func (d *Desk) peopled(ctx context.Context, was, next engine.Strategy) error {
	tasks, err := d.store.Tasks(ctx)
	if err != nil {
		return failed("reading", "the tasks", err)
	}
	for _, x := range next.Segments {
		i := slices.IndexFunc(was.Segments, func(y engine.Segment) bool { return y.Key == x.Key })
		spoken := slices.ContainsFunc(tasks, func(t engine.Task) bool { return t.Segment == x.Key })
		said := ""
		switch {
		case i >= 0 && x.Size < was.Segments[i].Size:
			said = fmt.Sprintf("%s counts on %d readers, and limits are held against that number: a smaller one belongs into the config file.", cut(x.Name), was.Segments[i].Size)
		case i < 0 && spoken:
			said = fmt.Sprintf("A task speaks to the readers %q, who were taken away: bring them back with /koira strategy history, with their number.", x.Key)
		}
		if said != "" {
			e := engine.Errorf(engine.CodeInvalid, "%s Nothing changed.", said)
			e.Field = PartSegments
			return e
		}
	}
	return nil
}

func (d *Desk) versionOf(ctx context.Context, n int) (engine.Strategy, error) {
	s, err := d.store.StrategyAt(ctx, n)
	if engine.CodeOf(err) == engine.CodeNotFound {
		return s, engine.Errorf(engine.CodeNotFound, "There is no version %d of the strategy. /koira strategy history lists them. Nothing changed.", n)
	}
	if err != nil {
		return s, failed("reading", engine.TheStrategy, err)
	}
	return s, nil
}

// lastStrategy is who changed the strategy last.
func (d *Desk) lastStrategy(ctx context.Context) (*engine.StrategyVersion, error) {
	last, err := d.store.StrategyHistory(ctx, 0, 1)
	if err == nil && len(last) == 0 {
		err = errors.New("no version")
	}
	if err != nil {
		return nil, failed("reading", engine.TheStrategy, err)
	}
	return &last[0], nil
}
