package storage

import (
	"testing"
	"time"

	"koira/engine"
)

// Of what goes out unless stopped: what people say counts as a review, once a person and version, and moves nothing by itself.
func TestRemarks(t *testing.T) {
	db := world(t)
	o := add(t, db, anOutput("o1", 1), engine.StateDrafted, engine.StateScheduled)
	look := func(by engine.Actor, d engine.Digest, hour int) error {
		return db.Remark(t.Context(), engine.Remark{
			Output: "o1", Digest: d, Verdict: engine.ReviewApproved, By: by.ID, Role: by.Role, At: at(hour), From: by.Surface, Whole: true, Looked: time.Minute,
		})
	}
	ok(t, look(alice, o.Digest, 1))
	wantCode(t, look(alice, o.Digest, 2), engine.CodeConflict)
	wantCode(t, look(alice, "0000", 2), engine.CodeConflict)
	if now := walk(t, db, "o1"); now.State != engine.StateScheduled {
		t.Errorf("a look moved it to %s", now.State)
	}
	reviews, err := db.Reviews(t.Context(), o.Task, time.Time{})
	ok(t, err)
	equal(t, reviews, []engine.Review{{Output: "o1", Task: o.Task, Level: o.Level, Verdict: engine.ReviewApproved, By: alice.ID, Looked: time.Minute, Whole: true, Unread: true, At: at(1)}})

	m := plain(o, engine.StateWaiting)
	m.At, m.By = at(3), alice
	m.Remark = &engine.Remark{Verdict: engine.ReviewStopped, By: alice.ID, Role: alice.Role, At: at(3), From: alice.Surface, Whole: true}
	_, err = db.Move(t.Context(), m)
	ok(t, err)
	wantCode(t, look(alice, o.Digest, 4), engine.CodeConflict)
	looks, err := db.Remarks(t.Context(), "o1", o.Digest)
	ok(t, err)
	if len(looks) != 2 || looks[1].Verdict != engine.ReviewStopped {
		t.Errorf("looks are %+v", looks)
	}
	if reviews, _ = db.Reviews(t.Context(), o.Task, time.Time{}); len(reviews) != 1 || reviews[0].Verdict != engine.ReviewStopped {
		t.Errorf("the last word is %+v", reviews)
	}
}

// The time to look begins with the card of this very version: not with an older one's, and not with one that people removed.
func TestTheTimeToLookBeginsWithTheCard(t *testing.T) {
	db := world(t)
	ok(t, db.ChangeTask(t.Context(), engine.TaskChange{
		Task: "daily-social", From: engine.L3, To: engine.L4, By: alice, At: t0, Grant: &engine.Grant{Level: engine.L4, By: alice.ID, Role: alice.Role},
	}))
	o := add(t, db, anOutput("o1", 1), engine.StateDrafted, engine.StateScheduled)
	shown := func() time.Time {
		v, err := db.View(t.Context(), "o1", engine.StageClaim, at(9))
		ok(t, err)
		return v.Shown
	}
	card := engine.Card{Kind: engine.NoticeOutput, Subject: "o1", Version: "an older one", Channel: "C1", TS: "1.0", PostedAt: at(1), ShownAt: at(1)}
	ok(t, db.SaveCard(t.Context(), card))
	equal(t, shown(), time.Time{})
	card.Version, card.TS, card.PostedAt, card.ShownAt = string(o.Digest), "2.0", at(50), at(2)
	ok(t, db.SaveCard(t.Context(), card))
	equal(t, shown(), at(2))
	card.Version = "retired"
	ok(t, db.SaveCard(t.Context(), card))
	equal(t, shown(), time.Time{})
}
