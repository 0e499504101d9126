package writer

import (
	"unicode/utf8"

	"koira/engine"
)

// Prices is what a model costs. Zero is right for a model of one's own.
type Prices struct {
	InPerMillion  engine.Money // for a million tokens of the prompt; a discount for cached ones is not counted on
	OutPerMillion engine.Money // for a million tokens of the answer, those of its reasoning included
}

const (
	million   = 1_000_000
	priceMost = 10_000 * engine.Unit // for a million tokens; above it is a slip of the pen
	tokenMost = 100 * million        // for one call; above it is a server that talks nonsense
)

// Cost returns what in and out tokens cost, rounded up to a whole micro-unit, so that many small calls never cost nothing.
func (p Prices) Cost(in, out int) engine.Money {
	in, out = min(max(in, 0), tokenMost), min(max(out, 0), tokenMost)
	return roundUp(engine.Money(in)*p.InPerMillion) + roundUp(engine.Money(out)*p.OutPerMillion)
}

func roundUp(m engine.Money) engine.Money { return (m + million - 1) / million }

// estimate guesses the tokens of texts at four characters each, rounded up: about right for English, too few for other languages, and only
// used where a server reports none.
func estimate(texts ...string) int {
	n := 0
	for _, t := range texts {
		n += utf8.RuneCountInString(t)
	}
	return (n + 3) / 4
}
