package report

import (
	"time"

	"koira/engine"
)

// Frame is what every view stands in. Times of a view are instants; Zone is the business's, for texts that cannot follow a reader's zone.
type Frame struct {
	AsOf         time.Time // business time at which the view was read
	Zone         *time.Location
	Business     string
	Currency     string // of every Money in the view
	AnySimulated bool   // at least one channel behind the view is simulated: cards say so
}

// Page is which part of a list a view holds.
type Page struct {
	Offset, Size int
	More         bool // something follows
}

// pageSize is how long a page is where nobody says.
const pageSize = 10

// Next returns the offset of the page that follows; only meaningful with More.
func (p Page) Next() int { return p.Offset + p.Size }

// Before returns the offset of the page that precedes, and false on the first one.
func (p Page) Before() (int, bool) {
	if p.Offset == 0 {
		return 0, false
	}
	return max(0, p.Offset-p.Size), true
}

// Range is an interval of a number. Known is false where there is too little data to give one; Low and High are then zero.
type Range struct {
	Low, High float64
	Known     bool
}

// KindCount is how many pieces of one kind there are.
type KindCount struct {
	Kind engine.Kind
	N    int
}

// Words counts them: "7 posts", "1 e-mail".
func (k KindCount) Words() string { return plural(k.N, pieceWord(k.Kind, 1), pieceWord(k.Kind, 2)) }
