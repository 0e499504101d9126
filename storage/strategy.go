package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

// Strategy returns the newest version; code not_found before the first.
func (db *DB) Strategy(ctx context.Context) (engine.Strategy, error) {
	return keep(ctx, db, &db.rules.strategy, func() (s engine.Strategy, err error) {
		err = db.glance(ctx, func(q sqlx.QueryerContext) error {
			s, err = db.strategy(ctx, q)
			return err
		})
		return s, err
	})
}

// SetStrategy writes the next version and returns it; when nothing differs it writes nothing and returns the current one. What was
// allowed for another voice lapses.
func (db *DB) SetStrategy(ctx context.Context, s engine.Strategy, by engine.Actor, at time.Time, why string) (int, error) {
	version := 0
	err := db.inTx(ctx, func(ctx context.Context, t *tx) error {
		now, err := db.strategy(ctx, t)
		if err != nil && engine.CodeOf(err) != engine.CodeNotFound {
			return err
		}
		if version = now.Version; version > 0 && same(now, s) {
			return nil
		}
		version++
		s.Version = version
		body, err := written(utcStrategy(s))
		if err != nil {
			return err
		}
		if _, err := t.exec(ctx, `
			INSERT INTO strategies (version, body, zone, by_id, at, why)
			VALUES (?, ?, ?, ?, ?, ?)`,
			version, body, s.Business.Zone, by.ID, stamp(at), why); err != nil {
			return err
		}
		if err := t.record(ctx, engine.Event{
			At: at, Actor: by.ID, Surface: by.Surface, Action: "strategy.changed", Subject: "strategy",
			Detail: map[string]string{"version": strconv.Itoa(version), "sum": sumOf(body), "why": why},
		}); err != nil {
			return err
		}
		return t.lapseAll(ctx, by, at)
	})
	return version, err
}

func (db *DB) strategy(ctx context.Context, q sqlx.QueryerContext) (engine.Strategy, error) {
	var version int
	if err := get(ctx, q, &version, `
		SELECT COALESCE(MAX(version), 0)
		FROM   strategies`); err != nil {
		return engine.Strategy{}, err
	}
	if version == 0 {
		return engine.Strategy{}, engine.Errorf(engine.CodeNotFound, "There is no strategy yet.")
	}
	s, err := db.rules.strategies.body(ctx, q, version, `
		SELECT body
		FROM   strategies
		WHERE  version = ?`)
	return utcStrategy(s), err
}

// same compares two versions by what they say.
func same(a, b engine.Strategy) bool {
	a.Version, b.Version = 0, 0
	x, errX := json.Marshal(utcStrategy(a))
	y, errY := json.Marshal(utcStrategy(b))
	return errX == nil && errY == nil && string(x) == string(y)
}

// utcStrategy returns s with its dates in UTC; it leaves the caller's slices alone.
func utcStrategy(s engine.Strategy) engine.Strategy {
	s.Offers = append([]engine.Offer(nil), s.Offers...)
	for i := range s.Offers {
		s.Offers[i].From, s.Offers[i].Until = s.Offers[i].From.UTC(), s.Offers[i].Until.UTC()
	}
	s.Facts = append([]engine.Fact(nil), s.Facts...)
	for i := range s.Facts {
		s.Facts[i].From, s.Facts[i].Until = s.Facts[i].From.UTC(), s.Facts[i].Until.UTC()
	}
	return s
}

// zone is the business's time zone under the strategy in force, UTC before the first one.
func (db *DB) zone(ctx context.Context, q sqlx.QueryerContext) (*time.Location, error) {
	var name string
	err := get(ctx, q, &name, `
		SELECT zone
		FROM   strategies
		ORDER BY version DESC LIMIT 1`)
	if errors.Is(err, sql.ErrNoRows) {
		return time.UTC, nil
	}
	if err != nil {
		return nil, err
	}
	if l, ok := db.zones.Load(name); ok {
		return l.(*time.Location), nil
	}
	l := engine.Business{Zone: name}.Location()
	db.zones.Store(name, l)
	return l, nil
}

// week is the budget window of t.
func (db *DB) week(ctx context.Context, q sqlx.QueryerContext, t time.Time) (string, error) {
	l, err := db.zone(ctx, q)
	if err != nil {
		return "", err
	}
	return engine.Week(t, l), nil
}
