package storage

import (
	"testing"
	"time"

	"koira/engine"
)

// What was asked of the strategy is applied by its owner alone: such a request never waits for a signature.
func TestARequestOfTheStrategyIsNotSigned(t *testing.T) {
	db := world(t)
	r := aRequest("r1", engine.RequestAsked)
	r.Kind, r.Subject = engine.RequestStrategy, engine.TheStrategy
	ok(t, db.AddRequest(t.Context(), r))
	wantCode(t, db.PendRequest(t.Context(), "r1", alice, at(1), at(1).Add(15*time.Minute), "", nil), engine.CodeInvalid)
}

func TestAStrategyIsChangedOnItsVersionOnly(t *testing.T) {
	db := world(t)
	s, err := db.Strategy(t.Context())
	ok(t, err)
	next := s.Clone()
	next.Themes = append(next.Themes, engine.Theme{Key: "buns", Text: "Buns"})
	c := engine.StrategyChange{From: s.Version, To: next, By: alice, At: at(1), What: "Theme “buns”: none → Buns", Why: "asked for"}
	ok(t, db.ChangeStrategy(t.Context(), c))
	wantCode(t, db.ChangeStrategy(t.Context(), c), engine.CodeConflict)
	old, err := db.StrategyAt(t.Context(), s.Version)
	ok(t, err)
	now, err := db.Strategy(t.Context())
	ok(t, err)
	if old.HasTheme("buns") || !now.HasTheme("buns") || now.Version != s.Version+1 {
		t.Errorf("version %d has it: %t; version %d: %t", old.Version, old.HasTheme("buns"), now.Version, now.HasTheme("buns"))
	}
	_, err = db.StrategyAt(t.Context(), 99)
	wantCode(t, err, engine.CodeNotFound)
	h, err := db.StrategyHistory(t.Context(), 0, 1)
	ok(t, err)
	equal(t, h, []engine.StrategyVersion{{Version: s.Version + 1, By: alice.ID, At: at(1), What: c.What, Why: c.Why}})
}
