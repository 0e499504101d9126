package storage

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"pgregory.net/rapid"

	"koira/engine"
)

// TestFindingsAndReadingsSurviveTheirMove opens a file in which findings were rows, and the newest readings stood among all observations.
func TestFindingsAndReadingsSurviveTheirMove(t *testing.T) {
	path := filepath.Join(t.TempDir(), "koira.db")
	ok(t, claimFile(path))
	old := pool(path, writer, 1)
	ok(t, migrate(t.Context(), old.DB, 2))
	for _, query := range []string{
		`INSERT INTO tasks (id, name, channel, account, segment, kind, cadence, frequency, sensitivity, themes, cost_max, weekly, benchmarks, nature, level, paused_by, paused_why)
		 VALUES ('t', '', '', '', '', 'social', '{}', 'high', 'low', '[]', 0, 0, '[]', '[]', 3, '', '')`,
		`INSERT INTO outputs (id, task, campaign, origin, state, level, channel, account, segment, kind, slot, arms, reason, cost_max, audience, digest, strategy_version,
		                      guardrail_version, confidence, writer, edited_by, changed, waits_for, attempts, url, created_at, updated_at, published_at)
		 VALUES ('o', 't', '', 'koira', 'published', 3, '', '', '', 'social', '2025-11-17T08:00:00.000000Z', '{}', '', 0, 0, '', 0, 0, 0, '', '', 0, '', 0, '',
		         '2025-11-17T08:00:00.000000Z', '2025-11-17T08:00:00.000000Z', '2025-11-17T08:00:00.000000Z')`,
		`INSERT INTO sends (id, output, variant, segment, idem_key, fence, state, ref_id, ref_url, claimed_at, first_at, probes, evidence)
		 VALUES ('s', 'o', 'A', '', 'k', 1, 'published', '', '', '2025-11-17T08:00:00.000000Z', '2025-11-17T08:00:00.000000Z', 0, '')`,
		`INSERT INTO findings (output, ordinal, rule, outcome, evidence, remedy, held, later)
		 VALUES ('o', 1, 'late', 'block', 'It is "late".', 'Wait.', 'expired', 1), ('o', 0, 'facts', 'pass', '', '', '', 0)`,
		`INSERT INTO observations (send, metric, at, seen_at, output, value, source, simulated)
		 VALUES ('s', 'clicks', '2025-11-17T08:00:00.000000Z', '2025-11-17T09:00:00.000000Z', 'o', 3, '', 0),
		        ('s', 'clicks', '2025-11-17T10:00:00.000000Z', '2025-11-17T12:00:00.000000Z', 'o', 5, '', 1)`,
	} {
		if _, err := old.Exec(query); err != nil {
			t.Fatal(err, query)
		}
	}
	ok(t, old.Close())

	db := opened(t, path)
	o, err := db.Output(t.Context(), "o")
	ok(t, err)
	equal(t, o.Findings, []engine.Finding{
		{Rule: "facts", Outcome: engine.Pass},
		{Rule: "late", Outcome: engine.Block, Evidence: `It is "late".`, Remedy: "Wait.", Held: engine.StateExpired, Later: true},
	})
	got, err := db.Readings(t.Context(), "o")
	ok(t, err)
	equal(t, got, map[engine.Metric]int64{engine.Clicks: 5})
	ok(t, db.SaveReadings(t.Context(), []engine.Observation{clicks("s", 4, 3)}, nil)) // older than what was confirmed at noon
	got, err = db.Readings(t.Context(), "o")
	ok(t, err)
	equal(t, got, map[engine.Metric]int64{engine.Clicks: 5})
}

// TestSoFarIsPerformanceFromTheBeginning holds the short way to what each piece has brought to the long one.
func TestSoFarIsPerformanceFromTheBeginning(t *testing.T) {
	db := world(t)
	var sends []string
	for i, id := range []string{"o1", "o2", "o3"} {
		sends = append(sends, published(t, db, id, 1+10*i, "A", "B")...)
	}
	rapid.Check(t, func(r *rapid.T) {
		reading := rapid.Custom(func(r *rapid.T) engine.Observation {
			make := rapid.SampledFrom([]func(string, int64, int) engine.Observation{clicks, likes}).Draw(r, "metric")
			return make(rapid.SampledFrom(sends).Draw(r, "send"), rapid.Int64Range(0, 9).Draw(r, "value"), rapid.IntRange(1, 60).Draw(r, "hour"))
		})
		ok(t, db.SaveReadings(t.Context(), rapid.SliceOfN(reading, 1, 8).Draw(r, "readings"), nil))
		to := at(rapid.IntRange(0, 70).Draw(r, "to"))
		long, err := db.Performance(t.Context(), "daily-social", time.Time{}, to)
		ok(t, err)
		short, err := db.SoFar(t.Context(), "daily-social", engine.Clicks, to)
		ok(t, err)
		if len(long) != len(short) {
			r.Fatalf("%d pieces, want %d", len(short), len(long))
		}
		for i, p := range short {
			want := long[i]
			if p.Output.ID != want.Output.ID || p.Output.Arms != want.Output.Arms || !p.Output.PublishedAt.Equal(want.Output.PublishedAt) ||
				p.Metrics[engine.Clicks] != want.Metrics[engine.Clicks] {
				r.Fatalf("to %s: %s brought %v, want %v", to, p.Output.ID, p.Metrics, want.Metrics)
			}
		}
	})
}

// TestOneTasksPerformanceIsItsPartOfAll holds the way through the newest readings to the one through all that was read.
func TestOneTasksPerformanceIsItsPartOfAll(t *testing.T) {
	db := world(t)
	var sends []string
	for i, id := range []string{"o1", "o2", "o3"} {
		sends = append(sends, published(t, db, id, 1+10*i, "A", "B")...)
	}
	rapid.Check(t, func(r *rapid.T) {
		send, value, hour := rapid.SampledFrom(sends).Draw(r, "send"), rapid.Int64Range(0, 9).Draw(r, "value"), rapid.IntRange(1, 60).Draw(r, "hour")
		ok(t, db.SaveReadings(t.Context(), []engine.Observation{clicks(send, value, hour), likes(send, value+1, hour+1)}, nil))
		from, to := at(rapid.IntRange(0, 60).Draw(r, "from")), at(rapid.IntRange(0, 70).Draw(r, "to"))
		want, err := db.Performance(t.Context(), "", from, to)
		ok(t, err)
		got, err := db.Performance(t.Context(), "daily-social", from, to)
		ok(t, err)
		equal(t, got, want)
		none, err := db.Performance(t.Context(), "other", from, to)
		ok(t, err)
		equal(t, len(none), 0)
	})
}

// TestBroughtIsPerformanceSoFar: the pieces that have brought anything, with all that they brought.
func TestBroughtIsPerformanceSoFar(t *testing.T) {
	db := world(t)
	var sends []string
	for i, id := range []string{"o1", "o2", "o3"} {
		sends = append(sends, published(t, db, id, 1+10*i, "A", "B")...)
	}
	rapid.Check(t, func(r *rapid.T) {
		send, value, hour := rapid.SampledFrom(sends).Draw(r, "send"), rapid.Int64Range(0, 9).Draw(r, "value"), rapid.IntRange(1, 60).Draw(r, "hour")
		ok(t, db.SaveReadings(t.Context(), []engine.Observation{clicks(send, value, hour), likes(send, value+1, hour)}, nil))
		long, err := db.Performance(t.Context(), "daily-social", time.Time{}, at(100))
		ok(t, err)
		var want []engine.Performance
		from, to := at(rapid.IntRange(0, 30).Draw(r, "from")), at(rapid.IntRange(0, 30).Draw(r, "to"))
		for _, p := range long {
			if len(p.Metrics) > 0 && !p.Output.PublishedAt.Before(from) && !p.Output.PublishedAt.After(to) {
				p.Output = engine.Output{ID: p.Output.ID, Task: p.Output.Task, PublishedAt: p.Output.PublishedAt}
				want = append(want, p)
			}
		}
		got, err := db.Brought(t.Context(), "daily-social", from, to)
		ok(t, err)
		equal(t, got, want)
	})
}

func TestLastPauseIsTheNewestSince(t *testing.T) {
	db := world(t)
	pause := func(id string, hour int) engine.Decision {
		return engine.Decision{ID: id, Task: "daily-social", At: at(hour), What: "pause", From: "running", To: "paused"}
	}
	other := engine.Decision{ID: "d3", Task: "daily-social", At: at(9), What: "theme"}
	ok(t, db.Learn(t.Context(), "daily-social", nil, nil, []engine.Decision{pause("d1", 2), pause("d2", 5), other}))
	for since, want := range map[int]time.Time{0: at(5), 5: at(5), 6: {}} {
		got, err := db.LastPause(t.Context(), "daily-social", at(since))
		ok(t, err)
		equal(t, got, want)
	}
}

// TestAloneAnswersTheSame reads by every way on a store of one caller, and on a file that began as a blank one.
func TestAloneAnswersTheSame(t *testing.T) {
	blank, err := Blank(t.Context())
	ok(t, err)
	path := filepath.Join(t.TempDir(), "koira.db")
	ok(t, os.WriteFile(path, blank, 0o600))
	db, err := Open(t.Context(), Options{Path: path, NewID: counting(), Alone: true})
	ok(t, err)
	t.Cleanup(func() { db.Close() })
	populate(t, db)
	add(t, db, anOutput("o1", 1))
	ok(t, db.Charge(t.Context(), engine.Entry{At: t0, Output: "o1", Task: "daily-social", Spent: engine.Unit}))
	look := func(ctx context.Context) error {
		weeks, err := db.Weeks(ctx, "") // single values
		if err != nil {
			return err
		}
		all, err := db.Outputs(ctx, engine.OutputFilter{}) // a snapshot
		if err != nil {
			return err
		}
		n, err := db.CountOutputs(ctx, engine.OutputFilter{}) // the readers' pool
		if err != nil {
			return err
		}
		if len(weeks) != 1 || len(all) != 1 || n[engine.StatePlanned] != 1 {
			t.Errorf("%v, %d pieces, %v", weeks, len(all), n)
		}
		return nil
	}
	ok(t, look(t.Context()))
	if err := db.snapshot(t.Context(), func(sqlx.QueryerContext) error { return look(t.Context()) }); !errors.Is(err, errNested) {
		t.Errorf("a reading inside a reading: %v", err)
	}
	db.rules.forget() // whatever is kept is read anew
	_, err = db.View(t.Context(), "o1", engine.StageDraft, at(1))
	ok(t, err)
	_, faults, err := db.CheckEvents(t.Context(), engine.Head{})
	ok(t, err)
	equal(t, len(faults), 0)
	_, err = db.VerifyEvents(t.Context())
	ok(t, err)
}
