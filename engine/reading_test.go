package engine

import (
	"testing"
	"time"
)

// Worked out by hand: 476 words a minute are 0.126 seconds a word; 3 seconds are nearly 24 words.
func TestReadingTime(t *testing.T) {
	for words, want := range map[int]time.Duration{0: 3 * time.Second, 23: 3 * time.Second, 119: 15 * time.Second, 476: time.Minute, 2380: 5 * time.Minute} {
		if got := ReadingTime(words); got != want {
			t.Errorf("%d words: %s, want %s", words, got, want)
		}
	}
	o := Output{Variants: []Variant{{Subject: "Advent hours", Shown: "We open at ten.\nCome early."}, {Shown: "Ten."}}}
	if o.Words() != 9 {
		t.Errorf("%d words to read", o.Words())
	}
}

func TestReaderIsKnown(t *testing.T) {
	yes := time.Date(2025, 12, 1, 10, 0, 0, 0, time.UTC)
	far := 90 * 24 * time.Hour
	read := func(n int, after time.Duration) []time.Time {
		var all []time.Time
		for i := range n {
			all = append(all, yes.Add(after+time.Duration(i)*time.Minute))
		}
		return all
	}
	for name, c := range map[string]struct {
		r    Reader
		want bool
	}{
		"no sign":                       {Reader{}, false},
		"a no before it":                {Reader{Judged: []time.Time{yes.Add(-far)}}, true},
		"a no long before it":           {Reader{Judged: []time.Time{yes.Add(-far - 1)}}, false},
		"a no after it":                 {Reader{Judged: []time.Time{yes.Add(-2 * far), yes.Add(far)}}, true},
		"a no long after it":            {Reader{Judged: []time.Time{yes.Add(-2 * far), yes.Add(far + 1)}}, false},
		"ten read":                      {Reader{Read: read(10, -time.Hour)}, true},
		"nine read":                     {Reader{Read: read(9, -time.Hour)}, false},
		"ten read, the first too early": {Reader{Read: read(10, -far-time.Second)}, false},
		"ten read, the last too late":   {Reader{Read: read(10, far-8*time.Minute)}, false},
		"ten read, all just in time":    {Reader{Read: read(10, far-9*time.Minute)}, true},
	} {
		if got := c.r.Known(yes); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
