package loop

import (
	"fmt"
	"testing"
	"time"

	"koira/engine"
)

// TestArticlesAreHeldToAMinimumOnceTheyHaveComeOfAge: an article brings one visit a day for 28 days. A minimum below that never pauses its task, however young
// the articles are, and one above it does once six are old enough; what is too much is too much at two days, as for a post.
func TestArticlesAreHeldToAMinimumOnceTheyHaveComeOfAge(t *testing.T) {
	const day = 24 * time.Hour
	now := time.Date(2025, 11, 24, 8, 0, 0, 0, time.UTC)
	few := engine.Threshold{Metric: engine.Clicks, Floor: 20}
	for name, c := range map[string]struct {
		kind   engine.Kind
		limit  engine.Threshold
		oldest int // days; one article each day since
		visits int // a day
		want   string
		pieces int
	}{
		"a minimum that all come to, of three weeks": {engine.KindBlog, few, 21, 1, engine.StandingUnknown, 0},
		"of two months":                                  {engine.KindBlog, few, 56, 1, engine.StandingFine, 29},
		"of half a year":                                 {engine.KindBlog, few, 180, 1, engine.StandingFine, 57},
		"a minimum that none comes to":                   {engine.KindBlog, engine.Threshold{Metric: engine.Clicks, Floor: 60}, 33, 1, engine.StandingBeyond, 6},
		"too few of them":                                {engine.KindBlog, engine.Threshold{Metric: engine.Clicks, Floor: 60}, 32, 1, engine.StandingUnknown, 5},
		"posts are told from two days on":                {engine.KindSocial, few, 21, 1, engine.StandingBeyond, 20},
		"too much at two days":                           {engine.KindBlog, engine.Threshold{Metric: engine.Clicks, Ceiling: 20}, 9, 40, engine.StandingBeyond, 8},
		"not too much, and young":                        {engine.KindBlog, engine.Threshold{Metric: engine.Clicks, Ceiling: 900}, 9, 40, engine.StandingFine, 8},
		"a minimum and a ceiling: too much":              {engine.KindBlog, engine.Threshold{Metric: engine.Clicks, Floor: 20, Ceiling: 25}, 9, 40, engine.StandingBeyond, 8},
		"a minimum and a ceiling: too early for either":  {engine.KindBlog, engine.Threshold{Metric: engine.Clicks, Floor: 20, Ceiling: 900}, 9, 1, engine.StandingUnknown, 0},
		"a minimum and a ceiling: too little, of an age": {engine.KindBlog, engine.Threshold{Metric: engine.Clicks, Floor: 60, Ceiling: 900}, 40, 1, engine.StandingBeyond, 13},
	} {
		t.Run(name, func(t *testing.T) {
			var perf []engine.Performance
			for age := c.oldest; age >= 1; age-- {
				perf = append(perf, engine.Performance{
					Output:  engine.Output{ID: fmt.Sprint(age), PublishedAt: now.Add(-time.Duration(age) * day)},
					Metrics: map[engine.Metric]int64{engine.Clicks: int64(c.visits * min(age, 28))},
				})
			}
			s := standing(engine.Task{ID: "articles", Kind: c.kind}, c.limit, perf, now)
			if s.Verdict != c.want || s.Pieces != c.pieces {
				t.Errorf("%s: %.1f (%.1f to %.1f) over %d, want %s over %d", s.Verdict, s.Value, s.Low, s.High, s.Pieces, c.want, c.pieces)
			}
		})
	}
}
