package storage

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

// rules keeps what people set decoded: it is read all the time and changes rarely. Only this process writes the file, and every transaction
// with a statement that names one of these tables makes what is kept forgotten when it commits. Inside a transaction, where pieces are
// cleared, what is in force is asked of the file.
type rules struct {
	changes    atomic.Int64 // commits that changed rules so far
	tasks      atomic.Pointer[kept[[]engine.Task]]
	strategy   atomic.Pointer[kept[engine.Strategy]]
	guardrails atomic.Pointer[kept[engine.Guardrails]]
	absences   atomic.Pointer[kept[[]engine.Absence]]

	// A version's body never changes, so one that is kept is never stale.
	strategies versions[engine.Strategy]
	limits     versions[engine.Guardrails]
}

// kept is what was read when so many commits had changed rules.
type kept[T any] struct {
	changes int64
	value   T
}

func (r *rules) forget() { r.changes.Add(1) }

// keep returns what is kept in p, or what read gives now; inside an Act always the latter, since the Act may have changed it and may yet be taken
// back. The caller shares the value with others and changes nothing in it.
func keep[T any](ctx context.Context, db *DB, p *atomic.Pointer[kept[T]], read func() (T, error)) (T, error) {
	if db.within(ctx) != nil {
		return read()
	}
	r := &db.rules
	changes := r.changes.Load() // before reading: what is read later than that is at worst read again
	if v, ok := stillKept(r, p); ok {
		return v, nil
	}
	v, err := read()
	if err == nil {
		p.Store(&kept[T]{changes, v})
	}
	return v, err
}

// stillKept returns what is kept in p where nothing changed rules since.
func stillKept[T any](r *rules, p *atomic.Pointer[kept[T]]) (v T, ok bool) {
	k := p.Load()
	if k == nil || k.changes != r.changes.Load() {
		return v, false
	}
	return k.value, true
}

var namesRulesOf sync.Map // statement → bool

// namesRules reports whether a statement names a table of what people set.
func namesRules(query string) bool {
	if known, ok := namesRulesOf.Load(query); ok {
		return known.(bool)
	}
	names := false
	for _, table := range []string{"strategies", "guardrails", "tasks", "absences"} {
		names = names || strings.Contains(query, table)
	}
	namesRulesOf.Store(query, names)
	return names
}

// versions keeps the newest body decoded.
type versions[T any] struct{ newest atomic.Pointer[version[T]] }

type version[T any] struct {
	number int
	body   T
}

// body returns a version's body, from what is kept or by query. It may be rolled back after it was read in a transaction, so only what a
// reader has seen is kept. The caller shares the body with others and changes nothing in it.
func (v *versions[T]) body(ctx context.Context, q sqlx.QueryerContext, number int, query string) (T, error) {
	if k := v.newest.Load(); k != nil && k.number == number {
		return k.body, nil
	}
	var body doc[T]
	err := get(ctx, q, &body, query, number)
	if _, writing := q.(*tx); err == nil && !writing && ctx.Value(txKey{}) == nil {
		v.newest.Store(&version[T]{number, body.V})
	}
	return body.V, err
}
