package storage

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

// showingsSQL is every judgement with how its piece came before people. A rule held it when it was open at the judgement, or when the words were changed
// because of it; what koira doubts is held too, but that is koira's doubt and no rule of theirs.
const showingsSQL = `
	WITH said AS (` + reviewsSQL + `)
	SELECT said.*, COALESCE(e.alone, 0) AS alone, COALESCE(e.confidence, 0) AS confidence, COALESCE(e.line, 0) AS line,
	       EXISTS (SELECT 1 FROM exceptions x WHERE x.output = said.output AND x.kind = 'output' AND x.rule NOT IN ('', 'confidence') AND x.opened_at <= said.at
	               AND (x.closed_at IS NULL OR x.closed_at >= said.at OR x.outcome = 'edited')) AS barred
	FROM   said LEFT JOIN estimates e ON e.output = said.output
	ORDER BY said.at`

// silentSQL lists what went out by itself while nobody said a word. It goes out at its slot or somewhat later, so that the older ones need not be read.
const silentSQL = `
	SELECT o.id AS output, o.task AS task, o.level AS level, o.published_at AS at, COALESCE(e.confidence, 0) AS confidence
	FROM   outputs o LEFT JOIN estimates e ON e.output = o.id
	WHERE  o.task = ? AND o.slot >= ? AND o.published_at >= ? AND o.origin = 'koira' AND o.posted_by = ''
	  AND  NOT EXISTS (SELECT 1 FROM approvals a WHERE a.output = o.id)
	  AND  NOT EXISTS (SELECT 1 FROM remarks r WHERE r.output = o.id)`

// Showings returns the pieces of a task that people judged since then, each once, by the last word on it, and those that went out by themselves while nobody
// said a word, oldest first. Unlike [DB.Reviews] it does not ask who is known to read.
func (db *DB) Showings(ctx context.Context, task string, since time.Time) (shown []engine.Showing, err error) {
	err = db.snapshot(ctx, func(q sqlx.QueryerContext) error {
		shown, err = showings(ctx, q, task, since)
		return err
	})
	return shown, translate(err)
}

func showings(ctx context.Context, q sqlx.QueryerContext, task string, since time.Time) ([]engine.Showing, error) {
	from, slots := lowest(since), ""
	if !since.IsZero() {
		slots = lowest(since.AddDate(0, -1, 0))
	}
	var said []struct {
		reviewRow
		Alone      bool    `db:"alone"`
		Confidence float64 `db:"confidence"`
		Line       float64 `db:"line"`
		Barred     bool    `db:"barred"`
	}
	if err := all(ctx, q, &said, showingsSQL, from, task, task, from, task, task, from, task, task, from, task, task); err != nil {
		return nil, err
	}
	var silent []struct {
		Output     string       `db:"output"`
		Task       string       `db:"task"`
		Level      engine.Level `db:"level"`
		At         stamp        `db:"at"`
		Confidence float64      `db:"confidence"`
	}
	if err := all(ctx, q, &silent, silentSQL, task, slots, from); err != nil {
		return nil, err
	}
	last := make(map[string]int, len(said))
	for i, r := range said {
		last[r.Output] = i
	}
	shown := make([]engine.Showing, 0, len(last)+len(silent))
	for i, r := range said {
		if last[r.Output] != i {
			continue
		}
		x := engine.Showing{Review: r.review(), Came: engine.CameAsked, Sure: r.Confidence}
		switch e := (engine.Estimate{Confidence: r.Confidence, Line: r.Line, Alone: r.Alone}); {
		case r.Barred:
			x.Came = engine.CameBarred
		case e.Doubted():
			x.Came = engine.CameDoubted
		case e.Unsought():
			x.Came = engine.CameAlone
		}
		shown = append(shown, x)
	}
	for _, r := range silent {
		shown = append(shown, engine.Showing{Review: engine.Review{Output: r.Output, Task: r.Task, Level: r.Level, At: r.At.time()}, Came: engine.CameAlone, Sure: r.Confidence})
	}
	slices.SortStableFunc(shown, func(a, b engine.Showing) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Output, b.Output)) })
	return shown, nil
}
