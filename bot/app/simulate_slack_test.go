package app

import "testing"

// TestWhatPeopleAreTold has the real outbox tell of everything over a Slack in memory, in histories of people who approve, edit, stop and take back:
// whatever asks for them stands on a card in time, on its own or on that of its week, and what stands there is true.
func TestWhatPeopleAreTold(t *testing.T) {
	reached := map[string]int{}
	for seed := range uint64(6) {
		r, err := Simulate(t.Context(), SimulateOptions{Days: 7, Seed: 1 + seed, Slack: true})
		if err != nil {
			t.Fatal(err)
		}
		if r.Breach != "" {
			t.Errorf("seed %d, %s: %s", r.Seed, r.Step, r.Breach)
		}
		for what, n := range r.Reached {
			reached[what] += n
		}
	}
	for _, what := range spoken {
		if reached[what] == 0 {
			t.Errorf("never came to this: %s", what)
		}
	}
}
