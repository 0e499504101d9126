package learn

import (
	"cmp"
	"math"
	"slices"
	"time"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"

	"koira/engine"
)

const (
	// BaselineLeast is how many pieces each side of a comparison needs.
	BaselineLeast = 6
	// BaselineMargin is how much less may be lost for a result to be called held: a fifth.
	BaselineMargin = 0.20
	// UnlikeByLuck is the probability of themes differing as they do by luck alone below which they are said to have changed unlike.
	UnlikeByLuck = 0.10
	// baselineLevel is the confidence of its interval. It is looked at once, a month after a grant, so a plain interval does.
	baselineLevel = 0.90
)

// Result is what one piece brought, with what it is compared within.
type Result struct {
	Weekday, Theme string
	After          bool // it went out by itself, after the grant; else a person approved it, before
	Value          float64
}

// Cause of a decline.
const (
	CauseStrategy  = "strategy"  // everything fell alike
	CauseExecution = "execution" // some themes fell, or the mix of them got worse
)

// Comparison holds autonomous pieces against approved ones.
type Comparison struct {
	Verdict       engine.BaselineVerdict
	Pieces        [2]int     // before, after
	Mean          [2]float64 // a piece
	Ratio         float64    // after over before, like for like: 1 is no change
	Low, High     float64    // its 90 % interval
	Cause         string     // of a decline, "" otherwise, and where fewer than two themes can be compared
	Parts         []Part     // of the change of the mean piece, by theme: Mix and Rate; Volume is 0
	Needed        int        // with Unknown: about so many more pieces after the grant would tell
	Themes        []Theme    // those that are on both sides, most pieces first
	Heterogeneity float64    // probability, by luck alone, of themes differing at least so much in how they changed; 1 with fewer than two
}

// Theme is how one theme changed.
type Theme struct {
	Key    string
	Pieces [2]int
	Mean   [2]float64
}

// Compare tells whether pieces that went out by themselves brought as much as those that people approved, like for like: a log-linear model of
// the counts with an effect for each weekday and theme, shrunk towards none, and one for being after the grant. The interval is of that last
// one, for counts that vary more than Poisson's by a dispersion that is estimated (quasi-likelihood: Wedderburn 1974; McCullagh and Nelder
// 1989, 9.2), with Student's quantiles. Held means that a loss of more than BaselineMargin is excluded.
//
// A decline is strategy where all themes fell alike, and execution where they differ more than luck explains (Cochran's Q, 1954, at 1 in 10) or
// where at least half of the loss is that worse themes were chosen more often.
func Compare(results []Result) Comparison {
	c := Comparison{Verdict: engine.BaselineUnknown, Heterogeneity: 1}
	for _, r := range results {
		c.Pieces[side(r)]++
		c.Mean[side(r)] += r.Value
	}
	for i, n := range c.Pieces {
		if n > 0 {
			c.Mean[i] /= float64(n)
		}
	}
	c.Themes = themesOf(results)
	if c.Pieces[0] < BaselineLeast || c.Pieces[1] < BaselineLeast || c.Mean[0] == 0 {
		c.Needed = max(1, BaselineLeast-c.Pieces[1])
		return c
	}
	if c.Mean[1] == 0 { // half a visit, so that nothing has a logarithm
		results = slices.Clone(results)
		i := slices.IndexFunc(results, func(r Result) bool { return r.After })
		results[i].Value = .5
	}
	f := fitCounts(results)
	log, se := f.change()
	half := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: f.free}.Quantile(1-(1-baselineLevel)/2) * se
	c.Ratio, c.Low, c.High = math.Exp(log), math.Exp(log-half), math.Exp(log+half)
	c.Parts = c.parts()
	switch {
	case c.High < 1:
		c.Verdict, c.Cause = engine.BaselineDeclined, c.cause(f.dispersion)
	case c.Low > 1:
		c.Verdict = engine.BaselineImproved
	case c.Low >= 1-BaselineMargin:
		c.Verdict = engine.BaselineHeld
	default:
		c.Needed = needed(half, c.Pieces)
	}
	return c
}

const (
	// BaselineAfter is how long after a grant its results are held against what came before.
	BaselineAfter = 30 * 24 * time.Hour
	// BaselineBefore is how far before a grant pieces count.
	BaselineBefore = 120 * 24 * time.Hour
)

// BaselineResults picks what Compare compares: of one task's performances since BaselineBefore the grant, the pieces that a person approved before it,
// and those that went out after it without a yes; both once they are old enough to tell. young is when the others of either side will be, the soonest first.
func BaselineResults(perf []engine.Performance, reviews []engine.Review, granted time.Time, m engine.Metric, now time.Time) (results []Result, young [2][]time.Time) {
	said := map[string]engine.Review{}
	for _, r := range reviews {
		said[r.Output] = r
	}
	for _, p := range perf {
		at := p.Output.PublishedAt
		after := !at.Before(granted)
		value, ok := p.Metrics[m]
		r := said[p.Output.ID]
		approved := r.Verdict == engine.ReviewPosted || r.Verdict == engine.ReviewApproved && !r.At.After(at) // what somebody found good later went out unasked
		if at.Before(granted.Add(-BaselineBefore)) || approved == after || p.Output.Origin != engine.OriginKoira && p.Output.Origin != engine.OriginAsked {
			continue
		}
		if of := at.Add(p.Output.Kind.ComesOfAge()); of.After(now) {
			i := side(Result{After: after})
			young[i] = append(young[i], of)
			continue
		}
		if !ok {
			continue
		}
		results = append(results, Result{
			Weekday: p.Output.Arms.Get(engine.DimWeekday), Theme: p.Output.Arms.Theme, After: after, Value: float64(value),
		})
	}
	for _, of := range young {
		slices.SortFunc(of, time.Time.Compare)
	}
	return results, young
}

// BaselineMetric is what a task's results are compared by: its first benchmark's, else link visits.
func BaselineMetric(t engine.Task) engine.Metric {
	if len(t.Benchmarks) > 0 {
		return t.Benchmarks[0].Metric
	}
	return engine.Clicks
}

func side(r Result) int {
	if r.After {
		return 1
	}
	return 0
}

// needed is about how many more pieces after the grant bring the half width down to the margin; the baseline gets no larger.
func needed(half float64, n [2]int) int {
	goal := -math.Log(1 - BaselineMargin)
	scale := half * half / (1/float64(n[0]) + 1/float64(n[1])) // variance of a piece, in these units
	room := goal*goal/scale - 1/float64(n[0])
	if room <= 0 {
		return 0 // no number would: the baseline itself is too short
	}
	return max(1, int(math.Ceil(1/room))-n[1])
}

// themesOf lists the themes that have pieces on both sides.
func themesOf(results []Result) []Theme {
	at := map[string]*Theme{}
	for _, r := range results {
		t := at[r.Theme]
		if t == nil {
			t = &Theme{Key: r.Theme}
			at[r.Theme] = t
		}
		t.Pieces[side(r)]++
		t.Mean[side(r)] += r.Value
	}
	var both []Theme
	for _, t := range at {
		if t.Pieces[0] == 0 || t.Pieces[1] == 0 {
			continue
		}
		for i := range t.Mean {
			t.Mean[i] /= float64(t.Pieces[i])
		}
		both = append(both, *t)
	}
	slices.SortFunc(both, func(a, b Theme) int {
		return cmp.Or(cmp.Compare(b.Pieces[0]+b.Pieces[1], a.Pieces[0]+a.Pieces[1]), cmp.Compare(a.Key, b.Key))
	})
	return both
}

// parts splits the change of the mean piece over the themes that are on both sides.
func (c Comparison) parts() []Part {
	var n [2]float64
	for _, t := range c.Themes {
		n[0], n[1] = n[0]+float64(t.Pieces[0]), n[1]+float64(t.Pieces[1])
	}
	var ds []Driver
	for _, t := range c.Themes {
		d := Driver{Key: t.Key}
		for i := range n {
			d.Units[i] = float64(t.Pieces[i]) / n[i]
			d.Total[i] = d.Units[i] * t.Mean[i]
		}
		ds = append(ds, d)
	}
	return Decompose(ds)
}

// cause says why the results declined. Heterogeneity is set.
func (c *Comparison) cause(dispersion float64) string {
	mix, all := 0.0, 0.0
	for _, p := range c.Parts {
		mix += p.Pieces()
		all += p.Sum()
	}
	n := 0
	c.Heterogeneity, n = alike(c.Themes, dispersion)
	switch {
	case c.Heterogeneity < UnlikeByLuck || all < 0 && mix <= all/2:
		return CauseExecution
	case n < 2:
		return ""
	}
	return CauseStrategy
}

// alike is the probability that themes differ at least so much in how they changed by luck alone (Cochran's Q over their log ratios), and how many of
// them could be compared; 1 with fewer than two.
func alike(themes []Theme, dispersion float64) (p float64, compared int) {
	var ws, xs []float64
	for _, t := range themes {
		if t.Pieces[0] < 2 || t.Pieces[1] < 2 {
			continue
		}
		a, b := t.Mean[0]*float64(t.Pieces[0])+.5, t.Mean[1]*float64(t.Pieces[1])+.5 // half a visit, so that none has a logarithm
		ws = append(ws, 1/(dispersion*(1/a+1/b)))
		xs = append(xs, math.Log(b/float64(t.Pieces[1]))-math.Log(a/float64(t.Pieces[0])))
	}
	if len(xs) < 2 {
		return 1, len(xs)
	}
	sum, mid := 0.0, 0.0
	for i, w := range ws {
		sum += w
		mid += w * xs[i]
	}
	mid /= sum
	q := 0.0
	for i, w := range ws {
		q += w * (xs[i] - mid) * (xs[i] - mid)
	}
	return distuv.ChiSquared{K: float64(len(xs) - 1)}.Survival(q), len(xs)
}

// counts is a log-linear model of what pieces brought; places are the base, being after the grant, then weekdays and themes.
type counts struct {
	at         map[string]int
	theta      []float64
	bend       *mat.SymDense // of the penalised likelihood at theta
	dispersion float64
	free       float64 // degrees of freedom that are left
}

// effectSpread is the prior standard deviation of a weekday's or a theme's effect on the logarithm.
const effectSpread = 0.4

func fitCounts(results []Result) counts {
	f := counts{at: map[string]int{}}
	for _, r := range results {
		for _, key := range []string{"day " + r.Weekday, "theme " + r.Theme} {
			if _, ok := f.at[key]; !ok {
				f.at[key] = 2 + len(f.at)
			}
		}
	}
	n := 2 + len(f.at)
	f.theta = make([]float64, n)
	total := 0.0
	for _, r := range results {
		total += r.Value
	}
	f.theta[0] = math.Log(max(total, .5) / float64(len(results)))
	for range 50 {
		slope := f.gradient(results)
		var c mat.Cholesky
		if !c.Factorize(f.bend) {
			break
		}
		var move mat.VecDense
		if err := c.SolveVecTo(&move, slope); err != nil {
			break
		}
		for i := range f.theta {
			f.theta[i] += math.Max(-1, math.Min(1, move.AtVec(i))) // a step of one is a factor of e: enough
		}
		if mat.Norm(&move, 2) < 1e-9 {
			break
		}
	}
	f.gradient(results)
	f.spread(results)
	return f
}

func (f *counts) row(r Result) []int {
	x := []int{0, f.at["day "+r.Weekday], f.at["theme "+r.Theme]}
	if r.After {
		x = append(x, 1)
	}
	return x
}

func (f *counts) mean(r Result) float64 {
	z := 0.0
	for _, i := range f.row(r) {
		z += f.theta[i]
	}
	return math.Exp(z)
}

// gradient is the slope of the penalised log-likelihood; it sets bend, its negative second derivative.
func (f *counts) gradient(results []Result) *mat.VecDense {
	n := len(f.theta)
	slope := mat.NewVecDense(n, nil)
	f.bend = mat.NewSymDense(n, nil)
	f.bend.SetSym(0, 0, 1e-9)
	f.bend.SetSym(1, 1, 1e-9)
	for i := 2; i < n; i++ {
		slope.SetVec(i, -f.theta[i]/(effectSpread*effectSpread))
		f.bend.SetSym(i, i, 1/(effectSpread*effectSpread))
	}
	for _, r := range results {
		mu, x := f.mean(r), f.row(r)
		for _, a := range x {
			slope.SetVec(a, slope.AtVec(a)+r.Value-mu)
			for _, b := range x {
				if a <= b {
					f.bend.SetSym(a, b, f.bend.At(a, b)+mu)
				}
			}
		}
	}
	return slope
}

// spread estimates the dispersion by Pearson's statistic over what freedom the shrunken effects leave, and never below Poisson's.
func (f *counts) spread(results []Result) {
	var c mat.Cholesky
	used := float64(len(f.theta))
	if c.Factorize(f.bend) {
		var inv mat.SymDense
		if err := c.InverseTo(&inv); err == nil {
			used = 2
			for i := 2; i < len(f.theta); i++ { // trace of the hat matrix: 1 − prior precision × posterior variance each
				used += 1 - inv.At(i, i)/(effectSpread*effectSpread)
			}
		}
	}
	f.free = math.Max(2, float64(len(results))-used)
	pearson := 0.0
	for _, r := range results {
		mu := f.mean(r)
		pearson += (r.Value - mu) * (r.Value - mu) / mu
	}
	f.dispersion = math.Max(1, pearson/f.free)
}

// change is the effect of being after the grant on the logarithm, and its standard error.
func (f *counts) change() (log, se float64) {
	var c mat.Cholesky
	if !c.Factorize(f.bend) {
		return 0, math.Inf(1)
	}
	var inv mat.SymDense
	if err := c.InverseTo(&inv); err != nil {
		return 0, math.Inf(1)
	}
	return f.theta[1], math.Sqrt(f.dispersion * inv.At(1, 1))
}
