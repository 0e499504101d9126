package app

import (
	"testing"
)

func TestSimulateHoldsAndRepeats(t *testing.T) {
	run := func(seed uint64) Simulated {
		r, err := Simulate(t.Context(), SimulateOptions{Days: 10, Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		if r.Breach != "" {
			t.Fatalf("seed %d, %s: %s\n%v", seed, r.Step, r.Breach, r.History)
		}
		return r
	}
	a, b, c := run(7), run(7), run(8)
	if a.Hash != b.Hash {
		t.Error("the same seed gave two histories")
	}
	if a.Hash == c.Hash {
		t.Error("two seeds gave one history")
	}
	if a.Published == 0 || a.Events == 0 {
		t.Errorf("nothing happened: %+v", a)
	}
}
