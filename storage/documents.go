package storage

import (
	"context"
	"sync/atomic"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

// documents keeps the newest strategy and guardrails decoded. A version's body never changes, so one that is kept is never stale: which
// version is in force is asked of the file each time.
type documents struct {
	strategy   atomic.Pointer[version[engine.Strategy]]
	guardrails atomic.Pointer[version[engine.Guardrails]]
}

type version[T any] struct {
	number int
	body   T
}

// document returns a version's body, from kept or by query. It may be rolled back after it was read in a transaction, so only what a reader
// has seen is kept. The caller shares the body with others and changes nothing in it.
func document[T any](ctx context.Context, q sqlx.QueryerContext, kept *atomic.Pointer[version[T]], number int, query string) (T, error) {
	if v := kept.Load(); v != nil && v.number == number {
		return v.body, nil
	}
	var body doc[T]
	err := get(ctx, q, &body, query, number)
	if _, writing := q.(*tx); err == nil && !writing && ctx.Value(txKey{}) == nil {
		kept.Store(&version[T]{number, body.V})
	}
	return body.V, err
}
