package storage

import (
	"path/filepath"
	"testing"
	"time"

	"koira/engine"
)

func TestAStoreKnowsItselfAndItsStarts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "koira.db")
	db := opened(t, path)
	populate(t, db)
	first, err := db.Begin(t.Context(), t0)
	ok(t, err)
	equal(t, []any{len(first.Install), first.Epoch, len(first.Crashed)}, []any{32, int64(1), 0})
	ok(t, db.Close())
	db = opened(t, path)
	for _, c := range []struct {
		after   time.Duration // since t0
		ends    bool
		crashed int
	}{
		{time.Minute, false, 1}, {2 * time.Minute, true, 2}, {3 * time.Minute, false, 2}, {10 * time.Minute, false, 2}, {11 * time.Minute, true, 2}, {time.Hour, true, 0},
	} {
		s, err := db.Begin(t.Context(), t0.Add(c.after))
		ok(t, err)
		equal(t, []any{s.Install, len(s.Crashed)}, []any{first.Install, c.crashed})
		if c.ends {
			ok(t, db.End(t.Context(), s.Epoch, t0.Add(c.after)))
			ok(t, db.End(t.Context(), s.Epoch, t0.Add(c.after)))
		}
	}
	other := world(t)
	s, err := other.Begin(t.Context(), t0.Add(time.Second))
	ok(t, err)
	if s.Install == first.Install {
		t.Error("two stores have one id")
	}
}

func TestDoubtSendsNothing(t *testing.T) {
	db := world(t)
	o := add(t, db, anOutput("o1", 1), engine.StateDrafted, engine.StateScheduled)
	r := engine.Result{At: at(2), QuietUntil: at(3), Evidence: "an older copy", Why: "an older copy"}
	wantCode(t, db.Doubt(t.Context(), "o1", "other", r), engine.CodeConflict)
	ok(t, db.Doubt(t.Context(), "o1", o.Digest, r))
	wantCode(t, db.Doubt(t.Context(), "o1", o.Digest, r), engine.CodeConflict)
	o, err := db.Output(t.Context(), "o1")
	ok(t, err)
	sends, err := db.Sends(t.Context(), "o1")
	ok(t, err)
	equal(t, []any{o.State, o.Due, len(sends), sends[0].State, sends[0].Key, sends[0].QuietUntil}, []any{engine.StateUnconfirmed, at(3), 1, engine.SendUnconfirmed, "o1-A", at(3)})
	b, err := db.Balance(t.Context(), "2025-W47")
	ok(t, err)
	equal(t, b.Reserved, 5*engine.Unit) // it may have cost that
	_, err = db.VerifyEvents(t.Context())
	ok(t, err)
}

// While another part of a piece is of unknown outcome, what one part came to does not answer the question about it.
func TestAQuestionStandsWhileAPartIsUnknown(t *testing.T) {
	db := world(t)
	o := anOutput("o1", 1)
	ok(t, db.AddOutput(t.Context(), o, engine.Koira))
	o, err := db.Output(t.Context(), "o1")
	ok(t, err)
	m := plain(o, engine.StateDrafted)
	m.Draft = withCopy(o, "Fresh rye", "A", "B")
	_, err = db.Move(t.Context(), m)
	ok(t, err)
	walk(t, db, "o1", engine.StateScheduled, engine.StatePublishing)
	sends, err := db.Sends(t.Context(), "o1")
	ok(t, err)
	for _, s := range sends {
		ok(t, db.Apply(t.Context(), engine.Result{
			Send: s.ID, Fence: 1, State: engine.SendUnconfirmed, At: at(1), Open: &engine.Exception{Kind: engine.ExceptionUnsure, Reason: "Not sure."},
		}))
	}
	for i, left := range []int{1, 0} {
		ok(t, db.Apply(t.Context(), engine.Result{Send: sends[i].ID, Fence: 1, State: engine.SendPublished, At: at(2), Close: "found live"}))
		open, err := db.OpenExceptions(t.Context())
		ok(t, err)
		equal(t, len(open), left)
	}
}
