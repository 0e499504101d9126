package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

// controlSubject is what the notice of a stop or a resume is about: there is one control.
const controlSubject = "control"

// Control returns the zero Control before anybody stopped anything.
func (db *DB) Control(ctx context.Context) (engine.Control, error) {
	c, err := control(ctx, db.few())
	return c, translate(err)
}

// SetControl stops or resumes everything; it writes an event and a control notice, and a resume closes what is open about everything. Setting the same Stopped again gives code conflict and changes nothing.
func (db *DB) SetControl(ctx context.Context, c engine.Control, by engine.Actor, at time.Time) error {
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		now, err := control(ctx, t)
		if err != nil {
			return err
		}
		if now.Stopped == c.Stopped {
			return engine.Errorf(engine.CodeConflict, "%s", alreadySo(now.Stopped))
		}
		action := "control.resumed"
		if c.Stopped {
			action = "control.stopped"
			if c.StoppedBy == "" {
				c.StoppedBy = by.ID
			}
			if c.StoppedAt.IsZero() {
				c.StoppedAt = at
			}
		}
		if _, err := t.exec(ctx, `
			INSERT INTO control (id, stopped, stopped_by, stopped_at, why)
			VALUES (1, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE
			SET stopped = excluded.stopped, stopped_by = excluded.stopped_by, stopped_at = excluded.stopped_at, why = excluded.why`,
			flag(c.Stopped), c.StoppedBy, stamp(c.StoppedAt), c.Why); err != nil {
			return err
		}
		if err := t.record(ctx, engine.Event{
			At: at, Actor: by.ID, Surface: by.Surface, Action: action, Subject: controlSubject, Detail: map[string]string{"why": c.Why},
		}); err != nil {
			return err
		}
		if !c.Stopped {
			if err := t.closeSystem(ctx, engine.Everything, by, at, "resumed"); err != nil {
				return err
			}
		}
		if err := t.redrawSystem(ctx, engine.TheLog, at); err != nil { // whether it may be settled by word depends on the stop
			return err
		}
		return t.queue(ctx, engine.Notice{Kind: engine.NoticeControl, Subject: controlSubject, Due: at})
	})
}

func alreadySo(stopped bool) string {
	if stopped {
		return "Everything is stopped already."
	}
	return "Nothing is stopped."
}

// Setting returns "" for a key that was never set.
func (db *DB) Setting(ctx context.Context, key string) (string, error) {
	value, err := setting(ctx, db.few(), key)
	return value, translate(err)
}

func setting(ctx context.Context, q sqlx.QueryerContext, key string) (string, error) {
	var value string
	err := get(ctx, q, &value, `
		SELECT value
		FROM   settings
		WHERE  name = ?`, key)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return value, err
}

// SetSetting keeps value under key; doing it again changes nothing. It is durable with the next Flush or durable change.
func (db *DB) SetSetting(ctx context.Context, key, value string) error {
	return db.inRelaxedTx(ctx, func(ctx context.Context, t *tx) error {
		return t.set(ctx, key, value)
	})
}

func (t *tx) set(ctx context.Context, key, value string) error {
	_, err := t.exec(ctx, `
		INSERT INTO settings (name, value)
		VALUES (?, ?)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`, key, value)
	return err
}

func control(ctx context.Context, q sqlx.QueryerContext) (engine.Control, error) {
	var r struct {
		Stopped   bool   `db:"stopped"`
		StoppedBy string `db:"stopped_by"`
		StoppedAt stamp  `db:"stopped_at"`
		Why       string `db:"why"`
	}
	err := get(ctx, q, &r, `
		SELECT stopped, stopped_by, stopped_at, why
		FROM   control
		WHERE  id = 1`)
	if errors.Is(err, sql.ErrNoRows) {
		return engine.Control{}, nil
	}
	return engine.Control{Stopped: r.Stopped, StoppedBy: r.StoppedBy, StoppedAt: r.StoppedAt.time(), Why: r.Why}, err
}
