package storage

import (
	"context"
	"strings"
	"time"

	"koira/engine"
)

// Tracks returns what each piece of a task that went out since then brought of some metrics, at least one, over time, by metric and
// oldest publication first. Pieces without any reading of one are left out there.
func (db *DB) Tracks(ctx context.Context, task string, since time.Time, metrics ...engine.Metric) (map[engine.Metric][]engine.Track, error) {
	args := []any{task, lowest(since)}
	for _, m := range metrics {
		args = append(args, string(m))
	}
	var rows []struct {
		Metric    engine.Metric `db:"metric"`
		Output    string        `db:"output"`
		Send      string        `db:"send"`
		Published stamp         `db:"published_at"`
		At        stamp         `db:"at"`
		Value     int64         `db:"value"`
		Seen      stamp         `db:"seen_at"`
	}
	if err := all(ctx, db.read, &rows, `
		SELECT x.metric AS metric, o.id AS output, o.published_at AS published_at, x.send AS send, x.at AS at, x.value AS value, r.seen_at AS seen_at
		FROM   outputs o JOIN sends s ON s.output = o.id
		                 JOIN observations x ON x.send = s.id
		                 JOIN readings r ON r.send = s.id AND r.metric = x.metric
		WHERE  o.task = ? AND o.published_at >= ? AND x.metric IN (?`+strings.Repeat(`, ?`, len(metrics)-1)+`)
		ORDER BY x.metric, o.published_at, o.id, x.at, x.send`, args...); err != nil {
		return nil, translate(err)
	}
	found := make(map[engine.Metric][]engine.Track, len(metrics))
	last := map[string]int64{} // by send, of the metric at hand
	for i, r := range rows {
		if i > 0 && rows[i-1].Metric != r.Metric {
			clear(last)
		}
		tracks := found[r.Metric]
		if n := len(tracks); n == 0 || tracks[n-1].Output != r.Output {
			tracks = append(tracks, engine.Track{Output: r.Output, Published: r.Published.time()})
		}
		k := &tracks[len(tracks)-1]
		value := r.Value - last[r.Send]
		if n := len(k.Points); n > 0 {
			value += k.Points[n-1].Value
		}
		last[r.Send] = r.Value
		k.Points = append(k.Points, engine.Point{At: r.At.time(), Value: value})
		k.Seen = latest(k.Seen, r.Seen.time())
		found[r.Metric] = tracks
	}
	return found, nil
}
