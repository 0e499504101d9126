// Package storage keeps everything in one SQLite file. It implements the stores that engine's steps, bot and report ask for; nothing
// outside this package sees a driver's type or writes SQL.
package storage

import (
	"context"
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
	write *sqlx.DB // one connection, so that a transaction waits for its turn here and not in SQLite
	read  readPool // several, which cannot write
	lock  *os.File
	newID engine.NewID
	zones sync.Map // name → *time.Location
	docs  documents
	head  head // of the log; touched only while holding the writer's connection
}

// Open opens or creates the file, migrates it and checks that it is safe to use: lock, modes, pragmas, SQLite's version. A second process
// gets code conflict within a second.
func Open(ctx context.Context, o Options) (*DB, error) {
	lock, err := takeLock(o.Path)
	if err != nil {
		return nil, err
	}
	db := &DB{lock: lock, newID: o.NewID}
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
	db.read = readPool{pool(path, reader, readers), db}
	if err := db.read.PingContext(ctx); err != nil {
		return refusal("The store's file cannot be opened for reading.", err)
	}
	return nil
}

// Close gives everything back. Calling it twice is safe.
func (db *DB) Close() error {
	var first error
	for _, p := range []*sqlx.DB{db.read.DB, db.write} { // the writer goes last: it leaves a file without a write-ahead log behind
		if p == nil {
			continue
		}
		if err := p.Close(); err != nil && first == nil {
			first = err
		}
	}
	db.lock.Close()
	return first
}

// tx is the one transaction that writes at a time.
type tx struct {
	*sqlx.Tx
	db     *DB
	head   head
	broken error // why SQLite has ended it; nothing more may be written
}

// inTx runs fn in an immediate transaction and commits it durably when fn returns nil; inside an Act, as a part of its transaction. An act that
// writes outside of Act is refused: a second try of its delivery would write again.
func (db *DB) inTx(ctx context.Context, fn func(context.Context, *tx) error) error {
	if t := db.within(ctx); t != nil {
		return t.part(ctx, fn)
	}
	if act := engine.ActOf(ctx); act != nil {
		return engine.Errorf(engine.CodeInternal, "The act %q writes outside of Act, so it was not done.", act.Key)
	}
	return db.begin(ctx, fn)
}

// begin is inTx with a transaction of its own. ctx ends the wait for the turn; from then on the transaction runs to its end, since it waits for
// nothing but the disk.
func (db *DB) begin(ctx context.Context, fn func(context.Context, *tx) error) error {
	conn, err := db.write.Connx(ctx)
	if err != nil {
		return translate(err)
	}
	defer conn.Close()
	ctx = context.WithoutCancel(ctx)
	begun, err := conn.BeginTxx(ctx, nil)
	if err != nil {
		return translate(fmt.Errorf("begin: %w", err))
	}
	defer begun.Rollback() // no-op after Commit
	t := &tx{Tx: begun, db: db, head: db.head}
	if err := fn(ctx, t); err != nil {
		return translate(err)
	}
	if err := t.Commit(); err != nil {
		db.head = head{} // it may stand or not: ask the file
		return translate(fmt.Errorf("commit: %w", err))
	}
	db.head = t.head
	return nil
}

// snapshot runs fn on one consistent state of the file, without holding up the writer; inside an Act, on what the Act sees.
func (db *DB) snapshot(ctx context.Context, fn func(sqlx.QueryerContext) error) error {
	if t := db.within(ctx); t != nil {
		return translate(fn(t))
	}
	t, err := db.read.BeginTxx(ctx, nil)
	if err != nil {
		return translate(fmt.Errorf("begin: %w", err))
	}
	defer t.Rollback()
	return translate(fn(t))
}

// exec runs one statement and returns how many rows it changed.
func (t *tx) exec(ctx context.Context, query string, args ...any) (int64, error) {
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

func get(ctx context.Context, q sqlx.QueryerContext, dest any, query string, args ...any) error {
	return sqlx.GetContext(ctx, q, dest, query, args...)
}

func all(ctx context.Context, q sqlx.QueryerContext, dest any, query string, args ...any) error {
	return sqlx.SelectContext(ctx, q, dest, query, args...)
}
