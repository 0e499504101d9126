package storage

import (
	"testing"
	"time"

	"koira/engine"
)

func due(t testing.TB, db *DB, at time.Time) []engine.Notice {
	t.Helper()
	n, err := db.DueNotices(t.Context(), at, 10)
	ok(t, err)
	return n
}

func TestNoticesMerge(t *testing.T) {
	db := fresh(t)
	n := engine.Notice{Kind: engine.NoticeOutput, Subject: "o1", Due: at(2)}
	ok(t, db.AddNotice(t.Context(), n))
	n.Due = at(1)
	ok(t, db.AddNotice(t.Context(), n)) // sooner
	n.Due = at(3)
	ok(t, db.AddNotice(t.Context(), n)) // later
	ok(t, db.AddNotice(t.Context(), engine.Notice{Kind: engine.NoticeResult, Subject: "o1"}))
	equal(t, len(due(t, db, t0)), 1) // the one without a time is due at once
	equal(t, len(due(t, db, at(1).Add(-1000))), 1)
	got := due(t, db, at(1))
	equal(t, len(got), 2)
	equal(t, got[1].Due, at(1))
}

func TestWhatWasMergedIntoStaysDue(t *testing.T) {
	db := fresh(t)
	n := engine.Notice{Kind: engine.NoticeOutput, Subject: "o1", Due: t0}
	ok(t, db.AddNotice(t.Context(), n))
	read := due(t, db, t0)[0]
	ok(t, db.AddNotice(t.Context(), n)) // while the card is being drawn
	card := engine.Card{Kind: engine.NoticeOutput, Subject: "o1", Version: "d1", Channel: "C1", TS: "1.0", PostedAt: at(1)}
	ok(t, db.SentNotice(t.Context(), read, card))
	left := due(t, db, t0)
	equal(t, len(left), 1)
	card.Version = "d2"
	ok(t, db.SentNotice(t.Context(), left[0], card))
	ok(t, db.SentNotice(t.Context(), left[0], card))
	equal(t, len(due(t, db, at(9))), 0)
	cards, err := db.Cards(t.Context(), engine.NoticeOutput, "o1")
	ok(t, err)
	equal(t, cards, []engine.Card{card})
}

func TestAFailureIsWaitedOut(t *testing.T) {
	db := fresh(t)
	n := engine.Notice{Kind: engine.NoticeOutput, Subject: "o1", Due: t0}
	ok(t, db.AddNotice(t.Context(), n))
	ok(t, db.DelayNotice(t.Context(), due(t, db, t0)[0], at(2), "rate limited"))
	ok(t, db.AddNotice(t.Context(), n))
	equal(t, len(due(t, db, at(1))), 0)
	got := due(t, db, at(2))[0]
	equal(t, []any{got.Attempts, got.LastError}, []any{1, "rate limited"})
}

func TestADeliveryCountsOnce(t *testing.T) {
	db := fresh(t)
	for i, want := range []bool{true, false, false} {
		got, err := db.Receive(t.Context(), engine.Delivery{Key: "click 1", Kind: "interactive", Payload: []byte("{}"), At: at(i)})
		ok(t, err)
		equal(t, got, want)
	}
	_, err := db.Receive(t.Context(), engine.Delivery{Key: "click 0", Kind: "interactive", At: at(-1)})
	ok(t, err)
	pending, err := db.PendingDeliveries(t.Context(), 10)
	ok(t, err)
	equal(t, pending, []engine.Delivery{{Key: "click 0", Kind: "interactive", At: at(-1)}, {Key: "click 1", Kind: "interactive", Payload: []byte("{}"), At: t0}})

	ok(t, db.FinishDelivery(t.Context(), "click 1", at(1), ""))
	ok(t, db.TrimDeliveries(t.Context(), t0))
	fresh, err := db.Receive(t.Context(), engine.Delivery{Key: "click 1", At: at(2)})
	ok(t, err)
	equal(t, fresh, false) // done, and still known
	ok(t, db.TrimDeliveries(t.Context(), at(1)))
	fresh, err = db.Receive(t.Context(), engine.Delivery{Key: "click 1", At: at(2)})
	ok(t, err)
	equal(t, fresh, true)
	pending, err = db.PendingDeliveries(t.Context(), 10)
	ok(t, err)
	equal(t, len(pending), 2) // what is not done is never trimmed
}
