package storage

import (
	"context"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

// snapshot runs fn on one consistent state of the file, without holding up the writer; inside an Act, on what the Act sees.
func (db *DB) snapshot(ctx context.Context, fn func(sqlx.QueryerContext) error) error {
	if db.alone {
		return db.glance(ctx, fn)
	}
	return db.apart(ctx, fn)
}

// apart is snapshot on a connection of the readers.
func (db *DB) apart(ctx context.Context, fn func(sqlx.QueryerContext) error) error {
	if t := db.within(ctx); t != nil {
		return translate(fn(t))
	}
	conn, err := db.read.Connx(ctx)
	if err != nil {
		return translate(err)
	}
	defer conn.Close()
	return translate(between(ctx, conn, `BEGIN`, func() error {
		err := fn(conn)
		conn.ExecContext(context.WithoutCancel(ctx), `COMMIT`)
		return err
	}))
}

// glance is snapshot for fn that reads a few rows. It runs on the writer's connection when nobody uses that: its cache holds what was
// written last, while a reader reads every page anew after each commit.
func (db *DB) glance(ctx context.Context, fn func(sqlx.QueryerContext) error) error {
	if t := db.within(ctx); t != nil {
		return translate(fn(t))
	}
	select {
	case db.turn <- struct{}{}:
	default:
		if db.alone {
			return errNested
		}
		return db.apart(ctx, fn)
	}
	defer func() { <-db.turn }()
	if err := ctx.Err(); err != nil {
		return err
	}
	conn, err := db.write.Connx(ctx)
	if err != nil {
		return translate(err)
	}
	defer conn.Close()
	return translate(fn(onWriter{conn}))
}

// errNested is a read inside another in a store of one caller, whose one connection the outer one holds: it asks what was handed to it.
var errNested = &engine.Error{Code: engine.CodeInternal, Message: "The store is read inside another reading of it."}

// onWriter reads on the writer's connection.
type onWriter struct{ *sqlx.Conn }

// few reads a single statement's few rows at a glance.
type few struct {
	*sqlx.DB
	db *DB
}

// few is where to read a single statement from that finds a few rows; read is for more.
func (db *DB) few() few { return few{db.read.DB, db} }

// alone reports whether q is the readers' pool of a store that has one caller at a time.
func alone(q sqlx.QueryerContext) (few, bool) {
	r, ok := q.(readPool)
	if !ok || !r.db.alone {
		return few{}, false
	}
	return r.db.few(), true
}

func get(ctx context.Context, q sqlx.QueryerContext, dest any, query string, args ...any) error {
	if f, ok := alone(q); ok {
		q = f
	}
	switch q := q.(type) {
	case few:
		return q.db.glance(ctx, func(q sqlx.QueryerContext) error { return get(ctx, q, dest, query, args...) })
	case onWriter:
		return readDirect(ctx, q.Conn, dest, query, args)
	case *tx:
		return readDirect(ctx, q.Conn, dest, query, args)
	}
	return sqlx.GetContext(ctx, q, dest, query, args...)
}

func all(ctx context.Context, q sqlx.QueryerContext, dest any, query string, args ...any) error {
	if f, ok := alone(q); ok {
		q = f
	}
	switch q := q.(type) {
	case few:
		return q.db.glance(ctx, func(q sqlx.QueryerContext) error { return all(ctx, q, dest, query, args...) })
	case onWriter:
		return readDirect(ctx, q.Conn, dest, query, args)
	case *tx:
		return readDirect(ctx, q.Conn, dest, query, args)
	}
	return sqlx.SelectContext(ctx, q, dest, query, args...)
}
