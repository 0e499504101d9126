package storage

import (
	"context"
	"database/sql"
	"embed"
	"io/fs"
	"log/slog"

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
