package storage

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"

	"koira/engine"
)

//go:embed migrations/sqlite/*.sql
var migrations embed.FS

// newest asks migrate for everything that there is.
const newest = 0

// migrate brings the file up to version to, one transaction a step; doing it again changes nothing. A file that a newer koira wrote is refused.
func migrate(ctx context.Context, db *sql.DB, to int64) error {
	files, err := fs.Sub(migrations, "migrations/sqlite")
	if err != nil {
		return err
	}
	if to == newest && current(ctx, db, files) {
		return nil
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithDisableGlobalRegistry(true), goose.WithSlog(slog.New(slog.DiscardHandler)))
	if err != nil {
		return refusal("The store's migrations cannot be read.", err)
	}
	has, knows, err := p.GetVersions(ctx)
	if err != nil {
		return refusal("The store's version cannot be read.", err)
	}
	if has > knows {
		return engine.Errorf(engine.CodeInvalid, "The store's file was written by a newer koira (schema %d; this one knows %d). Start that version.", has, knows)
	}
	if to == newest {
		to = knows
	}
	if _, err := p.UpTo(ctx, to); err != nil {
		return refusal("The store's file could not be brought up to date; it is as it was before the step that failed.", err)
	}
	return nil
}

// current reports whether the file says of exactly these steps that they are done. Most starts find it so, and need not read what the steps say.
func current(ctx context.Context, db *sql.DB, files fs.FS) bool {
	names, err := fs.Glob(files, "*.sql")
	if err != nil || len(names) == 0 {
		return false
	}
	number, _, _ := strings.Cut(path.Base(names[len(names)-1]), "_") // Glob sorts, and all numbers have five digits
	last, err := strconv.Atoi(number)
	if err != nil {
		return false
	}
	var highest, done int
	err = db.QueryRowContext(ctx, `
		SELECT COALESCE(MAX(version_id), 0), COUNT(DISTINCT version_id)
		FROM   goose_db_version
		WHERE  is_applied = 1 AND version_id > 0`).Scan(&highest, &done)
	return err == nil && highest == last && done == len(names)
}

// Blank is a new store's file as Open leaves it, for whoever makes many of them: bytes that are put in a file's place before it is opened spare
// the steps of the schema.
func Blank(ctx context.Context) ([]byte, error) {
	dir, err := os.MkdirTemp("", "koira-blank-")
	if err != nil {
		return nil, fmt.Errorf("making a folder: %w", err)
	}
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "koira.db")
	db, err := Open(ctx, Options{Path: name, NewID: func() string { return "" }})
	if err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(name)
}
