package storage

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

const exceptionColumns = `id, kind, output, task, subject, reason, evidence, remedy, opened_at, due, closed_at, closed_by, outcome`

type exceptionRow struct {
	ID       string               `db:"id"`
	Kind     engine.ExceptionKind `db:"kind"`
	Output   maybe                `db:"output"`
	Task     string               `db:"task"`
	Subject  string               `db:"subject"`
	Reason   string               `db:"reason"`
	Evidence string               `db:"evidence"`
	Remedy   string               `db:"remedy"`
	OpenedAt stamp                `db:"opened_at"`
	Due      stamp                `db:"due"`
	ClosedAt stamp                `db:"closed_at"`
	ClosedBy string               `db:"closed_by"`
	Outcome  string               `db:"outcome"`
}

func (r exceptionRow) exception() engine.Exception {
	return engine.Exception{
		ID: r.ID, Kind: r.Kind, Output: string(r.Output), Task: r.Task, Subject: r.Subject, Reason: r.Reason, Evidence: r.Evidence, Remedy: r.Remedy,
		OpenedAt: r.OpenedAt.time(), Due: r.Due.time(), ClosedAt: r.ClosedAt.time(), ClosedBy: r.ClosedBy, Outcome: r.Outcome,
	}
}

// OpenException opens e and queues its card, unless one is open for its kind and subject: then it changes nothing.
func (db *DB) OpenException(ctx context.Context, e engine.Exception) error {
	return db.inTx(ctx, func(ctx context.Context, t *tx) error { return t.raise(ctx, e, engine.Koira) })
}

// CloseException closes it and queues its card's update; code conflict when it is closed already, not_found when there is none.
func (db *DB) CloseException(ctx context.Context, id string, by engine.Actor, at time.Time, outcome string) error {
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		e, err := exception(ctx, t, id)
		if err != nil {
			return err
		}
		if !e.ClosedAt.time().IsZero() {
			return engine.Errorf(engine.CodeConflict, "That is closed already: %s.", e.Outcome)
		}
		return t.close(ctx, e, by, at, outcome)
	})
}

// Exception returns one by id, also a closed one.
func (db *DB) Exception(ctx context.Context, id string) (engine.Exception, error) {
	r, err := exception(ctx, db.read, id)
	return r.exception(), translate(err)
}

// OpenExceptions returns all open ones, oldest first.
func (db *DB) OpenExceptions(ctx context.Context) ([]engine.Exception, error) {
	var rows []exceptionRow
	if err := all(ctx, db.read, &rows, `
		SELECT `+exceptionColumns+`
		FROM   exceptions
		WHERE  closed_at IS NULL
		ORDER BY opened_at, id`); err != nil {
		return nil, translate(err)
	}
	open := make([]engine.Exception, 0, len(rows))
	for _, r := range rows {
		open = append(open, r.exception())
	}
	return open, nil
}

func exception(ctx context.Context, q sqlx.QueryerContext, id string) (exceptionRow, error) {
	var r exceptionRow
	err := get(ctx, q, &r, `
		SELECT `+exceptionColumns+`
		FROM   exceptions
		WHERE  id = ?`, id)
	return r, orAbsent(err, "exception", id)
}

// raise opens e, its event and its card's notice; nothing when one is open for its kind and subject.
func (t *tx) raise(ctx context.Context, e engine.Exception, by engine.Actor) error {
	e.ID = t.id(e.ID)
	if e.Kind == engine.ExceptionTask && e.Task == "" {
		e.Task = e.Subject
	}
	n, err := t.exec(ctx, `
		INSERT INTO exceptions (id, kind, output, task, subject, reason, evidence, remedy, opened_at, due)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (kind, subject) WHERE closed_at IS NULL DO NOTHING`,
		e.ID, string(e.Kind), maybe(e.Output), e.Task, e.Subject, e.Reason, e.Evidence, e.Remedy, stamp(e.OpenedAt), stamp(e.Due))
	if err != nil || n == 0 {
		return err
	}
	if err := t.record(ctx, engine.Event{
		At: e.OpenedAt, Actor: by.ID, Surface: by.Surface, Action: "exception.opened", Subject: e.ID,
		Detail: map[string]string{"kind": string(e.Kind), "about": e.Subject, "task": e.Task, "reason": e.Reason},
	}); err != nil {
		return err
	}
	return t.queue(ctx, engine.Notice{Kind: engine.NoticeException, Subject: e.ID, Due: e.OpenedAt})
}

// close ends e, which is open.
func (t *tx) close(ctx context.Context, e exceptionRow, by engine.Actor, at time.Time, outcome string) error {
	if _, err := t.exec(ctx, `
		UPDATE exceptions
		SET    closed_at = ?, closed_by = ?, outcome = ?
		WHERE  id = ? AND closed_at IS NULL`,
		stamp(at), by.ID, outcome, e.ID); err != nil {
		return err
	}
	if err := t.record(ctx, engine.Event{
		At: at, Actor: by.ID, Surface: by.Surface, Action: "exception.closed", Subject: e.ID,
		Detail: map[string]string{"kind": string(e.Kind), "about": e.Subject, "task": e.Task, "outcome": outcome},
	}); err != nil {
		return err
	}
	if e.Kind == engine.ExceptionMissed { // a card that said "could not be removed" does so no more
		if err := t.tellCard(ctx, string(e.Output), at); err != nil {
			return err
		}
	}
	return t.queue(ctx, engine.Notice{Kind: engine.NoticeException, Subject: e.ID, Due: at})
}

func (t *tx) closeAll(ctx context.Context, rows []exceptionRow, by engine.Actor, at time.Time, outcome string) error {
	for _, e := range rows {
		if err := t.close(ctx, e, by, at, outcome); err != nil {
			return err
		}
	}
	return nil
}

// aboutOutput returns the open exceptions of one output.
func (t *tx) aboutOutput(ctx context.Context, output string) ([]exceptionRow, error) {
	var rows []exceptionRow
	err := all(ctx, t, &rows, `
		SELECT `+exceptionColumns+`
		FROM   exceptions
		WHERE  output = ? AND closed_at IS NULL
		ORDER BY opened_at, id`, output)
	return rows, err
}

// aboutTask returns the open exceptions of a task itself, not those of its outputs.
func (t *tx) aboutTask(ctx context.Context, task string) ([]exceptionRow, error) {
	var rows []exceptionRow
	err := all(ctx, t, &rows, `
		SELECT `+exceptionColumns+`
		FROM   exceptions
		WHERE  kind = 'task' AND task = ? AND closed_at IS NULL
		ORDER BY opened_at, id`, task)
	return rows, err
}
