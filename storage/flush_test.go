package storage

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"koira/engine"
)

// TestOnlyWhatIsSafeToLoseDoesNotWait names, act by act, what has reached the disk when it returns. Before each act something relaxed was
// committed: a durable act takes that along.
func TestOnlyWhatIsSafeToLoseDoesNotWait(t *testing.T) {
	koira := func(o engine.Output, to engine.State) engine.Move {
		m := plain(o, to)
		m.By = engine.Koira
		return m
	}
	for name, c := range map[string]struct {
		path    []engine.State
		act     func(*DB, engine.Output) error
		relaxed bool
	}{
		"a claim": {[]engine.State{engine.StateDrafted, engine.StateScheduled}, func(db *DB, o engine.Output) error {
			_, _, err := db.Claim(t.Context(), o.ID, o.Digest, o.Slot, pass)
			return err
		}, false},
		"the result of a call": {[]engine.State{engine.StateDrafted, engine.StateScheduled, engine.StatePublishing}, func(db *DB, o engine.Output) error {
			sends, err := db.Sends(t.Context(), o.ID)
			ok(t, err)
			return db.Apply(t.Context(), engine.Result{Send: sends[0].ID, Fence: 1, State: engine.SendPublished, At: o.Slot})
		}, false},
		"a click that was received": {nil, func(db *DB, _ engine.Output) error {
			_, err := db.Receive(t.Context(), engine.Delivery{Key: "d", At: t0})
			return err
		}, false},
		"money that was spent": {nil, func(db *DB, o engine.Output) error {
			return db.Charge(t.Context(), engine.Entry{At: t0, Output: o.ID, Task: o.Task, Spent: 1})
		}, false},
		"a person's move": {[]engine.State{engine.StateDrafted}, func(db *DB, o engine.Output) error {
			_, err := db.Move(t.Context(), plain(o, engine.StateWaiting))
			return err
		}, false},
		"koira's order to take something down": {[]engine.State{engine.StateDrafted, engine.StateScheduled, engine.StatePublishing}, func(db *DB, o engine.Output) error {
			sends, err := db.Sends(t.Context(), o.ID)
			ok(t, err)
			ok(t, db.Apply(t.Context(), engine.Result{Send: sends[0].ID, Fence: 1, State: engine.SendPublished, At: o.Slot}))
			ok(t, db.SetSetting(t.Context(), "again", "relaxed"))
			o.State = engine.StatePublished
			_, err = db.Move(t.Context(), koira(o, engine.StateRetracting))
			return err
		}, false},
		"a stop": {nil, func(db *DB, _ engine.Output) error {
			return db.SetControl(t.Context(), engine.Control{Stopped: true}, alice, t0)
		}, false},
		"what koira moves by itself": {[]engine.State{engine.StateDrafted}, func(db *DB, o engine.Output) error {
			_, err := db.Move(t.Context(), koira(o, engine.StateWaiting))
			return err
		}, true},
		"what koira plans": {nil, func(db *DB, _ engine.Output) error {
			return db.AddOutput(t.Context(), anOutput("o2", 2), engine.Koira)
		}, true},
		"what a person asks for": {nil, func(db *DB, _ engine.Output) error {
			return db.AddOutput(t.Context(), anOutput("o2", 2), alice)
		}, false},
		"readings": {nil, func(db *DB, _ engine.Output) error {
			return db.SaveReadings(t.Context(), nil, nil)
		}, true},
		"what is told, once it was looked for": {nil, func(db *DB, _ engine.Output) error {
			ok(t, db.AddNotice(t.Context(), engine.Notice{Kind: engine.NoticeDaily, Subject: "today"}))
			due, err := db.DueNotices(t.Context(), t0, 10)
			if len(due) == 0 {
				t.Error("nothing is due")
			}
			return err
		}, false},
		"a durable act that changed nothing": {nil, func(db *DB, _ engine.Output) error {
			return db.FinishDelivery(t.Context(), "nobody knows it", t0, "")
		}, true},
		"a flush": {nil, func(db *DB, _ engine.Output) error { return db.Flush(t.Context()) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			db := world(t)
			o := add(t, db, anOutput("o1", 1), c.path...)
			ok(t, db.SetSetting(t.Context(), "something", "relaxed"))
			if !db.behind {
				t.Fatal("a setting waited for the disk")
			}
			ok(t, c.act(db, o))
			if db.behind != c.relaxed {
				t.Errorf("something may be lost: %t", db.behind)
			}
		})
	}
}

// TestRelaxedIsUndone asks SQLite itself how each commit is made.
func TestRelaxedIsUndone(t *testing.T) {
	db := world(t)
	mode := func(transact func(context.Context, func(context.Context, *tx) error) error) (mode int) {
		ok(t, transact(t.Context(), func(ctx context.Context, t *tx) error { return get(ctx, t, &mode, `PRAGMA synchronous`) }))
		return mode
	}
	for range 2 {
		equal(t, mode(db.inRelaxedTx), 1)
		equal(t, mode(db.inTx), 2)
	}
}

// TestAPowerCutLosesTheEndAndNothingElse takes what had reached the disk at the last flush: the store opens, its log is whole, and it stands
// where it stood then.
func TestAPowerCutLosesTheEndAndNothingElse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "koira.db")
	db := opened(t, path)
	populate(t, db)
	o := add(t, db, anOutput("o1", 1), engine.StateDrafted)
	ok(t, db.Flush(t.Context()))
	synced, err := os.Stat(path + "-wal")
	ok(t, err)
	seq, hash, err := db.Head(t.Context())
	ok(t, err)
	m := plain(o, engine.StateWaiting)
	m.By = engine.Koira
	_, err = db.Move(t.Context(), m)
	ok(t, err)
	ok(t, db.AddOutput(t.Context(), anOutput("o2", 2), engine.Koira))

	after := filepath.Join(t.TempDir(), "koira.db")
	for _, suffix := range []string{"", "-wal"} {
		body, err := os.ReadFile(path + suffix)
		ok(t, err)
		if suffix != "" {
			body = body[:synced.Size()]
		}
		ok(t, os.WriteFile(after+suffix, body, 0o600))
	}
	cut := opened(t, after)
	gotSeq, gotHash, err := cut.Head(t.Context())
	ok(t, err)
	equal(t, gotSeq, seq)
	equal(t, gotHash, hash)
	_, err = cut.VerifyEvents(t.Context())
	ok(t, err)
	was, err := cut.Output(t.Context(), "o1")
	ok(t, err)
	equal(t, was.State, engine.StateDrafted)
	_, err = cut.Output(t.Context(), "o2")
	wantCode(t, err, engine.CodeNotFound)
}
