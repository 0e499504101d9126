package loop

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"koira/engine"
	"koira/engine/trust"
)

// No more than the first few tasks are offered to run by themselves at once, whatever was taken back in between; what was taken back is offered again
// once there is room.
func TestNoFourthOfferComesBack(t *testing.T) {
	s := newShop(t, func(*engine.Guardrails) {}, func(t *engine.Task) { t.Level = engine.L4 })
	ctx := t.Context()
	g, err := s.db.Guardrails(ctx)
	s.must(err)
	first, err := s.db.Task(ctx, "daily")
	s.must(err)
	g.Thresholds = map[string][]engine.Threshold{}
	var cases []trust.Case
	for i := range trust.FirstTasks + 1 {
		of := first
		of.ID = fmt.Sprint("task", i)
		s.must(s.db.PutTask(ctx, of, file, start, "more"))
		of, err = s.db.Task(ctx, of.ID)
		s.must(err)
		of.Sensitivity = engine.Low
		g.Thresholds[of.ID] = []engine.Threshold{{Metric: engine.Clicks, Floor: 1}}
		cases = append(cases, trust.Case{
			Task: of, To: engine.L5, Record: trust.Record{Reviewed: 60, Unchanged: 60, Weight: 60, Good: 60}, Walls: trust.WallsOf(of, g, true),
			Exposure: engine.Exposure{Traits: socialDoor, Metered: true, Measured: engine.BaselinePieces}, Now: s.clock.Now(), Zone: time.UTC,
		})
	}
	offered := func(missing ...int) (open []string) {
		t.Helper()
		now := slices.Clone(cases)
		for _, i := range missing {
			now[i].Missed = []string{"4 visits a piece, good is 14"}
		}
		live, err := s.db.LiveOffers(ctx, "")
		s.must(err)
		live, err = s.settleOffers(ctx, live, slices.Clone(now))
		s.must(err)
		s.must(s.makeOffers(ctx, live, slices.Clone(now)))
		live, err = s.db.LiveOffers(ctx, "")
		s.must(err)
		for _, o := range live {
			if o.State == engine.OfferOpen {
				open = append(open, o.Task)
			}
		}
		return open
	}
	for _, look := range []struct {
		missing []int
		want    []string
	}{
		{nil, []string{"task0", "task1", "task2"}},
		{[]int{0}, []string{"task1", "task2", "task3"}},
		{nil, []string{"task1", "task2", "task3"}},
		{[]int{3}, []string{"task0", "task1", "task2"}}, // what leaves makes room in the same look
		{[]int{0, 1, 2, 3}, nil},
		{nil, []string{"task0", "task1", "task2"}},
	} {
		if got := offered(look.missing...); !slices.Equal(got, look.want) {
			t.Errorf("while %v miss their benchmark: %v are offered, want %v", look.missing, got, look.want)
		}
	}
}
