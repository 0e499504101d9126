package storage

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

// writerSetting names who writes: every level that is allowed from then on is allowed for that writer.
const writerSetting = "writer"

// SetWriter notes who writes, and with which prompt. A level that was allowed for another writer lapses. Calling it twice changes nothing more.
func (db *DB) SetWriter(ctx context.Context, writer string, at time.Time) error {
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		if err := t.set(ctx, writerSetting, writer); err != nil {
			return err
		}
		return t.lapseAll(ctx, engine.Koira, at)
	})
}

// lapseAll holds every task against what its level was allowed for. A task of which that is not known stands on what is true now.
func (t *tx) lapseAll(ctx context.Context, by engine.Actor, at time.Time) error {
	var rows []taskRow
	if err := all(ctx, t, &rows, `
		SELECT `+taskColumns+`
		FROM   tasks
		ORDER BY id`); err != nil {
		return err
	}
	for _, r := range rows {
		if err := t.lapse(ctx, r.task(), by, at); err != nil {
			return err
		}
	}
	return nil
}

// lapse compares what k stands on with what its level was allowed for, and holds it against its walls. Above L3, where pieces go out unasked, a
// difference lowers it one level, and the record begins anew: what people approved before was something else. At L3 and below nothing is lowered, and
// the record begins anew as well. Where a wall is gone it falls to the level that needs none, at once; that alone says nothing against its record, which
// stays, so that no more is asked for than the wall and an owner's yes.
func (t *tx) lapse(ctx context.Context, k engine.Task, by engine.Actor, at time.Time) error {
	why, err := t.differs(ctx, k, by, at)
	if err != nil {
		return err
	}
	g, err := t.db.guardrails(ctx, t)
	if err != nil && engine.CodeOf(err) != engine.CodeNotFound {
		return err
	}
	f, falls := engine.FallOn(k, why, g)
	if !falls {
		return nil
	}
	id, lapsed, cause := t.id(""), why != "", engine.CauseLapse
	if !lapsed {
		cause = engine.CauseWalls
	}
	return t.change(ctx, k, engine.TaskChange{
		Task: k.ID, From: k.Level, To: f.To, Lowered: lapsed, By: by, At: at, Why: f.Why,
		Decision: &engine.Decision{ID: id, Task: k.ID, At: at, What: "level", From: k.Level.String(), To: f.To.String(), Signal: f.Why},
		Lowering: &engine.Lowering{Decision: id, Task: k.ID, At: at, From: k.Level, To: f.To, Cause: cause},
		Notices:  []engine.Notice{{Kind: engine.NoticeLevel, Subject: id}},
	})
}

// differs says what k does not stand on any more, where that lowers it; "" else. Where nothing is to be lowered it writes down what k stands on now.
func (t *tx) differs(ctx context.Context, k engine.Task, by engine.Actor, at time.Time) (string, error) {
	now, err := t.footing(ctx, k)
	if err != nil {
		return "", err
	}
	was, err := footing(ctx, t, k.ID)
	if engine.CodeOf(err) == engine.CodeNotFound {
		return "", t.stand(ctx, k.ID, now, at)
	}
	if err != nil {
		return "", err
	}
	why := was.Changed(now)
	switch {
	case why != "" && k.Level > engine.L3:
		return why, nil
	case why != "":
		return "", t.renew(ctx, k, now, by, at, why)
	case !was.Same(now): // what was not known, or not locked, is from now on, and the next change of it counts
		return "", t.stand(ctx, k.ID, now, at)
	}
	return "", nil
}

// Footing is what the level of a task was allowed for; code not_found where that is not known.
func (db *DB) Footing(ctx context.Context, task string) (engine.Footing, error) {
	f, err := footing(ctx, db.few(), task)
	return f, translate(err)
}

func footing(ctx context.Context, q sqlx.QueryerContext, task string) (engine.Footing, error) {
	var was doc[engine.Footing]
	err := get(ctx, q, &was, `
		SELECT body
		FROM   footings
		WHERE  task = ?`, task)
	return was.V, orAbsent(err, "footing of task", task)
}

// footing is what k stands on in this transaction.
func (t *tx) footing(ctx context.Context, k engine.Task) (engine.Footing, error) {
	s, err := t.db.strategy(ctx, t)
	if err != nil && engine.CodeOf(err) != engine.CodeNotFound {
		return engine.Footing{}, err
	}
	g, err := t.db.guardrails(ctx, t)
	if err != nil && engine.CodeOf(err) != engine.CodeNotFound {
		return engine.Footing{}, err
	}
	var writer string
	err = get(ctx, t, &writer, `
		SELECT value
		FROM   settings
		WHERE  name = ?`, writerSetting)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return engine.Footing{}, err
	}
	return engine.FootingOf(k, s, g, writer), nil
}

// stand writes down what a task stands on.
func (t *tx) stand(ctx context.Context, task string, f engine.Footing, at time.Time) error {
	_, err := t.exec(ctx, `
		INSERT INTO footings (task, body, at)
		VALUES (?, ?, ?)
		ON CONFLICT (task) DO UPDATE
		SET body = excluded.body, at = excluded.at`, task, doc[engine.Footing]{f}, stamp(at))
	return err
}

// renew begins k's record anew at the level that it holds. What counted until then is told, once for all tasks that one change hits.
func (t *tx) renew(ctx context.Context, k engine.Task, f engine.Footing, by engine.Actor, at time.Time, why string) error {
	if err := t.stand(ctx, k.ID, f, at); err != nil {
		return err
	}
	if _, err := t.exec(ctx, `
		UPDATE tasks
		SET    renewed_at = ?
		WHERE  id = ?`, stamp(at), k.ID); err != nil {
		return err
	}
	if err := t.record(ctx, engine.Event{
		At: at, Actor: by.ID, Surface: by.Surface, Action: "task.renewed", Subject: k.ID, Detail: map[string]string{"why": why},
	}); err != nil {
		return err
	}
	counted, err := reviewsOf(ctx, t, k.ID, k.Since())
	if err != nil || len(counted) == 0 { // nothing is lost
		return err
	}
	if err := t.decide(ctx, engine.Decision{Task: k.ID, At: at, What: engine.DecidedRecord, From: strconv.Itoa(len(counted)), To: "0", Signal: why}); err != nil {
		return err
	}
	return t.queue(ctx, engine.Notice{Kind: engine.NoticeRenewed, Subject: engine.RenewedSubject(at), Due: at})
}

// RulesAt returns the strategy and the guardrails that were in force at that time; code not_found before the first.
func (db *DB) RulesAt(ctx context.Context, at time.Time) (engine.Strategy, engine.Guardrails, error) {
	var s doc[engine.Strategy]
	var g doc[engine.Guardrails]
	if err := get(ctx, db.few(), &s, `
		SELECT body
		FROM   strategies
		WHERE  at <= ?
		ORDER BY version DESC LIMIT 1`, stamp(at)); err != nil {
		return s.V, g.V, translate(orAbsent(err, "strategy of that time", at.Format(time.RFC3339)))
	}
	err := get(ctx, db.few(), &g, `
		SELECT body
		FROM   guardrails
		WHERE  at <= ?
		ORDER BY version DESC LIMIT 1`, stamp(at))
	return utcStrategy(s.V), g.V, translate(orAbsent(err, "guardrails of that time", at.Format(time.RFC3339)))
}
