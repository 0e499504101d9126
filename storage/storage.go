// Package storage keeps everything in one SQLite file. It implements the stores that engine's steps, bot and report ask for; nothing
// outside this package sees a driver's type or writes SQL.
package storage

import (
	"context"
	"os"
	"sync"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

// Options is what a DB is opened with.
type Options struct {
	Path   string       // of the file; its folder must exist
	NewID  engine.NewID // ids of the rows that the store makes itself
	Owners []string     // user ids of those of whom one must be present for koira to do all that it may; see engine.AwayAt

	// Alone says that one caller at a time uses the store, and that the file is known to be whole: it is not read through at the start, and what is
	// read is read on the writer's connection, whose cache holds it already, and which keeps the file's lock until Close.
	Alone bool
}

// DB is the open store. Its methods are safe for concurrent use; each is at most one transaction.
type DB struct {
	write  *sqlx.DB      // one connection
	turn   chan struct{} // holds one while somebody has that connection, so that a transaction waits for its turn here and not in SQLite
	read   readPool      // several, which cannot write
	lock   *os.File
	wal    *os.File // the write-ahead log, to make durable what was committed without waiting
	newID  engine.NewID
	owners []string
	alone  bool
	zones  sync.Map // name → *time.Location
	rules  rules
	enough sync.Map // doors, as channel and segment, through which enough went and was read; see measured
	head   head     // of the log; touched only by whoever has the turn

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
	db := &DB{lock: lock, newID: o.NewID, owners: o.Owners, alone: o.Alone, turn: make(chan struct{}, 1)}
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
	if db.alone {
		db.write = pool(path, writer.keeping(512).locking(), 1)
	}
	if !db.alone {
		if err := checkIntegrity(ctx, db.write, path); err != nil {
			return err
		}
	}
	if err := migrate(ctx, db.write.DB, newest); err != nil {
		return err
	}
	db.read = readPool{pool(path, reader, readers), db}
	if !db.alone {
		if err := db.read.PingContext(ctx); err != nil {
			return refusal("The store's file cannot be opened for reading.", err)
		}
	}
	return db.openLog(path)
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
	if db.wal != nil {
		db.wal.Close()
	}
	db.lock.Close()
	return first
}
