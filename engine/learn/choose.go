package learn

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"

	"koira/engine"
)

// Floor is the share of choices that explore evenly, whatever is believed, so that a change in the world is noticed.
const Floor = 0.10

// priorRate is the stated prior of responses per output, used until the task itself has been measured.
const priorRate = 5

// Estimate is what is believed of one arm: responses per output, with the range that holds it 80 times in 100.
type Estimate struct {
	Arm            string
	Mean, Low, Top float64
	Outputs        int
	shape, rate    float64 // of the Gamma posterior
}

// Words says e as cards do: "14 visits a piece (11–18)".
func (e Estimate) Words() string {
	if e.Outputs == 0 {
		return "not tried yet"
	}
	return fmt.Sprintf("%.0f visits a piece (%.0f–%.0f)", e.Mean, e.Low, e.Top)
}

// Estimates gives what is believed of each of arms in one dimension, in the order of arms. Responses are taken as Gamma–Poisson counts, shrunk
// towards the task's own mean with the weight of three outputs (Gelman et al., Bayesian Data Analysis, 3rd ed., section 2.6) and widened by
// the dispersion that single pieces show beyond Poisson's.
func Estimates(dim engine.Dimension, arms []string, beliefs []engine.Belief) []Estimate {
	mean := taskMean(beliefs)
	spread := max(1, mean/4) // a piece's own luck: audiences do not respond as independent coins
	of := map[string]engine.Belief{}
	for _, b := range beliefs {
		if b.Dim == dim {
			of[b.Arm] = b
		}
	}
	out := make([]Estimate, len(arms))
	for i, arm := range arms {
		b := of[arm]
		e := Estimate{Arm: arm, Outputs: b.Outputs, shape: (strength*mean + b.Hits) / spread, rate: (strength + b.Trials) / spread}
		g := distuv.Gamma{Alpha: e.shape, Beta: e.rate}
		e.Mean, e.Low, e.Top = e.shape/e.rate, g.Quantile(.1), g.Quantile(.9)
		out[i] = e
	}
	return out
}

// taskMean is the responses per output over all arms of the first dimension that has any, shrunk to the stated prior by one output's weight.
func taskMean(beliefs []engine.Belief) float64 {
	var hits, trials float64
	for _, b := range beliefs {
		if b.Dim == beliefs[0].Dim {
			hits, trials = hits+b.Hits, trials+b.Trials
		}
	}
	return (priorRate + hits) / (1 + trials)
}

// Choose draws an arm by Thompson sampling (Thompson 1933): a rate from each arm's posterior, the highest wins; with the chance Floor it draws
// evenly instead. Explored reports the latter. arms must not be empty.
func Choose(dim engine.Dimension, arms []string, beliefs []engine.Belief, dice *rand.Rand) (arm string, explored bool) {
	if dice.Float64() < Floor {
		return arms[dice.IntN(len(arms))], true
	}
	best, top := 0, math.Inf(-1)
	for i, e := range Estimates(dim, arms, beliefs) {
		if x := e.draw(dice); x > top {
			best, top = i, x
		}
	}
	return arms[best], false
}

func (e Estimate) draw(dice *rand.Rand) float64 {
	return distuv.Gamma{Alpha: e.shape, Beta: e.rate, Src: dice}.Rand()
}

// Slots draws a rate for each weekday and hour once and scores a slot by their product, so that both are learned from every piece.
func Slots(slots []string, beliefs []engine.Belief, dice *rand.Rand) []float64 {
	drawn := map[engine.Dimension]map[string]float64{engine.DimWeekday: {}, engine.DimHour: {}}
	even := dice.Float64() < Floor
	score := make([]float64, len(slots))
	for i, s := range slots {
		if even {
			score[i] = dice.Float64()
			continue
		}
		score[i] = 1
		for _, dim := range []engine.Dimension{engine.DimWeekday, engine.DimHour} {
			arm := engine.Arms{Slot: s}.Get(dim)
			x, ok := drawn[dim][arm]
			if !ok {
				x = Estimates(dim, []string{arm}, beliefs)[0].draw(dice)
				drawn[dim][arm] = x
			}
			score[i] *= x
		}
	}
	return score
}

// Shift is a favoured arm that should move.
type Shift struct {
	From, To Estimate
	Chance   float64 // that To truly brings more than From
}

// Moved tells whether the favoured arm of a dimension should move away from pick: the arm with the highest mean must be better with the
// chance of at least Sure, and both must have been tried twice. An empty pick moves to the first arm that qualifies against the task's mean.
func Moved(dim engine.Dimension, pick string, beliefs []engine.Belief) (Shift, bool) {
	var arms []string
	for _, b := range beliefs {
		if b.Dim == dim && b.Outputs >= 2 {
			arms = append(arms, b.Arm)
		}
	}
	if len(arms) < 2 {
		return Shift{}, false
	}
	est := Estimates(dim, arms, beliefs)
	best := est[0]
	for _, e := range est {
		if e.Mean > best.Mean {
			best = e
		}
	}
	from := Estimates(dim, []string{pick}, beliefs)[0]
	if best.Arm == pick || pick != "" && from.Outputs < 2 {
		return Shift{}, false
	}
	s := Shift{From: from, To: best, Chance: better(best, from)}
	return s, s.Chance >= Sure
}

// Sure is the chance from which a favoured arm moves.
const Sure = 0.80

// better is the chance that a's rate is above b's, by the normal approximation to both posteriors.
func better(a, b Estimate) float64 {
	va, vb := a.shape/(a.rate*a.rate), b.shape/(b.rate*b.rate)
	return distuv.UnitNormal.CDF((a.Mean - b.Mean) / math.Sqrt(va+vb))
}
