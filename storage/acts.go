package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

// Act carries out do in one transaction: everything that do reads and writes with the context that it is given belongs to it, and stands or
// falls together. do waits for nothing but the store, and its context says so by [engine.HasTurn].
//
// Under an [engine.Act] the transaction also writes down that this part of the act was done, with *answer and the error. The same part of the
// same delivery, worked on again, gets both from there, and do is not called. An error with code internal, or a panic, takes everything back;
// every other error is an answer, and what do has written stands. answer is a pointer, or nil. Inside an Act, Act is do.
func (db *DB) Act(ctx context.Context, name string, answer any, do func(context.Context) error) error {
	if db.within(ctx) != nil {
		return do(ctx)
	}
	act, n := engine.ActOf(ctx), int64(0)
	if act != nil {
		n = act.Next()
	}
	var said error
	err := db.transact(ctx, false, func(ctx context.Context, t *tx) error {
		if act != nil {
			done, err := t.answered(ctx, act.Key, n, name, answer, &said)
			if done || err != nil {
				act.Change() // an earlier try
				return err
			}
		}
		said = do(context.WithValue(ctx, txKey{}, t))
		if t.broken != nil {
			return t.broken
		}
		if engine.CodeOf(said) == engine.CodeInternal {
			return said
		}
		if act == nil {
			return nil
		}
		if err := t.mark(ctx, act.Key, n, name, answer, said); err != nil {
			return err
		}
		act.Change() // the commit may stand even when its answer is lost
		return nil
	})
	if err != nil {
		return err
	}
	return said
}

type txKey struct{}

// within returns the transaction of the Act that ctx belongs to, nil outside of one.
func (db *DB) within(ctx context.Context) *tx {
	if t, ok := ctx.Value(txKey{}).(*tx); ok && t.db == db {
		return t
	}
	return nil
}

// answer is what a part of an act gave.
type answer struct {
	Value   json.RawMessage `json:"value,omitempty"`
	Code    engine.Code     `json:"code,omitempty"` // of its error, "" for none
	Message string          `json:"message,omitempty"`
	Field   string          `json:"field,omitempty"`
	Who     []string        `json:"who,omitempty"`
}

// answered looks for the mark of an earlier try, and gives its answer.
func (t *tx) answered(ctx context.Context, key string, n int64, name string, value any, said *error) (bool, error) {
	var r struct {
		Name   string      `db:"name"`
		Answer doc[answer] `db:"answer"`
	}
	err := get(ctx, t, &r, `
		SELECT name, answer
		FROM   acts
		WHERE  delivery = ? AND ordinal = ?`, key, n)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if r.Name != name { // things have moved since, so that it would mean something else now
		*said = engine.Errorf(engine.CodeConflict, "This was done before I stopped; it is not done a second time. Look at /koira status.")
		return true, nil
	}
	a := r.Answer.V
	if a.Code != "" {
		*said = &engine.Error{Code: a.Code, Message: a.Message, Field: a.Field, Who: a.Who}
	}
	if value == nil || len(a.Value) == 0 {
		return true, nil
	}
	return true, json.Unmarshal(a.Value, value)
}

// mark writes down that a part of an act was done.
func (t *tx) mark(ctx context.Context, key string, n int64, name string, value any, said error) error {
	var a answer
	var e *engine.Error
	if errors.As(said, &e) {
		a.Code, a.Message, a.Field, a.Who = e.Code, e.Message, e.Field, e.Who
	}
	if value != nil {
		var err error
		if a.Value, err = json.Marshal(value); err != nil {
			return fmt.Errorf("keeping the answer of %s: %w", name, err)
		}
	}
	_, err := t.exec(ctx, `
		INSERT INTO acts (delivery, ordinal, name, answer)
		VALUES (?, ?, ?, ?)`, key, n, name, doc[answer]{a})
	return err
}

// part runs fn inside the transaction of an Act, so that an error of fn takes back what fn did and nothing else.
func (t *tx) part(ctx context.Context, fn func(context.Context, *tx) error) error {
	if t.broken != nil {
		return t.broken
	}
	if _, err := t.exec(ctx, `SAVEPOINT part`); err != nil {
		return translate(err)
	}
	head := t.head
	failed := fn(ctx, t)
	if failed == nil {
		_, err := t.exec(ctx, `RELEASE part`)
		return translate(err)
	}
	t.head = head
	for _, end := range []string{`ROLLBACK TO part`, `RELEASE part`} {
		if _, err := t.exec(ctx, end); err != nil { // the whole transaction is gone, as on a full disk
			t.broken = translate(errors.Join(failed, err))
			return t.broken
		}
	}
	return translate(failed)
}

// readPool is connections that cannot write. Inside an Act its transaction is read instead, since it alone sees what the Act has done.
type readPool struct {
	*sqlx.DB
	db *DB
}

func (r readPool) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if t := r.db.within(ctx); t != nil {
		return t.QueryContext(ctx, query, args...)
	}
	return r.DB.QueryContext(ctx, query, args...)
}

func (r readPool) QueryxContext(ctx context.Context, query string, args ...any) (*sqlx.Rows, error) {
	if t := r.db.within(ctx); t != nil {
		return t.QueryxContext(ctx, query, args...)
	}
	return r.DB.QueryxContext(ctx, query, args...)
}

func (r readPool) QueryRowxContext(ctx context.Context, query string, args ...any) *sqlx.Row {
	if t := r.db.within(ctx); t != nil {
		return t.QueryRowxContext(ctx, query, args...)
	}
	return r.DB.QueryRowxContext(ctx, query, args...)
}
