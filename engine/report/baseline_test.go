package report

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"koira/engine"
)

// TestAComparisonThatIsTooEarlySaysWhenItTells: two articles a week, each measured for 28 days, a month after the grant. It says how many more it takes and
// about when they are old enough, by those that are out and at the task's pace; and where what was approved before is too little, that no number would do.
func TestAComparisonThatIsTooEarlySaysWhenItTells(t *testing.T) {
	const day = 24 * time.Hour
	granted := at("2025-11-24 09:00")
	for name, c := range map[string]struct {
		before, after int // articles, one each three days, counted from the grant
		days          int // since the grant
		advice        string
		enough        string
	}{
		"those that are out will tell":      {20, 10, 30, "About 5 more by itself would tell, and so many are 28 days old about 6 January. I look again every 30 days.", "2026-01-06"},
		"more must go out":                  {20, 2, 30, "About 5 more by itself would tell, and so many are 28 days old about 4 February. I look again every 30 days.", "2026-02-04"},
		"too little was approved":           {3, 10, 30, "What was approved before is too little to compare with, however many follow. Its benchmarks still tell how it does.", ""},
		"what was approved is young itself": {6, 6, 9, "About 6 more by itself would tell, and so many are 28 days old about 14 January. I look again every 30 days.", "2026-01-14"},
	} {
		t.Run(name, func(t *testing.T) {
			f := bakery()
			now := granted.Add(time.Duration(c.days) * day)
			blog := engine.Task{ID: "blog", Name: "Blog", Channel: "bluesky", Kind: engine.KindBlog, Level: engine.L5, Cadence: engine.Cadence{Min: 2, Max: 2}}
			f.tasks = append(f.tasks, blog)
			f.grants = append(f.grants, engine.Grant{Task: "blog", Level: engine.L5, At: granted})
			for i := -c.before; i < c.after; i++ {
				o := engine.Output{ID: fmt.Sprint(i), Task: "blog", Kind: engine.KindBlog, Origin: engine.OriginKoira, State: engine.StatePublished, PublishedAt: granted.Add(time.Duration(3*i)*day + time.Hour)}
				if o.PublishedAt.After(now) {
					continue
				}
				f.outputs = append(f.outputs, o)
				f.brought = append(f.brought, brought{o.ID, engine.Clicks, 20, o.PublishedAt.Add(time.Hour)})
				if i < 0 {
					f.reviews = append(f.reviews, engine.Review{Output: o.ID, Task: "blog", Verdict: engine.ReviewApproved, Whole: true, At: o.PublishedAt.Add(-day)})
				}
			}
			v := view(reader(f, now).Baseline(t.Context(), "blog"))(t)
			got := ""
			if !v.Enough.IsZero() {
				got = v.Enough.In(helsinki).Format(time.DateOnly)
			}
			if said := strings.Join(v.Advice, " "); said != c.advice || got != c.enough {
				t.Errorf("%v: %q about %s, want %q about %s", v.Comparison.Pieces, said, got, c.advice, c.enough)
			}
		})
	}
}
