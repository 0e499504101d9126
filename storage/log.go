package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

// Log is the audit log of a store's file, opened to be looked at. It takes no lock and changes nothing, not even beside the file, so that a
// koira may be running on it. Whoever may read the file may read its log.
type Log struct {
	db    *sqlx.DB
	path  string
	still fs.FileInfo // of a file that nobody had open; nil when somebody had
}

// OpenLog opens the log of the store at path. Code not_found when there is no such file, invalid when it is no koira store, or that of a newer
// koira.
func OpenLog(ctx context.Context, path string) (*Log, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &engine.Error{Code: engine.CodeNotFound, Message: fmt.Sprintf("There is no file %s.", path), Err: err}
	case err != nil:
		return nil, refusal(fmt.Sprintf("The file %s cannot be looked at.", path), err)
	case !info.Mode().IsRegular():
		return nil, engine.Errorf(engine.CodeInvalid, "%s is not a regular file.", path)
	}
	l := &Log{path: path}
	look := role{params: url.Values{"mode": {"ro"}, "_query_only": {"on"}, "_busy_timeout": {"5000"}}, want: map[string]string{"query_only": "1"}}
	if !hasWAL(path) { // nobody has it open: SQLite is told so, and makes no files of its own beside it
		look.params.Set("immutable", "1")
		l.still = info
	}
	l.db = pool(path, look, 1)
	if err := l.known(ctx); err != nil {
		l.db.Close()
		return nil, err
	}
	return l, nil
}

// hasWAL reports whether a write-ahead log lies beside the file: some process has it open, or died with it open.
func hasWAL(path string) bool {
	_, err := os.Stat(path + "-wal")
	return err == nil
}

// known refuses a file that is no koira store, or that a newer koira wrote.
func (l *Log) known(ctx context.Context) error {
	var tables []string
	if err := all(ctx, l.db, &tables, `
		SELECT name
		FROM   sqlite_schema
		WHERE  type = 'table' AND name IN ('events', 'outputs', 'goose_db_version')`); err != nil {
		return refusal(fmt.Sprintf("%s cannot be read: it is no database, or a damaged one, or not yours.", l.path), err)
	}
	if len(tables) < 3 {
		return engine.Errorf(engine.CodeInvalid, "%s is not a koira store.", l.path)
	}
	has, err := schemaOf(ctx, l.db)
	if err != nil {
		return translate(err)
	}
	knows, err := newestMigration()
	if err == nil && has > knows {
		return engine.Errorf(engine.CodeInvalid, "%s was written by a newer koira (schema %d; this one knows %d). Use that version.", l.path, has, knows)
	}
	return err
}

// schemaOf is the newest migration that was applied to the file.
func schemaOf(ctx context.Context, q sqlx.QueryerContext) (has int64, err error) {
	err = get(ctx, q, &has, `
		SELECT COALESCE(MAX(version_id), 0)
		FROM   goose_db_version
		WHERE  is_applied = 1`)
	return has, err
}

// newestMigration is the schema that this koira knows.
func newestMigration() (newest int64, err error) {
	names, err := fs.Glob(migrations, "migrations/sqlite/*.sql")
	for _, name := range names {
		number, _, _ := strings.Cut(path.Base(name), "_")
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("migration %s: %w", name, err)
		}
		newest = max(newest, n)
	}
	return newest, err
}

// Close gives the file back. Code conflict when a koira started on it, or something else wrote to it, while it was looked at as if nobody would:
// what was read may then be of two moments, and is to be read again.
func (l *Log) Close() error {
	if err := l.db.Close(); err != nil {
		return translate(err)
	}
	if l.still == nil {
		return nil
	}
	now, err := os.Stat(l.path)
	if err != nil || hasWAL(l.path) || !now.ModTime().Equal(l.still.ModTime()) || now.Size() != l.still.Size() {
		return &engine.Error{Code: engine.CodeConflict, Message: fmt.Sprintf("Something wrote to %s while it was read. Do it again.", l.path), Err: err}
	}
	return nil
}

// Seen is what a look at a file's log found: an Audit, the store's own id, and the lines that were asked for.
type Seen struct {
	Audit
	Install string
	Asked   []engine.Head // zero for a line that the log does not have
}

// Audit is DB.Audit. In the same state of the file it looks up the line of each head: by its number, or without one by its hash, of which the
// beginning will do.
func (l *Log) Audit(ctx context.Context, heads ...engine.Head) (Seen, error) {
	var s Seen
	t, err := l.db.BeginTxx(ctx, nil)
	if err != nil {
		return s, translate(fmt.Errorf("begin: %w", err))
	}
	defer t.Rollback()
	w := NewWalk()
	if _, err := w.step(ctx, t, everyLine); err != nil {
		return s, translate(err)
	}
	s.Audit = w.Audit
	if s.Install, err = setting(ctx, t, InstallSetting); err != nil {
		return s, translate(err)
	}
	for _, h := range heads {
		at, err := lineOf(ctx, t, h)
		if err != nil {
			return s, translate(err)
		}
		s.Asked = append(s.Asked, at)
	}
	return s, nil
}

func lineOf(ctx context.Context, q sqlx.QueryerContext, h engine.Head) (engine.Head, error) {
	query, args := `
		SELECT seq, hash
		FROM   events
		WHERE  seq = ?`, []any{h.Seq}
	if h.Seq == 0 {
		query, args = `
		SELECT seq, hash
		FROM   events
		WHERE  substr(hash, 1, ?) = ?
		ORDER BY seq DESC LIMIT 1`, []any{len(h.Hash), h.Hash}
	}
	var found []struct {
		Seq  int64  `db:"seq"`
		Hash string `db:"hash"`
	}
	if err := all(ctx, q, &found, query, args...); err != nil || len(found) == 0 {
		return engine.Head{}, err
	}
	return engine.Head{Seq: found[0].Seq, Hash: found[0].Hash}, nil
}

// Events calls fn for each line of which the time is in [since, until), in the log's order; a zero time is no bound. It keeps no more than one
// line in memory. Code internal, naming the line, for one that koira never wrote.
func (l *Log) Events(ctx context.Context, since, until time.Time, fn func(engine.Event) error) error {
	to := "~" // after every time
	if !until.IsZero() {
		to = lowest(until)
	}
	rows, err := l.db.QueryContext(context.WithoutCancel(ctx), `
		SELECT `+eventColumns+`
		FROM   events
		WHERE  at >= ? AND at < ?
		ORDER BY seq`, lowest(since), to)
	if err != nil {
		return translate(err)
	}
	defer rows.Close()
	var row line
	for rows.Next() {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := row.scan(rows); err != nil {
			return translate(err)
		}
		e, err := row.event()
		if err != nil {
			return &engine.Error{
				Code: engine.CodeInternal, Message: fmt.Sprintf("Line %d of the log is not as koira wrote it; `koira verify` says more.", row.seq), Err: err,
			}
		}
		if err := fn(e); err != nil {
			return err
		}
	}
	return translate(rows.Err())
}
