package storage

import (
	"context"
	"errors"
	"strings"
	"testing"

	"koira/engine"
)

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
