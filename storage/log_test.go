package storage

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"koira/engine"
)

// fileOf is where db lies.
func fileOf(t testing.TB, db *DB) string {
	t.Helper()
	var path string
	ok(t, db.write.Get(&path, `SELECT file FROM pragma_database_list WHERE name = 'main'`))
	return path
}

func looked(t *testing.T, path string) Seen {
	t.Helper()
	l, err := OpenLog(t.Context(), path)
	ok(t, err)
	s, err := l.Audit(t.Context())
	ok(t, err)
	ok(t, l.Close())
	return s
}

func names(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	ok(t, err)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestALogIsReadBesideARunningKoira(t *testing.T) {
	db := told(t)
	path := fileOf(t, db)
	before := names(t, filepath.Dir(path))
	want, err := db.Audit(t.Context())
	ok(t, err)
	equal(t, looked(t, path).Audit, want)
	ok(t, db.Record(t.Context(), engine.Event{At: t0, Actor: "koira", Action: "x"}))
	if n := looked(t, path).Lines; n != want.Lines+1 {
		t.Errorf("%d lines, want what was written a moment ago too: %d", n, want.Lines+1)
	}
	equal(t, names(t, filepath.Dir(path)), before)
}

func TestALogIsReadFromACopyThatNobodyMayWrite(t *testing.T) {
	db := told(t)
	want, err := db.Audit(t.Context())
	ok(t, err)
	ok(t, db.SetSetting(t.Context(), InstallSetting, "one"))
	path := fileOf(t, db)
	ok(t, db.Close())
	dir := t.TempDir()
	b, err := os.ReadFile(path)
	ok(t, err)
	file := filepath.Join(dir, "copy.db")
	ok(t, os.WriteFile(file, b, 0o400))
	ok(t, os.Chmod(dir, 0o500))
	defer os.Chmod(dir, 0o700)
	s := looked(t, file)
	equal(t, s.Audit, want)
	equal(t, s.Install, "one")
	equal(t, names(t, dir), []string{"copy.db"})
}

// A store that an older koira left is whole too: it lacks only what came since.
func TestTheLogOfAnOlderKoiraIsWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "koira.db")
	ok(t, claimFile(path))
	old := pool(path, writer, 1)
	ok(t, migrate(t.Context(), old.DB, 2))
	e := engine.Event{Seq: 1, At: t0, Actor: "UALICE", Action: "task.added", Subject: "daily-social", Detail: map[string]string{"channel": "bluesky"}}
	old.MustExec(`INSERT INTO events (seq, at, actor, surface, action, subject, detail, prev, hash) VALUES (1, ?, ?, '', ?, ?, ?, '', ?)`,
		stamp(e.At), e.Actor, e.Action, e.Subject, e.DetailJSON(), e.Sum())
	old.MustExec(`INSERT INTO tasks (id, name, channel, account, segment, kind, cadence, frequency, sensitivity, themes, cost_max, weekly, benchmarks, nature,
		level, paused_by, paused_at, paused_why, lowered_at)
		VALUES ('daily-social', '', '', '', '', 'social', '{}', '', '', '[]', 0, 0, '[]', '[]', 4, '', NULL, '', NULL)`)
	ok(t, old.Close())
	if s := looked(t, path); s.Found != 0 || s.Lines != 1 {
		t.Errorf("%+v", s)
	}
}

func TestWhatIsNoLogIsRefused(t *testing.T) {
	db := told(t)
	path := fileOf(t, db)
	if _, err := db.write.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)`); err != nil {
		t.Fatal(err)
	}
	ok(t, db.Close())
	dir := t.TempDir()
	other := filepath.Join(dir, "other.db")
	p := pool(other, writer, 1)
	p.MustExec(`CREATE TABLE events (seq INTEGER)`)
	ok(t, p.Close())
	text := filepath.Join(dir, "text.db")
	ok(t, os.WriteFile(text, []byte(strings.Repeat("rye bread ", 1000)), 0o600))
	empty := filepath.Join(dir, "empty.db")
	ok(t, os.WriteFile(empty, nil, 0o600))
	for file, want := range map[string]struct {
		code engine.Code
		text string
	}{
		filepath.Join(dir, "absent.db"): {engine.CodeNotFound, "There is no file"},
		dir:                             {engine.CodeInvalid, "is not a regular file"},
		other:                           {engine.CodeInvalid, "is not a koira store"},
		text:                            {engine.CodeInvalid, "it is no database"},
		empty:                           {engine.CodeInvalid, "is not a koira store"},
		path:                            {engine.CodeInvalid, "was written by a newer koira (schema 999"},
	} {
		_, err := OpenLog(t.Context(), file)
		wantCode(t, err, want.code)
		if !strings.Contains(err.Error(), want.text) {
			t.Errorf("%s: %v", file, err)
		}
	}
	equal(t, names(t, dir), []string{"empty.db", "other.db", "text.db"})
}

func TestALogThatChangesUnderTheReaderIsToldSo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "koira.db")
	db := opened(t, path)
	populate(t, db)
	ok(t, db.Close())
	l, err := OpenLog(t.Context(), path)
	ok(t, err)
	opened(t, path)
	wantCode(t, l.Close(), engine.CodeConflict)
}

func TestEventsOfATime(t *testing.T) {
	db := fresh(t)
	for hour := range 5 {
		ok(t, db.Record(t.Context(), engine.Event{At: at(hour), Actor: "koira", Action: "x"}))
	}
	path := fileOf(t, db)
	l, err := OpenLog(t.Context(), path)
	ok(t, err)
	defer l.Close()
	for _, c := range []struct {
		since, until time.Time
		want         []int64
	}{
		{time.Time{}, time.Time{}, []int64{1, 2, 3, 4, 5}},
		{at(1), time.Time{}, []int64{2, 3, 4, 5}},
		{at(1), at(3), []int64{2, 3}},
		{time.Time{}, at(1), []int64{1}},
		{at(9), time.Time{}, nil},
	} {
		var got []int64
		ok(t, l.Events(t.Context(), c.since, c.until, func(e engine.Event) error { got = append(got, e.Seq); return nil }))
		if !slices.Equal(got, c.want) {
			t.Errorf("[%s, %s): %v, want %v", c.since, c.until, got, c.want)
		}
	}
	stop := errors.New("enough")
	if err := l.Events(t.Context(), time.Time{}, time.Time{}, func(engine.Event) error { return stop }); !errors.Is(err, stop) {
		t.Error(err)
	}
}
