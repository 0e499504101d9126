package storage

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

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

// TestDeeds: what people did in Slack, once for each act, whatever it changed; not what koira did, a file brought or was refused.
func TestDeeds(t *testing.T) {
	db := fresh(t)
	later := t0.Add(time.Hour)
	for _, e := range []engine.Event{
		{At: t0, Actor: "U1", Surface: engine.SurfaceSlack, Action: "exception.closed"},
		{At: t0, Actor: "U1", Surface: engine.SurfaceSlack, Action: "output.scheduled"},
		{At: t0, Actor: "U2", Surface: engine.SurfaceSlack, Action: "denied"},
		{At: t0, Actor: "U4", Surface: engine.SurfaceSlack, Action: "owner.seen"},
		{At: t0, Actor: "koira", Surface: engine.SurfaceLoop, Action: "output.planned"},
		{At: t0, Actor: "U3", Surface: engine.SurfaceFile, Action: "guardrails.changed"},
		{At: t0.Add(time.Minute), Actor: "U2", Surface: engine.SurfaceSlack, Action: "task.level"},
		{At: later, Actor: "U1", Surface: engine.SurfaceSlack, Action: "task.level"},
	} {
		ok(t, db.Record(t.Context(), e))
	}
	got, err := db.Deeds(t.Context(), t0, later)
	ok(t, err)
	equal(t, len(got), 2)
	for i, want := range []engine.Deed{{By: "U1", At: t0}, {By: "U2", At: t0.Add(time.Minute)}} {
		if got[i].By != want.By || !got[i].At.Equal(want.At) {
			t.Errorf("%v, want %v", got[i], want)
		}
	}
}

// How a piece ended is read from the log: by the newest line about that, whoever else ended before or since.
func TestEnding(t *testing.T) {
	db := world(t)
	for i, id := range []string{"o1", "o2"} {
		o := add(t, db, anOutput(id, 10+i), engine.StateDrafted, engine.StateWaiting)
		_, err := db.Move(t.Context(), engine.Move{Output: id, From: o.State, To: engine.StateExpired, Digest: o.Digest, By: alice, At: at(1), Why: "because of " + id})
		ok(t, err)
	}
	for id, want := range map[string]engine.Ending{"o1": {By: alice.ID, Why: "because of o1"}, "o2": {By: alice.ID, Why: "because of o2"}, "o3": {}} {
		got, err := db.Ending(t.Context(), id, engine.StateExpired)
		ok(t, err)
		equal(t, got, want)
	}
	got, err := db.Ending(t.Context(), "o1", engine.StateRejected)
	ok(t, err)
	equal(t, got, engine.Ending{})
}
