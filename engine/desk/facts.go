package desk

import (
	"context"
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

// FactDone is what came of a change of the facts.
type FactDone struct {
	Facts   []engine.Fact // as they stand now, or stood before they were taken off
	Version int           // of the strategy, in force now
	Stopped int           // pieces that were queued and are stopped by it now
	Looked  bool          // they were looked at, and nothing else changed
	Apart   []string      // themes that name their own facts, and not this one
	Moved   *engine.Fact  // somebody else has changed it since it was seen: this is what it says now, and nothing was done
}

// AddFact puts a fact on the list, looked at now. Code conflict for one that says the same, so also on a second call; invalid with its field.
func (d *Desk) AddFact(ctx context.Context, a engine.Actor, f FactForm) (FactDone, error) {
	return d.factAct(ctx, "add fact", func(ctx context.Context) (FactDone, error) {
		return d.editFacts(ctx, a, func(s *engine.Strategy) (FactDone, error) {
			fact, err := f.fact(engine.Fact{})
			if err != nil {
				return FactDone{}, err
			}
			if len(s.Facts) >= mostFacts {
				return FactDone{}, engine.Errorf(engine.CodeInvalid, "There are %d facts, which is as many as I keep. Remove one first. Nothing changed.", mostFacts)
			}
			taken := map[string]bool{}
			for i, x := range s.Facts {
				if taken[x.Key] = true; strings.EqualFold(oneLine(x.Text), fact.Text) {
					return FactDone{}, engine.Errorf(engine.CodeConflict, "That is fact %d already. If it is still so: /koira facts confirm %d. Nothing changed.", i+1, i+1)
				}
			}
			for _, x := range s.Themes { // a name of a fact that is gone is not given to another: the theme would take it on unasked
				for _, k := range x.Facts {
					taken[k] = true
				}
			}
			fact.Key, fact.Checked = newKey(fact.Text, "fact", taken), d.clock.Now()
			s.Facts = append(s.Facts, fact)
			f.name(s, fact.Key)
			return FactDone{Facts: []engine.Fact{fact}}, nil
		})
	})
}

// ChangeFact puts words and dates in the place of a fact's, which counts as looked at now. The same once more says
// that it is still so. Where somebody changed it since it was seen, nothing is done, and Moved says what it says now.
func (d *Desk) ChangeFact(ctx context.Context, a engine.Actor, ref FactRef, f FactForm) (FactDone, error) {
	return d.factAct(ctx, "change fact", func(ctx context.Context) (FactDone, error) {
		return d.editFacts(ctx, a, func(s *engine.Strategy) (FactDone, error) {
			i, moved, err := d.seenFact(ctx, *s, ref)
			if err != nil || moved != nil {
				return FactDone{Moved: moved}, err
			}
			fact, err := f.fact(s.Facts[i])
			if err != nil {
				return FactDone{}, err
			}
			fact.Checked = d.clock.Now()
			s.Facts[i] = fact
			f.name(s, fact.Key)
			return FactDone{Facts: []engine.Fact{fact}}, nil
		})
	})
}

// ConfirmFacts says of facts, as they were seen, that they are still so: their age begins anew. One that was changed since is refused, code conflict.
func (d *Desk) ConfirmFacts(ctx context.Context, a engine.Actor, refs ...FactRef) (FactDone, error) {
	return d.factAct(ctx, "confirm facts", func(ctx context.Context) (FactDone, error) {
		return d.editFacts(ctx, a, func(s *engine.Strategy) (FactDone, error) {
			var done FactDone
			for _, ref := range refs {
				i, moved, err := d.seenFact(ctx, *s, ref)
				if err != nil {
					return done, err
				}
				if moved != nil {
					return done, factMoved(*moved, "Not confirmed.")
				}
				s.Facts[i].Checked = d.clock.Now()
				done.Facts = append(done.Facts, s.Facts[i])
			}
			done.Looked = true
			return done, nil
		})
	})
}

// RemoveFact takes a fact, as it was seen, off the list: what quotes it is stopped from now on. Code not_found, so also on a second call.
func (d *Desk) RemoveFact(ctx context.Context, a engine.Actor, ref FactRef) (FactDone, error) {
	return d.factAct(ctx, "remove fact", func(ctx context.Context) (FactDone, error) {
		return d.editFacts(ctx, a, func(s *engine.Strategy) (FactDone, error) {
			i, moved, err := d.seenFact(ctx, *s, ref)
			if err != nil {
				return FactDone{}, err
			}
			if moved != nil {
				return FactDone{}, factMoved(*moved, "It stays on the list.")
			}
			gone := s.Facts[i]
			s.Facts = slices.Delete(s.Facts, i, i+1) // themes keep its name: one that names facts that are gone uses none in their place
			return FactDone{Facts: []engine.Fact{gone}}, nil
		})
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

// editFacts puts in force what edit makes of the strategy.
func (d *Desk) editFacts(ctx context.Context, a engine.Actor, edit func(*engine.Strategy) (FactDone, error)) (FactDone, error) {
	a, err := d.allow(ctx, a, ActionFacts, Object{ID: engine.TheStrategy})
	if err != nil {
		return FactDone{}, err
	}
	was, err := d.store.Strategy(ctx)
	if err != nil {
		return FactDone{}, failed("reading", engine.TheStrategy, err)
	}
	next := was.Clone()
	done, err := edit(&next)
	if err != nil || done.Moved != nil {
		return done, err
	}
	if len(done.Facts) == 0 {
		return done, engine.Errorf(engine.CodeConflict, "There is no fact to look at. Nothing changed.")
	}
	if err := d.leads(ctx, was, next); err != nil {
		return FactDone{}, err
	}
	what := whatChanged(strategyChanges(was, next, was.Business.Location()))
	if what == "" {
		var keys []string
		for _, f := range done.Facts {
			keys = append(keys, "“"+f.Key+"”")
		}
		what = "still true: " + strings.Join(keys, ", ")
	}
	err = d.store.ChangeStrategy(ctx, engine.StrategyChange{From: was.Version, To: next, By: a, At: d.clock.Now(), What: what})
	if err != nil {
		return done, failed("changing", "the facts", err)
	}
	done.Version = was.Version + 1
	for _, x := range next.Themes {
		if done.Looked {
			break
		}
		for _, f := range done.Facts {
			if _, i := next.Fact(f.Key); i >= 0 && len(x.Facts) > 0 && !slices.Contains(x.Facts, f.Key) {
				done.Apart = append(done.Apart, x.Text)
			}
		}
	}
	return done, nil
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
