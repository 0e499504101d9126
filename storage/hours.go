package storage

import (
	"context"
	"strings"
	"time"

	"koira/engine"
)

// SetHours writes when a person wants to read drafts; none removes their choice. It writes an event. Doing it again changes nothing else.
func (db *DB) SetHours(ctx context.Context, person string, hours []engine.Hours, by engine.Actor, at time.Time) error {
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		var err error
		if len(hours) == 0 {
			_, err = t.exec(ctx, `
				DELETE FROM hours
				WHERE  person = ?`, person)
		} else {
			_, err = t.exec(ctx, `
				INSERT INTO hours (person, spans, at)
				VALUES (?, ?, ?)
				ON CONFLICT (person) DO UPDATE SET spans = excluded.spans, at = excluded.at`, person, doc[[]engine.Hours]{hours}, stamp(at))
		}
		if err != nil {
			return err
		}
		words := make([]string, len(hours))
		for i, h := range hours {
			words[i] = h.String()
		}
		return t.record(ctx, engine.Event{
			At: at, Actor: by.ID, Surface: by.Surface, Action: "hours.changed", Subject: person, Detail: map[string]string{"hours": strings.Join(words, " ")},
		})
	})
}

// Hours returns when people want to read drafts, by user id; who chose nothing is not in it.
func (db *DB) Hours(ctx context.Context) (map[string][]engine.Hours, error) {
	var rows []struct {
		Person string              `db:"person"`
		Spans  doc[[]engine.Hours] `db:"spans"`
	}
	if err := all(ctx, db.few(), &rows, `
		SELECT person, spans
		FROM   hours`); err != nil {
		return nil, translate(err)
	}
	chosen := make(map[string][]engine.Hours, len(rows))
	for _, r := range rows {
		chosen[r.Person] = r.Spans.V
	}
	return chosen, nil
}
