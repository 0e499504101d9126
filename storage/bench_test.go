package storage

import (
	"context"
	"fmt"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"koira/engine"
)

// BenchmarkMove is a whole move, its event and its notice included, beside a bare durable commit of one row on the same disk in the same
// run: "share" is moves a second over commits a second.
func BenchmarkMove(b *testing.B) {
	db := world(b)
	o := add(b, db, anOutput("o1", 1), engine.StateDrafted)
	p := pool(filepath.Join(b.TempDir(), "raw.db"), writer, 1)
	defer p.Close()
	p.MustExec(`CREATE TABLE rows (id INTEGER PRIMARY KEY, n INTEGER NOT NULL) STRICT`)
	p.MustExec(`INSERT INTO rows (id, n) VALUES (1, 0)`)
	var commits time.Duration // one beside each move, so that both meet the same disk
	n := 0
	for b.Loop() {
		before := b.Elapsed()
		if _, err := p.Exec(`UPDATE rows SET n = n + 1 WHERE id = 1`); err != nil {
			b.Fatal(err)
		}
		commits += b.Elapsed() - before
		to := engine.StateWaiting
		if o.State == to {
			to = engine.StateDrafted
		}
		if _, err := db.Move(b.Context(), plain(o, to)); err != nil {
			b.Fatal(err)
		}
		o.State = to
		n++
	}
	moves := b.Elapsed() - commits
	b.ReportMetric(float64(n)/moves.Seconds(), "moves/s")
	b.ReportMetric(float64(n)/commits.Seconds(), "commits/s")
	b.ReportMetric(commits.Seconds()/moves.Seconds(), "share")
}

// BenchmarkView is what each gate is shown, beside 400 pieces that are cleared within two months: without a rule that compares pieces, and with
// rules that ask for a month of them, for the pace and for how the task stands.
func BenchmarkView(b *testing.B) {
	for name, rule := range map[string]func(*engine.Guardrails){
		"plain": func(*engine.Guardrails) {},
		"all": func(g *engine.Guardrails) {
			g.Budget.Pace, g.Duplicates = 150, engine.DuplicateRule{Percent: 80, Days: 30}
			g.Frequency = []engine.FrequencyRule{{Most: 5, Days: 7}}
			g.Thresholds = map[string][]engine.Threshold{"daily-social": {{Metric: engine.Clicks, Floor: 3}}}
		},
	} {
		b.Run(name, func(b *testing.B) {
			db := world(b)
			setRules(b, db, rule)
			for i := range 400 {
				o := anOutput(fmt.Sprintf("o%d", i), 4*i)
				o.CostMax = 1
				add(b, db, o, engine.StateDrafted, engine.StateScheduled)
			}
			near := 0
			for b.Loop() {
				v, err := db.View(b.Context(), "o200", engine.StageApproval, t0)
				if err != nil {
					b.Fatal(err)
				}
				near = len(v.Near)
			}
			b.ReportMetric(float64(near), "near")
		})
	}
}

func BenchmarkOutput(b *testing.B) {
	db := world(b)
	add(b, db, anOutput("o1", 1), engine.StateDrafted)
	for b.Loop() {
		if _, err := db.Output(b.Context(), "o1"); err != nil {
			b.Fatal(err)
		}
	}
}

// logOf writes a log of n lines that look like a business's: moves of pieces from their plan to their end.
func logOf(tb testing.TB, db *DB, n int) {
	tb.Helper()
	states := []engine.State{engine.StatePlanned, engine.StateDrafted, engine.StateWaiting, engine.StateScheduled, engine.StatePublishing, engine.StatePublished, engine.StateSettled}
	for done := 0; done < n; {
		ok(tb, db.inTx(tb.Context(), func(ctx context.Context, t *tx) error {
			for i := 0; i < 10_000 && done < n; i, done = i+1, done+1 {
				k := done % len(states)
				e := engine.Event{
					At: t0.Add(time.Duration(done) * time.Minute), Actor: "koira", Surface: engine.SurfaceLoop, Action: "output." + string(states[k]),
					Subject: fmt.Sprintf("01JDZ0000000000000%08d", done/len(states)),
					Detail:  map[string]string{"task": "daily-social", "slot": "2025-11-24T07:10:00Z", "why": "fits the calendar; Tuesdays at 9–10 brought most visits"},
				}
				if k > 0 {
					e.Detail["from"], e.Detail["to"], e.Detail["digest"] = string(states[k-1]), string(states[k]), "3f9a0c1b"
				}
				if err := t.record(ctx, e); err != nil {
					return err
				}
			}
			return nil
		}))
	}
}

// BenchmarkAudit reads, recomputes and replays a log of 100,000 lines; the pieces that it tells of are in no table, which is the dearest case.
// "cpu-s" is the processor's time, which does not grow when others use the machine too.
func BenchmarkAudit(b *testing.B) {
	db := fresh(b)
	logOf(b, db, 100_000)
	before := cpu(b)
	for b.Loop() {
		a, err := db.Audit(b.Context())
		ok(b, err)
		if a.Lines != 100_000 {
			b.Fatal(a)
		}
	}
	b.ReportMetric((cpu(b)-before).Seconds()/float64(b.N), "cpu-s")
}

// BenchmarkStart opens a file with 100,000 lines of log, and reads all of them: what a start costs at most, when there is no side file.
func BenchmarkStart(b *testing.B) {
	path := filepath.Join(b.TempDir(), "koira.db")
	db := opened(b, path)
	logOf(b, db, 100_000)
	ok(b, db.Close())
	var opening, reading time.Duration
	before := cpu(b)
	for b.Loop() {
		start := b.Elapsed()
		db, err := Open(b.Context(), Options{Path: path, NewID: counting()})
		ok(b, err)
		opening += b.Elapsed() - start
		head, faults, err := db.CheckEvents(b.Context(), engine.Head{})
		ok(b, err)
		if head.Seq != 100_000 || len(faults) > 0 {
			b.Fatal(head, faults)
		}
		reading += b.Elapsed() - start
		ok(b, db.Close())
	}
	reading -= opening
	b.ReportMetric(opening.Seconds()/float64(b.N), "open-s")
	b.ReportMetric(reading.Seconds()/float64(b.N), "read-s")
	b.ReportMetric((cpu(b)-before).Seconds()/float64(b.N), "cpu-s")
}

func cpu(tb testing.TB) time.Duration {
	tb.Helper()
	var u syscall.Rusage
	ok(tb, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
