package desk

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"koira/engine"
)

const (
	maxFact   = 500 // characters
	mostFacts = 500
)

// FactRef names a fact as somebody saw it: by its number in the list of a version of the strategy.
type FactRef struct{ Version, Number int }

// FactForm is what an owner says of a fact.
type FactForm struct {
	Text        string
	From, Until time.Time // between which it may be said, Until exclusive; zero is open
	Themes      []string  // keys of those themes that name their own facts and may use this one too
	Themed      bool      // false leaves the themes as they are
}

// FactEdit is one change of the facts, before it is made.
type FactEdit struct {
	Refs  []FactRef // facts as they were seen: one, or several that are still so; none for a new one
	Form  FactForm  // what it is to say, where it is neither taken off nor only looked at
	Off   bool      // it goes off the list
	Still bool      // they are still so
}

// FactWanted is a change of the facts as it is shown before it is in force. Only WantFact keeps it, as a request.
type FactWanted struct {
	engine.Request
	Changes []Change
	Effects engine.Tried // what it would have done to what is on record, and would do to what is queued
	Moved   *engine.Fact // somebody else has changed it since it was seen: this is what it says now
}

// partFact is the rule of a request's edit that holds a FactEdit.
const partFact = "fact"

// FactDone is what came of a change of the facts.
type FactDone struct {
	Facts   []engine.Fact // as they stand now, or stood before they were taken off
	Version int           // of the strategy, in force now
	Numbers []int         // at which they stand in it, where they were looked at
	Stopped int           // pieces that were queued and are stopped by it now
	Looked  bool          // they were looked at, and nothing else changed
	Off     bool          // it was taken off the list
	Apart   []string      // themes that name their own facts, and not this one
	Moved   *engine.Fact  // somebody else has changed it since it was seen: this is what it says now, and nothing was done
}

// WantFact works out what e would change and keeps it to be applied; the facts stay as they are. A fact that somebody changed since it was seen is
// told in Moved, and nothing is kept. Code conflict for a new one that says what another says; invalid with its field.
func (d *Desk) WantFact(ctx context.Context, a engine.Actor, e FactEdit) (FactWanted, error) {
	w, err := once(ctx, d, "want fact", func(ctx context.Context) (FactWanted, error) { return d.wantFact(ctx, a, e) })
	if err != nil || w.Moved != nil {
		return w, err
	}
	tried, err := d.tryFacts(ctx, e)
	w.Effects = tried.Effects
	return w, err
}

func (d *Desk) wantFact(ctx context.Context, a engine.Actor, e FactEdit) (FactWanted, error) {
	a, err := d.allow(ctx, a, ActionFacts, Object{ID: engine.TheStrategy})
	if err != nil {
		return FactWanted{}, err
	}
	p, done, err := d.planFacts(ctx, e)
	w := FactWanted{Changes: p.changes, Moved: done.Moved}
	if err != nil || w.Moved != nil {
		return w, err
	}
	text, err := json.Marshal(e)
	if err != nil {
		return w, failed("keeping", "the facts", err)
	}
	now := d.clock.Now()
	w.Request = engine.Request{
		ID: d.newID(), Kind: engine.RequestStrategy, Subject: engine.TheStrategy, Edits: []engine.RuleEdit{{Rule: partFact, To: string(text)}}, From: p.was.Version,
		To: p.was.Version + 1, Lines: plan{changes: p.changes}.lines(), State: engine.RequestAsked, By: a.ID, Surface: a.Surface, At: now, Expires: now.Add(keptFor),
	}
	if err := d.store.AddRequest(ctx, w.Request); err != nil {
		return w, failed("keeping", w.Subject, err)
	}
	return w, nil
}

// ApplyFact is its asker's yes to a change of the facts that they were shown: it is in force, and what is queued was checked again. Code conflict where a
// fact of it was changed since, and when it is settled, so also on a second call.
func (d *Desk) ApplyFact(ctx context.Context, a engine.Actor, id string) (FactDone, error) {
	return d.factAct(ctx, "apply fact", func(ctx context.Context) (FactDone, error) {
		a, r, err := d.openRequest(ctx, a, ActionFacts, id)
		if err != nil {
			return FactDone{}, err
		}
		var e FactEdit
		if r.Kind != engine.RequestStrategy || len(r.Edits) != 1 || r.Edits[0].Rule != partFact || json.Unmarshal([]byte(r.Edits[0].To), &e) != nil {
			return FactDone{}, engine.Errorf(engine.CodeNotFound, "There is no such request. Nothing changed.")
		}
		done, err := d.editFacts(ctx, a, e, id)
		if engine.CodeOf(err) == engine.CodeConflict {
			if now, stands := d.store.Request(ctx, id); stands == nil && !now.Open(d.clock.Now()) {
				err = d.lostRequest(ctx, a, r)
			}
		}
		if err == nil && done.Moved != nil {
			err = factMoved(*done.Moved, "Not changed.")
		}
		return done, err
	})
}

// TryFacts says what e would do to what is on record and to what is queued. It changes nothing and keeps nothing.
func (d *Desk) TryFacts(ctx context.Context, a engine.Actor, e FactEdit) (FactWanted, error) {
	if _, err := d.allow(ctx, a, ActionFacts, Object{ID: engine.TheStrategy}); err != nil {
		return FactWanted{}, err
	}
	return d.tryFacts(ctx, e)
}

func (d *Desk) tryFacts(ctx context.Context, e FactEdit) (FactWanted, error) {
	p, done, err := d.planFacts(ctx, e)
	w := FactWanted{Changes: p.changes, Moved: done.Moved}
	if err == nil && w.Moved == nil && d.onFacts != nil {
		w.Effects = d.onFacts(ctx, p.was, p.next)
	}
	return w, err
}

// ConfirmFacts says of facts, as they were seen, that they are still so: their age begins anew. One that was changed since is refused, code conflict.
func (d *Desk) ConfirmFacts(ctx context.Context, a engine.Actor, refs ...FactRef) (FactDone, error) {
	return d.actOn(ctx, a, "confirm facts", FactEdit{Refs: refs, Still: true}, "Not confirmed.")
}

// RemoveFact takes a fact, as it was seen, off the list: what quotes it is stopped from now on. Code not_found, so also on a second call.
func (d *Desk) RemoveFact(ctx context.Context, a engine.Actor, ref FactRef) (FactDone, error) {
	return d.actOn(ctx, a, "remove fact", FactEdit{Refs: []FactRef{ref}, Off: true}, "It stays on the list.")
}

// actOn carries out what was quoted before, and refuses it where a fact of it says something else by now.
func (d *Desk) actOn(ctx context.Context, a engine.Actor, name string, e FactEdit, undone string) (FactDone, error) {
	return d.factAct(ctx, name, func(ctx context.Context) (FactDone, error) {
		done, err := d.editFacts(ctx, a, e, "")
		if err == nil && done.Moved != nil {
			err = factMoved(*done.Moved, undone)
		}
		return done, err
	})
}

// FactNow is the number at which a fact stands now that somebody saw. It changes nothing; code not_found.
func (d *Desk) FactNow(ctx context.Context, a engine.Actor, ref FactRef) (FactRef, error) {
	if _, err := d.allow(ctx, a, ActionFacts, Object{ID: engine.TheStrategy}); err != nil {
		return ref, err
	}
	s, err := d.store.Strategy(ctx)
	if err != nil {
		return ref, failed("reading", engine.TheStrategy, err)
	}
	i, _, err := d.seenFact(ctx, s, ref)
	return FactRef{s.Version, i + 1}, err
}

// factAct carries out one act on facts, then checks again what is queued.
func (d *Desk) factAct(ctx context.Context, name string, do func(context.Context) (FactDone, error)) (FactDone, error) {
	done, err := once(ctx, d, name, do)
	if err != nil || done.Moved != nil {
		return done, err
	}
	done.Stopped, err = d.recheckStrategy(ctx)
	return done, err
}

// editFacts puts in force what e makes of the strategy; request is what asked for it, "" for none.
func (d *Desk) editFacts(ctx context.Context, a engine.Actor, e FactEdit, request string) (FactDone, error) {
	a, err := d.allow(ctx, a, ActionFacts, Object{ID: engine.TheStrategy})
	if err != nil {
		return FactDone{}, err
	}
	p, done, err := d.planFacts(ctx, e)
	if err != nil || done.Moved != nil {
		return done, err
	}
	what := whatChanged(p.changes)
	if what == "" {
		var keys []string
		for _, f := range done.Facts {
			keys = append(keys, "“"+f.Key+"”")
		}
		what = "still true: " + strings.Join(keys, ", ")
	}
	err = d.store.ChangeStrategy(ctx, engine.StrategyChange{From: p.was.Version, To: p.next, By: a, At: d.clock.Now(), What: what, Request: request})
	if err != nil {
		return done, failed("changing", "the facts", err)
	}
	done.Version = p.was.Version + 1
	for _, x := range p.next.Themes {
		if done.Looked {
			break
		}
		for _, f := range done.Facts {
			if _, i := p.next.Fact(f.Key); i >= 0 && len(x.Facts) > 0 && !slices.Contains(x.Facts, f.Key) {
				done.Apart = append(done.Apart, x.Text)
			}
		}
	}
	return done, nil
}

// planFacts works out what e makes of the strategy in force. done tells the facts, or the one that somebody changed since it was seen.
func (d *Desk) planFacts(ctx context.Context, e FactEdit) (p strategyPlan, done FactDone, err error) {
	if p.was, err = d.store.Strategy(ctx); err != nil {
		return p, done, failed("reading", engine.TheStrategy, err)
	}
	p.next = p.was.Clone()
	var at []int
	for _, ref := range e.Refs {
		i, moved, err := d.seenFact(ctx, p.was, ref)
		if err != nil || moved != nil {
			return p, FactDone{Moved: moved}, err
		}
		at = append(at, i)
	}
	s := &p.next
	switch {
	case len(at) == 0 && (e.Still || e.Off):
		return p, done, engine.Errorf(engine.CodeConflict, "There is no fact to look at. Nothing changed.")
	case e.Still:
		for _, i := range at {
			s.Facts[i].Checked = d.clock.Now()
			done.Facts, done.Numbers = append(done.Facts, s.Facts[i]), append(done.Numbers, i+1)
		}
		done.Looked = true
	case e.Off:
		done.Facts, done.Off = []engine.Fact{s.Facts[at[0]]}, true
		s.Facts = slices.Delete(s.Facts, at[0], at[0]+1) // themes keep its name: one that names facts that are gone uses none in their place
	default:
		if done.Facts, err = d.writeFact(s, at, e.Form); err != nil {
			return p, done, err
		}
	}
	p.changes = strategyChanges(p.was, p.next, p.was.Business.Location())
	return p, done, d.leads(ctx, p.was, p.next)
}

// writeFact puts what f says on the list, in the place of the fact at its place there or as a new one. It counts as looked at now: the same once more
// says that it is still so.
func (d *Desk) writeFact(s *engine.Strategy, at []int, f FactForm) ([]engine.Fact, error) {
	var was engine.Fact
	if len(at) > 0 {
		was = s.Facts[at[0]]
	}
	fact, err := f.fact(was)
	if err != nil {
		return nil, err
	}
	fact.Checked = d.clock.Now()
	if len(at) > 0 {
		s.Facts[at[0]] = fact
		f.name(s, fact.Key)
		return []engine.Fact{fact}, nil
	}
	if len(s.Facts) >= mostFacts {
		return nil, engine.Errorf(engine.CodeInvalid, "There are %d facts, which is as many as I keep. Remove one first. Nothing changed.", mostFacts)
	}
	taken := map[string]bool{}
	for i, x := range s.Facts {
		if taken[x.Key] = true; strings.EqualFold(oneLine(x.Text), fact.Text) {
			return nil, engine.Errorf(engine.CodeConflict, "That is fact %d already. If it is still so: /koira facts confirm %d. Nothing changed.", i+1, i+1)
		}
	}
	for _, x := range s.Themes { // a name of a fact that is gone is not given to another: the theme would take it on unasked
		for _, k := range x.Facts {
			taken[k] = true
		}
	}
	fact.Key = newKey(fact.Text, "fact", taken)
	s.Facts = append(s.Facts, fact)
	f.name(s, fact.Key)
	return []engine.Fact{fact}, nil
}

// seenFact is where the fact stands in s that somebody saw, and what it says now where that is something else.
func (d *Desk) seenFact(ctx context.Context, s engine.Strategy, ref FactRef) (i int, moved *engine.Fact, err error) {
	seen := s
	if ref.Version != s.Version {
		if seen, err = d.versionOf(ctx, ref.Version); err != nil {
			return 0, nil, err
		}
	}
	if ref.Number < 1 || ref.Number > len(seen.Facts) {
		return 0, nil, engine.Errorf(engine.CodeNotFound, "There is no fact %d. /koira facts lists them. Nothing changed.", ref.Number)
	}
	f := seen.Facts[ref.Number-1]
	now, i := s.Fact(f.Key)
	if i < 0 {
		return 0, nil, engine.Errorf(engine.CodeNotFound, "That fact is not on the list any more: %s. Nothing changed.", cut(f.Text))
	}
	if now.Text != f.Text || !now.From.Equal(f.From) || !now.Until.Equal(f.Until) {
		return i, &now, nil
	}
	return i, nil, nil
}

func factMoved(now engine.Fact, undone string) error {
	return engine.Errorf(engine.CodeConflict, "That fact was changed since you looked. It says now: “%s” %s", cut(now.Text), undone)
}

// fact is was with what f says. Code invalid, with its field.
func (f FactForm) fact(was engine.Fact) (engine.Fact, error) {
	text, err := field("fact", "The fact", oneLine(f.Text), true, maxFact)
	if err != nil {
		return was, err
	}
	if engine.Hidden(text) != nil {
		e := engine.Errorf(engine.CodeInvalid, "The fact holds a character that cannot be seen. Write it anew instead of pasting it. Nothing changed.")
		e.Field = "fact"
		return was, e
	}
	if !f.From.IsZero() && !f.Until.IsZero() && !f.From.Before(f.Until) {
		e := engine.Errorf(engine.CodeInvalid, "A fact cannot end before it begins. Nothing changed.")
		e.Field = "until"
		return was, e
	}
	was.Text, was.From, was.Until = text, f.From, f.Until
	return was, nil
}

// name has the themes that name their own facts name this one too, or no more.
func (f FactForm) name(s *engine.Strategy, key string) {
	if !f.Themed {
		return
	}
	for i, x := range s.Themes {
		on, has := slices.Contains(f.Themes, x.Key), slices.Contains(x.Facts, key)
		switch {
		case len(x.Facts) == 0: // it may use all of them
		case on && !has:
			s.Themes[i].Facts = append(s.Themes[i].Facts, key)
		case !on && has && len(x.Facts) > 1: // its last one stays: with none it would use all
			s.Themes[i].Facts = slices.DeleteFunc(s.Themes[i].Facts, func(k string) bool { return k == key })
		}
	}
}

// FactDays reads the days between which a fact may be said, "2025-12-24"; "" is open, and the last day counts. Code invalid, with its field.
func FactDays(from, until string, zone *time.Location) (begin, end time.Time, err error) {
	read := func(name, s string) (time.Time, error) {
		if s == "" {
			return time.Time{}, nil
		}
		t, err := time.ParseInLocation(time.DateOnly, s, zone)
		if err != nil {
			e := engine.Errorf(engine.CodeInvalid, "A day looks like 2025-12-24; you wrote %q. Nothing changed.", cut(s))
			e.Field = name
			return t, e
		}
		return t, nil
	}
	if begin, err = read("from", from); err != nil {
		return begin, end, err
	}
	if end, err = read("until", until); err == nil && !end.IsZero() {
		end = end.AddDate(0, 0, 1)
	}
	return begin, end, err
}
