package storage

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

const exceptionColumns = `id, kind, output, task, subject, reason, evidence, remedy, rule, storm, opened_at, due, reminded_at,
	closed_at, closed_by, outcome, trouble`

type exceptionRow struct {
	ID       string               `db:"id"`
	Kind     engine.ExceptionKind `db:"kind"`
	Output   maybe                `db:"output"`
	Task     string               `db:"task"`
	Subject  string               `db:"subject"`
	Reason   string               `db:"reason"`
	Evidence string               `db:"evidence"`
	Remedy   string               `db:"remedy"`
	Rule     string               `db:"rule"`
	Storm    string               `db:"storm"`
	OpenedAt stamp                `db:"opened_at"`
	Due      stamp                `db:"due"`
	Reminded stamp                `db:"reminded_at"`
	ClosedAt stamp                `db:"closed_at"`
	ClosedBy string               `db:"closed_by"`
	Outcome  string               `db:"outcome"`
	Trouble  engine.Trouble       `db:"trouble"`
}

func (r exceptionRow) exception() engine.Exception {
	return engine.Exception{
		ID: r.ID, Kind: r.Kind, Output: string(r.Output), Task: r.Task, Subject: r.Subject, Trouble: r.Trouble, Reason: r.Reason, Evidence: r.Evidence, Remedy: r.Remedy,
		Rule: r.Rule, Storm: r.Storm, Reminded: r.Reminded.time(), OpenedAt: r.OpenedAt.time(), Due: r.Due.time(), ClosedAt: r.ClosedAt.time(), ClosedBy: r.ClosedBy, Outcome: r.Outcome,
	}
}

// OpenException opens e and queues its card, unless one is open for its kind, subject and trouble: that one says from then on what e says. Opening the same
// again changes nothing.
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
	r, err := exception(ctx, db.few(), id)
	return r.exception(), translate(err)
}

// OpenExceptions returns all open ones, oldest first.
func (db *DB) OpenExceptions(ctx context.Context) ([]engine.Exception, error) {
	var rows []exceptionRow
	if err := all(ctx, db.few(), &rows, `
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

// Storm returns all exceptions of a storm, open and closed, oldest first; code not_found when there is no such storm.
func (db *DB) Storm(ctx context.Context, id string) ([]engine.Exception, error) {
	var rows []exceptionRow
	if err := all(ctx, db.read, &rows, `
		SELECT `+exceptionColumns+`
		FROM   exceptions
		WHERE  storm = ?
		ORDER BY opened_at, id`, id); err != nil {
		return nil, translate(err)
	}
	if len(rows) == 0 || id == "" {
		return nil, engine.Errorf(engine.CodeNotFound, "There is no storm %q.", id)
	}
	found := make([]engine.Exception, len(rows))
	for i, r := range rows {
		found[i] = r.exception()
	}
	return found, nil
}

// Remind notes that people are asked again about an open exception and queues the reminder, once: a second call changes nothing.
func (db *DB) Remind(ctx context.Context, id string, at time.Time) error {
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		n, err := t.exec(ctx, `
			UPDATE exceptions
			SET    reminded_at = ?
			WHERE  id = ? AND closed_at IS NULL AND reminded_at IS NULL`, stamp(at), id)
		if err != nil || n == 0 {
			return err
		}
		if err := t.record(ctx, engine.Event{At: at, Actor: engine.Koira.ID, Surface: engine.Koira.Surface, Action: "exception.reminded", Subject: id}); err != nil {
			return err
		}
		return t.queue(ctx, engine.Notice{Kind: engine.NoticeReminder, Subject: id, Due: at})
	})
}

func exception(ctx context.Context, q sqlx.QueryerContext, id string) (exceptionRow, error) {
	var r exceptionRow
	err := get(ctx, q, &r, `
		SELECT `+exceptionColumns+`
		FROM   exceptions
		WHERE  id = ?`, id)
	return r, orAbsent(err, "exception", id)
}

// raise opens e, its event and its card's notice. Where one is open for its kind, subject and trouble, that says what e says from then on.
func (t *tx) raise(ctx context.Context, e engine.Exception, by engine.Actor) error {
	e.ID = t.id(e.ID)
	if e.Kind == engine.ExceptionTask && e.Task == "" {
		e.Task = e.Subject
	}
	var err error
	if e.Storm, err = t.storm(ctx, e); err != nil {
		return err
	}
	n, err := t.exec(ctx, `
		INSERT INTO exceptions (id, kind, output, task, subject, trouble, reason, evidence, remedy, rule, storm, opened_at, due)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (kind, subject, trouble) WHERE closed_at IS NULL DO NOTHING`,
		e.ID, string(e.Kind), maybe(e.Output), e.Task, e.Subject, string(e.Trouble), e.Reason, e.Evidence, e.Remedy, e.Rule, e.Storm, stamp(e.OpenedAt), stamp(e.Due))
	if err != nil {
		return err
	}
	if n == 0 {
		return t.restate(ctx, e, by)
	}
	if err := t.record(ctx, engine.Event{
		At: e.OpenedAt, Actor: by.ID, Surface: by.Surface, Action: "exception.opened", Subject: e.ID,
		Detail: map[string]string{"kind": string(e.Kind), "about": e.Subject, "trouble": string(e.Trouble), "task": e.Task, "reason": e.Reason},
	}); err != nil {
		return err
	}
	return t.tellException(ctx, e.ID, e.Storm, e.OpenedAt)
}

// restate lets the open exception of e's kind, subject and trouble say what e says. Its card is brought up to date and does not ring: people are asked
// about that trouble already.
func (t *tx) restate(ctx context.Context, e engine.Exception, by engine.Actor) error {
	var r exceptionRow
	if err := get(ctx, t, &r, `
		SELECT `+exceptionColumns+`
		FROM   exceptions
		WHERE  kind = ? AND subject = ? AND trouble = ? AND closed_at IS NULL`, string(e.Kind), e.Subject, string(e.Trouble)); err != nil {
		return err
	}
	if r.Reason == e.Reason && r.Evidence == e.Evidence && r.Remedy == e.Remedy {
		return nil
	}
	if _, err := t.exec(ctx, `
		UPDATE exceptions
		SET    reason = ?, evidence = ?, remedy = ?
		WHERE  id = ?`, e.Reason, e.Evidence, e.Remedy, r.ID); err != nil {
		return err
	}
	if err := t.record(ctx, engine.Event{
		At: e.OpenedAt, Actor: by.ID, Surface: by.Surface, Action: "exception.restated", Subject: r.ID,
		Detail: map[string]string{"kind": string(e.Kind), "about": e.Subject, "trouble": string(e.Trouble), "task": e.Task, "reason": e.Reason},
	}); err != nil {
		return err
	}
	return t.tellException(ctx, r.ID, r.Storm, e.OpenedAt)
}

// storm gives the storm that e becomes part of, "" when it has a card of its own. Only what is about pieces comes in storms.
func (t *tx) storm(ctx context.Context, e engine.Exception) (string, error) {
	if e.Kind != engine.ExceptionOutput && e.Kind != engine.ExceptionMissed {
		return "", nil
	}
	var like struct {
		N     int    `db:"n"`
		Storm string `db:"storm"`
	}
	err := get(ctx, t, &like, `
		SELECT COUNT(*) AS n, COALESCE(MAX(storm), '') AS storm
		FROM   exceptions
		WHERE  closed_at IS NULL AND kind = ? AND rule = ? AND opened_at > ?`,
		string(e.Kind), e.Rule, stamp(e.OpenedAt.Add(-engine.StormSpan)))
	switch {
	case err != nil || like.N < engine.StormSize:
		return "", err
	case like.Storm != "":
		return like.Storm, nil
	}
	return e.ID, nil
}

// tellException queues the card of an exception, or that of its storm.
func (t *tx) tellException(ctx context.Context, id, storm string, at time.Time) error {
	if storm != "" {
		return t.queue(ctx, engine.Notice{Kind: engine.NoticeStorm, Subject: storm, Due: at})
	}
	return t.queue(ctx, engine.Notice{Kind: engine.NoticeException, Subject: id, Due: at})
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
	return t.tellException(ctx, e.ID, e.Storm, at)
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
