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
		if err := t.putStrategy(ctx, engine.StrategyChange{From: now.Version, To: s, By: by, At: at, What: why}); err != nil {
			return err
		}
		return t.lapseAll(ctx, by, at)
	})
	return version, err
}

// ChangeStrategy applies c; see engine.StrategyChange. What was allowed for another voice lapses.
func (db *DB) ChangeStrategy(ctx context.Context, c engine.StrategyChange) error {
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		now, err := db.strategy(ctx, t)
		if err != nil && engine.CodeOf(err) != engine.CodeNotFound {
			return err
		}
		if now.Version != c.From {
			return engine.Errorf(engine.CodeConflict, "The strategy has changed since you looked: version %d is in force now.", now.Version)
		}
		if err := t.carry(ctx, c.Request, c.By, engine.Actor{}, c.At); err != nil {
			return err
		}
		if err := t.putStrategy(ctx, c); err != nil {
			return err
		}
		return t.lapseAll(ctx, c.By, c.At)
	})
}

func (t *tx) putStrategy(ctx context.Context, c engine.StrategyChange) error {
	s := utcStrategy(c.To)
	s.Version = c.From + 1
	body, err := written(s)
	if err != nil {
		return err
	}
	if _, err := t.exec(ctx, `
		INSERT INTO strategies (version, body, zone, by_id, at, why, note)
		VALUES (?, ?, ?, ?, ?, ?, ?)`,
		s.Version, body, s.Business.Zone, c.By.ID, stamp(c.At), c.What, c.Why); err != nil {
		return err
	}
	return t.record(ctx, engine.Event{
		At: c.At, Actor: c.By.ID, Surface: c.By.Surface, Action: "strategy.changed", Subject: "strategy",
		Detail: map[string]string{"version": strconv.Itoa(s.Version), "sum": sumOf(body), "why": c.What, "note": c.Why},
	})
}

// StrategyAt returns an earlier version, or the one in force; code not_found.
func (db *DB) StrategyAt(ctx context.Context, version int) (engine.Strategy, error) {
	var body doc[engine.Strategy]
	err := db.glance(ctx, func(q sqlx.QueryerContext) error {
		return orAbsent(get(ctx, q, &body, `
			SELECT body
			FROM   strategies
			WHERE  version = ?`, version), "version of the strategy", strconv.Itoa(version))
	})
	return utcStrategy(body.V), err
}

// StrategyHistory returns the newest versions first, without as many of the newest as offset says.
func (db *DB) StrategyHistory(ctx context.Context, offset, limit int) ([]engine.StrategyVersion, error) {
	var rows []struct {
		Version int    `db:"version"`
		By      string `db:"by_id"`
		At      stamp  `db:"at"`
		What    string `db:"why"`
		Why     string `db:"note"`
	}
	if err := db.glance(ctx, func(q sqlx.QueryerContext) error {
		return all(ctx, q, &rows, `
			SELECT version, by_id, at, why, note
			FROM   strategies
			ORDER BY version DESC LIMIT ? OFFSET ?`, limit, offset)
	}); err != nil {
		return nil, err
	}
	versions := make([]engine.StrategyVersion, len(rows))
	for i, r := range rows {
		versions[i] = engine.StrategyVersion{Version: r.Version, By: r.By, At: r.At.time(), What: r.What, Why: r.Why}
	}
	return versions, nil
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
		s.Facts[i].From, s.Facts[i].Until, s.Facts[i].Checked = s.Facts[i].From.UTC(), s.Facts[i].Until.UTC(), s.Facts[i].Checked.UTC()
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
