package storage

import (
	"testing"

	"koira/engine"
)

func TestJudgementsAreKeptByVersion(t *testing.T) {
	db := world(t)
	o := add(t, db, anOutput("o1", 10), engine.StateDrafted)
	add(t, db, anOutput("o2", 11))
	none, err := db.Judgement(t.Context(), "o1", o.Digest)
	ok(t, err)
	equal(t, none == nil, true)

	ask := engine.Entry{ID: "call", At: at(1), Task: o.Task, Campaign: o.Campaign, Reserved: 3 * engine.Unit}
	ok(t, db.Ask(t.Context(), ask))
	bill := ask
	bill.ID, bill.Reserved, bill.Spent, bill.Note = "bill", -3*engine.Unit, engine.Unit, "model: m"
	first := engine.Judgement{
		Output: "o1", Digest: o.Digest, At: at(1), Judge: "gpt",
		Opinion: engine.Opinion{Score: .25, Reasons: []engine.Reason{{Words: "Fresh rye", About: engine.AspectTone}}},
	}
	ok(t, db.KeepJudgement(t.Context(), first, &bill))
	got, err := db.Judgement(t.Context(), "o1", o.Digest)
	ok(t, err)
	equal(t, *got, first)
	b, err := db.Balance(t.Context(), "2025-W47")
	ok(t, err)
	equal(t, b, engine.Balance{Spent: engine.Unit, Model: engine.Unit})

	v, err := db.View(t.Context(), "o1", engine.StageApproval, at(2))
	ok(t, err)
	equal(t, v.Judgement, &first)
	o.Digest = "another"
	v, err = db.ViewOf(t.Context(), o, engine.StageApproval, at(2)) // the words changed: what was thought of the old ones is no longer asked
	ok(t, err)
	equal(t, v.Judgement == nil, true)
	v, err = db.View(t.Context(), "o2", engine.StageDraft, at(2))
	ok(t, err)
	equal(t, v.Judgement == nil, true)

	_, lines, err := db.Head(t.Context())
	ok(t, err)
	again := first
	again.Score, again.Reasons = 1, nil
	ok(t, db.KeepJudgement(t.Context(), again, nil))
	got, err = db.Judgement(t.Context(), "o1", first.Digest)
	ok(t, err)
	equal(t, *got, first)
	_, now, err := db.Head(t.Context())
	ok(t, err)
	equal(t, now, lines)

	why := engine.Judgement{Output: "o2", Digest: "d", At: at(3), Judge: "gpt", Missing: "It is busy."}
	ok(t, db.KeepJudgement(t.Context(), why, nil))
	got, err = db.Judgement(t.Context(), "o2", "d")
	ok(t, err)
	equal(t, *got, why)
}

// TestAJudgementAndItsBillStandOrFallTogether: what cannot be kept costs nothing yet; what is set aside for it stays so, until a start charges it.
func TestAJudgementAndItsBillStandOrFallTogether(t *testing.T) {
	db := world(t)
	add(t, db, anOutput("o1", 10))
	ask := engine.Entry{ID: "call", At: at(1), Reserved: 3 * engine.Unit}
	ok(t, db.Ask(t.Context(), ask))
	bill := ask
	bill.ID, bill.Reserved, bill.Spent = "bill", -3*engine.Unit, engine.Unit
	for name, j := range map[string]engine.Judgement{
		"a score beyond all": {Output: "o1", Digest: "d", At: at(1), Judge: "gpt", Opinion: engine.Opinion{Score: 2}},
		"of no version":      {Output: "o1", At: at(1), Judge: "gpt"},
		"of no piece":        {Output: "o9", Digest: "d", At: at(1), Judge: "gpt"},
		"both":               {Output: "o1", Digest: "d", At: at(1), Judge: "gpt", Opinion: engine.Opinion{Score: 1}, Missing: "It is busy."},
	} {
		if err := db.KeepJudgement(t.Context(), j, &bill); err == nil {
			t.Errorf("%s: it is kept", name)
		}
		b, err := db.Balance(t.Context(), "2025-W47")
		ok(t, err)
		equal(t, b, engine.Balance{Reserved: 3 * engine.Unit})
	}
}
