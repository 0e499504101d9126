package storage

import (
	"path/filepath"
	"testing"
	"time"

	"koira/engine"
)

// BenchmarkTick is the moves that koira makes by itself in one tick, their events and notices included, made durable together at its end,
// beside as many bare durable commits of one row on the same disk in the same run: "share" is moves a second over commits a second.
func BenchmarkTick(b *testing.B) {
	const moves = 20
	db := world(b)
	o := add(b, db, anOutput("o1", 1), engine.StateDrafted)
	p := pool(filepath.Join(b.TempDir(), "raw.db"), writer, 1)
	defer p.Close()
	p.MustExec(`CREATE TABLE rows (id INTEGER PRIMARY KEY, n INTEGER NOT NULL) STRICT`)
	p.MustExec(`INSERT INTO rows (id, n) VALUES (1, 0)`)
	var commits time.Duration
	n := 0
	for b.Loop() {
		before := b.Elapsed()
		for range moves {
			if _, err := p.Exec(`UPDATE rows SET n = n + 1 WHERE id = 1`); err != nil {
				b.Fatal(err)
			}
		}
		commits += b.Elapsed() - before
		for range moves {
			to := engine.StateWaiting
			if o.State == to {
				to = engine.StateDrafted
			}
			m := plain(o, to)
			m.By = engine.Koira
			if _, err := db.Move(b.Context(), m); err != nil {
				b.Fatal(err)
			}
			o.State = to
		}
		if err := db.Flush(b.Context()); err != nil {
			b.Fatal(err)
		}
		n += moves
	}
	work := b.Elapsed() - commits
	b.ReportMetric(float64(n)/work.Seconds(), "moves/s")
	b.ReportMetric(float64(n)/commits.Seconds(), "commits/s")
	b.ReportMetric(commits.Seconds()/work.Seconds(), "share")
}
