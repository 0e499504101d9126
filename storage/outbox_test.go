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

func TestADeliveryIsCounted(t *testing.T) {
	db := fresh(t)
	_, err := db.Receive(t.Context(), engine.Delivery{Key: "k", Kind: "interactive", At: t0, Attempts: 1})
	ok(t, err)
	ok(t, db.CountDelivery(t.Context(), "k", 2))
	pending, err := db.PendingDeliveries(t.Context(), 10)
	ok(t, err)
	equal(t, pending[0].Attempts, 2)
}

// Where a card stands, and what it is about, the store alone says: a post whose place was lost is known by its id, once, in its own channel.
func TestAPostIsFoundByItsID(t *testing.T) {
	db := fresh(t)
	c := engine.Card{Kind: engine.NoticeOutput, Subject: "o1", Version: "d1", Channel: "C1"}
	lost, err := db.Posting(t.Context(), c, t0)
	ok(t, err)
	answered, err := db.Posting(t.Context(), c, t0)
	ok(t, err)
	kept := c
	kept.TS, kept.Post, kept.PostedAt = "2.0", answered, t0
	ok(t, db.SaveCard(t.Context(), kept, engine.Notice{Kind: engine.NoticeThread, Subject: "o1|d1"}))
	kept.Post = ""
	equal(t, len(due(t, db, t0)), 1)

	_, err = db.CardAt(t.Context(), "C1", "1.0")
	wantCode(t, err, engine.CodeNotFound)
	for name, wrong := range map[string][2]string{"its place is known": {answered, "C1"}, "another channel": {lost, "C2"}, "no post": {"o1", "C1"}, "nothing": {"", "C1"}} {
		if _, err := db.FoundPost(t.Context(), wrong[0], wrong[1], "1.0", t0, t0); engine.CodeOf(err) != engine.CodeNotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
	found, err := db.FoundPost(t.Context(), lost, "C1", "1.0", at(1), at(1))
	ok(t, err)
	c.TS, c.PostedAt, c.ShownAt = "1.0", at(1), at(1)
	equal(t, found, c)
	_, err = db.FoundPost(t.Context(), lost, "C1", "3.0", at(1), at(1))
	wantCode(t, err, engine.CodeNotFound)
	for _, want := range []engine.Card{c, kept} {
		got, err := db.CardAt(t.Context(), want.Channel, want.TS)
		ok(t, err)
		equal(t, got, want)
	}
	old, err := db.Posting(t.Context(), c, t0)
	ok(t, err)
	ok(t, db.TrimDeliveries(t.Context(), at(1)))
	_, err = db.FoundPost(t.Context(), old, "C1", "9.0", at(1), at(1))
	wantCode(t, err, engine.CodeNotFound)
}
