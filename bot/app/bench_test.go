package app

import (
	"context"
	"database/sql/driver"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mattn/go-sqlite3"

	"koira/engine"
	"koira/engine/channel/sandbox"
	"koira/engine/desk"
	"koira/engine/writer"
)

// TestMain lets the test binary stand in for the program in a process of its own, for BenchmarkResident.
func TestMain(m *testing.M) {
	if os.Getenv(residentEnv) != "" {
		os.Exit(resident())
	}
	os.Exit(m.Run())
}

// bakery is koira over the demo's business on a durable file, with a simulated audience and reviewers who approve everything.
type bakery struct {
	*Core
	w      World
	config Config
	path   string
	clock  *SimClock
	world  *sandbox.World
}

// bakeryStart is the Monday on which it opens.
var bakeryStart = time.Date(2025, 9, 1, 4, 0, 0, 0, time.UTC)

// openBakery opens a new one in dir, in which the demo's first task is there so many times over.
func openBakery(tb testing.TB, dir string, times int) *bakery {
	tb.Helper()
	c, err := Parse("demo.toml", demoConfig)
	if err != nil {
		tb.Fatal(err)
	}
	for i := 1; i < times; i++ {
		t := c.Tasks[0]
		t.ID, t.Name = fmt.Sprintf("%s-%d", t.ID, i+1), fmt.Sprintf("%s %d", t.Name, i+1)
		c.Tasks = append(c.Tasks, t)
	}
	k := &bakery{config: c, path: filepath.Join(dir, "koira.db"), clock: NewSimClock(bakeryStart)}
	k.config.Storage.Path = k.path
	channels, meters, world, err := c.doors(nil, k.clock, 7)
	if err != nil {
		tb.Fatal(err)
	}
	k.world = world
	k.w = World{
		Clock: k.clock, Wall: machine{}, NewID: IDs(k.clock, 7), Dice: rand.New(rand.NewPCG(7, 7)), Log: slog.New(slog.DiscardHandler),
		Writer: writer.Template{}, Channels: channels, Meters: meters, Team: demoTeam,
	}
	if k.Core, err = Open(tb.Context(), c, k.path, k.w); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { k.Close() })
	return k
}

// hour is an hour of business: a tick, the reviewers' look, and everything told.
func (k *bakery) hour(ctx context.Context) error {
	if err := k.Loop.Tick(ctx); err != nil {
		return err
	}
	if err := k.review(ctx); err != nil {
		return err
	}
	k.clock.Advance(time.Hour)
	return k.told(ctx)
}

// review approves what waits and publishes by hand what was handed over.
func (k *bakery) review(ctx context.Context) error {
	now := k.clock.Now()
	approver := engine.Actor{ID: "U0TOMI0001", Team: demoTeam, Role: engine.RoleApprover, Surface: engine.SurfaceSlack}
	open, err := k.DB.Outputs(ctx, engine.OutputFilter{States: []engine.State{engine.StateWaiting, engine.StateHanded}, SlotTo: now.Add(36 * time.Hour)})
	if err != nil {
		return err
	}
	for _, o := range open {
		switch {
		case o.State == engine.StateWaiting:
			err = k.Desk.Approve(ctx, approver, desk.Click{Output: o.ID, Digest: o.Digest, Audience: o.Audience, Looked: time.Minute, Whole: true})
		case now.Before(o.Slot):
			continue
		default:
			link := "https://leipa.example/blog/" + o.ID
			if err := k.world.PostedByHand(link, o.Variants[0].Shown, now); err != nil {
				return err
			}
			err = k.Desk.HandPublished(ctx, approver, o.ID, o.Digest, link)
		}
		if code := engine.CodeOf(err); code == engine.CodeInternal {
			return err
		}
	}
	return nil
}

// told takes everything that there was to tell as told.
func (k *bakery) told(ctx context.Context) error {
	due, err := k.DB.DueNotices(ctx, k.clock.Now().AddDate(1, 0, 0), 500)
	for _, n := range due {
		if err := k.DB.SentNotice(ctx, n); err != nil {
			return err
		}
	}
	return err
}

// days lets so many days pass.
func (k *bakery) days(tb testing.TB, n int) {
	tb.Helper()
	for range 24 * n {
		if err := k.hour(tb.Context()); err != nil {
			tb.Fatal(err)
		}
	}
}

// BenchmarkCycles is whole cycles (plan, create, approve, publish, measure, settle) and single moves a second on a durable file, audit
// rows, readings, ledger and notices included, beside bare durable commits of one row in the same folder in the same run: as the driver
// makes them, without database/sql. An operation is one simulated hour. "…/commit" is how many were made in the time of one bare commit.
func BenchmarkCycles(b *testing.B) {
	for _, c := range []struct {
		name  string
		times int
	}{{"bakery", 1}, {"forty-tasks", 40}} {
		b.Run(c.name, func(b *testing.B) { benchmarkCycles(b, c.times) })
	}
}

func benchmarkCycles(b *testing.B, times int) {
	dir := b.TempDir()
	k := openBakery(b, dir, times)
	k.days(b, 14) // until pieces settle as often as they are planned
	bare := openBare(b, dir)
	before, began := k.tally(b), k.clock.Now()
	var commits time.Duration
	n := 0
	for b.Loop() {
		start := b.Elapsed()
		for range commitsAnHour {
			bare.commit(b, row)
		}
		commits += b.Elapsed() - start
		if err := k.hour(b.Context()); err != nil {
			b.Fatal(err)
		}
		n++
	}
	work, one := (b.Elapsed() - commits).Seconds(), commits.Seconds()/float64(n*commitsAnHour)
	did := k.tally(b).less(before)
	b.ReportMetric(1/one, "commits/s")
	b.ReportMetric(float64(did.moves)/work, "moves/s")
	b.ReportMetric(float64(did.cycles)/work, "cycles/s")
	b.ReportMetric(float64(did.moves)*one/work, "moves/commit")
	b.ReportMetric(float64(did.cycles)*one/work, "cycles/commit")
	b.ReportMetric(k.clock.Now().Sub(began).Hours()/24/work, "days/s")
}

// commitsAnHour is how many bare commits are made beside one simulated hour, so that both meet the same disk.
const commitsAnHour = 5

// tally is what the log and the store say was done so far.
type tally struct{ events, moves, cycles int64 }

func (t tally) less(o tally) tally {
	return tally{t.events - o.events, t.moves - o.moves, t.cycles - o.cycles}
}

// tally counts the moves in the log, and the outputs that were measured to their end.
func (k *bakery) tally(b *testing.B) (t tally) {
	b.Helper()
	for {
		page, err := k.DB.Events(b.Context(), t.events, 1000)
		if err != nil {
			b.Fatal(err)
		}
		for _, e := range page {
			t.events = e.Seq
			if state, ok := strings.CutPrefix(e.Action, "output."); ok && slices.Contains(engine.States, engine.State(state)) {
				t.moves++
			}
		}
		if len(page) == 0 {
			break
		}
	}
	n, err := k.DB.CountOutputs(b.Context(), engine.OutputFilter{States: []engine.State{engine.StateSettled}})
	if err != nil {
		b.Fatal(err)
	}
	t.cycles = int64(n[engine.StateSettled])
	return t
}

// bare is SQLite as the driver gives it: one connection, one prepared statement, durable.
type bare struct {
	conn driver.Conn
	stmt driver.Stmt
}

// row is about as long as an event or an envelope.
var row = []byte(strings.Repeat("rye ", 100))

// openBare opens a new file in dir; it lies on the same disk as the store's. The benchmark's end closes it.
func openBare(b *testing.B, dir string) bare {
	b.Helper()
	conn, err := (&sqlite3.SQLiteDriver{}).Open("file:" + filepath.Join(dir, "bare.db") + "?_journal_mode=WAL&_synchronous=FULL")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { conn.Close() })
	c := conn.(*sqlite3.SQLiteConn)
	if _, err := c.Exec(`CREATE TABLE rows (id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT`, nil); err != nil {
		b.Fatal(err)
	}
	stmt, err := c.Prepare(`INSERT INTO rows (body) VALUES (?)`)
	if err != nil {
		b.Fatal(err)
	}
	return bare{conn, stmt}
}

func (r bare) commit(tb testing.TB, body []byte) {
	if _, err := r.stmt.(driver.StmtExecContext).ExecContext(context.Background(), []driver.NamedValue{{Ordinal: 1, Value: body}}); err != nil {
		tb.Error(err)
	}
}
