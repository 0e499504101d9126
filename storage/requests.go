package storage

import (
	"context"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

const requestColumns = `id, kind, subject, edits, was, becomes, lines, left_out, tried, why, state, by_id, surface, at, expires, ended_at, ended_by, ended_why`

type requestRow struct {
	ID       string                 `db:"id"`
	Kind     engine.RequestKind     `db:"kind"`
	Subject  string                 `db:"subject"`
	Edits    doc[[]engine.RuleEdit] `db:"edits"`
	From     int                    `db:"was"`
	To       int                    `db:"becomes"`
	Lines    doc[[]string]          `db:"lines"`
	Left     doc[[]string]          `db:"left_out"`
	Tried    doc[[]string]          `db:"tried"`
	Why      string                 `db:"why"`
	State    engine.RequestState    `db:"state"`
	By       string                 `db:"by_id"`
	Surface  engine.Surface         `db:"surface"`
	At       stamp                  `db:"at"`
	Expires  stamp                  `db:"expires"`
	EndedAt  stamp                  `db:"ended_at"`
	EndedBy  string                 `db:"ended_by"`
	EndedWhy string                 `db:"ended_why"`
}

func (r requestRow) request() engine.Request {
	if len(r.Left.V) == 0 {
		r.Left.V = nil
	}
	if len(r.Tried.V) == 0 {
		r.Tried.V = nil
	}
	return engine.Request{
		ID: r.ID, Kind: r.Kind, Subject: r.Subject, Edits: r.Edits.V, From: r.From, To: r.To, Lines: r.Lines.V, Left: r.Left.V, Tried: r.Tried.V, Why: r.Why, State: r.State,
		By: r.By, Surface: r.Surface, At: r.At.time(), Expires: r.Expires.time(), EndedAt: r.EndedAt.time(), EndedBy: r.EndedBy, EndedWhy: r.EndedWhy,
	}
}

// AddRequest writes a request that is asked or pending; a pending one gets its card. Code conflict when one is pending for its
// kind and subject.
func (db *DB) AddRequest(ctx context.Context, r engine.Request) error {
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		var pended time.Time
		if r.State == engine.RequestPending {
			pended = r.At
		}
		_, err := t.exec(ctx, `
			INSERT INTO requests (id, kind, subject, edits, was, becomes, lines, left_out, why, state, by_id, surface, at, expires, pending_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			r.ID, string(r.Kind), r.Subject, doc[[]engine.RuleEdit]{r.Edits}, r.From, r.To, doc[[]string]{r.Lines}, doc[[]string]{append([]string{}, r.Left...)},
			r.Why, string(r.State), r.By, string(r.Surface), stamp(r.At), stamp(r.Expires), stamp(pended))
		if isUnique(err) {
			return engine.Errorf(engine.CodeConflict, "That is asked for already, and waits for a signature.")
		}
		if err != nil {
			return err
		}
		return t.tellRequest(ctx, r, r.State, engine.Actor{ID: r.By, Surface: r.Surface}, r.At)
	})
}

// Request has code not_found.
func (db *DB) Request(ctx context.Context, id string) (engine.Request, error) {
	r, err := request(ctx, db.read, id)
	return r.request(), translate(err)
}

// PendRequest lets an asked request wait for a signature until expires, with its asker's reason and what it was found to do to what is on record. Code conflict when it is not asked any more,
// or when another one is pending for its kind and subject.
func (db *DB) PendRequest(ctx context.Context, id string, by engine.Actor, at, expires time.Time, why string, tried []string) error {
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		n, err := t.exec(ctx, `
			UPDATE requests
			SET    state = 'pending', at = ?, pending_at = ?, expires = ?, why = ?, tried = ?
			WHERE  id = ? AND state = 'asked' AND by_id = ? AND expires > ?`,
			stamp(at), stamp(at), stamp(expires), why, doc[[]string]{append([]string{}, tried...)}, id, by.ID, stamp(at))
		switch {
		case isUnique(err):
			return engine.Errorf(engine.CodeConflict, "That is asked for already, and waits for a signature.")
		case err != nil:
			return err
		case n == 0:
			return engine.Errorf(engine.CodeConflict, "That is not waiting for its asker any more.")
		}
		r, err := request(ctx, t, id)
		if err != nil {
			return err
		}
		return t.tellRequest(ctx, r.request(), engine.RequestAsked, by, at)
	})
}

// CancelRequest ends an open request without effect; code conflict when it has ended, or its time has.
func (db *DB) CancelRequest(ctx context.Context, id string, by engine.Actor, at time.Time, why string) error {
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		r, err := openRequest(ctx, t, id, at)
		if err != nil {
			return err
		}
		return t.endRequest(ctx, r, engine.RequestCancelled, by, at, why)
	})
}

// ExpireRequests ends what nobody went on with in time, and returns how many of them waited for a signature.
func (db *DB) ExpireRequests(ctx context.Context, now time.Time) (int, error) {
	due, err := dueRequests(ctx, db.read, now)
	if err != nil || len(due) == 0 {
		return 0, translate(err)
	}
	n := 0
	err = db.inTx(ctx, func(ctx context.Context, t *tx) error {
		due, err := dueRequests(ctx, t, now)
		for _, r := range due {
			if r.State == engine.RequestPending {
				n++
			}
			if err := t.endRequest(ctx, r, engine.RequestExpired, engine.Koira, now, "nobody signed in time"); err != nil {
				return err
			}
		}
		return err
	})
	return n, err
}

// carry marks the request that a change carries out; none for "". Who asked for it never signs it.
func (t *tx) carry(ctx context.Context, id string, by, signed engine.Actor, at time.Time) error {
	if id == "" {
		return nil
	}
	r, err := openRequest(ctx, t, id, at)
	if err != nil {
		return err
	}
	who := by
	if r.State == engine.RequestPending {
		who = signed
	}
	if r.State == engine.RequestPending && who.ID == r.By || who.ID == "" {
		return engine.Errorf(engine.CodeDenied, "Somebody else signs what %s asked for.", r.By)
	}
	return t.endRequest(ctx, r, engine.RequestApplied, who, at, "")
}

// voidRequests cancels what waits for a signature and was computed from what does not stand any more: rules, or the level of a task.
func (t *tx) voidRequests(ctx context.Context, kind engine.RequestKind, task string, by engine.Actor, at time.Time, why string) error {
	var moot []requestRow
	if err := all(ctx, t, &moot, `
		SELECT `+requestColumns+`
		FROM   requests
		WHERE  state = 'pending' AND kind = ? AND (kind = 'rules' OR subject = ?)
		ORDER BY at, id`, string(kind), task); err != nil {
		return err
	}
	for _, r := range moot {
		if err := t.endRequest(ctx, r, engine.RequestCancelled, by, at, why); err != nil {
			return err
		}
	}
	return nil
}

// endRequest ends an open request.
func (t *tx) endRequest(ctx context.Context, r requestRow, to engine.RequestState, by engine.Actor, at time.Time, why string) error {
	was := r.State
	if _, err := t.exec(ctx, `
		UPDATE requests
		SET    state = ?, ended_at = ?, ended_by = ?, ended_why = ?
		WHERE  id = ? AND state = ?`,
		string(to), stamp(at), by.ID, why, r.ID, string(was)); err != nil {
		return err
	}
	r.State, r.EndedWhy = to, why
	return t.tellRequest(ctx, r.request(), was, by, at)
}

// tellRequest writes the event of a request's new state and, when it waits for a signature or did, queues its card: what only its asker has
// seen has none.
func (t *tx) tellRequest(ctx context.Context, r engine.Request, was engine.RequestState, by engine.Actor, at time.Time) error {
	detail := map[string]string{"kind": string(r.Kind), "about": r.Subject, "from": strconv.Itoa(r.From), "asked": r.By, "why": r.EndedWhy}
	if err := t.record(ctx, engine.Event{
		At: at, Actor: by.ID, Surface: by.Surface, Action: "request." + string(r.State), Subject: r.ID, Detail: detail,
	}); err != nil {
		return err
	}
	if was != engine.RequestPending && r.State != engine.RequestPending {
		return nil
	}
	return t.queue(ctx, engine.Notice{Kind: engine.NoticeRequest, Subject: r.ID, Due: at})
}

func request(ctx context.Context, q sqlx.QueryerContext, id string) (requestRow, error) {
	var r requestRow
	err := get(ctx, q, &r, `
		SELECT `+requestColumns+`
		FROM   requests
		WHERE  id = ?`, id)
	return r, orAbsent(err, "request", id)
}

// openRequest reads a request that may still be applied at that time; code conflict otherwise.
func openRequest(ctx context.Context, q sqlx.QueryerContext, id string, at time.Time) (requestRow, error) {
	r, err := request(ctx, q, id)
	if err == nil && !r.request().Open(at) {
		err = engine.Errorf(engine.CodeConflict, "That is settled already.")
	}
	return r, err
}

// dueRequests are the open ones whose time has ended.
func dueRequests(ctx context.Context, q sqlx.QueryerContext, now time.Time) ([]requestRow, error) {
	var rows []requestRow
	err := all(ctx, q, &rows, `
		SELECT `+requestColumns+`
		FROM   requests
		WHERE  state IN ('asked', 'pending') AND expires <= ?
		ORDER BY at, id`, stamp(now))
	return rows, err
}
