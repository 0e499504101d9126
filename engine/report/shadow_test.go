package report

import (
	"testing"
	"time"

	"koira/engine"
)

// TestShadow counts by hand what a higher level would have done with drafts and what people did with them.
func TestShadow(t *testing.T) {
	f := bakery() // Daily social is at L4, so L5 is tried
	hour := func(n int) time.Time { return today.AddDate(0, 0, -5).Add(time.Duration(n) * time.Hour) }
	for i, c := range []struct {
		id      string
		state   engine.State
		verdict string
		changed float64
		sends   bool
		rule    string
	}{
		{id: "unchanged", state: engine.StatePublished, verdict: engine.ReviewApproved, sends: true},
		{id: "edited", state: engine.StatePublished, verdict: engine.ReviewApproved, changed: .1, sends: true},
		{id: "rejected", state: engine.StateRejected, verdict: engine.ReviewRejected, sends: true},
		{id: "stopped by hand", state: engine.StateRejected, verdict: engine.ReviewStopped, sends: true},
		{id: "taken down", state: engine.StateRetracted, verdict: engine.ReviewApproved, sends: true},
		{id: "nobody", state: engine.StateExpired, sends: true},
		{id: "stopped by a rule, then approved", state: engine.StatePublished, verdict: engine.ReviewApproved, rule: "blast"},
		{id: "would wait there too", state: engine.StatePublished, verdict: engine.ReviewApproved},
		{id: "still waits", state: engine.StateWaiting, sends: true},
		{id: "dropped", state: engine.StateCancelled, sends: true},
	} {
		o := in(c.state, post(c.id, "2025-11-20 09:10"))
		f.outputs = append(f.outputs, o)
		s := engine.Shadow{Output: c.id, Task: o.Task, Digest: "d", Held: engine.L4, Level: engine.L5, Sends: c.sends, Rule: c.rule, At: hour(i)}
		f.shadows = append(f.shadows, s)
		s.Level = engine.L4 // taken when the task stood lower: of no interest now
		f.shadows = append(f.shadows, s)
		if c.verdict != "" {
			f.reviews = append(f.reviews, engine.Review{Output: c.id, Task: o.Task, Verdict: c.verdict, Changed: c.changed, Whole: true, At: hour(i + 1)})
		}
	}
	v := view(reader(f, today).Shadow(t.Context(), "daily-social", hour(0)))(t)
	same(t, "the test on paper", Shadow{
		Level: engine.L5, Of: 8, Sent: 6, Stopped: 1, Waited: 1, Edited: 1, Rejected: 2, Down: 1, Expired: 1, Open: 1,
		Words: "Of the last 8 drafts I would have sent 6 without asking; you edited 1, rejected 2 and took down 1 of those; 1 of them ran out with nobody's answer.",
	}, v)
	none := view(reader(f, today).Shadow(t.Context(), "daily-social", today))(t)
	same(t, "nothing since", Shadow{Level: engine.L5}, none)
}
