package storage

import (
	"context"
	"database/sql"

	"github.com/jmoiron/sqlx"
)

// snapshot runs fn on one consistent state of the file, without holding up the writer; inside an Act, on what the Act sees.
func (db *DB) snapshot(ctx context.Context, fn func(sqlx.QueryerContext) error) error {
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
		return db.snapshot(ctx, fn)
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
	return translate(fn(uninterrupted{conn}))
}

// uninterrupted lets nobody interrupt a statement: it is short, and listening for that costs as much again.
type uninterrupted struct{ *sqlx.Conn }

func (u uninterrupted) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return u.Conn.QueryContext(context.WithoutCancel(ctx), query, args...)
}

func (u uninterrupted) QueryxContext(ctx context.Context, query string, args ...any) (*sqlx.Rows, error) {
	return u.Conn.QueryxContext(context.WithoutCancel(ctx), query, args...)
}

func (u uninterrupted) QueryRowxContext(ctx context.Context, query string, args ...any) *sqlx.Row {
	return u.Conn.QueryRowxContext(context.WithoutCancel(ctx), query, args...)
}

// few reads a single statement's few rows at a glance.
type few struct {
	*sqlx.DB
	db *DB
}

// few is where to read a single statement from that finds a few rows; read is for more.
func (db *DB) few() few { return few{db.read.DB, db} }

func get(ctx context.Context, q sqlx.QueryerContext, dest any, query string, args ...any) error {
	if f, ok := q.(few); ok {
		return f.db.glance(ctx, func(q sqlx.QueryerContext) error { return sqlx.GetContext(ctx, q, dest, query, args...) })
	}
	return sqlx.GetContext(ctx, q, dest, query, args...)
}

func all(ctx context.Context, q sqlx.QueryerContext, dest any, query string, args ...any) error {
	if f, ok := q.(few); ok {
		return f.db.glance(ctx, func(q sqlx.QueryerContext) error { return sqlx.SelectContext(ctx, q, dest, query, args...) })
	}
	return sqlx.SelectContext(ctx, q, dest, query, args...)
}
