package trust

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"koira/engine"
)

// The values are worked out in the design's statistics: exact one-sided 95 % bounds.
func TestLowerBound(t *testing.T) {
	for _, c := range []struct{ good, n, want float64 }{
		{30, 30, .905}, {29, 30, .851}, {28, 30, .805}, {59, 59, .950}, {149, 149, .980}, {0, 30, 0}, {0, 0, 0},
	} {
		if got := LowerBound(c.good, c.n); math.Abs(got-c.want) > .0006 {
			t.Errorf("LowerBound(%g, %g) = %.4f, want %.3f", c.good, c.n, got, c.want)
		}
	}
}

func TestOf(t *testing.T) {
	yes := engine.Review{Verdict: engine.ReviewApproved, Whole: true, Looked: time.Minute}
	with := func(f func(*engine.Review)) engine.Review { r := yes; f(&r); return r }
	for name, c := range map[string]struct {
		in   engine.Review
		want Record
	}{
		"a plain yes":                      {yes, Record{Reviewed: 1, Unchanged: 1, Weight: 1, Good: 1}},
		"an unknown look is whole":         {with(func(r *engine.Review) { r.Looked = 0 }), Record{Reviewed: 1, Unchanged: 1, Weight: 1, Good: 1}},
		"a quick yes alone proves nothing": {with(func(r *engine.Review) { r.Looked = time.Second }), Record{Reviewed: 1, Unchanged: 1, Light: 1}},
		"nor one beside another":           {with(func(r *engine.Review) { r.Looked, r.Hurried = time.Hour, true }), Record{Reviewed: 1, Unchanged: 1, Light: 1}},
		"nor one not shown whole":          {with(func(r *engine.Review) { r.Whole = false }), Record{Reviewed: 1, Unchanged: 1, Light: 1}},
		"nor one of nobody known to read":  {with(func(r *engine.Review) { r.Unread, r.By = true, "U1" }), Record{Reviewed: 1, Unchanged: 1, Unread: []Unread{{"U1", 1}}}},
		"a quarter rewritten":              {with(func(r *engine.Review) { r.Changed = .25 }), Record{Reviewed: 1, Edited: 1, Weight: 1, Good: .75}},
		"a quick no is a no":               {engine.Review{Verdict: engine.ReviewRejected, Looked: time.Second}, Record{Reviewed: 1, Rejected: 1, Weight: 1}},
		"a serious no":                     {engine.Review{Verdict: engine.ReviewRejected, Severe: true}, Record{Reviewed: 1, Rejected: 1, Severe: 1, Weight: 1}},
		"stopped in the window":            {engine.Review{Verdict: engine.ReviewStopped}, Record{Reviewed: 1, Rejected: 1, Stopped: 1, Weight: 1}},
	} {
		if d := cmp.Diff(c.want, Of([]engine.Review{c.in})); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

// day is 10:00 in UTC of a day of December 2025.
func day(n int) time.Time { return time.Date(2025, 12, n, 10, 0, 0, 0, time.UTC) }

// stamps are n approvals two seconds after their card came, a day apart.
func stamps(n int) []engine.Review {
	var all []engine.Review
	for i := range n {
		all = append(all, engine.Review{Verdict: engine.ReviewApproved, Whole: true, Looked: 2 * time.Second, By: "U1", At: day(1 + i)})
	}
	return all
}

// What is read carries what is stamped, at most as far as it goes itself.
func TestStampsNeverOutweighWhatWasRead(t *testing.T) {
	read := func(n int, at time.Time, by string) []engine.Review {
		var all []engine.Review
		for range n {
			all = append(all, engine.Review{Verdict: engine.ReviewApproved, Whole: true, Looked: time.Minute, By: by, At: at})
			at = at.Add(20 * time.Minute)
		}
		return all
	}
	for name, c := range map[string]struct {
		in           []engine.Review
		light        int
		weight, good float64
	}{
		"only stamps, however many":       {stamps(1000), 1000, 0, 0},
		"ten read, four stamped":          {append(read(10, day(1), "U2"), stamps(4)...), 4, 12, 12},
		"ten read, a thousand stamped":    {append(read(10, day(1), "U2"), stamps(1000)...), 1000, 20, 20},
		"a no is read, and carries one":   {append(stamps(50), engine.Review{Verdict: engine.ReviewRejected}), 50, 2, 1},
		"five within a minute":            {bulk(5, 14*time.Second), 5, 0, 0},
		"four within a minute":            {bulk(4, 14*time.Second), 0, 4, 4},
		"five in a minute and a bit":      {bulk(5, 15*time.Second), 0, 5, 5},
		"ten read, then five at once":     {append(read(10, day(1), "U2"), bulk(5, time.Second)...), 5, 12.5, 12.5},
		"two people, four each at once":   {append(bulk(4, time.Second), read(4, day(3), "U9")...), 0, 8, 8},
		"published by hand is never bulk": {[]engine.Review{{Verdict: engine.ReviewPosted}, {Verdict: engine.ReviewPosted}, {Verdict: engine.ReviewPosted}, {Verdict: engine.ReviewPosted}, {Verdict: engine.ReviewPosted}}, 0, 5, 5},
	} {
		got := Of(c.in)
		if got.Light != c.light || got.Weight != c.weight || got.Good != c.good {
			t.Errorf("%s: %d light, weight %g, good %g; want %d, %g, %g", name, got.Light, got.Weight, got.Good, c.light, c.weight, c.good)
		}
	}
}

// Who has shown no sign of reading counts as a stamp does: 34 such yeses prove nothing, and beside ten that were read they come to no more than those.
func TestUnread(t *testing.T) {
	silent := func(n int, by string) []engine.Review {
		var all []engine.Review
		for i := range n {
			all = append(all, engine.Review{Verdict: engine.ReviewApproved, Whole: true, Looked: time.Hour, By: by, At: day(1).Add(time.Duration(i) * time.Hour), Unread: true})
		}
		return all
	}
	read := func(n int) []engine.Review { return AsSaid(silent(n, "U2")) }
	edited := engine.Review{Verdict: engine.ReviewApproved, Whole: true, Changed: .25, By: "U1", At: day(2), Unread: true}
	quick := silent(1, "U1")
	quick[0].Looked = time.Second
	for name, c := range map[string]struct {
		in           []engine.Review
		unread       []Unread
		light        int
		weight, good float64
	}{
		"nobody read":                      {silent(34, "U1"), []Unread{{"U1", 34}}, 0, 0, 0},
		"ten read beside 34":               {append(silent(34, "U1"), read(10)...), []Unread{{"U1", 34}}, 0, 20, 20},
		"ten read beside four":             {append(silent(4, "U1"), read(10)...), []Unread{{"U1", 4}}, 0, 12, 12},
		"two who do not":                   {append(silent(2, "U1"), silent(3, "U3")...), []Unread{{"U3", 3}, {"U1", 2}}, 0, 0, 0},
		"as many of two":                   {append(silent(2, "U3"), silent(2, "U1")...), []Unread{{"U1", 2}, {"U3", 2}}, 0, 0, 0},
		"one changed, beside one no":       {[]engine.Review{edited, {Verdict: engine.ReviewRejected}}, []Unread{{"U1", 1}}, 0, 1.5, .375},
		"quick besides counts as quick":    {append(quick, read(1)...), nil, 1, 1.25, 1.25},
		"a no and a posted one never are":  {[]engine.Review{{Verdict: engine.ReviewRejected}, {Verdict: engine.ReviewPosted}}, nil, 0, 2, 1},
		"as people said it, all of it":     {AsSaid(silent(34, "U1")), nil, 0, 34, 34},
		"a stamp beside ten that was read": {append(stamps(40), read(10)...), nil, 40, 20, 20},
	} {
		got := Of(c.in)
		if d := cmp.Diff(c.unread, got.Unread); d != "" || got.Light != c.light || got.Weight != c.weight || got.Good != c.good {
			t.Errorf("%s: %d light, weight %g, good %g; want %d, %g, %g; unread (-want +got):\n%s", name, got.Light, got.Weight, got.Good, c.light, c.weight, c.good, d)
		}
	}

	r := Of(append(silent(34, "U1"), silent(6, "U3")...))
	for got, want := range map[string]string{
		r.Words():    "40 reviewed, 40 unchanged, nothing proven; nothing shows yet that 40 were read, and they count less",
		r.NotKnown(): "nothing shows yet that 40 more were read",
		Lacks(engine.Task{Frequency: engine.High, Kind: engine.KindSocial}, r, engine.TrustRule{}): "0 of 20 reviewed; nothing shows yet that 40 more were read",
		r.Sign():                              "a sign that these were read: @U1 has approved 34, @U3 6, and changed or turned down none. Read 10 in the review window (Read them…), or change one that could be better, and they count",
		Record{}.Sign() + Record{}.NotKnown(): "",
	} {
		if got != want {
			t.Errorf("it says %q, want %q", got, want)
		}
	}
	if d := cmp.Diff([]string{"U1", "U3"}, r.Silent()); d != "" {
		t.Error(d)
	}
}

// TestByHand: what people published by hand as it was drafted is counted apart, since nobody compared what was posted.
func TestByHand(t *testing.T) {
	r := Of([]engine.Review{{Verdict: engine.ReviewPosted}, {Verdict: engine.ReviewPosted, Changed: .2}, {Verdict: engine.ReviewApproved}, {Verdict: engine.ReviewRejected}})
	if r.ByHand != 1 || r.Unchanged != 2 || r.Edited != 1 {
		t.Errorf("%+v", r)
	}
}

// bulk are n approvals of one person, apart by that much.
func bulk(n int, apart time.Duration) []engine.Review {
	var all []engine.Review
	for i := range n {
		all = append(all, engine.Review{Verdict: engine.ReviewApproved, Whole: true, Looked: time.Minute, By: "U1", At: day(3).Add(time.Duration(i) * apart)})
	}
	return all
}

func TestMissing(t *testing.T) {
	social := engine.Task{Kind: engine.KindSocial, Frequency: engine.High, Sensitivity: engine.Low}
	clean := func(n int) Record { return Record{Reviewed: n, Unchanged: n, Weight: float64(n), Good: float64(n)} }
	all := Walls{engine.Walls{Budget: true, Voice: true, Channels: true, Thresholds: true, Benchmarks: true}, true, engine.TrustRule{}}
	for name, c := range map[string]struct {
		task engine.Task
		to   engine.Level
		r    Record
		w    Walls
		want []string
	}{
		"L3 needs nothing":                    {social, engine.L3, Record{}, Walls{}, nil},
		"L3 after a serious reject":           {social, engine.L3, Record{Reviewed: 1, Rejected: 1, Severe: 1, Weight: 1}, Walls{}, []string{"1 reject counted as serious"}},
		"L4 needs four walls":                 {social, engine.L4, Record{}, Walls{}, []string{"a budget cap, whose ceiling the config file holds", "a voice lock", "its channel on the allow-list", "a performance threshold", "what you call good"}},
		"L4 with walls":                       {social, engine.L4, Record{}, all, nil},
		"L5 with 20 clean for social":         {social, engine.L5, clean(20), all, nil},
		"L5 one short":                        {social, engine.L5, clean(19), all, []string{"1 reviewed piece more (19 of 20)"}},
		"L5 after a lowering names one count": {engine.Task{ID: "t", Frequency: engine.High, Sensitivity: engine.Low, Kind: engine.KindSocial, LoweredAt: time.Unix(1, 0)}, engine.L5, Record{}, all, []string{"20 reviewed pieces more (0 of 20), 9 of them unchanged", "proof that 80 in 100 pass unchanged (so far nothing proven)"}},
		"L5 without a meter":                  {social, engine.L5, clean(20), Walls{engine.Walls{Budget: true, Voice: true, Channels: true, Thresholds: true, Benchmarks: true}, false, engine.TrustRule{}}, []string{"a meter that reads its channel"}},
		"L5 with a bar of the owner's own": {social, engine.L5, clean(25), Walls{engine.Walls{Budget: true, Voice: true, Channels: true, Thresholds: true, Benchmarks: true}, true, engine.TrustRule{Often: 26, Low: 90}},
			[]string{"1 reviewed piece more (25 of 26)", "proof that 90 in 100 pass unchanged (so far at least 88 in 100)"}},
		"L5 with nothing that shows reading": {social, engine.L5, Record{Reviewed: 34, Unchanged: 34, Unread: []Unread{{"U1", 34}}}, all, []string{
			"20 reviewed pieces more (0 of 20)", "proof that 80 in 100 pass unchanged (so far nothing proven)",
			"a sign that these were read: @U1 has approved 34 and changed or turned down none. Read 10 in the review window (Read them…), or change one that could be better, and they count"}},
		"L5 earned beside who does not read": {social, engine.L5, Record{Reviewed: 54, Unchanged: 54, Weight: 40, Good: 40, Unread: []Unread{{"U1", 34}}}, all, nil},
		"L4 asks for no sign":                {social, engine.L4, Record{Reviewed: 34, Unchanged: 34, Unread: []Unread{{"U1", 34}}}, all, nil},
		"L5 below the bar":                   {social, engine.L5, Record{Reviewed: 20, Unchanged: 17, Rejected: 3, Weight: 20, Good: 17}, all, []string{"proof that 80 in 100 pass unchanged (so far at least 65 in 100)"}},
	} {
		if d := cmp.Diff(c.want, Missing(c.task, c.to, c.r, c.w)); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}
