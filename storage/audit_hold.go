package storage

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

// walls are the triggers that keep the log append-only, by the schema that brought each. Whoever edits the log by hand removes them first, and may
// forget to put them back.
var walls = []struct {
	name  string
	since int64
}{{"events_keep", 2}, {"events_stay", 2}, {"events_append", 7}}

func holdWalls(ctx context.Context, q sqlx.QueryerContext, _ *engine.Replay, fault func(engine.Fault)) error {
	var rows []struct {
		Name string `db:"name"`
		SQL  string `db:"sql"`
	}
	if err := all(ctx, q, &rows, `
		SELECT name, sql
		FROM   sqlite_schema
		WHERE  type = 'trigger' AND tbl_name = 'events'`); err != nil {
		return err
	}
	stand := map[string]bool{}
	for _, r := range rows {
		stand[r.Name] = strings.Contains(r.SQL, "RAISE(ABORT")
	}
	has, err := schemaOf(ctx, q)
	for _, w := range walls {
		if has >= w.since && !stand[w.name] {
			fault(engine.Fault{What: "the trigger " + w.name + " is gone: the log could be edited", Want: w.name, Got: "none"})
		}
	}
	return err
}

func holdOutputs(ctx context.Context, q sqlx.QueryerContext, told *engine.Replay, fault func(engine.Fault)) error {
	rows, err := q.QueryxContext(context.WithoutCancel(ctx), `
		SELECT id, state, digest
		FROM   outputs
		ORDER BY id`)
	if err != nil {
		return err
	}
	defer rows.Close()
	seen := make(map[string]bool, len(told.Outputs))
	for rows.Next() {
		var id, state, digest string
		if err := rows.Scan(&id, &state, &digest); err != nil {
			return err
		}
		seen[id] = true
		o, known := told.Outputs[id]
		switch short := engine.Digest(digest).Short(); {
		case !known:
			fault(engine.Fault{What: "piece " + id + " is in its table and not in the log", Got: state})
		case string(o.State) != state:
			fault(engine.Fault{What: "piece " + id + " is not in the state that the log gives it", Want: string(o.State), Got: state})
		case o.Digest != short:
			fault(engine.Fault{What: "piece " + id + " does not have the version that the log gives it", Want: o.Digest, Got: short})
		}
	}
	for _, id := range slices.Sorted(maps.Keys(told.Outputs)) {
		if !seen[id] {
			fault(engine.Fault{What: "piece " + id + " is in the log and not in its table", Want: string(told.Outputs[id].State), Got: "none"})
		}
	}
	return rows.Err()
}

func holdApprovals(ctx context.Context, q sqlx.QueryerContext, told *engine.Replay, fault func(engine.Fault)) error {
	var rows []struct {
		Output string `db:"output"`
		N      int    `db:"n"`
	}
	if err := all(ctx, q, &rows, `
		SELECT output, COUNT(*) AS n
		FROM   approvals
		GROUP BY output
		ORDER BY output`); err != nil {
		return err
	}
	given := make(map[string]int, len(rows))
	for _, r := range rows {
		given[r.Output] = r.N
	}
	for _, id := range slices.Sorted(maps.Keys(told.Outputs)) {
		if n := told.Outputs[id].Approvals; n != given[id] {
			fault(engine.Fault{What: "piece " + id + " was not approved as often as the log says", Want: count(n), Got: count(given[id])})
		}
	}
	return nil
}

func count(n int) string { return fmt.Sprintf("%d times", n) }

func holdTasks(ctx context.Context, q sqlx.QueryerContext, told *engine.Replay, fault func(engine.Fault)) error {
	var rows []struct {
		ID      string       `db:"id"`
		Level   engine.Level `db:"level"`
		Paused  bool         `db:"paused"`
		Granted bool         `db:"granted"`
	}
	if err := all(ctx, q, &rows, `
		SELECT id, level, paused_at IS NOT NULL AS paused, EXISTS (SELECT 1 FROM grants WHERE task = tasks.id AND ended_at IS NULL) AS granted
		FROM   tasks
		ORDER BY id`); err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, r := range rows {
		seen[r.ID] = true
		t, known := told.Tasks[r.ID]
		if !known {
			fault(engine.Fault{What: "task " + r.ID + " is in its table and not in the log", Got: r.Level.String()})
			continue
		}
		if t.Levels && t.Level != r.Level {
			fault(engine.Fault{What: "task " + r.ID + " is not at the level that the log gives it", Want: t.Level.String(), Got: r.Level.String()})
		}
		if t.Paused != r.Paused {
			fault(engine.Fault{What: "task " + r.ID + " is paused, or is not, against the log", Want: is(t.Paused, "paused"), Got: is(r.Paused, "paused")})
		}
		if t.Granted != r.Granted {
			fault(engine.Fault{What: "task " + r.ID + " has a grant, or has none, against the log", Want: is(t.Granted, "granted"), Got: is(r.Granted, "granted")})
		}
	}
	for _, id := range slices.Sorted(maps.Keys(told.Tasks)) {
		if !seen[id] {
			fault(engine.Fault{What: "task " + id + " is in the log and not in its table", Want: "there", Got: "none"})
		}
	}
	return nil
}

func is(b bool, what string) string {
	if b {
		return what
	}
	return "not " + what
}

// holdRules holds what people set in versions against the log: which there are, and what each says.
func holdRules(ctx context.Context, q sqlx.QueryerContext, told *engine.Replay, fault func(engine.Fault)) error {
	for _, kind := range []struct {
		name, query string
		logged      engine.LoggedVersions
	}{
		{"guardrails", `
		SELECT version, body
		FROM   guardrails
		ORDER BY version`, told.Guardrails},
		{"strategy", `
		SELECT version, body
		FROM   strategies
		ORDER BY version`, told.Strategy},
	} {
		var rows []struct {
			Version int    `db:"version"`
			Body    string `db:"body"`
		}
		if err := all(ctx, q, &rows, kind.query); err != nil {
			return err
		}
		newest := 0
		for i, r := range rows {
			newest = r.Version
			if r.Version != i+1 {
				fault(engine.Fault{What: "versions of the " + kind.name + " are missing", Want: fmt.Sprint(i + 1), Got: fmt.Sprint(r.Version)})
				break
			}
			if want, got := kind.logged.Sums[r.Version], sumOf(r.Body); want != "" && want != got {
				fault(engine.Fault{What: fmt.Sprintf("version %d of the %s does not say what it said when it was set", r.Version, kind.name), Want: want, Got: got})
			}
		}
		if newest != kind.logged.Newest {
			fault(engine.Fault{What: "the newest version of the " + kind.name + " is not the log's", Want: fmt.Sprint(kind.logged.Newest), Got: fmt.Sprint(newest)})
		}
	}
	return nil
}

func holdControl(ctx context.Context, q sqlx.QueryerContext, told *engine.Replay, fault func(engine.Fault)) error {
	c, err := control(ctx, q)
	if err == nil && c.Stopped != told.Stopped {
		fault(engine.Fault{What: "everything is stopped, or is not, against the log", Want: is(told.Stopped, "stopped"), Got: is(c.Stopped, "stopped")})
	}
	return err
}

func holdExceptions(ctx context.Context, q sqlx.QueryerContext, told *engine.Replay, fault func(engine.Fault)) error {
	var open []string
	if err := all(ctx, q, &open, `
		SELECT id
		FROM   exceptions
		WHERE  closed_at IS NULL
		ORDER BY id`); err != nil {
		return err
	}
	for _, id := range open {
		if !told.Exceptions[id] {
			fault(engine.Fault{What: "exception " + id + " is open and the log does not say so", Want: "closed", Got: "open"})
		}
	}
	for _, id := range slices.Sorted(maps.Keys(told.Exceptions)) {
		if !slices.Contains(open, id) {
			fault(engine.Fault{What: "exception " + id + " is not open and the log says that it is", Want: "open", Got: "closed"})
		}
	}
	return nil
}
