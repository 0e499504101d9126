package storage

import (
	"context"
	"maps"
	"slices"
	"time"

	"koira/engine"
)

const dueReadsSQL = sendsSQL + `
	WHERE  state = 'published' AND next_read IS NOT NULL AND next_read <= ?
	ORDER BY next_read, id`

// DueReads returns the published or settled sends whose NextRead is set and not after t.
func (db *DB) DueReads(ctx context.Context, t time.Time) ([]engine.Send, error) {
	sends, err := readSends(ctx, db.few(), dueReadsSQL, stamp(t))
	return sends, translate(err)
}

// SaveReadings stores readings (a reading that is not newer, or not different, changes nothing) and each send's next reading time (zero ends
// its measuring), and queues a result notice for each output whose values changed. It is durable with the next Flush or durable change: what
// is lost is read again.
func (db *DB) SaveReadings(ctx context.Context, obs []engine.Observation, next map[string]time.Time) error {
	return db.inRelaxedTx(ctx, func(ctx context.Context, t *tx) error {
		changed := map[string]time.Time{} // output → newest change
		for _, send := range bySend(obs) {
			output, at, err := t.saveReadings(ctx, send[0].Send, send)
			if err != nil {
				return err
			}
			if output != "" {
				changed[output] = latest(changed[output], at)
			}
		}
		for _, output := range slices.Sorted(maps.Keys(changed)) {
			if err := t.queue(ctx, engine.Notice{Kind: engine.NoticeResult, Subject: output, Due: changed[output]}); err != nil {
				return err
			}
		}
		for _, send := range slices.Sorted(maps.Keys(next)) {
			if _, err := t.exec(ctx, `
				UPDATE sends
				SET    next_read = ?
				WHERE  id = ?`, stamp(next[send]), send); err != nil {
				return err
			}
		}
		return nil
	})
}

// bySend parts readings by their sends, in the order in which these come first.
func bySend(obs []engine.Observation) [][]engine.Observation {
	var parts [][]engine.Observation
	at := map[string]int{}
	for _, o := range obs {
		i, known := at[o.Send]
		if !known {
			i, at[o.Send] = len(parts), len(parts)
			parts = append(parts, nil)
		}
		parts[i] = append(parts[i], o)
	}
	return parts
}

type readingRow struct {
	Metric engine.Metric `db:"metric"`
	SeenAt stamp         `db:"seen_at"`
	Value  int64         `db:"value"`
}

// saveReadings returns the output of a send whose values changed and when they last did, "" when nothing is news. A value that was read again
// unchanged moves only the time up to which it is known to hold, so that an older reading that comes late is not taken for a newer one.
func (t *tx) saveReadings(ctx context.Context, send string, obs []engine.Observation) (output string, changed time.Time, err error) {
	var rows []readingRow
	if err := all(ctx, t, &rows, `
		SELECT metric, seen_at, value
		FROM   readings
		WHERE  send = ?`, send); err != nil {
		return "", changed, err
	}
	last := make(map[engine.Metric]readingRow, len(rows))
	for _, r := range rows {
		last[r.Metric] = r
	}
	if at := still(last, obs); !at.IsZero() {
		_, err := t.exec(ctx, `
			UPDATE readings
			SET    seen_at = ?
			WHERE  send = ?`, stamp(at), send)
		return "", changed, err
	}
	for _, o := range obs {
		before, known := last[o.Metric]
		at := o.At.Truncate(resolution)
		switch {
		case known && !at.After(before.SeenAt.time()):
			continue
		case known && o.Value == before.Value:
			_, err = t.exec(ctx, `
				UPDATE readings
				SET    seen_at = ?
				WHERE  send = ? AND metric = ?`, stamp(at), send, string(o.Metric))
		default:
			if output == "" {
				if err := get(ctx, t, &output, `
					SELECT output
					FROM   sends
					WHERE  id = ?`, send); err != nil {
					return "", changed, orAbsent(err, "send", send)
				}
			}
			changed = latest(changed, o.At)
			err = t.saveReading(ctx, output, o, stamp(at))
		}
		if err != nil {
			return "", changed, err
		}
		last[o.Metric] = readingRow{o.Metric, stamp(at), o.Value}
	}
	return output, changed, nil
}

// still returns when all that is known of a send was counted again at one later time, unchanged; zero for anything else.
func still(last map[engine.Metric]readingRow, obs []engine.Observation) time.Time {
	if len(obs) == 0 || len(obs) != len(last) {
		return time.Time{}
	}
	at, seen := obs[0].At.Truncate(resolution), map[engine.Metric]bool{}
	for _, o := range obs {
		before, known := last[o.Metric]
		if !known || seen[o.Metric] || o.Value != before.Value || !o.At.Truncate(resolution).Equal(at) || !at.After(before.SeenAt.time()) {
			return time.Time{}
		}
		seen[o.Metric] = true
	}
	return at
}

func (t *tx) saveReading(ctx context.Context, output string, o engine.Observation, at stamp) error {
	if _, err := t.exec(ctx, `
		INSERT INTO readings (send, metric, at, seen_at, value, simulated)
		VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (send, metric) DO UPDATE
		SET at = excluded.at, seen_at = excluded.seen_at, value = excluded.value, simulated = excluded.simulated`,
		o.Send, string(o.Metric), at, at, o.Value, flag(o.Simulated)); err != nil {
		return err
	}
	_, err := t.exec(ctx, `
		INSERT INTO observations (send, metric, at, seen_at, output, value, source, simulated)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		o.Send, string(o.Metric), at, at, output, o.Value, o.Source, flag(o.Simulated))
	return err
}

// Readings returns the newest value of each metric of one output, summed over its sends.
func (db *DB) Readings(ctx context.Context, output string) (map[engine.Metric]int64, error) {
	var rows []struct {
		Metric engine.Metric `db:"metric"`
		Value  int64         `db:"value"`
	}
	if err := all(ctx, db.few(), &rows, `
		SELECT r.metric AS metric, SUM(r.value) AS value
		FROM   sends s JOIN readings r ON r.send = s.id
		WHERE  s.output = ?
		GROUP BY r.metric`, output); err != nil {
		return nil, translate(err)
	}
	readings := make(map[engine.Metric]int64, len(rows))
	for _, r := range rows {
		readings[r.Metric] = r.Value
	}
	return readings, nil
}

// ReadingsAt returns what Readings would have at that time: the newest value of each metric that was counted by then, where it was still known to
// hold after since. What was not read in that span is left out, so that a gap is not taken for a standstill.
func (db *DB) ReadingsAt(ctx context.Context, output string, since, at time.Time) (map[engine.Metric]int64, error) {
	var rows []struct {
		Metric engine.Metric `db:"metric"`
		Value  int64         `db:"value"`
	}
	if err := all(ctx, db.few(), &rows, `
		SELECT o.metric AS metric, SUM(o.value) AS value
		FROM   sends s JOIN observations o ON o.send = s.id
		LEFT JOIN readings r ON r.send = o.send AND r.metric = o.metric AND r.at = o.at
		WHERE  s.output = ? AND o.at <= ? 
		AND    (COALESCE(r.seen_at, o.seen_at) >= ? OR EXISTS (SELECT 1 FROM observations e WHERE e.send = o.send AND e.at >= ? AND e.at <= ?))
		AND    NOT EXISTS (SELECT 1 FROM observations n WHERE n.send = o.send AND n.metric = o.metric AND n.at > o.at AND n.at <= ?)
		GROUP BY o.metric`, output, stamp(at), stamp(since), stamp(since), stamp(at), stamp(at)); err != nil {
		return nil, translate(err)
	}
	readings := make(map[engine.Metric]int64, len(rows))
	for _, r := range rows {
		readings[r.Metric] = r.Value
	}
	return readings, nil
}
