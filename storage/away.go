package storage

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

const absenceColumns = `id, owner, begun, until, delegate, max_level, capped, budget, seq, entry, ended_at, ended_by`

type absenceRow struct {
	ID       string       `db:"id"`
	Owner    string       `db:"owner"`
	From     stamp        `db:"begun"`
	Until    stamp        `db:"until"`
	Delegate string       `db:"delegate"`
	MaxLevel engine.Level `db:"max_level"`
	Capped   bool         `db:"capped"`
	Budget   engine.Money `db:"budget"`
	Seq      int64        `db:"seq"`
	Entry    int64        `db:"entry"`
	EndedAt  stamp        `db:"ended_at"`
	EndedBy  string       `db:"ended_by"`
}

func (r absenceRow) absence() engine.Absence {
	return engine.Absence{
		ID: r.ID, Owner: r.Owner, From: r.From.time(), Until: r.Until.time(), Delegate: r.Delegate, MaxLevel: r.MaxLevel, Capped: r.Capped,
		Budget: r.Budget, Seq: r.Seq, Entry: r.Entry, EndedAt: r.EndedAt.time(), EndedBy: r.EndedBy,
	}
}

// StartAbsence writes that a.Owner is away from At on. One of theirs that still runs is changed: it keeps its id and its beginning; one whose time
// has come is ended first, as koira. It gives the absence as it stands, writes an event, and queues its card.
func (db *DB) StartAbsence(ctx context.Context, a engine.Absence, by engine.Actor, at time.Time) (engine.Absence, error) {
	err := db.inTx(ctx, func(ctx context.Context, t *tx) error {
		running, err := runningAbsences(ctx, t)
		if err != nil {
			return err
		}
		action := "away.started"
		a.ID, a.From = t.id(a.ID), at
		for _, r := range running {
			switch {
			case r.Owner != a.Owner:
			case r.Holds(at):
				action, a.ID, a.From, a.Seq, a.Entry = "away.changed", r.ID, r.From, r.Seq, r.Entry
			default:
				if err := t.endAbsence(ctx, r, engine.Koira, at); err != nil {
					return err
				}
			}
		}
		if !a.Capped {
			a.Budget = 0
		}
		if action == "away.started" {
			err = t.insertAbsence(ctx, &a)
		} else {
			_, err = t.exec(ctx, `
				UPDATE absences
				SET    until = ?, delegate = ?, max_level = ?, capped = ?, budget = ?
				WHERE  id = ?`, stamp(a.Until), a.Delegate, int(a.MaxLevel), flag(a.Capped), a.Budget, a.ID)
		}
		if err != nil {
			return err
		}
		detail := map[string]string{"owner": a.Owner, "until": a.Until.UTC().Format(time.RFC3339), "delegate": a.Delegate, "level": a.MaxLevel.String()}
		if a.Capped {
			detail["budget"] = strconv.FormatInt(int64(a.Budget), 10)
		}
		if err := t.record(ctx, engine.Event{At: at, Actor: by.ID, Surface: by.Surface, Action: action, Subject: a.ID, Detail: detail}); err != nil {
			return err
		}
		return t.queue(ctx, engine.Notice{Kind: engine.NoticeAway, Subject: a.ID, Due: at})
	})
	return a, err
}

func (t *tx) insertAbsence(ctx context.Context, a *engine.Absence) error {
	h, err := newestEvent(ctx, t)
	if err != nil {
		return err
	}
	a.Seq = h.seq
	if a.Entry, err = ledgerMark(ctx, t); err != nil {
		return err
	}
	_, err = t.exec(ctx, `
		INSERT INTO absences (id, owner, begun, until, delegate, max_level, capped, budget, seq, entry)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		a.ID, a.Owner, stamp(a.From), stamp(a.Until), a.Delegate, int(a.MaxLevel), flag(a.Capped), a.Budget, a.Seq, a.Entry)
	return err
}

// EndAbsence writes that owner is back, and queues the report of what happened meanwhile. Code conflict when they are not away.
func (db *DB) EndAbsence(ctx context.Context, owner string, by engine.Actor, at time.Time) (ended engine.Absence, err error) {
	err = db.inTx(ctx, func(ctx context.Context, t *tx) error {
		running, err := runningAbsences(ctx, t)
		if err != nil {
			return err
		}
		for _, r := range running {
			if r.Owner == owner {
				ended = r
				return t.endAbsence(ctx, r, by, at)
			}
		}
		return engine.Errorf(engine.CodeConflict, "You are not away.")
	})
	return ended, err
}

// ExpireAbsences ends, as koira, every absence whose time has come, and returns how many those were.
func (db *DB) ExpireAbsences(ctx context.Context, now time.Time) (n int, err error) {
	running, err := db.Absences(ctx)
	if err != nil || !anyOver(running, now) {
		return 0, err
	}
	err = db.inTx(ctx, func(ctx context.Context, t *tx) error {
		running, err := runningAbsences(ctx, t)
		for _, r := range running {
			if r.Until.After(now) {
				continue
			}
			n++
			if err := t.endAbsence(ctx, r, engine.Koira, now); err != nil {
				return err
			}
		}
		return err
	})
	return n, err
}

func anyOver(running []engine.Absence, now time.Time) bool {
	for _, a := range running {
		if !a.Until.After(now) {
			return true
		}
	}
	return false
}

// endAbsence ends a at that moment, or at the end that it had when that came first.
func (t *tx) endAbsence(ctx context.Context, a engine.Absence, by engine.Actor, at time.Time) error {
	ended := at
	if a.Until.Before(at) {
		ended = a.Until
	}
	if _, err := t.exec(ctx, `
		UPDATE absences
		SET    ended_at = ?, ended_by = ?
		WHERE  id = ? AND ended_at IS NULL`, stamp(ended), by.ID, a.ID); err != nil {
		return err
	}
	if err := t.record(ctx, engine.Event{
		At: at, Actor: by.ID, Surface: by.Surface, Action: "away.ended", Subject: a.ID, Detail: map[string]string{"owner": a.Owner},
	}); err != nil {
		return err
	}
	return t.queueAll(ctx, at, []engine.Notice{{Kind: engine.NoticeAway, Subject: a.ID}, {Kind: engine.NoticeReturn, Subject: a.ID}})
}

// Absences returns those that run, also when their time has come since and nobody has ended them; by owner. The caller changes nothing in it.
func (db *DB) Absences(ctx context.Context) ([]engine.Absence, error) {
	a, err := keep(ctx, db, &db.rules.absences, func() (as []engine.Absence, err error) {
		err = db.glance(ctx, func(q sqlx.QueryerContext) error {
			as, err = runningAbsences(ctx, q)
			return err
		})
		return as, err
	})
	return a, translate(err)
}

// Absence has code not_found.
func (db *DB) Absence(ctx context.Context, id string) (engine.Absence, error) {
	var r absenceRow
	err := get(ctx, db.read, &r, `
		SELECT `+absenceColumns+`
		FROM   absences
		WHERE  id = ?`, id)
	return r.absence(), translate(orAbsent(err, "absence", id))
}

// OwnersHere returns the owners who did not say that they are away, or whose absence has ended. With owners unknown it is one without a name, unless
// anybody is away.
func (db *DB) OwnersHere(ctx context.Context) ([]string, error) {
	as, err := db.Absences(ctx)
	if len(db.owners) == 0 && len(as) == 0 {
		return []string{""}, err
	}
	return slices.DeleteFunc(slices.Clone(db.owners), func(owner string) bool {
		return owner == engine.Koira.ID || slices.ContainsFunc(as, func(a engine.Absence) bool { return a.Owner == owner })
	}), err
}

// Away is what holds for what goes out at t, without the caps of money. It is zero while an owner is present.
func (db *DB) Away(ctx context.Context, t time.Time) (engine.Away, error) {
	as, err := db.Absences(ctx)
	away, _ := engine.AwayAt(db.owners, as, t)
	return away, err
}

func runningAbsences(ctx context.Context, q sqlx.QueryerContext) ([]engine.Absence, error) {
	var rows []absenceRow
	if err := all(ctx, q, &rows, `
		SELECT `+absenceColumns+`
		FROM   absences
		WHERE  ended_at IS NULL
		ORDER BY owner`); err != nil {
		return nil, err
	}
	as := make([]engine.Absence, 0, len(rows))
	for _, r := range rows {
		as = append(as, r.absence())
	}
	return as, nil
}

// viewAway holds v's task to what an owner's absence allows, for a piece that goes out at its slot, or now where that has passed. What its own
// level is stands in v.Away.
func (db *DB) viewAway(ctx context.Context, q sqlx.QueryerContext, v *engine.View, now time.Time) error {
	var err error
	as, known := stillKept(&db.rules, &db.rules.absences) // read apart it would be read on another connection, while this one is held
	if _, writing := q.(*tx); writing || !known {         // where pieces are cleared, what is in force is asked of the file
		as, err = runningAbsences(ctx, q)
	}
	if err != nil || len(as) == 0 {
		return err
	}
	away, holds := engine.AwayAt(db.owners, as, latest(v.Output.Slot, now))
	if !away.Holds() {
		return nil
	}
	away.Level = v.Task.Level
	v.Task.Level = min(v.Task.Level, away.MaxLevel)
	for _, a := range holds {
		if !a.Capped {
			continue
		}
		c := engine.AwayCap{Limit: a.Budget}
		if c.Used, err = awayUsed(ctx, q, a, v.Output.ID); err != nil {
			return err
		}
		away.Caps = append(away.Caps, c)
	}
	v.Away = away
	return nil
}

// awayUsed is what has been spent since a began, model calls included, and what is set aside for calls and for pieces that are due before it ends,
// without what output has set aside.
func awayUsed(ctx context.Context, q sqlx.QueryerContext, a engine.Absence, output string) (sum engine.Money, err error) {
	for _, part := range []struct {
		query string
		args  []any
	}{
		{`
			SELECT COALESCE(SUM(spent), 0)
			FROM   ledger
			WHERE  seq > ?`, []any{a.Entry}},
		{`
			SELECT COALESCE(SUM(l.reserved), 0)
			FROM   outputs o JOIN ledger l ON l.output = o.id
			WHERE  o.state IN ('scheduled', 'publishing', 'unconfirmed') AND o.slot < ? AND o.id <> ?`, []any{stamp(a.Until), output}},
		{`
			SELECT COALESCE(SUM(reserved), 0)
			FROM   ledger
			WHERE  output IS NULL AND week >= ?`, []any{engine.Week(a.From.Add(-7*24*time.Hour), time.UTC)}},
	} {
		var n engine.Money
		if err := get(ctx, q, &n, part.query, part.args...); err != nil {
			return 0, err
		}
		if sum, err = engine.AddMoney(sum, n); err != nil {
			return 0, err
		}
	}
	return sum, nil
}

// OwnersLast is the newest line of the log with which any owner did something, or the absence of this one ended; before any of these, the log's first
// line. The zero Event for an empty log.
func (db *DB) OwnersLast(ctx context.Context, owner string) (engine.Event, error) {
	query, args, err := sqlx.In(`
		SELECT seq, at, actor, surface, action, subject, detail, prev, hash
		FROM   events
		WHERE  actor IN (?) OR action = 'away.ended' AND json_extract(detail, '$.owner') = ? OR seq = 1
		ORDER BY seq DESC LIMIT 1`, append([]string{""}, db.owners...), owner)
	if err != nil {
		return engine.Event{}, err
	}
	var rows []eventRow
	if err := all(ctx, db.read, &rows, query, args...); err != nil || len(rows) == 0 {
		return engine.Event{}, translate(err)
	}
	e, err := rows[0].event()
	return e, translate(err)
}

// SpentIn sums what was spent in [from, to), model calls included.
func (db *DB) SpentIn(ctx context.Context, from, to time.Time) (sum engine.Money, err error) {
	err = get(ctx, db.read, &sum, `
		SELECT COALESCE(SUM(spent), 0)
		FROM   ledger
		WHERE  at >= ? AND at < ?`, stamp(from), stamp(to))
	return sum, translate(err)
}
