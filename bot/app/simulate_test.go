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
	if d := run(8); c.Reached["the judge doubts"] == 0 || c.Hash != d.Hash {
		t.Errorf("a seed with a judge, which doubted %d times, gave two histories", c.Reached["the judge doubts"])
	}
	if a.Hash == c.Hash {
		t.Error("two seeds gave one history")
	}
	if a.Published == 0 || a.Events == 0 {
		t.Errorf("nothing happened: %+v", a)
	}
}

// TestSeedsThatBroke keeps every history that once broke what must hold, by what was wrong.
func TestSeedsThatBroke(t *testing.T) {
	for name, o := range map[string]SimulateOptions{
		"a person sent again what could still land":                        {Days: 18, Seed: 4},
		"a wish to stop the rest was taken for a move":                     {Days: 18, Seed: 1076},
		"the last reading of a post by hand failed each time it was tried": {Days: 7, Seed: 1201},
		"what proved absent stayed cleared though its channel was shut":    {Days: 7, Seed: 2382},
		"a stop of everything stopped what a person had sent by hand":      {Days: 8, Seed: 7027},
		"a stop that nobody confirmed was not told beside a breach":        {Days: 7, Seed: 2431},
		"people's own copy came before anybody had decided anything":       {Days: 7, Seed: 1362},
		"a fallen task's piece was taken to ask for people still":          {Days: 7, Seed: 1530},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := Simulate(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			if r.Breach != "" {
				t.Errorf("seed %d, %s: %s", o.Seed, r.Step, r.Breach)
			}
		})
	}
}

// TestUnreachedNamesWhatIsMissing: an empty batch has reached nothing, and what was reached is not named.
func TestUnreachedNamesWhatIsMissing(t *testing.T) {
	all := Unreached(nil)
	reached := map[string]int{}
	for _, w := range all {
		reached[w] = 1
	}
	if left := Unreached(reached); len(all) < 90 || len(left) > 0 {
		t.Errorf("%d wanted, %v left", len(all), left)
	}
	delete(reached, "unconfirmed → scheduled")
	if left := Unreached(reached); len(left) != 1 || left[0] != "unconfirmed → scheduled" {
		t.Errorf("%v", left)
	}
}
