package storage

import (
	"path/filepath"
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

func BenchmarkOutput(b *testing.B) {
	db := world(b)
	add(b, db, anOutput("o1", 1), engine.StateDrafted)
	for b.Loop() {
		if _, err := db.Output(b.Context(), "o1"); err != nil {
			b.Fatal(err)
		}
	}
}
