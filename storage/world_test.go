package storage

import (
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"koira/engine"
)

// t0 is a Monday morning; the business's week 2025-W47 begins then.
var t0 = time.Date(2025, 11, 17, 8, 0, 0, 0, time.UTC)

var (
	alice = engine.Actor{ID: "UALICE", Role: engine.RoleOwner, Surface: engine.SurfaceSlack}
	pass  = func(engine.View) engine.Verdict { return engine.Verdict{Outcome: engine.Pass, GuardrailVersion: 1} }
)

func at(hours int) time.Time { return t0.Add(time.Duration(hours) * time.Hour) }

// counting returns ids that sort in the order in which they were made.
func counting() engine.NewID {
	var n atomic.Int64
	return func() string { return fmt.Sprintf("id%06d", n.Add(1)) }
}

// fresh opens an empty store.
func fresh(t testing.TB) *DB {
	t.Helper()
	return opened(t, filepath.Join(t.TempDir(), "koira.db"))
}

func opened(t testing.TB, path string) *DB {
	t.Helper()
	db, err := Open(t.Context(), Options{Path: path, NewID: counting()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// world is a store with a business, its guardrails and one task.
func world(t testing.TB) *DB {
	t.Helper()
	db := fresh(t)
	populate(t, db)
	return db
}

func populate(t testing.TB, db *DB) {
	t.Helper()
	s := engine.Strategy{Business: engine.Business{Name: "Bakery", Zone: "Europe/Helsinki", Currency: "EUR"}}
	_, err := db.SetStrategy(t.Context(), s, alice, t0, "first")
	ok(t, err)
	g := engine.Guardrails{
		Budget: engine.BudgetRule{Weekly: 100 * engine.Unit, Ceiling: 200 * engine.Unit}, Channels: map[string]bool{"bluesky": true, "blog": true},
		Voice: engine.VoiceRule{Locked: true}, Thresholds: map[string][]engine.Threshold{"daily-social": {{Metric: engine.Clicks, Floor: 3}}},
	}
	ok(t, db.SetGuardrails(t.Context(), 0, g, alice, t0, "first"))
	ok(t, db.PutTask(t.Context(), aTask("daily-social"), alice, t0, "first"))
}

func aTask(id string) engine.Task {
	return engine.Task{
		ID: id, Name: "Daily post", Channel: "bluesky", Segment: "locals", Kind: engine.KindSocial, Frequency: engine.High, Sensitivity: engine.Low,
		Cadence: engine.Cadence{Min: 3, Max: 5, Days: []time.Weekday{time.Monday}, From: 9, To: 17}, Themes: []string{"rye"}, CostMax: 5 * engine.Unit,
		Level: engine.L3, Benchmarks: []engine.Benchmark{{Metric: engine.Clicks, Good: 6}},
	}
}

// anOutput is planned for that hour; each needs an hour of its own.
func anOutput(id string, hour int) engine.Output {
	return engine.Output{
		ID: id, Task: "daily-social", Campaign: "xmas", Origin: engine.OriginKoira, State: engine.StatePlanned, Level: engine.L3, Channel: "bluesky",
		Segment: "locals", Kind: engine.KindSocial, Slot: at(hour), Expires: at(hour + 2), Arms: engine.Arms{Theme: "rye"}, Reason: "because",
		CostMax: 5 * engine.Unit, CreatedAt: t0,
	}
}

// withCopy is o with one wording a name and the digest of it all.
func withCopy(o engine.Output, body string, names ...string) *engine.Output {
	o.Variants = nil
	for _, n := range names {
		o.Variants = append(o.Variants, engine.Variant{Name: n, Subject: "Rye", Body: body, Rendered: []byte(body + " " + n), Shown: body})
	}
	o.Writer, o.StrategyVersion, o.GuardrailVersion, o.Confidence = "template", 1, 1, 0.8
	o.Digest = engine.DigestOf(o)
	return &o
}

// add plans o, and takes it along path with plain moves. It returns o as it stands then.
func add(t testing.TB, db *DB, o engine.Output, path ...engine.State) engine.Output {
	t.Helper()
	ok(t, db.AddOutput(t.Context(), o, engine.Koira))
	return walk(t, db, o.ID, path...)
}

func walk(t testing.TB, db *DB, id string, path ...engine.State) engine.Output {
	t.Helper()
	o, err := db.Output(t.Context(), id)
	ok(t, err)
	for _, to := range path {
		switch {
		case to == engine.StatePublishing:
			_, _, err = db.Claim(t.Context(), id, o.Digest, o.Slot, pass)
		default:
			m := plain(o, to)
			if to == engine.StateDrafted {
				m.Draft = withCopy(o, "Fresh rye", "A")
			}
			_, err = db.Move(t.Context(), m)
		}
		ok(t, err)
		o, err = db.Output(t.Context(), id)
		ok(t, err)
	}
	return o
}

// plain is a plain move of o by alice.
func plain(o engine.Output, to engine.State) engine.Move {
	return engine.Move{Output: o.ID, From: o.State, To: to, Digest: o.Digest, By: alice, At: t0, Why: "because"}
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantCode(t testing.TB, err error, code engine.Code) {
	t.Helper()
	if got := engine.CodeOf(err); got != code {
		t.Fatalf("got code %q (%v), want %q", got, err, code)
	}
}

func equal(t testing.TB, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Fatalf("(-want +got)\n%s", d)
	}
}
