package storage

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

// gainsSQL gives, for each send and metric that was read anew inside the span, its newest value there less its newest value before.
const gainsSQL = `
	SELECT x.output AS output, x.metric AS metric, x.simulated AS simulated,
	       x.value - COALESCE((SELECT p.value FROM observations p WHERE p.send = x.send AND p.metric = x.metric AND p.at < ? ORDER BY p.at DESC LIMIT 1), 0) AS gain
	FROM   observations x JOIN outputs o ON o.id = x.output
	WHERE  x.at >= ? AND x.at < ? AND o.published_at < ?
	AND    NOT EXISTS (SELECT 1 FROM observations n WHERE n.send = x.send AND n.metric = x.metric AND n.at > x.at AND n.at < ?)`

// taskGainsSQL is gainsSQL for one task: its pieces are few beside all that was read in the span, and the newest reading of each is at hand.
const taskGainsSQL = `
	SELECT o.id AS output, r.metric AS metric, x.simulated AS simulated,
	       x.value - COALESCE((SELECT p.value FROM observations p WHERE p.send = r.send AND p.metric = r.metric AND p.at < ? ORDER BY p.at DESC LIMIT 1), 0) AS gain
	FROM   outputs o JOIN sends s ON s.output = o.id JOIN readings r ON r.send = s.id AND r.at >= ?
	JOIN   observations x ON x.send = r.send AND x.metric = r.metric AND x.at = CASE WHEN r.at < ? THEN r.at ELSE (
	           SELECT MAX(n.at) FROM observations n WHERE n.send = r.send AND n.metric = r.metric AND n.at >= ? AND n.at < ?) END
	WHERE  o.published_at < ? AND o.task = ?`

type gainRow struct {
	Output    string        `db:"output"`
	Metric    engine.Metric `db:"metric"`
	Simulated bool          `db:"simulated"`
	Gain      int64         `db:"gain"`
}

// Performance returns, for each output published before to, what it brought in [from, to): the difference of cumulative readings. Outputs
// that brought nothing and were published before from are left out. Task "" means all. A value that fell brought nothing, not less than
// nothing. Oldest publication first.
func (db *DB) Performance(ctx context.Context, task string, from, to time.Time) ([]engine.Performance, error) {
	var performances []engine.Performance
	err := db.snapshot(ctx, func(q sqlx.QueryerContext) error {
		lo, hi := lowest(from), lowest(to)
		var gains []gainRow
		query, args := gainsSQL, []any{lo, lo, hi, hi, hi}
		if task != "" {
			query, args = taskGainsSQL, []any{lo, lo, hi, lo, hi, hi, task}
		}
		if err := all(ctx, q, &gains, query, args...); err != nil {
			return err
		}
		found, err := publishedIn(ctx, q, task, lo, hi)
		if err != nil {
			return err
		}
		if err := addOlder(ctx, q, found, gains); err != nil {
			return err
		}
		performances, err = performancesOf(ctx, q, found, gains)
		return err
	})
	return performances, err
}

const soFarSQL = `
	SELECT o.id AS id, o.arms AS arms, o.published_at AS published_at,
	       COALESCE((SELECT SUM(CASE WHEN r.at < ? THEN r.value ELSE (
	           SELECT p.value FROM observations p WHERE p.send = r.send AND p.metric = r.metric AND p.at < ? ORDER BY p.at DESC LIMIT 1) END)
	       FROM   sends s JOIN readings r ON r.send = s.id AND r.metric = ?
	       WHERE  s.output = o.id), 0) AS value
	FROM   outputs o
	WHERE  o.task = ? AND o.published_at < ?
	ORDER BY o.published_at, o.id`

// SoFar returns what each output of a task that was published before to brought of one metric before to: the numbers of Performance from the
// beginning on, by their newest readings. Of the outputs only ID, Task, Arms and PublishedAt are filled in. Oldest publication first.
func (db *DB) SoFar(ctx context.Context, task string, m engine.Metric, to time.Time) ([]engine.Performance, error) {
	var rows []struct {
		ID          string           `db:"id"`
		Arms        doc[engine.Arms] `db:"arms"`
		PublishedAt stamp            `db:"published_at"`
		Value       int64            `db:"value"`
	}
	hi := lowest(to)
	if err := all(ctx, db.few(), &rows, soFarSQL, hi, hi, string(m), task, hi); err != nil {
		return nil, translate(err)
	}
	performances := make([]engine.Performance, 0, len(rows))
	for _, r := range rows {
		performances = append(performances, engine.Performance{
			Output:  engine.Output{ID: r.ID, Task: task, Arms: r.Arms.V, PublishedAt: r.PublishedAt.time()},
			Metrics: map[engine.Metric]int64{m: r.Value},
		})
	}
	return performances, nil
}

// publishedIn returns the outputs that were published in the span, whatever they brought.
func publishedIn(ctx context.Context, q sqlx.QueryerContext, task, lo, hi string) (map[string]outputRow, error) {
	var rows []outputRow
	err := all(ctx, q, &rows, `
		SELECT `+outputColumns+`
		FROM   outputs
		WHERE  published_at >= ? AND published_at < ? AND (task = ? OR ? = '')`, lo, hi, task, task)
	found := make(map[string]outputRow, len(rows))
	for _, r := range rows {
		found[r.ID] = r
	}
	return found, err
}

// addOlder reads the outputs that were published before the span and still brought something in it.
func addOlder(ctx context.Context, q sqlx.QueryerContext, found map[string]outputRow, gains []gainRow) error {
	var missing []engine.Output
	asked := map[string]bool{}
	for _, g := range gains {
		if _, ok := found[g.Output]; !ok && !asked[g.Output] && g.Gain > 0 {
			asked[g.Output] = true
			missing = append(missing, engine.Output{ID: g.Output})
		}
	}
	return inChunks(missing, func(_ []engine.Output, _ map[string]int, list string, ids []any) error {
		var rows []outputRow
		if err := all(ctx, q, &rows, `
			SELECT `+outputColumns+`
			FROM   outputs
			WHERE  id IN `+list, ids...); err != nil {
			return err
		}
		for _, r := range rows {
			found[r.ID] = r
		}
		return nil
	})
}

func performancesOf(ctx context.Context, q sqlx.QueryerContext, found map[string]outputRow, gains []gainRow) ([]engine.Performance, error) {
	outputs := inPublishedOrder(found)
	if err := fillPlain(ctx, q, outputs); err != nil {
		return nil, err
	}
	performances := make([]engine.Performance, 0, len(outputs))
	at := make(map[string]int, len(outputs))
	for i, o := range outputs {
		at[o.ID] = i
		performances = append(performances, engine.Performance{Output: o, Metrics: map[engine.Metric]int64{}})
	}
	for _, g := range gains {
		i, ok := at[g.Output]
		if !ok {
			continue
		}
		p := &performances[i]
		p.Metrics[g.Metric] += max(0, g.Gain)
		p.Simulated = p.Simulated || g.Simulated
	}
	return performances, nil
}

func inPublishedOrder(found map[string]outputRow) []engine.Output {
	outputs := make([]engine.Output, 0, len(found))
	for _, r := range found {
		outputs = append(outputs, r.output())
	}
	slices.SortFunc(outputs, func(a, b engine.Output) int {
		return cmp.Or(a.PublishedAt.Compare(b.PublishedAt), cmp.Compare(a.ID, b.ID))
	})
	return outputs
}

const broughtSQL = `
	SELECT o.id AS id, o.published_at AS published_at, r.metric AS metric, SUM(r.value) AS value, MAX(r.simulated) AS simulated
	FROM   outputs o JOIN sends s ON s.output = o.id JOIN readings r ON r.send = s.id
	WHERE  o.published_at >= ? AND o.published_at <= ? AND o.task = ?
	GROUP BY o.published_at, o.id, r.metric
	ORDER BY o.published_at, o.id`

// Brought returns what each output of a task that was published in [from, to] has brought so far, by its newest readings. Of the outputs only
// ID, Task and PublishedAt are filled in, and those without any reading are left out. Oldest publication first.
func (db *DB) Brought(ctx context.Context, task string, from, to time.Time) ([]engine.Performance, error) {
	var rows []struct {
		ID          string        `db:"id"`
		PublishedAt stamp         `db:"published_at"`
		Metric      engine.Metric `db:"metric"`
		Value       int64         `db:"value"`
		Simulated   bool          `db:"simulated"`
	}
	if err := all(ctx, db.few(), &rows, broughtSQL, lowest(from), stamp(to), task); err != nil {
		return nil, translate(err)
	}
	var performances []engine.Performance
	for _, r := range rows {
		if n := len(performances); n == 0 || performances[n-1].Output.ID != r.ID {
			performances = append(performances, engine.Performance{
				Output: engine.Output{ID: r.ID, Task: task, PublishedAt: r.PublishedAt.time()}, Metrics: map[engine.Metric]int64{},
			})
		}
		p := &performances[len(performances)-1]
		p.Metrics[r.Metric] = r.Value
		p.Simulated = p.Simulated || r.Simulated
	}
	return performances, nil
}
