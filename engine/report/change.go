package report

import (
	"time"

	"koira/engine"
)

// Verdict says whether a week was out of the ordinary.
type Verdict string

const (
	VerdictTooLittle Verdict = "too little data"
	VerdictUsual     Verdict = "no real change" // inside the usual range
	VerdictMore      Verdict = "more than usual"
	VerdictLess      Verdict = "less than usual"
)

// Change is one number of a week beside the week before.
type Change struct {
	Metric  engine.Metric
	Name    string // as people read it: "link visits"
	Known   bool   // false when no channel gave such a reading yet; every number is then zero and must not be shown
	Value   int64  // of the week
	Last    int64  // of the week before; only with Compared
	Percent float64
	Usual   Range // of Value, from the weeks before

	Compared bool // there was a week before
	Relative bool // Percent is known: the week before was not zero
	Verdict  Verdict
}

// UsualPercent gives the usual range as percent of the week before, and false where it is not known.
func (c Change) UsualPercent() (low, high float64, ok bool) {
	if !c.Usual.Known || !c.Relative {
		return 0, 0, false
	}
	last := float64(c.Last)
	return 100 * (c.Usual.Low - last) / last, 100 * (c.Usual.High - last) / last, true
}

// Driver is one thing that moved a week's number. Over all drivers Amount sums to the change, and so does Shown.
type Driver struct {
	Task, Name string
	Why        Why
	Amount     float64
	Shown      int64  // Amount as a whole number, so rounded that the shown numbers still add up
	Words      string // "2 more posts by Daily social"
}

// Why is what about a task moved.
type Why string

const (
	WhyPieces  Why = "pieces"  // more or fewer pieces
	WhyRate    Why = "rate"    // each piece brought more or less
	WhyEarlier Why = "earlier" // pieces of earlier weeks, still read
)

// WeekPoint is one week of a chart.
type WeekPoint struct {
	Week  string
	Start time.Time
	Value int64
}
