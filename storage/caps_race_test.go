package storage

import (
	"fmt"
	"sync"
	"testing"

	"koira/engine"
)

const askers, dear = 6, 5 // who asks at once, and what each piece and call may cost

// manyWaiting are pieces that wait, each for the same sum in the same week.
func manyWaiting(t *testing.T, db *DB) []engine.Output {
	t.Helper()
	var ready []engine.Output
	for i := range 8 * askers {
		o := anOutput(fmt.Sprintf("o%d", i), i)
		o.CostMax = dear
		ready = append(ready, add(t, db, o, engine.StateDrafted, engine.StateWaiting))
	}
	return ready
}

// atOnce runs do for every piece, several at a time.
func atOnce(t *testing.T, ready []engine.Output, do func(engine.Output) error) *sync.WaitGroup {
	var all sync.WaitGroup
	for first := range askers {
		all.Go(func() {
			for i := first; i < len(ready); i += askers {
				if err := do(ready[i]); err != nil && engine.CodeOf(err) != engine.CodeBlocked {
					t.Error(err)
				}
			}
		})
	}
	return &all
}

// TestACapHoldsWhileAllAskAtOnce: pieces and calls to the model together never pass it, and use it to the last unit.
func TestACapHoldsWhileAllAskAtOnce(t *testing.T) {
	db := world(t)
	ready := manyWaiting(t, db)
	const limit = 20 * dear
	setRules(t, db, func(g *engine.Guardrails) { g.Budget.Weekly, g.Budget.Model = limit, 15*dear })
	atOnce(t, ready, func(o engine.Output) error {
		if _, err := db.Move(t.Context(), plain(o, engine.StateScheduled)); err != nil && engine.CodeOf(err) != engine.CodeBlocked {
			return err
		}
		return db.Ask(t.Context(), engine.Entry{At: t0, Task: "daily-social", Reserved: dear})
	}).Wait()
	b, err := db.Balance(t.Context(), "2025-W47")
	ok(t, err)
	equal(t, b, engine.Balance{Reserved: limit})
}

// TestACapThatMovesHoldsWhileAllAskAtOnce: the log's order is the order in which things happened, so each reservation is held against the cap that
// was in force then.
func TestACapThatMovesHoldsWhileAllAskAtOnce(t *testing.T) {
	db := world(t)
	ready := manyWaiting(t, db)
	setRules(t, db, func(g *engine.Guardrails) { g.Budget.Weekly = 8 * dear })
	began, err := db.Events(t.Context(), 0, 10_000)
	ok(t, err)
	all := atOnce(t, ready, func(o engine.Output) error {
		_, err := db.Move(t.Context(), plain(o, engine.StateScheduled))
		return err
	})
	all.Go(func() {
		for _, n := range []engine.Money{4, 12, 9, 16, 2, 30} {
			setRules(t, db, func(g *engine.Guardrails) { g.Budget.Weekly = n * dear })
		}
	})
	all.Wait()

	log, err := db.Events(t.Context(), began[len(began)-1].Seq, 10_000)
	ok(t, err)
	used, limit, cleared := engine.Money(0), engine.Money(8*dear), 0
	for _, e := range log {
		switch e.Action {
		case "guardrails.changed":
			var body doc[engine.Guardrails]
			ok(t, db.read.Get(&body, `SELECT body FROM guardrails WHERE version = ?`, e.Detail["to"]))
			limit = body.V.Budget.Weekly
		case "output.scheduled":
			cleared++
			if used += dear; used > limit {
				t.Fatalf("%d is set aside under a cap of %d", used, limit)
			}
		}
	}
	b, err := db.Balance(t.Context(), "2025-W47")
	ok(t, err)
	if b.Reserved != used || cleared == 0 {
		t.Errorf("%d is set aside for %d pieces; the ledger says %+v", used, cleared, b)
	}
}
