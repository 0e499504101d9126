package storage

import (
	"slices"
	"testing"
	"time"

	"koira/engine"
)

// What a piece said before a person changed its words is kept; another time, or koira's own second thought, changes nothing of it.
func TestWordingsBefore(t *testing.T) {
	db := world(t)
	o := add(t, db, anOutput("o1", 1), engine.StateDrafted, engine.StateWaiting)
	before := func() map[string]string {
		t.Helper()
		got, err := db.WordingsBefore(t.Context(), "o1")
		ok(t, err)
		return got
	}
	redraft := func(body, editor string) {
		t.Helper()
		next := withCopy(o, body, "A")
		next.EditedBy, next.Variants[0].Link = editor, body // the digest differs also where the words do not
		next.Slot = o.Slot.Add(time.Minute)
		next.Digest = engine.DigestOf(*next)
		m := plain(o, engine.StateDrafted)
		m.Draft, m.Slot = next, next.Slot
		_, err := db.Move(t.Context(), m)
		ok(t, err)
		o = walk(t, db, "o1", engine.StateWaiting)
	}
	redraft("Fresh oat", "")
	equal(t, before(), map[string]string(nil))
	redraft("Fresh rye, warm", "alice")
	equal(t, before(), map[string]string{"A": "Fresh oat"})
	redraft("Fresh rye, warm", "alice")
	equal(t, before(), map[string]string{"A": "Fresh oat"})
	redraft("Warm rye", "bob")
	equal(t, before(), map[string]string{"A": "Fresh rye, warm"})
}

func TestWhoTookItDown(t *testing.T) {
	db := world(t)
	i := claimed(t, db, "o1", 1, "A")[0]
	ok(t, db.Apply(t.Context(), result(i, engine.SendPublished, 1)))
	none, err := db.Retraction(t.Context(), "o1")
	ok(t, err)
	equal(t, none, (*engine.Retraction)(nil))
	order := func(id string, hour int, why string) {
		t.Helper()
		o := walk(t, db, "o1")
		m := plain(o, engine.StateRetracting)
		m.At, m.Retraction = at(hour), &engine.Retraction{ID: id, Level: engine.L4, Why: why}
		_, err := db.Move(t.Context(), m)
		ok(t, err)
	}
	order("r1", 2, "wrong price")
	now, err := db.Intent(t.Context(), i.Send)
	ok(t, err)
	r := result(now, engine.SendRetracting, 2)
	r.GoneAt = at(2)
	ok(t, db.Apply(t.Context(), r))
	sends, err := db.Sends(t.Context(), "o1")
	ok(t, err)
	equal(t, sends[0].GoneAt, at(2))

	// It came to nothing, a person settles the question, and the card hears of both.
	r = result(now, engine.SendPublished, 3)
	r.Open = &engine.Exception{ID: "e1", Kind: engine.ExceptionMissed}
	ok(t, db.Apply(t.Context(), r))
	ok(t, db.SaveCard(t.Context(), engine.Card{Kind: engine.NoticeOutput, Subject: "o1", Channel: "C1", TS: "1.1", PostedAt: at(1)}))
	for _, n := range due(t, db, at(99)) {
		ok(t, db.SentNotice(t.Context(), n))
	}
	ok(t, db.CloseException(t.Context(), "e1", alice, at(4), "dropped"))
	if got := subjects(t, db); !slices.Contains(got, string(engine.NoticeOutput)+" o1") {
		t.Errorf("the card is not drawn anew: %v", got)
	}

	// A second order begins anew: nothing of the first is taken for its outcome.
	order("r2", 5, "still wrong")
	got, err := db.Retraction(t.Context(), "o1")
	ok(t, err)
	equal(t, got, &engine.Retraction{ID: "r2", Output: "o1", By: alice.ID, Role: alice.Role, At: at(5), From: alice.Surface, Level: engine.L4, Why: "still wrong"})
	sends, err = db.Sends(t.Context(), "o1")
	ok(t, err)
	if !sends[0].GoneAt.IsZero() || sends[0].State != engine.SendRetracting {
		t.Errorf("send: %+v", sends[0])
	}
}

func TestReadingsAt(t *testing.T) {
	db := world(t)
	i := claimed(t, db, "o1", 1, "A")[0]
	ok(t, db.Apply(t.Context(), result(i, engine.SendPublished, 1)))
	for n, value := range []int64{3, 9, 12} {
		ok(t, db.SaveReadings(t.Context(), []engine.Observation{{Send: i.Send, Metric: engine.Clicks, Value: value, At: at(2 * (n + 1))}}, nil))
	}
	clicks := func(n int64) map[engine.Metric]int64 { return map[engine.Metric]int64{engine.Clicks: n} }
	for _, c := range []struct {
		since, at int
		want      map[engine.Metric]int64
	}{
		{0, 1, map[engine.Metric]int64{}},
		{1, 2, clicks(3)},
		{2, 3, clicks(3)},
		{3, 3, map[engine.Metric]int64{}}, // not read in that span
		{4, 5, clicks(9)},
		{5, 99, clicks(12)},
		{8, 99, map[engine.Metric]int64{}},
	} {
		got, err := db.ReadingsAt(t.Context(), "o1", at(c.since), at(c.at))
		ok(t, err)
		equal(t, got, c.want)
	}
	// A value that was seen again held in between.
	ok(t, db.SaveReadings(t.Context(), []engine.Observation{{Send: i.Send, Metric: engine.Clicks, Value: 12, At: at(20)}}, nil))
	got, err := db.ReadingsAt(t.Context(), "o1", at(8), at(9))
	ok(t, err)
	equal(t, got, clicks(12))
}
