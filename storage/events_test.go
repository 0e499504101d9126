package storage

import (
	"context"
	"errors"
	"strings"
	"testing"

	"koira/engine"
)

func TestEveryChangedByteOfTheLogIsFound(t *testing.T) {
	db := fresh(t)
	for _, e := range []engine.Event{
		{At: t0, Actor: "UALICE", Surface: engine.SurfaceSlack, Action: "command.denied", Subject: "o1", Detail: map[string]string{"why": "no role", "a": "b"}},
		{At: at(1), Actor: "koira", Surface: engine.SurfaceLoop, Action: "output.planned", Subject: "o1"},
		{At: at(2), Actor: "koira", Surface: engine.SurfaceLoop, Action: "output.drafted", Subject: "o1", Detail: map[string]string{"quoted": `<"é">`}},
	} {
		ok(t, db.Record(t.Context(), e))
	}
	n, err := db.VerifyEvents(t.Context())
	ok(t, err)
	equal(t, n, int64(3))
	for _, q := range []string{`DROP TRIGGER events_keep`, `DROP TRIGGER events_stay`, `PRAGMA ignore_check_constraints = on`, `PRAGMA synchronous = off`} {
		_, err := db.write.Exec(q)
		ok(t, err)
	}
	tampered := 0
	for _, column := range []string{"at", "actor", "surface", "action", "subject", "detail", "prev", "hash"} {
		for seq := 1; seq <= 3; seq++ {
			var was string
			ok(t, db.write.Get(&was, `SELECT `+column+` FROM events WHERE seq = ?`, seq))
			set := func(v string) {
				_, err := db.write.Exec(`UPDATE events SET `+column+` = ? WHERE seq = ?`, v, seq)
				ok(t, err)
			}
			for i := range len(was) {
				b := []byte(was)
				b[i] ^= 1
				set(string(b))
				if n, err := db.VerifyEvents(t.Context()); err == nil || n != int64(seq-1) {
					t.Errorf("%s of line %d, byte %d: %v after %d lines", column, seq, i, err, n)
				}
				tampered++
			}
			set(strings.TrimSpace(was) + " ")
			if _, err := db.VerifyEvents(t.Context()); err == nil {
				t.Errorf("%s of line %d: a space more is not seen", column, seq)
			}
			set(was)
		}
	}
	if tampered < 500 {
		t.Errorf("only %d bytes were tried", tampered)
	}
	_, err = db.VerifyEvents(t.Context())
	ok(t, err)
	_, err = db.write.Exec(`DELETE FROM events WHERE seq = 2`)
	ok(t, err)
	if _, err := db.VerifyEvents(t.Context()); err == nil || !strings.Contains(err.Error(), "Line 2") {
		t.Errorf("a missing line: %v", err)
	}
}

func TestAForgedLineIsFoundByItsNeighbour(t *testing.T) {
	for name, forge := range map[string]func(*engine.Event){
		"another line in its place": func(e *engine.Event) { e.Actor = "somebody" },
		"a number left out":         func(e *engine.Event) { e.Seq = 9 },
	} {
		t.Run(name, func(t *testing.T) {
			db := fresh(t)
			for range 3 {
				ok(t, db.Record(t.Context(), engine.Event{At: t0, Actor: "koira", Action: "x"}))
			}
			events, err := db.Events(t.Context(), 0, 3)
			ok(t, err)
			e := events[1]
			if name == "a number left out" {
				e = events[2]
			}
			was := e.Seq
			forge(&e)
			e.Hash = e.Sum() // whoever forges it knows how
			_, err = db.write.Exec(`DROP TRIGGER events_keep`)
			ok(t, err)
			_, err = db.write.Exec(`UPDATE events SET seq = ?, actor = ?, hash = ? WHERE seq = ?`, e.Seq, e.Actor, e.Hash, was)
			ok(t, err)
			if _, err := db.VerifyEvents(t.Context()); err == nil || !strings.Contains(err.Error(), "Line 3") {
				t.Errorf("not found: %v", err)
			}
		})
	}
}

func TestTheChainGoesOnAfterARollback(t *testing.T) {
	db := fresh(t)
	ok(t, db.Record(t.Context(), engine.Event{At: t0, Action: "first"}))
	failed := errors.New("no")
	err := db.inTx(t.Context(), func(ctx context.Context, x *tx) error {
		ok(t, x.record(ctx, engine.Event{At: t0, Action: "undone"}))
		return failed
	})
	if !errors.Is(err, failed) {
		t.Fatal(err)
	}
	db.head = head{} // as after a commit of which the outcome is unknown
	ok(t, db.Record(t.Context(), engine.Event{At: t0, Action: "second"}))
	ok(t, db.Record(t.Context(), engine.Event{At: t0, Action: "third"}))
	n, err := db.VerifyEvents(t.Context())
	ok(t, err)
	equal(t, n, int64(3))
}

func TestWhatIsLoggedReadsBackAsItWasHashed(t *testing.T) {
	db := fresh(t)
	ok(t, db.Record(t.Context(), engine.Event{
		At: t0.Add(123456789), Actor: "U\xff", Action: "odd", Detail: map[string]string{"bad \xfe": "\xffbytes", "nul": "a\x00b", "html": "<&>\u2028", "none": ""},
	}))
	_, err := db.VerifyEvents(t.Context())
	ok(t, err)
	events, err := db.Events(t.Context(), 0, 10)
	ok(t, err)
	equal(t, events[0].Detail, map[string]string{"bad \uFFFD": "\uFFFDbytes", "nul": "a\x00b", "html": "<&>\u2028"})
	seq, hash, err := db.Head(t.Context())
	ok(t, err)
	equal(t, []any{seq, hash}, []any{int64(1), events[0].Sum()})
}
