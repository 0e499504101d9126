package storage

import (
	"strings"
	"testing"

	"koira/engine"
)

// A piece stands on one week's card, in the version that came with it, and is looked at again once when a yes is needed soon.
func TestAPieceComesWithOneWeek(t *testing.T) {
	db := world(t)
	o := anOutput("o1", 1)
	ok(t, db.AddOutput(t.Context(), o, engine.Koira))
	d := engine.Digest(strings.Repeat("ab", 32))
	p := engine.WeekPiece{Output: "o1", Week: "2025-W49", Digest: d, Needed: at(5)}
	_, err := db.InWeek(t.Context(), "o1")
	wantCode(t, err, engine.CodeNotFound)
	ok(t, db.JoinWeek(t.Context(), []engine.WeekPiece{p}, t0))
	later := p
	later.Week, later.Digest, later.Needed = "2025-W50", engine.Digest(strings.Repeat("cd", 32)), at(1)
	ok(t, db.JoinWeek(t.Context(), []engine.WeekPiece{later}, at(1)))

	got, err := db.InWeek(t.Context(), "o1")
	ok(t, err)
	want := engine.WeekPiece{Output: "o1", Week: "2025-W49", Digest: d, Needed: at(5)}
	equal(t, got, want)
	all, err := db.WeekPieces(t.Context(), "2025-W49")
	ok(t, err)
	equal(t, all, []engine.WeekPiece{want})
	equal(t, len(due(t, db, at(4))), 0)
	equal(t, due(t, db, at(5))[0].Subject, "o1"+engine.SubjectNeeded)
	sooner := p
	sooner.Needed = at(3)
	ok(t, db.JoinWeek(t.Context(), []engine.WeekPiece{sooner}, at(1)))
	got, err = db.InWeek(t.Context(), "o1")
	ok(t, err)
	equal(t, got, sooner)
	equal(t, due(t, db, at(3))[0].Subject, "o1"+engine.SubjectNeeded)
	ok(t, db.JoinWeek(t.Context(), []engine.WeekPiece{p}, at(2)))
	got, err = db.InWeek(t.Context(), "o1")
	ok(t, err)
	equal(t, got, sooner)
	none, err := db.WeekPieces(t.Context(), "2025-W50")
	ok(t, err)
	equal(t, len(none), 0)
}
