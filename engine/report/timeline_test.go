package report

import (
	"strings"
	"testing"
	"time"

	"koira/engine"
)

func TestTimeline(t *testing.T) {
	f := bakery()
	f.events = []engine.Event{{Seq: 1, At: at("2025-11-04 21:30")}}
	f.tasks = []engine.Task{
		{ID: "weekly", Name: "Weekly", Kind: engine.KindBlog, Channel: "bluesky", Level: engine.L3, Cadence: engine.Cadence{Min: 1, Max: 1}},
		{ID: "letter", Name: "Letter", Kind: engine.KindEmail, Channel: "bluesky", Level: engine.L1, Cadence: engine.Cadence{Min: 1, Max: 2}},
		{ID: "daily", Name: "Daily", Kind: engine.KindSocial, Frequency: engine.High, Channel: "bluesky", Level: engine.L3, Cadence: engine.Cadence{Min: 7, Max: 7}},
		{ID: "hand", Name: "By hand", Kind: engine.KindBlog, Channel: "bluesky", Cadence: engine.Cadence{Min: 1, Max: 1}},
	}
	now := at("2025-11-24 10:00")
	v := view(reader(f, now).Timeline(t.Context()))(t)
	same(t, "day", 21, v.Day) // the evening of the 4th is day 1
	var nows []int
	for _, p := range v.Phases {
		if p.Now(v.Day) {
			nows = append(nows, p.From)
		}
	}
	same(t, "phase", []int{15}, nows)
	same(t, "begins", at("2025-12-04 00:00"), v.Phases[2].Begins)
	got := map[string][]int{}
	for _, x := range v.Tasks {
		got[x.ID] = []int{x.Needed, x.PerWeek, x.Weeks, x.Whole}
	}
	// 30 reviews at 1 a week are 30 weeks; 50 at 2 are 25; 20 at 7 are 3; by hand the record does not grow.
	same(t, "weeks", map[string][]int{"weekly": {30, 1, 30, 30}, "letter": {50, 2, 25, 25}, "daily": {20, 7, 3, 3}, "hand": {30, 1, 0, 30}}, got)
	same(t, "until", at("2026-06-22 00:00"), v.Tasks[0].Until) // 210 days on, across both changes of the clock
	if x, ok := v.Longest(); !ok || x.ID != "weekly" {
		t.Errorf("longest %q, %v", x.ID, ok)
	}
	f.events[0].At = now.Add(-100 * 24 * time.Hour)
	v = view(reader(f, now).Timeline(t.Context()))(t)
	if !v.Phases[3].Now(v.Day) || v.Day != 101 {
		t.Errorf("day %d", v.Day)
	}
	f.strategy.Goals = nil
	v = view(reader(f, now).Timeline(t.Context()))(t)
	if !strings.Contains(v.Tasks[0].Next, "First: plans nothing, since the strategy has no goal") || !strings.Contains(v.Next, "the strategy says what for and for whom") {
		t.Errorf("next %q, %q", v.Tasks[0].Next, v.Next)
	}
}

// TestAFirstReviewStaysOne: a record that begins anew does not unmake what the first weeks brought.
func TestAFirstReviewStaysOne(t *testing.T) {
	for name, c := range map[string]struct {
		reviews int
		anew    bool
		want    bool
	}{
		"nobody has reviewed":  {0, false, false},
		"two are reviewed":     {2, false, true},
		"all records are anew": {2, true, true},
	} {
		f := bakery()
		f.events = []engine.Event{{Seq: 1, At: today.AddDate(0, 0, -90)}}
		reviewed(f, c.reviews)
		for i := range f.tasks {
			if c.anew {
				f.tasks[i].RenewedAt = today
			}
		}
		same(t, name, c.want, view(reader(f, today).Timeline(t.Context()))(t).Phases[0].Steps[1].Done)
	}
}

// TestTheLimitThatOnlyTheFileSets: a first step names where its missing limit is set, since no click sets the ceiling for money.
func TestTheLimitThatOnlyTheFileSets(t *testing.T) {
	f := bakery()
	f.rules.Budget.Ceiling = 0
	for _, x := range view(reader(f, today).Steps(t.Context()))(t).Steps {
		if x.Key == StepLimits && !strings.Contains(x.Detail, "money (the config file's weekly_ceiling)") {
			t.Errorf("it says %q", x.Detail)
		}
	}
}
