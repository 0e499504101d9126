// Package storage keeps everything in one SQLite file. It implements the stores that engine's steps, bot and report ask for; nothing
// outside this package sees a driver's type or writes SQL.
package storage

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"sync"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

// Options is what a DB is opened with.
type Options struct {
	Path  string       // of the file; its folder must exist
	NewID engine.NewID // ids of the rows that the store makes itself
}

// DB is the open store. Its methods are safe for concurrent use; each is at most one transaction.
type DB struct {
	write *sqlx.DB      // one connection
	turn  chan struct{} // holds one while somebody has that connection, so that a transaction waits for its turn here and not in SQLite
	read  *sqlx.DB      // several, which cannot write
	lock  *os.File
	wal   *os.File // the write-ahead log, to make durable what was committed without waiting
	newID engine.NewID
	zones sync.Map // name → *time.Location
	rules rules
	head  head // of the log; touched only by whoever has the turn

	relaxed bool // the writer's connection does not wait for the disk; touched only by whoever has the turn
	behind  bool // something is committed and may not be durable yet; likewise
}

// Open opens or creates the file, migrates it and checks that it is safe to use: lock, modes, pragmas, SQLite's version. A second process
// gets code conflict within a second.
func Open(ctx context.Context, o Options) (*DB, error) {
	lock, err := takeLock(o.Path)
	if err != nil {
		return nil, err
	}
	db := &DB{lock: lock, newID: o.NewID, turn: make(chan struct{}, 1)}
	if err := db.open(ctx, o.Path); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

func (db *DB) open(ctx context.Context, path string) error {
	if err := claimFile(path); err != nil {
		return err
	}
	db.write = pool(path, writer, 1)
	if err := checkIntegrity(ctx, db.write, path); err != nil {
		return err
	}
	if err := migrate(ctx, db.write.DB, newest); err != nil {
		return err
	}
	db.read = pool(path, reader, readers)
	if err := db.read.PingContext(ctx); err != nil {
		return refusal("The store's file cannot be opened for reading.", err)
	}
	return db.openLog(path)
}

// Close gives everything back. Calling it twice is safe.
func (db *DB) Close() error {
	var first error
	for _, p := range []*sqlx.DB{db.read, db.write} { // the writer goes last: it leaves a file without a write-ahead log behind
		if p == nil {
			continue
		}
		if err := p.Close(); err != nil && first == nil {
			first = err
		}
	}
	if db.wal != nil {
		db.wal.Close()
	}
	db.lock.Close()
	return first
}

// tx is the one transaction that writes at a time.
type tx struct {
	*sqlx.Tx
	db    *DB
	head  head
	ruled bool // it changes what people set
}

// inTx runs fn in an immediate transaction and commits it durably when fn returns nil, and with it whatever was committed before. ctx ends
// the wait for the turn; from then on the transaction runs to its end, since it waits for nothing but the disk.
func (db *DB) inTx(ctx context.Context, fn func(context.Context, *tx) error) error {
	return db.transact(ctx, false, fn)
}

// inRelaxedTx is inTx without the wait for the disk: after a loss of power the newest of such transactions may be gone, the newest first, as
// if they had not been. It is for what koira does by itself and would simply do again: nobody was told, nothing was called, nothing left. The
// next transaction of inTx makes them durable, and so does Flush. A crash of the program alone loses nothing.
func (db *DB) inRelaxedTx(ctx context.Context, fn func(context.Context, *tx) error) error {
	return db.transact(ctx, true, fn)
}

func (db *DB) transact(ctx context.Context, relaxed bool, fn func(context.Context, *tx) error) error {
	give, err := db.take(ctx)
	if err != nil {
		return translate(err)
	}
	defer give()
	ctx = context.WithoutCancel(ctx)
	conn, err := db.write.Connx(ctx)
	if err != nil {
		return translate(err)
	}
	defer conn.Close()
	if err := db.relax(ctx, conn, relaxed); err != nil {
		return translate(err)
	}
	begun, err := conn.BeginTxx(ctx, nil)
	if err != nil {
		return translate(fmt.Errorf("begin: %w", err))
	}
	defer begun.Rollback() // no-op after Commit
	t := &tx{Tx: begun, db: db, head: db.head}
	if err := fn(ctx, t); err != nil {
		return translate(err)
	}
	db.behind = db.behind || relaxed
	if err := t.Commit(); err != nil {
		db.head = head{} // it may stand or not: ask the file
		db.rules.forget()
		return translate(fmt.Errorf("commit: %w", err))
	}
	db.head = t.head
	if t.ruled {
		db.rules.forget()
	}
	db.behind = relaxed
	return nil
}

// take waits for the turn to use the writer's connection and returns how to give it back.
func (db *DB) take(ctx context.Context) (give func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case db.turn <- struct{}{}:
		return func() { <-db.turn }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// snapshot runs fn on one consistent state of the file, without holding up the writer.
func (db *DB) snapshot(ctx context.Context, fn func(sqlx.QueryerContext) error) error {
	t, err := db.read.BeginTxx(ctx, nil)
	if err != nil {
		return translate(fmt.Errorf("begin: %w", err))
	}
	defer t.Rollback()
	return translate(fn(t))
}

// glance is snapshot for fn that reads a few rows. It runs on the writer's connection when nobody uses that: its cache holds what was
// written last, while a reader reads every page anew after each commit.
func (db *DB) glance(ctx context.Context, fn func(sqlx.QueryerContext) error) error {
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
	return translate(fn(onWriter{conn}))
}

// onWriter reads on the writer's connection. It lets nobody interrupt a statement, which waits for nothing.
type onWriter struct{ *sqlx.Conn }

func (o onWriter) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return o.Conn.QueryContext(context.WithoutCancel(ctx), query, args...)
}

func (o onWriter) QueryxContext(ctx context.Context, query string, args ...any) (*sqlx.Rows, error) {
	return o.Conn.QueryxContext(context.WithoutCancel(ctx), query, args...)
}

func (o onWriter) QueryRowxContext(ctx context.Context, query string, args ...any) *sqlx.Row {
	return o.Conn.QueryRowxContext(context.WithoutCancel(ctx), query, args...)
}

// exec runs one statement and returns how many rows it changed.
func (t *tx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	t.ruled = t.ruled || namesRules(query)
	r, err := t.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// id returns given, or a fresh one where it is "".
func (t *tx) id(given string) string {
	if given != "" {
		return given
	}
	return t.db.newID()
}

// few reads a single statement's few rows at a glance.
type few struct {
	*sqlx.DB
	db *DB
}

// few is where to read a single statement from that finds a few rows; read is for more.
func (db *DB) few() few { return few{db.read, db} }

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
