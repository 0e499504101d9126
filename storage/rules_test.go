package storage

import (
	"context"
	"errors"
	"sync"
	"testing"

	"koira/engine"
)

// TestRulesAreNeverOld: whoever has changed what people set reads it so, and so does everybody else; what was rolled back nobody has seen.
func TestRulesAreNeverOld(t *testing.T) {
	db := world(t)
	ctx := t.Context()
	level := func() engine.Level {
		one, err := db.Task(ctx, "daily-social")
		ok(t, err)
		all, err := db.Tasks(ctx)
		ok(t, err)
		equal(t, all[0], one)
		return one.Level
	}
	equal(t, level(), engine.L3)
	ok(t, db.ChangeTask(ctx, engine.TaskChange{Task: "daily-social", From: engine.L3, To: engine.L1, By: alice, At: t0}))
	equal(t, level(), engine.L1)
	ok(t, db.PutTask(ctx, aTask("weekly"), alice, t0, "second"))
	if _, err := db.Task(ctx, "weekly"); err != nil {
		t.Error(err)
	}
	undone := errors.New("undone")
	err := db.inTx(ctx, func(ctx context.Context, tx *tx) error {
		if _, err := tx.exec(ctx, `UPDATE tasks SET level = 2`); err != nil {
			return err
		}
		return undone
	})
	if !errors.Is(err, undone) {
		t.Fatal(err)
	}
	equal(t, level(), engine.L1)

	g, err := db.Guardrails(ctx)
	ok(t, err)
	g.Channels["bluesky"] = false // the caller's own copy
	again, err := db.Guardrails(ctx)
	ok(t, err)
	equal(t, again.Channels["bluesky"], true)
	ok(t, db.SetGuardrails(ctx, g.Version, g, alice, t0, "off"))
	again, err = db.Guardrails(ctx)
	ok(t, err)
	equal(t, again.Channels["bluesky"], false)

	s, err := db.Strategy(ctx)
	ok(t, err)
	s.Business.Name = "Mill"
	_, err = db.SetStrategy(ctx, s, alice, t0, "renamed")
	ok(t, err)
	s, err = db.Strategy(ctx)
	ok(t, err)
	equal(t, s.Business.Name, "Mill")
	_, err = db.Task(ctx, "nobody's")
	wantCode(t, err, engine.CodeNotFound)
}

// TestRulesAreNeverOldBetweenReaders changes guardrails while others read them: what a reader sees never goes back.
func TestRulesAreNeverOldBetweenReaders(t *testing.T) {
	db := world(t)
	ctx := t.Context()
	var readers sync.WaitGroup
	done := make(chan struct{})
	for range 3 {
		readers.Go(func() {
			for last := 0; ; {
				g, err := db.Guardrails(ctx)
				if err != nil || g.Version < last {
					t.Errorf("version %d after %d: %v", g.Version, last, err)
					return
				}
				last = g.Version
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	for range 100 {
		g, err := db.Guardrails(ctx)
		ok(t, err)
		ok(t, db.SetGuardrails(ctx, g.Version, g, alice, t0, "again"))
		now, err := db.Guardrails(ctx)
		ok(t, err)
		equal(t, now.Version, g.Version+1)
	}
	close(done)
	readers.Wait()
}
