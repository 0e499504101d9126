package loop

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"koira/engine"
)

func helsinki(t *testing.T) *time.Location {
	t.Helper()
	l, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestOpenSlots(t *testing.T) {
	zone := helsinki(t)
	at := func(y int, m time.Month, d, h int) time.Time { return time.Date(y, m, d, h, 0, 0, 0, zone) }
	for name, c := range map[string]struct {
		cadence            engine.Cadence
		from, to, earliest time.Time
		want               []string // in the zone
	}{
		"an hour that summer time skips does not exist": {
			engine.Cadence{From: 2, To: 5}, at(2026, 3, 29, 0), at(2026, 3, 30, 0), at(2026, 3, 1, 0), []string{"29 02:00", "29 04:00"},
		},
		"an hour that winter time repeats is listed once": {
			engine.Cadence{From: 2, To: 5}, at(2026, 10, 25, 0), at(2026, 10, 26, 0), at(2026, 10, 1, 0), []string{"25 02:00", "25 03:00", "25 04:00"},
		},
		"only on its days, across the change": {
			engine.Cadence{Days: []time.Weekday{time.Monday}, From: 9, To: 10}, at(2026, 10, 19, 0), at(2026, 11, 2, 0), at(2026, 10, 1, 0),
			[]string{"19 09:00", "26 09:00"},
		},
		"never before the earliest moment": {
			engine.Cadence{From: 9, To: 12}, at(2026, 6, 1, 0), at(2026, 6, 2, 0), at(2026, 6, 1, 10), []string{"01 10:00", "01 11:00"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, s := range openSlots(engine.Task{Cadence: c.cadence}, c.from, c.to, c.earliest, zone) {
				got = append(got, s.Format("02 15:04"))
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

func TestMissing(t *testing.T) {
	monday := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	week := [2]time.Time{monday, monday.AddDate(0, 0, 7)}
	task := engine.Task{Cadence: engine.Cadence{Min: 3, Max: 4, From: 9, To: 10}} // 4 of 7 slots
	for name, c := range map[string]struct {
		at   []int // hours after Monday of the pieces that are there
		now  time.Duration
		want int
	}{
		"an empty week":                                {nil, 0, 4},
		"half is planned":                              {[]int{9, 33}, 0, 2},
		"all is planned":                               {[]int{9, 33, 57, 81}, 0, 0},
		"what has passed is not made up for":           {nil, 4*24*time.Hour + time.Hour, 2},
		"never more than the cadence in all":           {[]int{9, 10, 11, 12}, 4 * 24 * time.Hour, 0},
		"a piece of the next week does not count":      {[]int{9, 33, 57, 7*24 + 9}, 0, 1},
		"the last day is over: nothing can be planned": {nil, 7*24*time.Hour - time.Hour, 0},
	} {
		t.Run(name, func(t *testing.T) {
			var there []engine.Output
			for _, h := range c.at {
				there = append(there, engine.Output{Slot: monday.Add(time.Duration(h) * time.Hour)})
			}
			now := monday.Add(c.now)
			open := len(openSlots(task, week[0], week[1], now, time.UTC))
			whole := len(openSlots(task, week[0], week[1], week[0], time.UTC))
			if got := missing(task, there, week, now, whole, open); got != c.want {
				t.Errorf("%d, want %d", got, c.want)
			}
		})
	}
}

func TestNextRead(t *testing.T) {
	out := time.Date(2026, 6, 1, 9, 30, 0, 0, time.UTC)
	const day = 24 * time.Hour
	for name, c := range map[string]struct {
		kind engine.Kind
		age  time.Duration
		next time.Duration
		done bool
	}{
		"at once":                        {engine.KindSocial, 0, time.Hour, false},
		"hourly, from publishing":        {engine.KindSocial, 90 * time.Minute, 2 * time.Hour, false},
		"daily after 48 hours":           {engine.KindSocial, 2 * day, 3 * day, false},
		"a late reading keeps the beat":  {engine.KindSocial, 3*day + 5*time.Hour, 4 * day, false},
		"never past the last":            {engine.KindSocial, 6*day + 23*time.Hour, 7 * day, false},
		"social settles after 7 days":    {engine.KindSocial, 7 * day, 0, true},
		"e-mail settles after 7 days":    {engine.KindEmail, 7 * day, 0, true},
		"a blog is read on":              {engine.KindBlog, 7 * day, 8 * day, false},
		"a blog settles after 28 days":   {engine.KindBlog, 28 * day, 0, true},
		"long after: the last time, too": {engine.KindSocial, 40 * day, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			at, done := nextRead(c.kind, out, out.Add(c.age))
			if done != c.done {
				t.Errorf("done %t, want %t", done, c.done)
			}
			if !done && !at.Equal(out.Add(c.next)) {
				t.Errorf("next after %s, want %s", at.Sub(out), c.next)
			}
		})
	}
}

func TestBackoff(t *testing.T) {
	var got []time.Duration
	for n := range 9 {
		got = append(got, backoff(n))
	}
	want := []time.Duration{1, 2, 4, 8, 16, 32, 60, 60, 60}
	for i := range want {
		want[i] *= time.Minute
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
