package storage

import (
	"strings"
	"testing"

	"koira/engine"
)

func TestMovesAreTheEngines(t *testing.T) {
	db := fresh(t)
	var rows []struct {
		From engine.State `db:"from_state"`
		To   engine.State `db:"to_state"`
	}
	ok(t, db.read.Select(&rows, `SELECT from_state, to_state FROM moves`))
	got := map[engine.State]map[engine.State]bool{}
	for _, r := range rows {
		if got[r.From] == nil {
			got[r.From] = map[engine.State]bool{}
		}
		got[r.From][r.To] = true
	}
	want := map[engine.State]map[engine.State]bool{}
	for _, from := range engine.States {
		for _, to := range engine.Next(from) {
			if want[from] == nil {
				want[from] = map[engine.State]bool{}
			}
			want[from][to] = true
		}
	}
	equal(t, got, want)
}

// forbidden are rules that the file itself keeps, whatever the program does: each statement must be refused, for the reason in want.
var forbidden = map[string]struct{ query, want string }{
	"a move that is none":           {`UPDATE outputs SET state = 'published' WHERE id = 'waiting'`, "not a move"},
	"a state that is none":          {`UPDATE outputs SET state = 'lost' WHERE id = 'waiting'`, ""},
	"a level above five":            {`UPDATE outputs SET level = 6 WHERE id = 'waiting'`, "CHECK"},
	"a task's level below nought":   {`UPDATE tasks SET level = -1`, "CHECK"},
	"a negative ceiling":            {`UPDATE outputs SET cost_max = -1 WHERE id = 'waiting'`, "CHECK"},
	"a limit of nothing":            {`INSERT INTO shares (kind, key, sum) VALUES ('task', 'daily-social', 0)`, "CHECK"},
	"a time that is not a stamp":    {`UPDATE outputs SET slot = '2025-11-17 08:00' WHERE id = 'waiting'`, "CHECK"},
	"a confidence above one":        {`UPDATE outputs SET confidence = 1.5 WHERE id = 'waiting'`, "CHECK"},
	"text where a number stands":    {`UPDATE outputs SET audience = 'many' WHERE id = 'waiting'`, "TEXT"},
	"an output of no task":          {`UPDATE outputs SET task = 'nobody' WHERE id = 'waiting'`, "FOREIGN KEY"},
	"an event changed":              {`UPDATE events SET actor = 'somebody' WHERE seq = 1`, "append-only"},
	"an event removed":              {`DELETE FROM events WHERE seq = 1`, "append-only"},
	"a ledger line changed":         {`UPDATE ledger SET spent = 0`, "append-only"},
	"a ledger line removed":         {`DELETE FROM ledger`, "append-only"},
	"a negative charge":             {`INSERT INTO ledger (id, at, kind, task, campaign, week, reserved, spent, note) VALUES ('x', '2025-11-17T08:00:00.000000Z', 'charge', '', '', '2025-W47', 0, -1, '')`, "CHECK"},
	"a reservation of less than 0":  {`INSERT INTO ledger (id, at, kind, task, campaign, week, reserved, spent, note) VALUES ('x', '2025-11-17T08:00:00.000000Z', 'reserve', '', '', '2025-W47', -1, 0, '')`, "CHECK"},
	"a second open exception":       {`INSERT INTO exceptions (id, kind, task, subject, reason, evidence, remedy, opened_at) VALUES ('x', 'task', '', 'daily-social', '', '', '', '2025-11-17T08:00:00.000000Z')`, "UNIQUE"},
	"a second unsent notice":        {`INSERT INTO notices (id, kind, subject, due, attempts, last_error) VALUES ('x', 'exception', 'e1', '2025-11-17T08:00:00.000000Z', 0, '')`, "UNIQUE"},
	"a second grant in force":       {`INSERT INTO grants (id, task, level, by_id, role, at, surface, proof) VALUES ('x', 'daily-social', 4, 'U', 4, '2025-11-17T08:00:00.000000Z', '', '')`, "UNIQUE"},
	"a second piece at a slot":      {`UPDATE outputs SET slot = (SELECT slot FROM outputs WHERE id = 'waiting') WHERE id = 'publishing'`, "UNIQUE"},
	"a second send with a key":      {`INSERT INTO sends (id, output, variant, segment, idem_key, fence, state, ref_id, ref_url, claimed_at, first_at, probes, evidence) SELECT 'x', output, 'Z', segment, idem_key, 1, 'pending', '', '', claimed_at, first_at, 0, '' FROM sends`, "UNIQUE"},
	"a key that changes":            {`UPDATE sends SET idem_key = 'other'`, "keeps its key"},
	"a first time that changes":     {`UPDATE sends SET first_at = '2026-11-17T08:00:00.000000Z'`, "first time"},
	"a fence that goes back":        {`UPDATE sends SET fence = fence - 1`, "fence only grows"},
	"wording that may be out":       {`UPDATE variants SET body = 'other' WHERE output = 'publishing'`, "wording"},
	"wording removed that is out":   {`DELETE FROM variants WHERE output = 'publishing'`, "wording"},
	"wording added to what is out":  {`INSERT INTO variants (output, ordinal, name, subject, body, call_to_action, link, alt_text, shown) VALUES ('publishing', 9, 'Z', '', '', '', '', '', '')`, "wording"},
	"an approval by nobody":         {`INSERT INTO approvals (id, output, digest, by_id, role, at, surface, guardrail_version, audience, whole, looked, own_edit, over_cap, changed) VALUES ('x', 'waiting', '', '', 4, '2025-11-17T08:00:00.000000Z', '', 1, 0, 1, 0, 0, 0, 0)`, "CHECK"},
	"a reading that is negative":    {`INSERT INTO observations (send, metric, at, seen_at, output, value, source, simulated) SELECT id, 'clicks', claimed_at, claimed_at, output, -1, '', 0 FROM sends`, "CHECK"},
	"a breaker that fails less":     {`INSERT INTO breakers (channel, failed, unconfirmed) VALUES ('bluesky', -1, 0)`, "CHECK"},
	"a list of fewer than nobody":   {`INSERT INTO audiences (channel, segment, people, at) VALUES ('news', 'all', -1, '2025-11-17T08:00:00.000000Z')`, "CHECK"},
	"a start before the first":      {`INSERT INTO starts (epoch, at) VALUES (0, '2025-11-17T08:00:00.000000Z')`, "CHECK"},
	"a halt of no send":             {`INSERT INTO halts (send, at, sent, total, halted) VALUES ('nobody', '2025-11-17T08:00:00.000000Z', 1, 2, 1)`, "FOREIGN KEY"},
	"a second row of control":       {`INSERT INTO control (id, stopped, stopped_by, why) VALUES (2, 0, '', '')`, "CHECK"},
	"a delivery with a known key":   {`INSERT INTO deliveries (dedupe_key, kind, at, attempts) VALUES ('d1', '', '2025-11-17T08:00:00.000000Z', 0)`, "UNIQUE"},
	"an event that skips the chain": {`INSERT INTO events (seq, at, actor, surface, action, subject, detail, prev, hash) SELECT MAX(seq) + 2, '2025-11-17T08:00:00.000000Z', '', '', 'x', '', '{}', '', hash FROM events`, "grows at its end"},
	"an event that points nowhere":  {`INSERT INTO events (seq, at, actor, surface, action, subject, detail, prev, hash) SELECT MAX(seq) + 1, '2025-11-17T08:00:00.000000Z', '', '', 'x', '', '{}', prev, hash FROM events`, "grows at its end"},
	"an event put over another":     {`INSERT OR REPLACE INTO events (seq, at, actor, surface, action, subject, detail, prev, hash) SELECT seq, at, 'somebody', surface, action, subject, detail, prev, hash FROM events WHERE seq = 2`, "grows at its end"},
	"an event without a hash":       {`INSERT INTO events (seq, at, actor, surface, action, subject, detail, prev, hash) SELECT seq + 1, '2025-11-17T08:00:00.000000Z', '', '', 'x', '', '{}', hash, 'short' FROM events ORDER BY seq DESC LIMIT 1`, "CHECK"},
}

func TestTheFileKeepsItsRules(t *testing.T) {
	db := world(t)
	add(t, db, anOutput("waiting", 1), engine.StateDrafted, engine.StateWaiting)
	add(t, db, anOutput("publishing", 2), engine.StateDrafted, engine.StateScheduled, engine.StatePublishing)
	ok(t, db.OpenException(t.Context(), engine.Exception{ID: "e1", Kind: engine.ExceptionTask, Subject: "daily-social", OpenedAt: t0}))
	_, err := db.Receive(t.Context(), engine.Delivery{Key: "d1", At: t0})
	ok(t, err)
	ok(t, db.ChangeTask(t.Context(), engine.TaskChange{
		Task: "daily-social", From: engine.L3, To: engine.L4, By: alice, At: t0, Grant: &engine.Grant{Level: engine.L4, By: alice.ID, Role: alice.Role},
	}))
	for name, f := range forbidden {
		t.Run(name, func(t *testing.T) {
			_, err := db.write.Exec(f.query)
			if err == nil {
				t.Fatal("the file took it")
			}
			if !strings.Contains(err.Error(), f.want) {
				t.Errorf("refused for another reason: %v", err)
			}
		})
	}
}
