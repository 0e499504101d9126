package blocks

import (
	"testing"
	"time"

	"koira/engine/report"
)

func TestClock(t *testing.T) {
	f := report.Frame{AsOf: day(24, 9, 41), Zone: helsinki}
	autumn := report.Frame{AsOf: time.Date(2025, 10, 25, 12, 0, 0, 0, helsinki), Zone: helsinki} // the clocks go back in the night
	for name, c := range map[string]struct{ got, want string }{
		"today":                      {clock(day(24, 13, 10), f), "13:10"},
		"earlier today":              {clock(day(24, 0, 5), f), "00:05"},
		"tomorrow":                   {clock(day(25, 9, 10), f), "Tue 09:10"},
		"in six days":                {clock(day(30, 23, 59), f), "Sun 23:59"},
		"in seven days":              {clock(time.Date(2025, 12, 1, 0, 0, 0, 0, helsinki), f), "Mon 1 Dec 00:00"},
		"yesterday":                  {clock(day(23, 9, 10), f), "Sun 23 Nov 09:10"},
		"next year":                  {clock(time.Date(2026, 1, 5, 9, 0, 0, 0, helsinki), f), "5 Jan 2026 09:00"},
		"after the clocks went back": {clock(time.Date(2025, 10, 26, 9, 0, 0, 0, helsinki), autumn), "Sun 09:00"},
		"in the business's zone":     {clock(day(24, 23, 30).UTC(), f), "23:30"},
		"with its city":              {zoned(day(24, 13, 10), f), "13:10 Helsinki"},
		"without a zone":             {zoned(day(24, 13, 10), report.Frame{AsOf: day(24, 9, 0)}), "11:10 UTC"},
		"for each reader":            {string(when(day(25, 9, 10), f)), "<!date^1764054600^{date_pretty} {time}|Tue 09:10 Helsinki>"},
		"how long":                   {since(day(24, 5, 11), f), "4 h"},
		"not long":                   {since(day(24, 9, 40), f), "1 minute"},
		"long":                       {since(day(21, 9, 0), f), "3 days"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", name, c.got, c.want)
		}
	}
}

func TestNumbers(t *testing.T) {
	for name, c := range map[string]struct{ got, want string }{
		"small":         {number(999), "999"},
		"thousands":     {number(2310), "2,310"},
		"millions":      {number(2_310_000), "2,310,000"},
		"below zero":    {number(-1234), "-1,234"},
		"a small mean":  {amount(2.04), "2"},
		"a mean":        {amount(4.25), "4.2"},
		"a large mean":  {amount(14.6), "15"},
		"a rise":        {signed(12.4), "+12"},
		"a fall":        {signed(-1800.2), "−1,800"},
		"no change":     {signed(-.2), "0"},
		"one":           {plural(1, "piece", "pieces"), "1 piece"},
		"none":          {plural(0, "piece", "pieces"), "0 pieces"},
		"money":         {value(6_100_000, true, "EUR"), "€6.10"},
		"hardly a part": {percent(.001), "1 %"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", name, c.got, c.want)
		}
	}
}

// The sum of what moved a week is what its drivers add up to, spelled out or not.
func TestMovedAddsUp(t *testing.T) {
	ds := []report.Driver{{Name: "A", Why: report.WhyPieces, Shown: 9, Words: "2 more posts (A)"}, {Name: "B", Shown: 6, Words: "each brought more"}, {Name: "C", Shown: -3}, {Name: "D", Shown: -4}, {Name: "E", Shown: 1}}
	if got, want := moved(ds), md("What moved: +9 from 2 more posts (A); +6: each brought more; −3: results of C; −3: the rest; together +9."); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := moved(nil); got != "" {
		t.Errorf("nothing moved and it says %q", got)
	}
}

// A number that no channel gave is never shown.
func TestResultSaysTooLittleData(t *testing.T) {
	for name, c := range map[string]struct {
		in   report.Change
		want md
	}{
		"no reading":     {report.Change{Name: "link visits", Value: 0}, "*Too little data*: no channel has given a reading for this week."},
		"the first week": {report.Change{Name: "link visits", Known: true, Value: 7, Verdict: report.VerdictTooLittle}, "*7 link visits*: the first week, with nothing to compare it to."},
		"from zero":      {report.Change{Name: "link visits", Known: true, Value: 7, Compared: true, Verdict: report.VerdictTooLittle}, "*7 link visits*, the week before 0 (too little data)."},
		"with its range": {bakery{}.change(), "*112 link visits (simulated)*, the week before 100 (+12 %; usual −18 to +22 %: no real change)."},
	} {
		if got := result(c.in, "EUR"); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", name, got, c.want)
		}
	}
}
