package storage

import (
	"strings"
	"testing"

	"koira/engine"
)

// TestHotQueriesUseTheirIndices keeps what each tick asks from reading a whole table. A covering index reads no table at all.
func TestHotQueriesUseTheirIndices(t *testing.T) {
	db := fresh(t)
	dueSQL, dueArgs := outputsQuery(engine.OutputFilter{States: []engine.State{engine.StatePlanned, engine.StateScheduled}, DueBy: t0})
	anySQL, anyArgs := outputsQuery(engine.OutputFilter{DueBy: t0})
	slotSQL, slotArgs := outputsQuery(engine.OutputFilter{Task: "daily-social", SlotFrom: t0, SlotTo: at(168)})
	for name, c := range map[string]struct {
		query string
		args  []any
		want  string
	}{
		"due, any state":   {anySQL, anyArgs, "USING INDEX outputs_due"},
		"due outputs":      {dueSQL, dueArgs, "USING INDEX outputs_due"},
		"a task's slots":   {slotSQL, slotArgs, "USING INDEX outputs_task"},
		"due reads":        {dueReadsSQL, []any{stamp(t0)}, "USING INDEX sends_reads"},
		"due notices":      {dueNoticesSQL, []any{stamp(t0), 10}, "USING INDEX notices_due"},
		"a week":           {weekSQL, []any{"2025-W47"}, "USING COVERING INDEX ledger_week"},
		"a task's week":    {taskWeekSQL, []any{"2025-W47", "daily-social"}, "USING COVERING INDEX ledger_week"},
		"a campaign":       {campaignSQL, []any{"xmas"}, "USING COVERING INDEX ledger_campaign"},
		"pieces around":    {nearSQL, []any{stamp(at(-24)), stamp(at(24)), "bluesky", "locals", flag(false), "o1", mostNear}, "USING INDEX outputs_out"},
		"a week to date":   {weekToDateSQL, []any{"2025-W47", stamp(at(24))}, "USING INDEX ledger_week"},
		"calls under way":  {callsSQL, []any{"2025-W47"}, "USING INDEX ledger_calls"},
		"variants of many": {variantsSQL + "(?, ?)" + inOrder, []any{"a", "b"}, "USING INDEX"},
		"a piece's yes":    {`SELECT id FROM approvals WHERE output = ? AND digest = ? ORDER BY at DESC, id DESC LIMIT 1`, []any{"o", "d"}, "approvals_output"},
		"slots":            {`SELECT slot FROM outputs WHERE task = ? AND slot >= ? AND slot < ? AND origin = 'koira' ORDER BY slot`, []any{"t", "a", "b"}, "USING INDEX outputs_task"},
		"hurried":          {reviewsSQL, []any{"", "", "", "", "", "", "", "", "", "", "", ""}, "approvals_at"},
		"taken back":       {reviewsSQL, []any{"", "", "", "", "", "", "", "", "", "", "", ""}, "events_taken_back"},
		"showings":         {showingsSQL, []any{"", "", "", "", "", "", "", "", "", "", "", ""}, "exceptions_about"},
		"gone in silence":  {silentSQL, []any{"t", "", ""}, "outputs_task (task=? AND slot>?)"},
		"so far":           {soFarSQL, []any{"", "", "clicks", "t", ""}, "USING INDEX outputs_task"},
		"gains":            {gainsSQL, []any{"", "", "", "", "", "", ""}, "USING INDEX observations_at"},
	} {
		t.Run(name, func(t *testing.T) {
			rows, err := db.read.Query(`EXPLAIN QUERY PLAN `+c.query, c.args...)
			ok(t, err)
			defer rows.Close()
			var plan []string
			for rows.Next() {
				var id, parent, unused int
				var detail string
				ok(t, rows.Scan(&id, &parent, &unused, &detail))
				plan = append(plan, detail)
			}
			text := strings.ReplaceAll(strings.Join(plan, "\n"), "SCAN said", "") // the judgements themselves, each once
			if !strings.Contains(text, c.want) || strings.Contains(text, "SCAN") {
				t.Errorf("it plans\n%s", text)
			}
		})
	}
}
