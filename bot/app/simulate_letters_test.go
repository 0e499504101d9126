package app

import "testing"

// TestLettersGoInWaves runs histories in which e-mails go out by themselves daily: each goes to a first wave, and to nobody twice, whatever fails.
func TestLettersGoInWaves(t *testing.T) {
	reached := map[string]int{}
	for _, seed := range []uint64{0, 1, 2, 3, 4, 5, 11, 17} { // in the last three, people say what became of some
		r, err := Simulate(t.Context(), SimulateOptions{Days: 8, Seed: seed, Letters: true})
		if err != nil {
			t.Fatal(err)
		}
		if r.Breach != "" {
			t.Errorf("seed %d, %s: %s\n%v", seed, r.Step, r.Breach, r.History)
		}
		for k, n := range r.Reached {
			reached[k] += n
		}
	}
	for _, k := range []string{"first wave", "rest of a wave", "scheduled → published"} {
		if reached[k] == 0 {
			t.Errorf("never reached: %s", k)
		}
	}
	t.Log(reached["first wave"], "first waves,", reached["rest of a wave"], "rests,", reached["stop what waits"], "stopped,", reached["send the rest"], "sent by people,", reached["repeat"], "repeats,", reached["it is there, first readers"]+reached["drop unsure, first readers"], "first waves settled by people")
}
