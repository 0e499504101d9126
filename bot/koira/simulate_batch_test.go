package main

import (
	"slices"
	"testing"

	"koira/bot/app"
)

// TestTheEndTellsOfBreaches: whoever sees the end of a long run alone knows what to play again.
func TestTheEndTellsOfBreaches(t *testing.T) {
	b := batch{Reached: map[string]int{}}
	for seed := range uint64(2 * named) {
		b.add(app.Simulated{Seed: seed, Step: "2025-09-01 04:00 tick", Breach: "two copies are out"})
		b.add(app.Simulated{Seed: 100 + seed})
	}
	want := []string{
		"seed 0 at 2025-09-01 04:00 tick: two copies are out", "seed 1 at 2025-09-01 04:00 tick: two copies are out",
		"seed 2 at 2025-09-01 04:00 tick: two copies are out", "seed 3 at 2025-09-01 04:00 tick: two copies are out",
		"seed 4 at 2025-09-01 04:00 tick: two copies are out",
	}
	if b.Broken != 2*named || !slices.Equal(b.Breaches, want) {
		t.Errorf("%d broke, told %q", b.Broken, b.Breaches)
	}
}
