package storage

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"strconv"
	"time"

	"koira/engine"
)

const (
	installKey = "install"
	keptStarts = 1000 // of all starts, the newest so many are kept
)

// Begin writes down that the program starts, and returns what is known of the starts before. Whoever calls it calls End when the program ends by
// itself: a start without an end was a crash.
func (db *DB) Begin(ctx context.Context, at time.Time) (engine.Start, error) {
	var s engine.Start
	err := db.inTx(ctx, func(ctx context.Context, t *tx) error {
		var err error
		if s.Install, err = t.install(ctx, at); err != nil {
			return err
		}
		if err := get(ctx, t, &s.Epoch, `
			SELECT coalesce(max(epoch), 0) + 1
			FROM   starts`); err != nil {
			return err
		}
		var crashed []stamp
		if err := all(ctx, t, &crashed, `
			SELECT at
			FROM   starts
			WHERE  ended_at IS NULL AND at > ?
			ORDER BY epoch`, stamp(at.Add(-engine.CrashWindow))); err != nil {
			return err
		}
		for _, c := range crashed {
			s.Crashed = append(s.Crashed, c.time())
		}
		if _, err := t.exec(ctx, `
			INSERT INTO starts (epoch, at)
			VALUES (?, ?)`, s.Epoch, stamp(at)); err != nil {
			return err
		}
		if _, err := t.exec(ctx, `
			DELETE FROM starts
			WHERE  epoch <= ?`, s.Epoch-keptStarts); err != nil {
			return err
		}
		return t.record(ctx, engine.Event{
			At: at, Actor: engine.Koira.ID, Surface: engine.Koira.Surface, Action: "program.started", Subject: engine.Koira.ID, // not the install id, which no seed repeats
			Detail: map[string]string{"epoch": strconv.FormatInt(s.Epoch, 10), "crashed": strconv.Itoa(len(s.Crashed))},
		})
	})
	return s, err
}

// End writes down that the start with this epoch ended by itself. Calling it twice is safe.
func (db *DB) End(ctx context.Context, epoch int64, at time.Time) error {
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, `
			UPDATE starts
			SET    ended_at = ?
			WHERE  epoch = ? AND ended_at IS NULL`, stamp(at), epoch)
		return err
	})
}

// install returns the store's id, and gives it one when it has none: a hash over the moment and the first line of its log.
func (t *tx) install(ctx context.Context, at time.Time) (string, error) {
	var id string
	err := get(ctx, t, &id, `
		SELECT value
		FROM   settings
		WHERE  name = ?`, installKey)
	if err == nil || !errors.Is(err, sql.ErrNoRows) {
		return id, err
	}
	var first string
	if err := get(ctx, t, &first, `
		SELECT coalesce(min(hash), '')
		FROM   events
		WHERE  seq = 1`); err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte("koira-install-1 " + at.UTC().Format(time.RFC3339Nano) + " " + first))
	id = hex.EncodeToString(sum[:16])
	_, err = t.exec(ctx, `
		INSERT INTO settings (name, value)
		VALUES (?, ?)`, installKey, id)
	return id, err
}
