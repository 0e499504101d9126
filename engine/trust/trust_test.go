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
		"a plain yes":              {yes, Record{Reviewed: 1, Unchanged: 1, Weight: 1, Good: 1}},
		"an unknown look is whole": {with(func(r *engine.Review) { r.Looked = 0 }), Record{Reviewed: 1, Unchanged: 1, Weight: 1, Good: 1}},
		"a quick yes counts half":  {with(func(r *engine.Review) { r.Looked = time.Second }), Record{Reviewed: 1, Unchanged: 1, Weight: .5, Good: .5}},
		"not shown whole":          {with(func(r *engine.Review) { r.Whole = false }), Record{Reviewed: 1, Unchanged: 1, Weight: .5, Good: .5}},
		"a quarter rewritten":      {with(func(r *engine.Review) { r.Changed = .25 }), Record{Reviewed: 1, Edited: 1, Weight: 1, Good: .75}},
		"a quick no is a no":       {engine.Review{Verdict: engine.ReviewRejected, Looked: time.Second}, Record{Reviewed: 1, Rejected: 1, Weight: 1}},
		"a serious no":             {engine.Review{Verdict: engine.ReviewRejected, Severe: true}, Record{Reviewed: 1, Rejected: 1, Severe: 1, Weight: 1}},
		"stopped in the window":    {engine.Review{Verdict: engine.ReviewStopped}, Record{Reviewed: 1, Rejected: 1, Weight: 1}},
	} {
		if d := cmp.Diff(c.want, Of([]engine.Review{c.in})); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

func TestMissing(t *testing.T) {
	social := engine.Task{Kind: engine.KindSocial, Frequency: engine.High, Sensitivity: engine.Low}
	clean := func(n int) Record { return Record{Reviewed: n, Unchanged: n, Weight: float64(n), Good: float64(n)} }
	all := Walls{true, true, true, true, true}
	for name, c := range map[string]struct {
		task engine.Task
		to   engine.Level
		r    Record
		w    Walls
		want []string
	}{
		"L3 needs nothing":            {social, engine.L3, Record{}, Walls{}, nil},
		"L3 after a serious reject":   {social, engine.L3, Record{Reviewed: 1, Rejected: 1, Severe: 1, Weight: 1}, Walls{}, []string{"1 reject counted as serious"}},
		"L4 needs four walls":         {social, engine.L4, Record{}, Walls{}, []string{"a budget cap", "a voice lock", "its channel on the allow-list", "a performance threshold"}},
		"L4 with walls":               {social, engine.L4, Record{}, all, nil},
		"L5 with 20 clean for social": {social, engine.L5, clean(20), all, nil},
		"L5 one short":                {social, engine.L5, clean(19), all, []string{"1 reviewed piece more (19 of 20)"}},
		"L5 without a meter":          {social, engine.L5, clean(20), Walls{true, true, true, true, false}, []string{"a meter that reads its channel"}},
		"L5 below the bar":            {social, engine.L5, Record{Reviewed: 20, Unchanged: 17, Rejected: 3, Weight: 20, Good: 17}, all, []string{"proof that 80 in 100 pass unchanged (now at least 65)"}},
	} {
		if d := cmp.Diff(c.want, Missing(c.task, c.to, c.r, c.w)); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}
