package report

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"koira/engine"
)

// A minute decides to which week a reading belongs, also where the week has 167 or 169 hours.
func TestWeeklyBoundaries(t *testing.T) {
	for name, c := range map[string]struct{ week, first, last, after string }{
		"an ordinary week":      {"2025-W47", "2025-11-17 00:00", "2025-11-23 23:59", "2025-11-24 00:00"},
		"the clocks go forward": {"2025-W13", "2025-03-24 00:00", "2025-03-30 23:59", "2025-03-31 00:00"},
		"the clocks go back":    {"2025-W43", "2025-10-20 00:00", "2025-10-26 23:59", "2025-10-27 00:00"},
	} {
		t.Run(name, func(t *testing.T) {
			f := bakery()
			early := at(c.first).Add(-time.Minute)
			f.outputs = []engine.Output{post("before", early.In(helsinki).Format("2006-01-02 15:04")), post("first", c.first), post("last", c.last), post("after", c.after)}
			for _, o := range f.outputs {
				f.brought = append(f.brought, brought{o.ID, engine.Clicks, map[string]int64{"before": 1, "first": 10, "last": 100, "after": 1000}[o.ID], o.PublishedAt})
			}
			v := view(reader(f, at(c.after).Add(9*time.Hour)).Weekly(t.Context(), ""))(t)
			same(t, "week", c.week, v.Week)
			same(t, "value and last", []int64{110, 1}, []int64{v.Result.Value, v.Result.Last})
			same(t, "shipped", 2, v.Counts.Shipped)
			if !v.From.Equal(at(c.first)) || !v.To.Equal(at(c.after)) {
				t.Errorf("from %v to %v", v.From, v.To)
			}
		})
	}
}

// twelveWeeks gives the bakery 12 weeks before 2025-W47 of one post and the visits in totals, and last for the week itself.
func twelveWeeks(f *fake, totals []int64) {
	start := at("2025-11-19 09:00")
	for i, n := range totals {
		o := post(fmt.Sprintf("w%02d", i), addDays(start, -7*(len(totals)-1-i), helsinki).Add(9*time.Hour).Format("2006-01-02 15:04"))
		f.outputs = append(f.outputs, o)
		f.brought = append(f.brought, brought{o.ID, engine.Clicks, n, o.PublishedAt.Add(time.Hour)})
	}
}

func TestWeeklyVerdict(t *testing.T) {
	// The first total is of koira's first week, which began in its middle and so is no part of the range.
	for name, c := range map[string]struct {
		totals          []int64
		verdict         Verdict
		percent         float64
		compared, usual bool
	}{
		"the very first week":                 {[]int64{10}, VerdictTooLittle, 0, false, false},
		"the second week":                     {[]int64{10, 12}, VerdictTooLittle, 20, true, false},
		"five whole weeks before":             {[]int64{1, 100, 100, 100, 100, 100, 500}, VerdictTooLittle, 400, true, false},
		"six, and as ever":                    {[]int64{1, 90, 110, 100, 95, 105, 100, 112}, VerdictUsual, 12, true, true},
		"six, and much more":                  {[]int64{1, 90, 110, 100, 95, 105, 100, 160}, VerdictMore, 60, true, true},
		"six, and a collapse":                 {[]int64{1, 90, 110, 100, 95, 105, 100, 0}, VerdictLess, -100, true, true},
		"nothing last week: no percent":       {[]int64{1, 90, 110, 100, 95, 105, 0, 100}, VerdictUsual, 0, true, true},
		"more than 12 weeks: 12 in the chart": {[]int64{5, 5, 5, 5, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100}, VerdictUsual, 0, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			f := bakery()
			twelveWeeks(f, c.totals)
			v := view(reader(f, today).Weekly(t.Context(), "2025-W47"))(t)
			r := v.Result
			same(t, "verdict", c.verdict, r.Verdict)
			same(t, "known, compared, usual", []bool{true, c.compared, c.usual}, []bool{r.Known, r.Compared, r.Usual.Known})
			same(t, "percent", c.percent, r.Percent)
			same(t, "weeks in the chart", min(12, len(c.totals)), len(v.Series))
			same(t, "the last week in the chart", "2025-W47", v.Series[len(v.Series)-1].Week)
			_, _, ok := r.UsualPercent()
			same(t, "usual percent known", c.usual && r.Last != 0, ok)
		})
	}
}

func TestWeeklyWhileTheWeekRuns(t *testing.T) {
	f := bakery()
	twelveWeeks(f, []int64{1, 90, 110, 100, 95, 105, 100, 3})
	v := view(reader(f, at("2025-11-20 12:00")).Weekly(t.Context(), "2025-W47"))(t)
	same(t, "verdict", VerdictTooLittle, v.Result.Verdict)
}

// A channel that gives no such reading has none; that is not a week of zero.
func TestWeeklyWithoutReadings(t *testing.T) {
	f := bakery()
	f.outputs = []engine.Output{post("a", "2025-11-12 09:00"), post("b", "2025-11-19 09:00")}
	f.brought = []brought{{"b", engine.Engagements, 5, at("2025-11-19 10:00")}}
	v := view(reader(f, today).Weekly(t.Context(), ""))(t)
	want := Change{Metric: engine.Clicks, Name: "link visits", Verdict: VerdictTooLittle}
	same(t, "result", want, v.Result)
	same(t, "points and drivers", 0, len(v.Series)+len(v.Drivers))
}

func TestDrivers(t *testing.T) {
	f := bakery()
	f.outputs = []engine.Output{
		post("old", "2025-11-05 09:00"),
		post("a1", "2025-11-12 09:00"), post("a2", "2025-11-13 09:00"),
		post("b1", "2025-11-19 09:00"), post("b2", "2025-11-20 09:00"), post("b3", "2025-11-21 09:00"),
	}
	news := post("n1", "2025-11-20 10:00")
	news.Task, news.Kind = "newsletter", engine.KindEmail
	f.outputs = append(f.outputs, news)
	for id, n := range map[string]int64{"old": 4, "a1": 10, "a2": 12, "b1": 14, "b2": 14, "b3": 14, "n1": 30} {
		at := at("2025-11-13 12:00")
		if id[0] == 'b' || id[0] == 'n' {
			at = at.Add(8 * 24 * time.Hour)
		}
		f.brought = append(f.brought, brought{id, engine.Clicks, n, at})
	}
	f.brought = append(f.brought, brought{"a1", engine.Clicks, 2, at("2025-11-18 09:00")})
	v := view(reader(f, today).Weekly(t.Context(), ""))(t)

	same(t, "simulated", true, v.Result.Simulated)
	same(t, "value and last", []int64{74, 26}, []int64{v.Result.Value, v.Result.Last})
	same(t, "drivers", []Driver{
		{"newsletter", "Newsletter", WhyPieces, 30, 30, "1 more e-mail (Newsletter)"},
		{"daily-social", "Daily social", WhyPieces, 12.5, 13, "1 more post (Daily social)"},
		{"daily-social", "Daily social", WhyRate, 7.5, 7, "each post by Daily social brought more (14, before 11)"},
		{"daily-social", "Daily social", WhyEarlier, -2, -2, "earlier posts by Daily social brought less"},
	}, v.Drivers, cmpopts.EquateApprox(0, 1e-9))
}

// Large sums leave a last bit behind where volume and mix cancel; as many posts as before are no driver.
func TestDriversOfLargeSums(t *testing.T) {
	from, mid, to := at("2025-11-03 00:00"), at("2025-11-10 00:00"), at("2025-11-17 00:00")
	week := func(from time.Time, mails int) []engine.Performance {
		var ps []engine.Performance
		for i := range 3 + mails {
			p := engine.Performance{Metrics: map[engine.Metric]int64{engine.Revenue: 1_000_000_000_000_007}}
			p.Output.Task, p.Output.PublishedAt = "daily-social", from
			if i >= 3 {
				p.Output.Task = "newsletter"
			}
			ps = append(ps, p)
		}
		return ps
	}
	s := scene{tasks: bakery().tasks}
	for mails := range 8 {
		for _, d := range s.drivers(week(from, 1), week(mid, mails), engine.Revenue, from, mid, to) {
			if d.Task == "daily-social" {
				t.Errorf("%d e-mails: %+v", mails, d)
			}
		}
	}
}

func TestDriversAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		week := func(name string, from time.Time) []engine.Performance {
			return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) engine.Performance {
				p := engine.Performance{Metrics: map[engine.Metric]int64{engine.Clicks: rapid.Int64Range(0, 5_000).Draw(t, "visits")}}
				p.Output.Task = rapid.SampledFrom([]string{"daily-social", "newsletter", "gone"}).Draw(t, "task")
				p.Output.PublishedAt = from.Add(time.Duration(rapid.IntRange(-300, 167).Draw(t, "hour")) * time.Hour)
				return p
			}), 0, 20).Draw(t, name)
		}
		from, mid, to := at("2025-11-03 00:00"), at("2025-11-10 00:00"), at("2025-11-17 00:00")
		before, after := week("before", from), week("after", mid)
		s := scene{tasks: bakery().tasks}
		var amount float64
		var shown int64
		for _, d := range s.drivers(before, after, engine.Clicks, from, mid, to) {
			amount += d.Amount
			shown += d.Shown
			if math.Abs(float64(d.Shown)-d.Amount) >= 1+1e-9 {
				t.Fatalf("%v is shown as %d", d.Amount, d.Shown)
			}
			if d.Words == "" {
				t.Fatalf("no words for %+v", d)
			}
		}
		was, _ := sum(before, engine.Clicks)
		is, _ := sum(after, engine.Clicks)
		if math.Abs(amount-float64(is-was)) > 1e-9*float64(1+is+was) || shown != is-was {
			t.Fatalf("drivers sum to %v, shown %d; the change is %d", amount, shown, is-was)
		}
	})
}

func TestWeeklyRest(t *testing.T) {
	f := bakery()
	f.outputs = []engine.Output{
		post("out", "2025-11-19 09:00"), in(engine.StateRetracted, post("gone", "2025-11-19 10:00")), in(engine.StateHeld, post("held", "2025-11-20 09:00")),
		in(engine.StateRejected, post("no", "2025-11-20 10:00")), in(engine.StateExpired, post("late", "2025-11-21 09:00")),
		in(engine.StateWaiting, post("next1", "2025-11-25 09:00")), in(engine.StateScheduled, post("next2", "2025-11-26 09:00")),
		in(engine.StateRejected, post("next3", "2025-11-27 09:00")), in(engine.StatePlanned, post("after", "2025-12-01 09:00")),
	}
	f.reviews = []engine.Review{
		{At: at("2025-11-09 23:59")}, {At: at("2025-11-10 00:00")}, {At: at("2025-11-16 23:59")},
		{At: at("2025-11-17 00:00"), Looked: 3 * time.Minute}, {At: at("2025-11-18 09:00"), Looked: 3 * time.Hour}, {At: at("2025-11-23 23:59")},
		{At: at("2025-11-24 00:00"), Looked: time.Minute},
	}
	f.decisions = []engine.Decision{
		{ID: "old", Task: "newsletter", What: "hour", From: "16", To: "07", At: at("2025-11-12 09:00"), Chance: .7, ScoredAt: at("2025-11-20 09:00"), Held: true},
		{ID: "mine", Task: "newsletter", What: "weekday", From: "thu", To: "tue", At: at("2025-11-19 09:00"), Chance: .6, Reversible: true},
		{ID: "new", Task: "newsletter", What: "theme", From: "rye", At: at("2025-11-24 09:00")},
	}
	f.exceptions = []engine.Exception{{ID: "e", Kind: engine.ExceptionOutput, Output: "held", Task: "daily-social", OpenedAt: at("2025-11-20 08:00")}}
	v := view(reader(f, today).Weekly(t.Context(), ""))(t)

	same(t, "counts", WeekCounts{Shipped: 2, TakenDown: 1, Stopped: 1, Rejected: 1, Expired: 1}, v.Counts)
	same(t, "attention", Attention{Minutes: 14, Decisions: 3, Before: 2, Timed: 2, Most: v.Attention.Most}, v.Attention)
	same(t, "need you", NeedYou{Problems: 1, Drafts: 1}, v.NeedYou)
	same(t, "next week", []KindCount{{engine.KindSocial, 2}}, v.Next)
	same(t, "forecasts", Forecasts{Scored: 1, Held: 1, Chance: .7, Few: true}, v.Forecasts)
	if len(v.Decisions) != 1 || v.Decisions[0].Words != "Newsletter: day Thursday → Tuesday" || !v.Decisions[0].CanUndo || v.Decisions[0].Score != "not known yet" {
		t.Errorf("decisions: %+v", v.Decisions)
	}
}

func TestWeeklyRefusesWhatIsNoWeek(t *testing.T) {
	if _, err := reader(bakery(), today).Weekly(t.Context(), "last week"); engine.CodeOf(err) != engine.CodeInvalid {
		t.Errorf("error %v", err)
	}
}
