package trust

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"koira/engine"
)

// Model estimates the probability that a reviewer approves a piece unchanged: a logistic regression over a piece's Signs, with an offset for
// each task. A model's opinion is no part of it, and only lowers what it gives. The zero Model knows nothing; Prior is where every one begins.
type Model struct {
	Base    float64            `json:"base"`
	Weights [signs]float64     `json:"weights"` // of engine.Signs' fields, in their order, but for Opinion
	Tasks   map[string]float64 `json:"tasks"`   // offset of each task from Base
	Seen    int                `json:"seen"`    // judged pieces that it was fitted to
}

const signs = 6

func vector(s engine.Signs) [signs]float64 {
	return [signs]float64{s.Margin, s.Warnings, s.Untried, s.Voice, s.Refused, s.Doubt}
}

// The prior, a judgement and not a measurement: a piece without any sign of doubt passes unchanged 88 times in 100, and each sign alone brings
// that down to between 70 and 83. Spread is how far the data may easily move each of them, as the standard deviation of a normal prior.
var prior = Model{Base: 2.0, Weights: [signs]float64{-.4, -1.1, -.5, -.8, -1.2, -.4}}

// opinionWeight is by how much, in log-odds, the strongest doubt of a model that judges the voice lowers confidence: from 88 to 77 in 100. It is never
// fitted, so that nothing such a model says, of any piece, can raise the confidence of another.
const opinionWeight = .8

const (
	baseSpread = 1.5
	signSpread = .8
	taskSpread = .7
)

// Prior returns the model before anything was judged.
func Prior() Model { return prior }

// Confidence is the probability of a piece of task with these signs, strictly between 0 and 1.
func (m Model) Confidence(task string, s engine.Signs) float64 {
	z := m.Base + m.Tasks[task]
	for i, x := range vector(s) {
		z += m.Weights[i] * x
	}
	return logistic(z - opinionWeight*min(max(s.Opinion, 0), 1))
}

func logistic(z float64) float64 { return 1 / (1 + math.Exp(-z)) }

// Fit returns the most probable model given the prior and what people said of these pieces: ridge-regularised logistic regression by Newton's
// method (le Cessie and van Houwelingen 1992; the penalty is the normal prior's). The same pieces in any order give the same model up to
// rounding, and none at all give Prior. What koira doubted counts like the rest, though more of it is seen: it was chosen by its signs, which the model knows.
// What somebody spoke up about unbidden was chosen by what they said, and is left out; see [engine.Estimate.Unsought].
func Fit(judged []engine.Judged) Model {
	m := prior
	judged = slices.DeleteFunc(slices.Clone(judged), func(j engine.Judged) bool { return j.Unsought() })
	if len(judged) == 0 {
		return m
	}
	m.Seen = len(judged)
	at, names := map[string]int{}, []string{}
	for _, j := range judged {
		if _, ok := at[j.Task]; !ok {
			at[j.Task] = 1 + signs + len(names)
			names = append(names, j.Task)
		}
	}
	f := newFit(1+signs+len(names), judged, at)
	for range newtonMost {
		if f.step() < newtonEnough {
			break
		}
	}
	m.Base, m.Tasks = f.theta[0], map[string]float64{}
	copy(m.Weights[:], f.theta[1:1+signs])
	for name, i := range at {
		m.Tasks[name] = f.theta[i]
	}
	return m
}

const (
	newtonMost   = 50
	newtonEnough = 1e-9
)

// fit is one search for the most probable model; places are base, signs, then tasks.
type fit struct {
	judged      []engine.Judged
	at          map[string]int
	theta       []float64
	mean, sharp []float64 // of the prior: its centre and 1/variance
}

func newFit(n int, judged []engine.Judged, at map[string]int) *fit {
	f := &fit{judged: judged, at: at, theta: make([]float64, n), mean: make([]float64, n), sharp: make([]float64, n)}
	f.mean[0], f.sharp[0] = prior.Base, 1/(baseSpread*baseSpread)
	for i, w := range prior.Weights {
		f.mean[1+i], f.sharp[1+i] = w, 1/(signSpread*signSpread)
	}
	for i := 1 + signs; i < n; i++ {
		f.sharp[i] = 1 / (taskSpread * taskSpread)
	}
	copy(f.theta, f.mean)
	return f
}

// step moves theta by one Newton step, halved until it does not make things worse, and returns how far it moved.
func (f *fit) step() float64 {
	n := len(f.theta)
	slope, bend := mat.NewVecDense(n, nil), mat.NewSymDense(n, nil)
	for i := range n {
		slope.SetVec(i, -f.sharp[i]*(f.theta[i]-f.mean[i]))
		bend.SetSym(i, i, f.sharp[i])
	}
	for _, j := range f.judged {
		x := f.row(j)
		p := logistic(dot(f.theta, x))
		miss := truth(j) - p
		for a, xa := range x {
			if xa == 0 {
				continue
			}
			slope.SetVec(a, slope.AtVec(a)+miss*xa)
			for b := a; b < n; b++ {
				if x[b] != 0 {
					bend.SetSym(a, b, bend.At(a, b)+p*(1-p)*xa*x[b])
				}
			}
		}
	}
	var c mat.Cholesky
	if !c.Factorize(bend) { // cannot be: the prior alone makes it positive definite
		return 0
	}
	var move mat.VecDense
	if err := c.SolveVecTo(&move, slope); err != nil {
		return 0
	}
	was, before := f.loss(), append([]float64(nil), f.theta...)
	for scale := 1.0; scale > 1e-6; scale /= 2 {
		for i := range f.theta {
			f.theta[i] = before[i] + scale*move.AtVec(i)
		}
		if f.loss() <= was {
			return scale * mat.Norm(&move, 2)
		}
	}
	copy(f.theta, before)
	return 0
}

// loss is the negative log of the posterior, up to a constant.
func (f *fit) loss() float64 {
	sum := 0.0
	for i, t := range f.theta {
		sum += f.sharp[i] * (t - f.mean[i]) * (t - f.mean[i]) / 2
	}
	for _, j := range f.judged {
		z := dot(f.theta, f.row(j))
		if truth(j) > 0 {
			z = -z
		}
		sum += math.Max(z, 0) + math.Log1p(math.Exp(-math.Abs(z)))
	}
	return sum
}

func (f *fit) row(j engine.Judged) []float64 {
	x := make([]float64, len(f.theta))
	x[0] = 1
	v := vector(j.Signs)
	copy(x[1:], v[:])
	x[f.at[j.Task]] = 1
	return x
}

func truth(j engine.Judged) float64 {
	if j.Unchanged {
		return 1
	}
	return 0
}

func dot(a, b []float64) float64 {
	sum := 0.0
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}
