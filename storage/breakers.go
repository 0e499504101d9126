package storage

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

type breakerRow struct {
	Channel     string `db:"channel"`
	Failed      int    `db:"failed"`
	Unconfirmed int    `db:"unconfirmed"`
	PausedAt    stamp  `db:"paused_at"`
	PausedWhy   string `db:"paused_why"`
}

func (r breakerRow) breaker() engine.Breaker {
	b := engine.Breaker{Channel: r.Channel, Failed: r.Failed, Unconfirmed: r.Unconfirmed}
	if at := r.PausedAt.time(); !at.IsZero() {
		b.Pause = &engine.Pause{By: engine.Koira.ID, At: at, Why: r.PausedWhy}
	}
	return b
}

// Breakers returns how every channel fares at which something failed, by name. A channel that is not among them is used.
func (db *DB) Breakers(ctx context.Context) ([]engine.Breaker, error) {
	var rows []breakerRow
	if err := all(ctx, db.read, &rows, `
		SELECT channel, failed, unconfirmed, paused_at, paused_why
		FROM   breakers
		WHERE  failed > 0 OR unconfirmed > 0 OR paused_at IS NOT NULL
		ORDER BY channel`); err != nil {
		return nil, translate(err)
	}
	var bs []engine.Breaker
	for _, r := range rows {
		bs = append(bs, r.breaker())
	}
	return bs, nil
}

// ResumeChannel ends a channel's pause and closes what asked about its attempts with outcome; their count begins anew. What else is open about the channel
// stays. Code conflict when it is not paused.
func (db *DB) ResumeChannel(ctx context.Context, channel string, by engine.Actor, at time.Time, outcome string) error {
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		b, err := breaker(ctx, t, channel)
		if err != nil {
			return err
		}
		if b.Pause == nil {
			return engine.Errorf(engine.CodeConflict, "That channel is not paused; nothing was changed.")
		}
		if err := t.putBreaker(ctx, engine.Breaker{Channel: channel}); err != nil {
			return err
		}
		if err := t.record(ctx, engine.Event{
			At: at, Actor: by.ID, Surface: by.Surface, Action: "channel.resumed", Subject: channel, Detail: map[string]string{"outcome": outcome},
		}); err != nil {
			return err
		}
		return t.closeSystem(ctx, channel, by, at, outcome, engine.TroublePaused, engine.TroubleCredentials)
	})
}

func breaker(ctx context.Context, q sqlx.QueryerContext, channel string) (engine.Breaker, error) {
	r := breakerRow{Channel: channel}
	err := get(ctx, q, &r, `
		SELECT channel, failed, unconfirmed, paused_at, paused_why
		FROM   breakers
		WHERE  channel = ?`, channel)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return r.breaker(), err
}

func (t *tx) putBreaker(ctx context.Context, b engine.Breaker) error {
	var p engine.Pause
	if b.Pause != nil {
		p = *b.Pause
	}
	_, err := t.exec(ctx, `
		INSERT INTO breakers (channel, failed, unconfirmed, paused_at, paused_why)
		VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (channel) DO UPDATE
		SET failed = excluded.failed, unconfirmed = excluded.unconfirmed, paused_at = excluded.paused_at, paused_why = excluded.paused_why`,
		b.Channel, b.Failed, b.Unconfirmed, stamp(p.At), p.Why)
	return err
}

// count keeps the channel's breaker by what an attempt came to, and pauses the channel at the last that may fail. A success ends the row,
// and no pause: that is a person's to end. Looking for a send again says nothing new.
func (t *tx) count(ctx context.Context, channel string, was sendRow, r engine.Result) error {
	attempt := was.State == engine.SendPublishing
	worked := r.State == engine.SendPublished && (attempt || was.State == engine.SendUnconfirmed) && r.By == engine.Koira
	failed := attempt && (r.State == engine.SendFailed || r.State == engine.SendPending && r.Refused)
	unsure := attempt && r.State == engine.SendUnconfirmed
	if !worked && !failed && !unsure {
		return nil
	}
	b, err := breaker(ctx, t, channel)
	if err != nil || worked && b.Failed == 0 && b.Unconfirmed == 0 {
		return err
	}
	switch {
	case worked:
		b.Failed, b.Unconfirmed = 0, 0
	case failed:
		b.Failed++
	default:
		b.Unconfirmed++
	}
	if b.Pause == nil && b.Full() {
		return t.pauseChannel(ctx, b, r)
	}
	return t.putBreaker(ctx, b)
}

// pauseChannel pauses it and asks a person, once for all its pieces. That takes the place of the question about its password; a new card rings.
func (t *tx) pauseChannel(ctx context.Context, b engine.Breaker, r engine.Result) error {
	b.Pause = &engine.Pause{By: engine.Koira.ID, At: r.At, Why: r.Evidence}
	if err := t.putBreaker(ctx, b); err != nil {
		return err
	}
	if err := t.record(ctx, engine.Event{
		At: r.At, Actor: engine.Koira.ID, Surface: engine.Koira.Surface, Action: "channel.paused", Subject: b.Channel,
		Detail: map[string]string{"failed": strconv.Itoa(b.Failed), "unconfirmed": strconv.Itoa(b.Unconfirmed), "why": r.Evidence},
	}); err != nil {
		return err
	}
	if err := t.closeSystem(ctx, b.Channel, engine.Koira, r.At, "the channel is paused now", engine.TroubleCredentials); err != nil {
		return err
	}
	e := engine.Exception{
		Reason: b.Channel + " is paused.", Evidence: "Attempts in a row came to nothing.", Remedy: "Look at the channel.",
	}
	if r.Breaks != nil {
		e = *r.Breaks
	}
	e.Kind, e.Subject, e.Trouble, e.OpenedAt = engine.ExceptionSystem, b.Channel, engine.TroublePaused, r.At
	return t.raise(ctx, e, engine.Koira)
}

// closeSystem closes what is open about a part of the system: all, or those troubles alone.
func (t *tx) closeSystem(ctx context.Context, subject string, by engine.Actor, at time.Time, outcome string, only ...engine.Trouble) error {
	rows, err := t.aboutSystem(ctx, subject)
	if err != nil {
		return err
	}
	if len(only) > 0 {
		rows = slices.DeleteFunc(rows, func(e exceptionRow) bool { return !slices.Contains(only, e.Trouble) })
	}
	return t.closeAll(ctx, rows, by, at, outcome)
}

// redrawSystem has the cards of what is open about subject drawn anew.
func (t *tx) redrawSystem(ctx context.Context, subject string, at time.Time) error {
	rows, err := t.aboutSystem(ctx, subject)
	if err != nil {
		return err
	}
	for _, e := range rows {
		if err := t.queue(ctx, engine.Notice{Kind: engine.NoticeException, Subject: e.ID, Due: at}); err != nil {
			return err
		}
	}
	return nil
}

// aboutSystem returns the open exceptions about a channel, or about koira itself.
func (t *tx) aboutSystem(ctx context.Context, subject string) ([]exceptionRow, error) {
	var rows []exceptionRow
	err := all(ctx, t, &rows, `
		SELECT `+exceptionColumns+`
		FROM   exceptions
		WHERE  kind = 'system' AND subject = ? AND closed_at IS NULL
		ORDER BY opened_at, id`, subject)
	return rows, err
}
