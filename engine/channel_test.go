package engine_test

import (
	"testing"

	"pgregory.net/rapid"

	"koira/engine"
)

// What a channel is told to spend, overspent as far as it may, never passes what was set aside, and comes within a unit and a bit of it.
func TestOrderLeavesRoomForOverspending(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		most := engine.Money(rapid.Int64Range(0, 1<<62).Draw(t, "most"))
		tr := engine.Traits{Overspend: rapid.IntRange(0, 400).Draw(t, "overspend")}
		told := tr.Order(most)
		over := engine.Money(100 + tr.Overspend)
		bill := told/100*over + told%100*over/100
		if told < 0 || bill > most || bill < most-over/100-1 {
			t.Fatalf("told %d, it bills %d of %d", told, bill, most)
		}
	})
	for _, c := range []struct {
		overspend    int
		most, expect engine.Money
	}{{0, 100, 100}, {100, 100, 50}, {25, 100, 80}, {100, 1, 0}} {
		if got := (engine.Traits{Overspend: c.overspend}).Order(c.most); got != c.expect {
			t.Errorf("%d %% of %d: told %d", c.overspend, c.most, got)
		}
	}
}
