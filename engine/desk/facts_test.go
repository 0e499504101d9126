package desk

import (
	"context"
	"testing"
	"time"

	"koira/engine"
)

// AddFact asks for a new fact and says yes to it.
func (w *world) AddFact(ctx context.Context, a engine.Actor, f FactForm) (FactDone, error) {
	return w.editFact(ctx, a, FactEdit{Form: f})
}

// ChangeFact is the same for other words in the place of a fact's.
func (w *world) ChangeFact(ctx context.Context, a engine.Actor, ref FactRef, f FactForm) (FactDone, error) {
	return w.editFact(ctx, a, FactEdit{Refs: []FactRef{ref}, Form: f})
}

func (w *world) editFact(ctx context.Context, a engine.Actor, e FactEdit) (FactDone, error) {
	x, err := w.WantFact(ctx, a, e)
	if err != nil || x.Moved != nil {
		return FactDone{Moved: x.Moved}, err
	}
	return w.ApplyFact(ctx, a, x.ID)
}

func TestFacts(t *testing.T) {
	w := newWorld(t)
	add := func(text string) {
		t.Helper()
		_, err := w.AddFact(w.ctx, person(mari), FactForm{Text: text})
		must(t, err)
	}
	_, err := w.AddFact(w.ctx, person(tomi), FactForm{Text: "Buns cost €3.20."})
	want(t, err, engine.CodeDenied, "Only owners can change the facts.")
	add("Buns cost €3.20.")
	add("We open at 8:00.")
	_, err = w.AddFact(w.ctx, person(mari), FactForm{Text: "buns  cost €3.20."})
	want(t, err, engine.CodeConflict, "That is fact 1 already.")
	_, err = w.AddFact(w.ctx, person(mari), FactForm{Text: " "})
	want(t, err, engine.CodeInvalid, "The fact is empty.")
	seen := w.strategy(t)
	if seen.Version != 3 || len(seen.Facts) != 2 || !seen.Facts[1].Checked.Equal(start) {
		t.Fatalf("facts: %+v", seen.Facts)
	}

	w.clock.Advance(48 * time.Hour)
	first := FactRef{seen.Version, 1}
	_, err = w.ConfirmFacts(w.ctx, person(mari), first)
	must(t, err)
	if f := w.strategy(t).Facts; !f[0].Checked.Equal(w.clock.Now()) || !f[1].Checked.Equal(start) {
		t.Errorf("confirmed: %+v", f)
	}

	// What somebody saw is what they act on, whatever the number means by now.
	_, err = w.RemoveFact(w.ctx, person(mari), first)
	must(t, err)
	_, err = w.RemoveFact(w.ctx, person(mari), first)
	want(t, err, engine.CodeNotFound, "That fact is not on the list any more")
	second := FactRef{seen.Version, 2}
	done, err := w.ChangeFact(w.ctx, person(mari), second, FactForm{Text: "We open at 7:00."})
	must(t, err)
	if f := w.strategy(t).Facts; len(f) != 1 || f[0].Text != "We open at 7:00." || done.Moved != nil {
		t.Errorf("changed: %+v", f)
	}
	done, err = w.ChangeFact(w.ctx, person(mari), second, FactForm{Text: "We open at 9:00."})
	must(t, err)
	if done.Moved == nil || done.Moved.Text != "We open at 7:00." || w.strategy(t).Facts[0].Text != "We open at 7:00." {
		t.Errorf("a change of what was not seen: %+v", done)
	}
	_, err = w.ConfirmFacts(w.ctx, person(mari), second)
	want(t, err, engine.CodeConflict, "It says now: “We open at 7:00.” Not confirmed.")
	_, err = w.RemoveFact(w.ctx, person(mari), second)
	want(t, err, engine.CodeConflict, "It stays on the list.")
	_, err = w.ConfirmFacts(w.ctx, person(mari), FactRef{seen.Version, 3})
	want(t, err, engine.CodeNotFound, "There is no fact 3.")

	// Going back brings the words back, and what was looked at since stays looked at.
	r, err := w.RevertStrategy(w.ctx, person(mari), seen.Version)
	must(t, err)
	_, err = w.ApplyStrategy(w.ctx, person(mari), r.ID, "")
	must(t, err)
	if f := w.strategy(t).Facts; len(f) != 2 || f[0].Text != "Buns cost €3.20." || f[1].Text != "We open at 8:00." {
		t.Errorf("back: %+v", f)
	}
}

// A theme that names its own facts takes a new one only where its owner says so, and never comes to use all of them because its last one went.
func TestFactsOfThemes(t *testing.T) {
	w := newWorld(t)
	s := w.strategy(t).Clone()
	s.Facts = []engine.Fact{{Key: "dough", Text: "It rests for 24 hours."}}
	s.Themes = append(s.Themes, engine.Theme{Key: "dough", Text: "Dough", Facts: []string{"dough"}})
	must(t, w.store.ChangeStrategy(w.ctx, engine.StrategyChange{From: 1, To: s, By: engine.Actor{ID: "file", Surface: engine.SurfaceFile}, At: start}))
	done, err := w.AddFact(w.ctx, person(mari), FactForm{Text: "It is kneaded 3 times."})
	must(t, err)
	if len(done.Apart) != 1 || done.Apart[0] != "Dough" {
		t.Errorf("themes that do not use it: %v", done.Apart)
	}
	_, err = w.ChangeFact(w.ctx, person(mari), FactRef{3, 2}, FactForm{Text: "It is kneaded 3 times.", Themes: []string{"dough"}, Themed: true})
	must(t, err)
	if f := w.strategy(t).Themes[1].Facts; len(f) != 2 {
		t.Errorf("named: %v", f)
	}
	_, err = w.RemoveFact(w.ctx, person(mari), FactRef{2, 1})
	must(t, err)
	_, err = w.ChangeFact(w.ctx, person(mari), FactRef{3, 2}, FactForm{Text: "It is kneaded 3 times.", Themed: true})
	must(t, err)
	if f := w.strategy(t).Themes[1].Facts; len(f) == 0 {
		t.Error("the theme names no fact any more, so it would use all")
	}
}
