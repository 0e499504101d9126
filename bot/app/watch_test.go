package app

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3"

	"koira/engine"
)

// kennel is an office in which koira has run and stopped in order, with time that the test moves and a log that it reads.
type kennel struct {
	office
	clock *SimClock
	said  *bytes.Buffer
}

var mariOwns = engine.Actor{ID: "U0MARI0001", Team: "T0KOIRA01", Role: engine.RoleOwner, Surface: engine.SurfaceSlack}

func newKennel(t *testing.T) kennel {
	t.Helper()
	k := kennel{newOffice(t), NewSimClock(simStart), &bytes.Buffer{}}
	k.m.Clock, k.m.Wall, k.m.Log = k.clock, k.clock, slog.New(slog.NewTextHandler(k.said, nil))
	k.day()
	return k
}

// day is a day on which koira starts, ticks and stops.
func (k kennel) day() {
	k.t.Helper()
	c := k.open(k.config())
	k.clock.Advance(24 * time.Hour)
	k.must(c.Tick(k.t.Context()))
	k.must(c.Close())
}

func (k kennel) must(err error) {
	k.t.Helper()
	if err != nil {
		k.t.Fatal(err)
	}
}

// sql does to the file what somebody does who has it.
func (k kennel) sql(query string) {
	k.t.Helper()
	db, err := sql.Open("sqlite3", "file:"+k.path)
	k.must(err)
	defer db.Close()
	_, err = db.Exec(query)
	k.must(err)
}

func (k kennel) read(name string) []byte {
	k.t.Helper()
	b, err := os.ReadFile(name)
	k.must(err)
	return b
}

func (k kennel) note() (n headNote) {
	k.t.Helper()
	k.must(json.Unmarshal(k.read(headFile(k.path)), &n))
	return n
}

// isStopped starts koira and says whether it stopped everything, and with how many questions about the log.
func (k kennel) isStopped(c *Core) (why string, asks int) {
	k.t.Helper()
	control, err := c.DB.Control(k.t.Context())
	k.must(err)
	open, err := c.DB.OpenExceptions(k.t.Context())
	k.must(err)
	for _, e := range open {
		if e.Kind == engine.ExceptionSystem && e.Subject == "log" {
			asks++
		}
	}
	if !control.Stopped {
		return "", asks
	}
	if control.StoppedBy != engine.Koira.ID {
		k.t.Errorf("stopped by %q", control.StoppedBy)
	}
	return control.Why, asks
}

const openLog = `DROP TRIGGER events_keep; DROP TRIGGER events_stay; DROP TRIGGER events_append; `

// TestWhatKoiraFindsAtItsStart: each thing that may have happened to the store while koira did not run, and what it then says.
func TestWhatKoiraFindsAtItsStart(t *testing.T) {
	forged := `INSERT INTO events (seq, at, actor, surface, action, subject, detail, prev, hash)
		SELECT seq + 1, at, 'U0MARI0001', 'slack', 'x', '', '{}', hash, 'eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee' FROM events ORDER BY seq DESC LIMIT 1`
	for name, c := range map[string]struct {
		change func(k kennel)
		want   string // of the reason; "" for nothing
	}{
		"nothing": {func(kennel) {}, ""},
		"a crash: the side file is older than the log": {func(k kennel) {
			n := k.note()
			c := k.open(k.config())
			k.must(c.DB.Record(t.Context(), engine.Event{At: simStart, Actor: "koira", Action: "x"}))
			k.must(c.DB.Close()) // without a word to the side file
			if now := k.note(); now.Seq != n.Seq || now.Stopped {
				t.Errorf("%+v after a crash, %+v before", now, n)
			}
		}, ""},
		"an older copy was put back": {func(k kennel) {
			b := k.read(k.path)
			k.day()
			k.must(os.WriteFile(k.path, b, 0o600))
		}, "restored from a backup, or its log was cut"},
		"an older copy was put back, and ran elsewhere": {func(k kennel) {
			b := k.read(k.path)
			k.day()
			n := k.read(headFile(k.path))
			k.must(os.WriteFile(k.path, b, 0o600))
			k.must(os.Remove(headFile(k.path)))
			k.sql(`DELETE FROM settings WHERE name = 'install'`)
			k.clock.Advance(time.Minute)
			k.day()
			k.sql(`UPDATE settings SET value = '` + k.id(n) + `' WHERE name = 'install'`)
			k.must(os.WriteFile(headFile(k.path), n, 0o600))
		}, "is not the one that koira wrote"},
		"the end was cut":          {func(k kennel) { k.sql(openLog + `DELETE FROM events WHERE seq = (SELECT MAX(seq) FROM events)`) }, "its log was cut"},
		"a line was added":         {func(k kennel) { k.sql(forged) }, "since then 1 line came to it that koira did not write"},
		"the side file is gone":    {func(k kennel) { k.must(os.Remove(headFile(k.path))) }, "There is no side file"},
		"the side file is rubbish": {func(k kennel) { k.must(os.WriteFile(headFile(k.path), []byte(`{"seq":3}`), 0o600)) }, "cannot be read"},
		"the side file is another store's": {func(k kennel) {
			n := k.note()
			n.Install = "another"
			k.must(writeHead(k.path, n))
		}, "belongs to another store"},
		"a store of before there was a side file": {func(k kennel) {
			k.must(os.Remove(headFile(k.path)))
			k.sql(`DELETE FROM settings WHERE name = 'install'`)
		}, ""},
		"such a store, with a changed line": {func(k kennel) {
			k.must(os.Remove(headFile(k.path)))
			k.sql(openLog + `DELETE FROM settings WHERE name = 'install'; UPDATE events SET actor = 'nobody' WHERE seq = 2`)
		}, "line 2: its hash does not match"},
		"a crash, and a line that was changed after it": {func(k kennel) {
			c := k.open(k.config())
			k.must(c.DB.Record(t.Context(), engine.Event{At: simStart, Actor: "koira", Action: "x"}))
			k.must(c.DB.Close())
			k.sql(openLog + `UPDATE events SET actor = 'nobody' WHERE action = 'x'`)
		}, "its hash does not match"},
	} {
		t.Run(name, func(t *testing.T) {
			k := newKennel(t)
			k.t = t
			c.change(k)
			core := k.open(k.config())
			why, asks := k.isStopped(core)
			if c.want == "" {
				if why != "" || asks != 0 || k.said.Len() > 0 && strings.Contains(k.said.String(), "damaged") {
					t.Fatalf("stopped: %s, %s", why, k.said)
				}
				k.must(core.Close())
				return
			}
			if !strings.Contains(why, c.want) || asks != 1 || strings.Count(k.said.String(), "level=ERROR") != 1 || !strings.Contains(k.said.String(), "koira verify") {
				t.Fatalf("stopped: %q with %d questions; want %q\n%s", why, asks, c.want, k.said)
			}
			k.must(core.Close())
			if v, err := Verify(t.Context(), VerifyOptions{DB: k.path}); err != nil || v.Found == 0 && !strings.Contains(c.want, "no side file") {
				t.Errorf("verify finds nothing any more while it is stopped: %v", err)
			}
			core = k.open(k.config()) // it stays stopped, and is not told twice
			if why, asks := k.isStopped(core); why == "" || asks != 1 || strings.Count(k.said.String(), "level=ERROR") != 1 {
				t.Fatalf("after another start: %q, %d questions\n%s", why, asks, k.said)
			}
			k.must(core.Desk.Resume(t.Context(), mariOwns))
			k.must(core.Tick(t.Context()))
			k.must(core.Close())
			core = k.open(k.config())
			defer core.Close()
			if why, _ := k.isStopped(core); why != "" {
				t.Errorf("an owner has resumed, and it stops for the same again: %s", why)
			}
		})
	}
}

func (k kennel) id(note []byte) string {
	var n headNote
	k.must(json.Unmarshal(note, &n))
	return n.Install
}

// What is changed far back, or past the log, is found within a day, by looks that are short.
func TestTheWholeLogIsReadOnceADay(t *testing.T) {
	for name, c := range map[string]struct{ query, want string }{
		"nothing":                     {``, ""},
		"a line that was changed":     {openLog + `UPDATE events SET actor = 'nobody' WHERE seq = 2`, "line 2: its hash does not match what it says (and 3 more)"},
		"a level, and not in the log": {`UPDATE tasks SET level = 5 WHERE id = 'daily-social'`, "task daily-social is not at the level that the log gives it."},
	} {
		t.Run(name, func(t *testing.T) {
			k := newKennel(t)
			if c.query != "" {
				k.sql(c.query)
			}
			core := k.open(k.config())
			defer core.Close()
			k.must(core.Tick(t.Context())) // of the same day, on which all of it was read
			if why, _ := k.isStopped(core); why != "" {
				t.Fatalf("stopped on the same day: %s", why)
			}
			k.clock.Advance(24 * time.Hour)
			k.must(core.Tick(t.Context()))
			why, _ := k.isStopped(core)
			if (why == "") != (c.want == "") || !strings.Contains(why, c.want) {
				t.Fatalf("stopped: %q, want %q", why, c.want)
			}
			if c.want == "" {
				return
			}
			k.must(core.Desk.Resume(t.Context(), mariOwns))
			k.clock.Advance(24 * time.Hour)
			k.must(core.Tick(t.Context()))
			if why, _ := k.isStopped(core); why != "" {
				t.Errorf("an owner has resumed, and it stops for the same again: %s", why)
			}
		})
	}
}

// Something else is wrong than what people were asked about: they are asked about that, also where nobody has settled the first question yet.
func TestAnotherDamageIsAskedAbout(t *testing.T) {
	k := newKennel(t)
	k.sql(openLog + `UPDATE events SET actor = 'nobody' WHERE seq = 2`)
	core := k.open(k.config())
	defer func() { core.Close() }()
	next := func(query, part string) {
		t.Helper()
		k.sql(query)
		k.clock.Advance(24 * time.Hour)
		k.must(core.Tick(t.Context()))
		open, err := core.DB.OpenExceptions(t.Context())
		k.must(err)
		open = slices.DeleteFunc(open, func(e engine.Exception) bool { return e.Subject != engine.TheLog })
		if len(open) != 1 || !strings.Contains(open[0].Evidence, part) || !open[0].OpenedAt.Equal(k.clock.Now()) {
			t.Fatalf("it asks %+v, want one question with %q", open, part)
		}
	}
	next(``, "line 2: its hash does not match")
	k.must(core.Desk.Resume(t.Context(), mariOwns)) // the question stays until somebody says that it is settled
	next(`UPDATE tasks SET level = 5 WHERE id = 'daily-social'`, "and 4 more")
	if why, _ := k.isStopped(core); why == "" {
		t.Error("it runs")
	}
	k.must(core.Close())
	k.must(os.Remove(headFile(k.path)))
	core = k.open(k.config())
	if _, asks := k.isStopped(core); asks != 2 {
		t.Errorf("%d questions about the log, want one about its lines and one about its side file", asks)
	}
}

func TestTheSideFileFollowsTheLog(t *testing.T) {
	k := newKennel(t)
	n := k.note()
	if !n.Stopped || n.Install == "" {
		t.Fatalf("after a stop: %+v", n)
	}
	core := k.open(k.config())
	if n := k.note(); n.Stopped {
		t.Errorf("while it runs: %+v", n)
	}
	k.must(core.DB.Record(t.Context(), engine.Event{At: simStart, Actor: "koira", Action: "x"}))
	if now := k.note(); now.Seq != n.Seq {
		t.Error("it was written in the middle of things")
	}
	k.must(core.Tick(t.Context()))
	seq, hash, err := core.DB.Head(t.Context())
	k.must(err)
	if now := k.note(); now.Seq != seq || now.Hash != hash || now.Install != n.Install {
		t.Errorf("after a tick: %+v, want line %d", now, seq)
	}
	before, err := os.Stat(headFile(k.path))
	k.must(err)
	k.must(core.Tick(t.Context()))
	after, err := os.Stat(headFile(k.path))
	k.must(err)
	if !os.SameFile(before, after) || after.Mode().Perm() != 0o600 {
		t.Errorf("written again without a new line, or with mode %04o", after.Mode().Perm())
	}
	k.must(core.Close())
	if _, err := os.Stat(headFile(k.path) + ".new"); err == nil {
		t.Error("half a side file lies about")
	}
}
