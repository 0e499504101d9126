package storage

import (
	"context"
	"time"

	"koira/engine"
)

// Tracks returns what each piece of a task that went out since then brought of a metric over time, oldest publication first. Pieces without any
// reading of it are left out.
func (db *DB) Tracks(ctx context.Context, task string, m engine.Metric, since time.Time) ([]engine.Track, error) {
	var rows []struct {
		Output    string `db:"output"`
		Send      string `db:"send"`
		Published stamp  `db:"published_at"`
		At        stamp  `db:"at"`
		Value     int64  `db:"value"`
		Seen      stamp  `db:"seen_at"`
	}
	if err := all(ctx, db.read, &rows, `
		SELECT o.id AS output, o.published_at AS published_at, x.send AS send, x.at AS at, x.value AS value, r.seen_at AS seen_at
		FROM   outputs o JOIN sends s ON s.output = o.id
		                 JOIN observations x ON x.send = s.id AND x.metric = ?
		                 JOIN readings r ON r.send = s.id AND r.metric = x.metric
		WHERE  o.task = ? AND o.published_at >= ?
		ORDER BY o.published_at, o.id, x.at, x.send`, string(m), task, lowest(since)); err != nil {
		return nil, translate(err)
	}
	var tracks []engine.Track
	last := map[string]int64{} // by send
	for _, r := range rows {
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
	}
	return tracks, nil
}
