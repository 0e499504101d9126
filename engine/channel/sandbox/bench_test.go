package sandbox

import (
	"fmt"
	"testing"
	"time"

	"koira/engine"
)

// BenchmarkWeek is one simulated week of a daily social task: 7 pieces, each read hourly for two days and then daily.
func BenchmarkWeek(b *testing.B) {
	for b.Loop() {
		w, clock := shop(1, nil)
		ch, m := w.Channel("social"), w.Meter()
		var refs []engine.Ref
		for hour := range 7 * 24 {
			if hour%24 == 9 {
				r, err := ch.Publish(b.Context(), engine.Intent{Key: fmt.Sprint(hour), Bytes: []byte(rye)}, engine.Ref{})
				if err != nil {
					b.Fatal(err)
				}
				refs = append(refs, r.Ref)
			}
			if _, err := m.Read(b.Context(), time.Time{}, refs[max(0, len(refs)-2):]); err != nil {
				b.Fatal(err)
			}
			clock.Advance(time.Hour)
		}
	}
}
