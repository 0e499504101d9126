package storage

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

func TestOnlyItsOwnerMayReadTheFile(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0))
	db := world(t)
	var path string
	ok(t, db.write.Get(&path, `SELECT file FROM pragma_database_list WHERE name = 'main'`))
	for _, suffix := range []string{"", "-wal", "-shm", ".lock"} {
		info, err := os.Stat(path + suffix)
		ok(t, err)
		if info.Mode().Perm() != 0o600 {
			t.Errorf("koira.db%s has mode %04o", suffix, info.Mode().Perm())
		}
	}
	ok(t, db.Close())
	for _, mode := range []os.FileMode{0o640, 0o620, 0o604, 0o602} {
		ok(t, os.Chmod(path, mode))
		_, err := Open(t.Context(), Options{Path: path, NewID: counting()})
		wantCode(t, err, engine.CodeDenied)
		if !strings.Contains(err.Error(), "chmod 600") {
			t.Errorf("it does not say what to do: %v", err)
		}
	}
	ok(t, os.Chmod(path, 0o600))
	opened(t, path)
}

func TestASecondOpenerIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "koira.db")
	db := opened(t, path)
	_, err := Open(t.Context(), Options{Path: path, NewID: counting()})
	wantCode(t, err, engine.CodeConflict)
	ok(t, db.Close())
	opened(t, path)
}

func TestSharedMemoryWillDo(t *testing.T) {
	dir, err := os.MkdirTemp("/dev/shm", "koira")
	if err != nil {
		t.Skip("no /dev/shm here")
	}
	defer os.RemoveAll(dir)
	db := opened(t, filepath.Join(dir, "koira.db"))
	populate(t, db)
	ok(t, db.Close())
}

func TestAPathIsNotTakenForOptions(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a b?mode=memory&c#d%41.db")
	db := opened(t, path)
	populate(t, db)
	ok(t, db.Close())
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
}

func TestEveryConnectionIsDurable(t *testing.T) {
	db := world(t)
	for name, p := range map[string]struct {
		pool *sqlx.DB
		n    int
		want map[string]string
	}{"writer": {db.write, 1, writer.want}, "readers": {db.read.DB, readers, reader.want}} {
		for range p.n {
			c, err := p.pool.Connx(t.Context())
			ok(t, err)
			defer c.Close()
			for pragma, want := range p.want {
				var got string
				ok(t, c.GetContext(t.Context(), &got, `PRAGMA `+pragma))
				if got != want {
					t.Errorf("%s: %s = %s, want %s", name, pragma, got, want)
				}
			}
		}
	}
}

func TestAConnectionThatIsNotDurableIsRefused(t *testing.T) {
	for missing, pragma := range map[string]string{"_synchronous": "synchronous", "_foreign_keys": "foreign_keys", "_journal_mode": "journal_mode"} {
		path := filepath.Join(t.TempDir(), "koira.db")
		r := role{params: map[string][]string{}, want: writer.want}
		for k, v := range writer.params {
			if k != missing {
				r.params[k] = v
			}
		}
		p := pool(path, r, 1)
		err := p.PingContext(t.Context())
		p.Close()
		if err == nil || !strings.Contains(err.Error(), pragma) {
			t.Errorf("without %s: %v", missing, err)
		}
	}
}

func TestReadersCannotWrite(t *testing.T) {
	db := world(t)
	c, err := db.read.Connx(t.Context())
	ok(t, err)
	defer c.Close()
	for _, before := range []string{`SELECT 1`, `PRAGMA query_only = off`} {
		_, err := c.ExecContext(t.Context(), before)
		ok(t, err)
		if _, err := c.ExecContext(t.Context(), `INSERT INTO settings (name, value) VALUES ('a', 'b')`); err == nil {
			t.Fatalf("a reader wrote after %s", before)
		}
	}
}

func TestAnOlderFileIsBroughtUp(t *testing.T) {
	path := filepath.Join(t.TempDir(), "koira.db")
	ok(t, claimFile(path))
	old := pool(path, writer, 1)
	ok(t, migrate(t.Context(), old.DB, 1))
	if _, err := old.Exec(`INSERT INTO settings (name, value) VALUES ('kept', 'yes')`); err != nil {
		t.Fatal(err)
	}
	ok(t, migrate(t.Context(), old.DB, 2))
	for _, row := range oldRows {
		if _, err := old.Exec(row); err != nil {
			t.Fatal(err)
		}
	}
	ok(t, old.Close())

	db := opened(t, path)
	keptRows(t, db)
	kept, err := db.Setting(t.Context(), "kept")
	ok(t, err)
	equal(t, kept, "yes")
	populate(t, db)
	o := add(t, db, anOutput("o1", 1))
	if _, err := db.write.Exec(`UPDATE outputs SET state = 'published' WHERE id = ?`, o.ID); err == nil {
		t.Error("the walls of the newer schema do not stand")
	}
}

func TestANewerFileIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "koira.db")
	db := opened(t, path)
	if _, err := db.write.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)`); err != nil {
		t.Fatal(err)
	}
	ok(t, db.Close())
	_, err := Open(t.Context(), Options{Path: path, NewID: counting()})
	wantCode(t, err, engine.CodeInvalid)
}

func TestADamagedFileIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "koira.db")
	db := opened(t, path)
	ok(t, db.SetSetting(t.Context(), "a name that stands in a table and its index", "value"))
	ok(t, db.Close())
	whole, err := os.ReadFile(path)
	ok(t, err)
	found := 0
	for i := range whole {
		if !bytes.HasPrefix(whole[i:], []byte("a name that stands")) {
			continue
		}
		found++
		torn := bytes.Clone(whole)
		torn[i] = 'b'
		ok(t, os.WriteFile(path, torn, 0o600))
		_, err = Open(t.Context(), Options{Path: path, NewID: counting()})
		wantCode(t, err, engine.CodeInvalid)
		if !strings.Contains(err.Error(), "is damaged") {
			t.Error(err)
		}
	}
	if found != 2 {
		t.Errorf("the name stands in %d places", found)
	}
}

func TestWhoWaitsForTheirTurnMayGiveUp(t *testing.T) {
	db := world(t)
	err := db.inTx(t.Context(), func(context.Context, *tx) error {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		return db.SetSetting(ctx, "a", "b")
	})
	if err != context.Canceled {
		t.Errorf("got %v", err)
	}
}

// oldRows are what a store of schema 2 could hold in the tables that were altered since.
var oldRows = []string{
	`INSERT INTO tasks (id, name, channel, account, segment, kind, cadence, frequency, sensitivity, themes, cost_max, weekly, benchmarks, nature, level)
	 VALUES ('old', 'Old', 'bluesky', '', 'locals', 'social', '{}', 'low', 'low', '[]', 0, 0, '[]', '[]', 3)`,
	`INSERT INTO outputs (id, task, campaign, origin, state, level, channel, account, segment, kind, slot, arms, reason, cost_max, audience, digest,
	                      strategy_version, guardrail_version, confidence, writer, edited_by, changed, waits_for, attempts, url, created_at, updated_at)
	 VALUES ('old1', 'old', '', 'koira', 'scheduled', 3, 'bluesky', '', 'locals', 'social', '2025-11-17T08:00:00.000000Z', '{}', '', 2000000, 0, 'd',
	         0, 0, 0, '', '', 0, '', 0, '', '2025-11-17T08:00:00.000000Z', '2025-11-17T08:00:00.000000Z')`,
	`INSERT INTO variants (output, ordinal, name, subject, body, call_to_action, link, alt_text, shown)
	 VALUES ('old1', 0, 'A', '', 'Rye bread is out of the oven', '', '', '', '')`,
	`INSERT INTO findings (output, ordinal, rule, outcome, evidence, remedy, held, later) VALUES ('old1', 0, 'budget', 'block', 'e', 'r', 'held', 1)`,
	`INSERT INTO approvals (id, output, digest, by_id, role, at, surface, guardrail_version, audience, whole, looked, own_edit, over_cap, changed)
	 VALUES ('a', 'old1', 'd', 'U', 4, '2025-11-17T08:00:00.000000Z', 'slack', 1, 5, 1, 0, 0, 0, 0)`,
	`INSERT INTO ledger (id, at, kind, output, task, campaign, week, reserved, spent, note)
	 VALUES ('l', '2025-11-17T08:00:00.000000Z', 'reserve', 'old1', 'old', 'xmas', '2025-W47', 2000000, 0, '')`,
}

func keptRows(t *testing.T, db *DB) {
	t.Helper()
	o, err := db.Output(t.Context(), "old1")
	ok(t, err)
	equal(t, o.Findings, []engine.Finding{{Rule: "budget", Outcome: engine.Block, Evidence: "e", Remedy: "r", Held: engine.StateHeld, Later: true}})
	var title string
	ok(t, db.read.Get(&title, `SELECT title FROM outputs WHERE id = 'old1'`))
	equal(t, title, "Rye bread is out of the oven")
	a, err := db.Approval(t.Context(), "old1", "d")
	ok(t, err)
	equal(t, a.OverCap, engine.Rise{})
	equal(t, len(a.Waived), 0)
	b, err := db.Balance(t.Context(), "2025-W47")
	ok(t, err)
	equal(t, b, engine.Balance{Reserved: 2 * engine.Unit})
	for _, row := range []string{`UPDATE ledger SET spent = 1`, `DELETE FROM ledger`, `UPDATE findings SET outcome = 'maybe'`} {
		if _, err := db.write.Exec(row); err == nil {
			t.Errorf("the walls do not stand against %s", row)
		}
	}
}

// What is open when the file is brought up is known by how it was worded: the same trouble is not asked about twice.
func TestWhatIsOpenKeepsItsTrouble(t *testing.T) {
	path := filepath.Join(t.TempDir(), "koira.db")
	ok(t, claimFile(path))
	old := pool(path, writer, 1)
	ok(t, migrate(t.Context(), old.DB, 51))
	_, err := old.Exec(`INSERT INTO breakers (channel, failed, unconfirmed, paused_at, paused_why) VALUES ('rests', 3, 0, '2025-11-17T08:00:00.000000Z', '')`)
	ok(t, err)
	rows := []struct {
		kind, subject, reason, evidence string
		want                            engine.Trouble
	}{
		{"system", "rests", "Rests is paused: too much failed there.", "", engine.TroublePaused},
		{"system", "bluesky", "Bluesky refuses my credentials.", "401", engine.TroubleCredentials},
		{"system", "blog", "Blog refuses my credentials.", "401 Its results are not read.", engine.TroubleUnread},
		{"system", "gone", `The channel "gone" is not configured; its pieces wait.`, "", engine.TroubleAbsent},
		{"system", "left", `The channel "left" is not configured, and a piece there is not finished.`, "", engine.TroubleAbsent},
		{"system", "mail", "Mail does not say how many people it reaches; its pieces wait.", "", engine.TroubleUncounted},
		{"system", "mute", "Mute tells no results.", "", engine.TroubleSilent},
		{"system", engine.Everything, "I crashed 3 times in a row, so everything is stopped.", "", engine.TroubleCrashes},
		{"system", engine.TheLog, "The log is not as I left it", "There is no side file", engine.TroubleSideFile},
		{"system", engine.TheStrategy, "I plan nothing: no goal.", "", ""},
		{"task", "old", "Old is paused: below your minimum.", "", engine.TroublePaused},
		{"task", "other", "Its results broke off.", "", engine.TroubleBrokeOff},
		{"missed", "o1", "Could not take it down: it is still live.", "", engine.TroubleStillLive},
		{"missed", "o2", "It is out, and a rule should have stopped it.", "", engine.TroubleBreach},
		{"missed", "o3", "Bluesky refuses this piece; it is not out.", "", engine.TroubleRefused},
		{"missed", "o4", "A piece was not written.", "", engine.TroubleUnwritten},
		{"missed", "o5", "Did not go out.", "", engine.TroubleLate},
		{"output", "o6", "A rule stops it.", "", ""},
	}
	for i, r := range rows {
		_, err := old.Exec(`
			INSERT INTO exceptions (id, kind, output, task, subject, reason, evidence, remedy, opened_at)
			VALUES (?, ?, NULL, '', ?, ?, ?, '', '2025-11-17T08:00:00.000000Z')`, fmt.Sprint(i), r.kind, r.subject, r.reason, r.evidence)
		ok(t, err)
	}
	ok(t, old.Close())
	db := opened(t, path)
	for i, r := range rows {
		e, err := db.Exception(t.Context(), fmt.Sprint(i))
		ok(t, err)
		if e.Trouble != r.want {
			t.Errorf("%q is %q, want %q", r.reason, e.Trouble, r.want)
		}
	}
}
