package storage

import (
	"context"
	"os"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

// openLog opens SQLite's write-ahead log, which is there as long as the store is open. SQLite holds no lock on it that closing could drop.
func (db *DB) openLog(path string) error {
	f, err := os.OpenFile(path+"-wal", os.O_RDONLY, 0)
	if err != nil {
		return refusal("The store's write-ahead log cannot be opened.", err)
	}
	db.wal = f
	return nil
}

// relax sets whether the next commit on the writer's connection waits for the disk. Without, SQLite still writes the same log in the same
// order: what is lost with the power is the end of it, never a middle, and the file stays whole.
func (db *DB) relax(ctx context.Context, conn *sqlx.Conn, on bool) error {
	if db.relaxed == on {
		return nil
	}
	mode := `PRAGMA synchronous = FULL`
	if on {
		mode = `PRAGMA synchronous = NORMAL`
	}
	if _, err := conn.ExecContext(ctx, mode); err != nil {
		return err
	}
	db.relaxed = on
	return nil
}

// Flush makes durable whatever was committed before it was called. It costs nothing when nothing waits for that.
func (db *DB) Flush(ctx context.Context) error {
	give, err := db.take(ctx)
	if err != nil {
		return err
	}
	defer give()
	if !db.behind {
		return nil
	}
	if err := db.wal.Sync(); err != nil {
		return &engine.Error{Code: engine.CodeInternal, Message: "The disk does not take what was written.", Err: err}
	}
	db.behind = false
	return nil
}
