package app

import "testing"

// BenchmarkSimulate is one simulated history, its set-up, its last phase and the oracle included; an operation takes the next seed. Run it with
// -cpuprofile to see where the time goes.
func BenchmarkSimulate(b *testing.B) {
	for _, c := range []struct {
		name string
		days int
	}{{"week", 7}, {"quarter", 90}} {
		b.Run(c.name, func(b *testing.B) {
			events, seed := int64(0), uint64(0)
			for b.Loop() {
				seed++
				r, err := Simulate(b.Context(), SimulateOptions{Days: c.days, Seed: seed})
				if err != nil || r.Breach != "" {
					b.Fatal(seed, r.Step, r.Breach, err)
				}
				events += r.Events
			}
			b.ReportMetric(float64(events)/float64(b.N), "events/op")
		})
	}
}
