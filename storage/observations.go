package storage

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"time"

	"koira/engine"
)

const dueReadsSQL = `
	SELECT ` + sendColumns + `
	FROM   sends
	WHERE  state = 'published' AND next_read IS NOT NULL AND next_read <= ?
	ORDER BY next_read, id`

// DueReads returns the published or settled sends whose NextRead is set and not after t.
func (db *DB) DueReads(ctx context.Context, t time.Time) ([]engine.Send, error) {
	sends, err := readSends(ctx, db.read, dueReadsSQL, stamp(t))
	return sends, translate(err)
}

// SaveReadings stores readings (a reading that is not newer, or not different, changes nothing) and each send's next reading time (zero ends
// its measuring), and queues a result notice for each output whose values changed.
func (db *DB) SaveReadings(ctx context.Context, obs []engine.Observation, next map[string]time.Time) error {
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		changed := map[string]time.Time{} // output → newest change
		for _, o := range obs {
			output, err := t.saveReading(ctx, o)
			if err != nil {
				return err
			}
			if output != "" {
				changed[output] = latest(changed[output], o.At)
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

// saveReading returns the output whose value changed, "" when nothing is news. A value that was read again unchanged moves only the time
// up to which it is known to hold, so that an older reading that comes late is not taken for a newer one.
func (t *tx) saveReading(ctx context.Context, o engine.Observation) (string, error) {
	var last struct {
		At     stamp `db:"at"`
		SeenAt stamp `db:"seen_at"`
		Value  int64 `db:"value"`
	}
	err := get(ctx, t, &last, `
		SELECT at, seen_at, value
		FROM   observations
		WHERE  send = ? AND metric = ?
		ORDER BY at DESC LIMIT 1`, o.Send, string(o.Metric))
	first := errors.Is(err, sql.ErrNoRows)
	at := o.At.Truncate(resolution)
	switch {
	case err != nil && !first:
		return "", err
	case !first && !at.After(last.SeenAt.time()):
		return "", nil
	case !first && o.Value == last.Value:
		_, err := t.exec(ctx, `
			UPDATE observations
			SET    seen_at = ?
			WHERE  send = ? AND metric = ? AND at = ?`, stamp(at), o.Send, string(o.Metric), last.At)
		return "", err
	}
	s, err := sendByID(ctx, t, o.Send)
	if err != nil {
		return "", err
	}
	_, err = t.exec(ctx, `
		INSERT INTO observations (send, metric, at, seen_at, output, value, source, simulated)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		o.Send, string(o.Metric), stamp(at), stamp(at), s.Output, o.Value, o.Source, flag(o.Simulated))
	return s.Output, err
}

// Readings returns the newest value of each metric of one output, summed over its sends.
func (db *DB) Readings(ctx context.Context, output string) (map[engine.Metric]int64, error) {
	var rows []struct {
		Metric engine.Metric `db:"metric"`
		Value  int64         `db:"value"`
	}
	if err := all(ctx, db.read, &rows, `
		SELECT o.metric AS metric, SUM(o.value) AS value
		FROM   sends s JOIN observations o ON o.send = s.id
		WHERE  s.output = ?
		AND    NOT EXISTS (SELECT 1 FROM observations n WHERE n.send = o.send AND n.metric = o.metric AND n.at > o.at)
		GROUP BY o.metric`, output); err != nil {
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
	if err := all(ctx, db.read, &rows, `
		SELECT o.metric AS metric, SUM(o.value) AS value
		FROM   sends s JOIN observations o ON o.send = s.id
		WHERE  s.output = ? AND o.at <= ? AND o.seen_at >= ?
		AND    NOT EXISTS (SELECT 1 FROM observations n WHERE n.send = o.send AND n.metric = o.metric AND n.at > o.at AND n.at <= ?)
		GROUP BY o.metric`, output, stamp(at), stamp(since), stamp(at)); err != nil {
		return nil, translate(err)
	}
	readings := make(map[engine.Metric]int64, len(rows))
	for _, r := range rows {
		readings[r.Metric] = r.Value
	}
	return readings, nil
}
