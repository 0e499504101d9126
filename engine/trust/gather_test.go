package trust

import (
	"context"
	"fmt"
	"testing"
	"time"

	"koira/engine"
)

// brought is the Evidence of what pieces brought, as if each brought one visit a day while its kind is measured.
type brought struct {
	Evidence
	kind engine.Kind
	now  time.Time
	days int // since the first, one a day
}

func (b brought) Performance(_ context.Context, _ string, from, to time.Time) ([]engine.Performance, error) {
	var perf []engine.Performance
	visits := func(at, by time.Time) int64 { // as a store tells them: what came by then
		return int64(max(0, min(by.Sub(at), b.kind.SettledAfter())) / (24 * time.Hour))
	}
	for age := b.days; age >= 1; age-- {
		at := b.now.AddDate(0, 0, -age)
		if n := visits(at, to) - visits(at, from); n > 0 || !at.Before(from) {
			perf = append(perf, engine.Performance{
				Output: engine.Output{ID: fmt.Sprint(age), Kind: b.kind, Level: engine.L4, PublishedAt: at}, Metrics: map[engine.Metric]int64{engine.Clicks: n},
			})
		}
	}
	return perf, nil
}

// TestABenchmarkIsMissedByWhatHasComeOfAge: an article that brings 28 visits over its four weeks does not miss a good of 25, whatever those of the last weeks
// have brought so far, and of what was measured before the time that counts no rest is taken for a whole.
func TestABenchmarkIsMissedByWhatHasComeOfAge(t *testing.T) {
	now := time.Date(2025, 11, 24, 8, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		kind engine.Kind
		days int
		good float64
		want bool
	}{
		"articles of three weeks":         {engine.KindBlog, 21, 25, false},
		"of half a year":                  {engine.KindBlog, 180, 25, false},
		"of half a year, and not good":    {engine.KindBlog, 180, 35, true},
		"too few that are old enough":     {engine.KindBlog, 32, 35, false},
		"enough that are old enough":      {engine.KindBlog, 33, 35, true},
		"posts are told from two days on": {engine.KindSocial, 9, 12, true},
		"posts that come to what is good": {engine.KindSocial, 180, 6.5, false},
	} {
		t.Run(name, func(t *testing.T) {
			task := engine.Task{ID: "x", Kind: c.kind, Benchmarks: []engine.Benchmark{{Metric: engine.Clicks, Good: c.good}}}
			m, err := missed(t.Context(), brought{kind: c.kind, now: now, days: c.days}, task, "EUR", now)
			if err != nil || (len(m) > 0) != c.want {
				t.Errorf("missed: %q, %v; want %t", m, err, c.want)
			}
		})
	}
}
