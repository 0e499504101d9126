package app

import (
	"math"
	"os"
	"strconv"
	"testing"

	"koira/engine/trust"

	"koira/engine/enginetest"
)

// histories is how many a study has here; KOIRA_TEST_HISTORIES asks for more.
func histories(t *testing.T, n int) int {
	if s := os.Getenv("KOIRA_TEST_HISTORIES"); s != "" {
		more, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		return more
	}
	if enginetest.UnderRace {
		return 1
	}
	return n
}

// TestCarefulReviewerIsOffered: who reads each piece and says yes to 97 in 100 of a daily task has its offer to run by itself by day 60 in at least 80
// of 100 histories, through failing channels, crashes and all. What is no yes is a plain no here.
func TestCarefulReviewerIsOffered(t *testing.T) {
	for name, x := range map[string]study{"low": {approver: &careful}, "normal": {approver: &careful, normal: true}} {
		t.Run(name, func(t *testing.T) {
			got, err := x.run(t.Context(), histories(t, 6), 60, 1)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("by day 60 in %d of %d; days %v", got.by(60), got.histories, got.days)
			if 10*got.by(60) < 8*got.histories {
				t.Errorf("offered in %d of %d histories, want 80 in 100", got.by(60), got.histories)
			}
		})
	}
}

// TestStampingReviewerIsNotOffered: who reads nothing never earns it, whether they press each piece within a second of its card, or all that waits, a
// second each, whenever they come or on one day of the week, or one piece a visit, hours after its card.
func TestStampingReviewerIsNotOffered(t *testing.T) {
	for name, p := range map[string]pace{"each at once": eachAtOnce, "one by one": oneByOne, "once a week": onceAWeek, "one a visit": onePerVisit} {
		t.Run(name, func(t *testing.T) {
			m := stamping
			m.pace = p
			x := study{approver: &m}
			got, err := x.run(t.Context(), histories(t, 1), 90, 1)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("in %d of %d; days %v", got.by(90), got.histories, got.days)
			if got.by(90) > 0 {
				t.Errorf("offered in %d of %d histories", got.by(90), got.histories)
			}
		})
	}
}

// The oracle's own bound is that of the record, worked out the other way round: the chance of so many good ones at the bar is one in twenty where the
// proven share is the bar.
func TestOracleBound(t *testing.T) {
	for _, c := range []struct{ n, good float64 }{{20, 20}, {20, 19}, {30, 29}, {50, 49}, {60, 55}} {
		if got := tail(c.n, c.good, trust.LowerBound(c.good, c.n)); math.Abs(got-.05) > 1e-6 {
			t.Errorf("%v of %v: %v", c.good, c.n, got)
		}
	}
}
