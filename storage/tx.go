package storage

import (
	"context"
	"database/sql/driver"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/mattn/go-sqlite3"

	"koira/engine"
)

// tx is the one transaction that writes at a time. It speaks to its connection directly: database/sql's own transactions start a goroutine
// for each statement.
type tx struct {
	*sqlx.Conn
	db     *DB
	head   head
	ruled  bool // it changes what people set
	wrote  bool
	broken error // why SQLite has ended it; nothing more may be written
}

// inTx runs fn in an immediate transaction and commits it durably when fn returns nil, and with it whatever was committed before; inside an
// Act, as a part of its transaction. An act that writes outside of Act is refused: a second try of its delivery would write again. ctx ends
// the wait for the turn; from then on the transaction runs to its end, since it waits for nothing but the disk.
func (db *DB) inTx(ctx context.Context, fn func(context.Context, *tx) error) error {
	return db.join(ctx, false, fn)
}

// inRelaxedTx is inTx without the wait for the disk: after a loss of power the newest of such transactions may be gone, the newest first, as
// if they had not been. It is for what koira does by itself and would simply do again: nobody was told, nothing was called, nothing left. The
// next transaction of inTx makes them durable, and so does Flush. A crash of the program alone loses nothing.
func (db *DB) inRelaxedTx(ctx context.Context, fn func(context.Context, *tx) error) error {
	return db.join(ctx, true, fn)
}

// join runs fn as a part of the Act that ctx belongs to, and in a transaction of its own where there is none.
func (db *DB) join(ctx context.Context, relaxed bool, fn func(context.Context, *tx) error) error {
	if t := db.within(ctx); t != nil {
		return t.part(ctx, fn)
	}
	if act := engine.ActOf(ctx); act != nil {
		return engine.Errorf(engine.CodeInternal, "The act %q writes outside of Act, so it was not done.", act.Key)
	}
	return db.transact(ctx, relaxed, fn)
}

func (db *DB) transact(ctx context.Context, relaxed bool, fn func(context.Context, *tx) error) error {
	give, err := db.take(ctx)
	if err != nil {
		return translate(err)
	}
	defer give()
	ctx = engine.WithTurn(context.WithoutCancel(ctx))
	conn, err := db.write.Connx(ctx)
	if err != nil {
		return translate(err)
	}
	defer conn.Close()
	if err := db.relax(ctx, conn, relaxed); err != nil {
		return translate(err)
	}
	t := &tx{Conn: conn, db: db, head: db.head}
	err = between(ctx, conn, `BEGIN IMMEDIATE`, func() error {
		if err := fn(ctx, t); err != nil {
			return err
		}
		db.behind = db.behind || relaxed
		if _, err := conn.ExecContext(ctx, `COMMIT`); err != nil {
			db.head = head{} // it may stand or not: ask the file
			db.rules.forget()
			return fmt.Errorf("commit: %w", err)
		}
		db.head = t.head
		if t.ruled {
			db.rules.forget()
		}
		if t.wrote { // one that wrote nothing waits for no disk
			db.behind = relaxed
		}
		return nil
	})
	return translate(err)
}

// between begins a transaction on conn and runs fn, and rolls back what fn has not committed. A connection on which that fails is given up.
func between(ctx context.Context, conn *sqlx.Conn, begin string, fn func() error) error {
	ctx = context.WithoutCancel(ctx)
	if _, err := conn.ExecContext(ctx, begin); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	over := false
	defer func() {
		if !over { // also after a panic
			conn.ExecContext(ctx, `ROLLBACK`)
			conn.Raw(func(c any) error {
				if c, ok := c.(*sqlite3.SQLiteConn); ok && !c.AutoCommit() {
					return driver.ErrBadConn
				}
				return nil
			})
		}
	}()
	err := fn()
	over = err == nil
	return err
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

// exec runs one statement and returns how many rows it changed.
func (t *tx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	t.ruled = t.ruled || namesRules(query)
	n, err := execDirect(t.Conn, query, args)
	t.wrote = t.wrote || n > 0
	return n, err
}

// id returns given, or a fresh one where it is "".
func (t *tx) id(given string) string {
	if given != "" {
		return given
	}
	return t.db.newID()
}
