package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/jmoiron/sqlx"
	"github.com/mattn/go-sqlite3"

	"koira/engine"
)

const (
	readers = 4

	// Before 3.51.3 a write that raced a checkpoint could be lost without a word (sqlite.org/wal.html, "the WAL-reset bug").
	oldestSQLite = 3_051_003

	// A larger file is checked quickly at start: its pages' order, not every index entry.
	quickAbove = 100 << 20
)

// role is how a pool's connections are opened. The driver keeps the statements that it prepared by their text, per connection.
type role struct {
	params url.Values
	before []string          // statements that each connection begins with
	want   map[string]string // pragma → the value that each connection must report
}

var (
	writer = role{
		params: url.Values{
			"_journal_mode": {"WAL"}, "_synchronous": {"FULL"}, "_foreign_keys": {"on"}, "_busy_timeout": {"5000"}, "_txlock": {"immediate"},
			"_stmt_cache_size": {"128"}, "_mutex": {"no"},
		},
		want: map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "query_only": "0"},
	}
	reader = role{
		params: url.Values{
			"_journal_mode": {"WAL"}, "_synchronous": {"FULL"}, "_foreign_keys": {"on"}, "_busy_timeout": {"5000"}, "_txlock": {"deferred"},
			"_stmt_cache_size": {"64"}, "_mutex": {"no"}, "_query_only": {"on"}, "mode": {"ro"},
			"_cache_size": {"-512"}, // KiB; after each commit its pages are read anew anyhow
		},
		want: map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "query_only": "1"},
	}
)

// keeping is r with as many statements kept as there are: for the connection that everything is asked on.
func (r role) keeping(statements int) role {
	r.params = maps.Clone(r.params)
	r.params.Set("_stmt_cache_size", strconv.Itoa(statements))
	return r
}

// locking is r whose connection keeps the file's lock from its first use to its end: no other can read meanwhile, and a read costs no lock of its own.
func (r role) locking() role {
	r.before = append(slices.Clone(r.before), "PRAGMA locking_mode = EXCLUSIVE")
	return r
}

// pool returns n connections to path that stay open for as long as the pool does.
func pool(path string, r role, n int) *sqlx.DB {
	db := sqlx.NewDb(sql.OpenDB(newConnector(path, r)), "sqlite3")
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	return db
}

// connector opens connections and refuses one that does not keep what a commit promises.
type connector struct {
	dsn    string
	driver *sqlite3.SQLiteDriver
}

func newConnector(path string, r role) connector {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	u := url.URL{Scheme: "file", Path: path, RawQuery: r.params.Encode()}
	return connector{u.String(), &sqlite3.SQLiteDriver{ConnectHook: func(c *sqlite3.SQLiteConn) error {
		for _, s := range r.before {
			if _, err := c.Exec(s, nil); err != nil {
				return fmt.Errorf("%s: %w", s, err)
			}
		}
		return checkConnection(c, r.want)
	}}}
}

func (c connector) Connect(context.Context) (driver.Conn, error) { return c.driver.Open(c.dsn) }
func (c connector) Driver() driver.Driver                        { return c.driver }

// checkConnection reads back what the DSN asked for: a pragma that did not take is silent otherwise.
func checkConnection(c *sqlite3.SQLiteConn, want map[string]string) error {
	if _, number, _ := sqlite3.Version(); number < oldestSQLite {
		return engine.Errorf(engine.CodeInvalid, "SQLite %d is too old: it may lose what it has committed. koira needs at least %d.", number, oldestSQLite)
	}
	for name, value := range want {
		got, err := pragma(c, name)
		if err != nil {
			return fmt.Errorf("reading pragma %s: %w", name, err)
		}
		if got != value {
			return engine.Errorf(engine.CodeInvalid, "The store's file reports %s = %s where %s is needed; it must lie on a local disk.", name, got, value)
		}
	}
	return nil
}

func pragma(c *sqlite3.SQLiteConn, name string) (string, error) {
	rows, err := c.Query("PRAGMA "+name, nil)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	dest := make([]driver.Value, len(rows.Columns()))
	if err := rows.Next(dest); err != nil {
		return "", err
	}
	if b, ok := dest[0].([]byte); ok {
		return string(b), nil
	}
	return fmt.Sprint(dest[0]), nil
}

// checkIntegrity refuses a damaged file before anything is written to it.
func checkIntegrity(ctx context.Context, db *sqlx.DB, path string) error {
	query := `PRAGMA integrity_check(1)`
	if info, err := os.Stat(path); err == nil && info.Size() > quickAbove {
		query = `PRAGMA quick_check(1)`
	}
	var found string
	if err := db.GetContext(ctx, &found, query); err != nil {
		return fmt.Errorf("checking the file: %w", openFailure(err))
	}
	if found != "ok" {
		return engine.Errorf(engine.CodeInvalid, "The store's file %s is damaged (%s). Restore it from a backup; nothing was changed.", path, found)
	}
	return nil
}

// openFailure keeps an error that already has a sentence for people.
func openFailure(err error) error {
	if engine.CodeOf(err) != engine.CodeInternal {
		return err
	}
	return refusal("The store's file cannot be opened; it may be damaged, or not a koira file at all.", err)
}
