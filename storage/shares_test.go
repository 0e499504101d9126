package storage

import (
	"path/filepath"
	"testing"

	"koira/engine"
)

// TestSharesOfAnOlderStoreAreRules: what an older koira kept of the money of tasks and campaigns beside the rules is in force among them, once, and the log
// tells of it. What people set since stays.
func TestSharesOfAnOlderStoreAreRules(t *testing.T) {
	path, ctx := filepath.Join(t.TempDir(), "koira.db"), t.Context()
	ok(t, claimFile(path))
	old := pool(path, writer, 1)
	ok(t, migrate(ctx, old.DB, 37))
	for _, query := range []string{
		`INSERT INTO tasks (id, name, channel, account, segment, kind, cadence, frequency, sensitivity, themes, cost_max, weekly, benchmarks, nature, level)
		 VALUES ('dear', '', '', '', '', 'social', '{}', 'high', 'low', '[]', 0, 9000000, '[]', '[]', 3), ('free', '', '', '', '', 'social', '{}', 'high', 'low', '[]', 0, 0, '[]', '[]', 3)`,
		`INSERT INTO strategies (version, body, zone, by_id, at, why) VALUES
		 (1, '{"version": 1, "offers": [{"key": "gone", "budget": 5}]}', 'UTC', 'file', '2025-11-17T08:00:00.000000Z', ''),
		 (2, '{"version": 2, "offers": [{"key": "advent", "budget": 60000000}, {"key": "open", "budget": 0}]}', 'UTC', 'file', '2025-11-17T08:00:00.000000Z', '')`,
	} {
		_, err := old.Exec(query)
		ok(t, err)
	}
	ok(t, old.Close())
	db := opened(t, path)
	ok(t, db.SetGuardrails(ctx, 0, engine.Guardrails{Budget: engine.BudgetRule{Weekly: engine.Unit}}, alice, t0, "x"))
	for range 2 {
		ok(t, db.PutShares(ctx, alice, t0))
		g, err := db.Guardrails(ctx)
		ok(t, err)
		equal(t, g.Version, 2)
		equal(t, len(g.Budget.Tasks), 1)
		equal(t, g.Budget.Tasks["dear"], 9*engine.Unit)
		equal(t, len(g.Budget.Campaigns), 1)
		equal(t, g.Budget.Campaigns["advent"], 60*engine.Unit)
		equal(t, g.Budget.Weekly, engine.Unit)
	}
	events, err := db.Events(ctx, 0, 100)
	ok(t, err)
	equal(t, events[len(events)-1].Action, "guardrails.changed")
}
