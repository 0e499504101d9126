package storage

import (
	"fmt"
	"testing"
	"time"

	"koira/engine"
)

// From the fourth exception of one cause within an hour on, they share a card; each closes by itself, and the card hears of it.
func TestExceptionsOfOneCauseAreAStorm(t *testing.T) {
	db := fresh(t)
	open := func(i int, kind engine.ExceptionKind, rule string, at time.Time) engine.Exception {
		t.Helper()
		id := fmt.Sprintf("%s-%s-%02d", kind, rule, i)
		ok(t, db.OpenException(t.Context(), engine.Exception{ID: id, Kind: kind, Subject: id, Rule: rule, Reason: "r", OpenedAt: at}))
		e, err := db.Exception(t.Context(), id)
		ok(t, err)
		return e
	}
	for i := range 6 {
		want := ""
		if i >= engine.StormSize {
			want = "output-budget-03"
		}
		if e := open(i, engine.ExceptionOutput, "budget", t0.Add(time.Duration(i)*time.Minute)); e.Storm != want || e.Rule != "budget" {
			t.Errorf("exception %d is of storm %q and rule %q, want %q", i, e.Storm, e.Rule, want)
		}
	}
	if e := open(0, engine.ExceptionOutput, "topics", t0.Add(7*time.Minute)); e.Storm != "" {
		t.Errorf("another cause joins the storm %q", e.Storm)
	}
	if e := open(6, engine.ExceptionOutput, "budget", t0.Add(2*time.Hour)); e.Storm != "" {
		t.Errorf("one two hours later joins the storm %q", e.Storm)
	}
	for i := range 5 {
		if e := open(i, engine.ExceptionSystem, "", t0); e.Storm != "" {
			t.Error("what is about the system is never part of a storm")
		}
	}
	told := noticesOf(t, db, engine.NoticeStorm)
	if told != 1 {
		t.Errorf("%d notices of storms, want one", told)
	}
	all, err := db.Storm(t.Context(), "output-budget-03")
	ok(t, err)
	if len(all) != 3 {
		t.Errorf("%d in the storm, want 3", len(all))
	}
	for _, n := range dueNotices(t, db) {
		ok(t, db.SentNotice(t.Context(), n))
	}
	ok(t, db.CloseException(t.Context(), "output-budget-04", engine.Koira, t0.Add(time.Hour), "rejected"))
	if told := noticesOf(t, db, engine.NoticeStorm); told != 1 {
		t.Error("the storm's card does not hear that one was closed")
	}
	if _, err := db.Storm(t.Context(), ""); engine.CodeOf(err) != engine.CodeNotFound {
		t.Errorf("a storm without an id: %v", err)
	}
}

func TestRemindOnce(t *testing.T) {
	db := fresh(t)
	ok(t, db.OpenException(t.Context(), engine.Exception{ID: "e1", Kind: engine.ExceptionTask, Subject: "x", Reason: "r", OpenedAt: t0}))
	for range 2 {
		ok(t, db.Remind(t.Context(), "e1", t0.Add(time.Hour)))
	}
	if n := noticesOf(t, db, engine.NoticeReminder); n != 1 {
		t.Errorf("%d reminders, want 1", n)
	}
	e, err := db.Exception(t.Context(), "e1")
	ok(t, err)
	if !e.Reminded.Equal(t0.Add(time.Hour)) {
		t.Errorf("reminded at %s", e.Reminded)
	}
	for _, n := range dueNotices(t, db) {
		ok(t, db.SentNotice(t.Context(), n))
	}
	ok(t, db.CloseException(t.Context(), "e1", engine.Koira, t0.Add(2*time.Hour), "noted"))
	ok(t, db.Remind(t.Context(), "e1", t0.Add(3*time.Hour)))
	if n := noticesOf(t, db, engine.NoticeReminder); n != 0 {
		t.Error("a closed exception is asked about again")
	}
}

func dueNotices(t *testing.T, db *DB) []engine.Notice {
	t.Helper()
	due, err := db.DueNotices(t.Context(), t0.AddDate(1, 0, 0), 1000)
	ok(t, err)
	return due
}

func noticesOf(t *testing.T, db *DB, kind engine.NoticeKind) int {
	t.Helper()
	n := 0
	for _, x := range dueNotices(t, db) {
		if x.Kind == kind {
			n++
		}
	}
	return n
}
