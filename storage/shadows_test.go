package storage

import (
	"testing"

	"koira/engine"
)

// TestTheFirstTestOnPaperCounts: a draft that is routed twice, as after a crash, has one test on paper for each level, and one line of the log.
func TestTheFirstTestOnPaperCounts(t *testing.T) {
	db := world(t)
	ok(t, db.AddOutput(t.Context(), anOutput("o1", 10), engine.Koira))
	first := []engine.Shadow{
		{Output: "o1", Task: "daily-social", Digest: "d1", Held: engine.L3, Level: engine.L4, Rule: "topics", Why: `It says "rye".`, At: at(1)},
		{Output: "o1", Task: "daily-social", Digest: "d1", Held: engine.L3, Level: engine.L5, Sends: true, At: at(1)},
	}
	ok(t, db.KeepShadows(t.Context(), first))
	_, lines, err := db.Head(t.Context())
	ok(t, err)
	again := []engine.Shadow{first[0], first[1]}
	again[1].Sends, again[1].Rule, again[1].At = false, "blast", at(2)
	ok(t, db.KeepShadows(t.Context(), again))
	got, err := db.Shadows(t.Context(), "daily-social", at(1))
	ok(t, err)
	equal(t, got, first)
	_, now, err := db.Head(t.Context())
	ok(t, err)
	equal(t, now, lines)
	later, err := db.Shadows(t.Context(), "", at(2))
	ok(t, err)
	equal(t, len(later), 0)
}
