package storage

import (
	"fmt"
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
			rules(b, db, rule)
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
