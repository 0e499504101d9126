package engine

import (
	"strings"
	"time"
)

// Dimension is what an arm chooses.
type Dimension string

const (
	DimTheme        Dimension = "theme"
	DimCallToAction Dimension = "call_to_action"
	DimSubjectStyle Dimension = "subject_style"
	DimWeekday      Dimension = "weekday" // "tue"
	DimHour         Dimension = "hour"    // "09"
)

// Dimensions lists all of them in the order in which plan chooses.
var Dimensions = []Dimension{DimTheme, DimCallToAction, DimSubjectStyle, DimWeekday, DimHour}

// Belief is what a task has seen of one arm. It is recomputed from observations, never counted up, so computing it twice is harmless.
type Belief struct {
	Task         string
	Dim          Dimension
	Arm          string
	Trials, Hits float64 // faded and matured weights: outputs' worth of reach, and of clicks
	Outputs      int     // how many outputs stand behind it
	At           time.Time
}

// Pick is the arm that a task favours in one dimension; a Decision is written when it moves.
type Pick struct {
	Task string
	Dim  Dimension
	Arm  string
	At   time.Time
}

// Get returns the arm that a holds in d, "" where there is none.
func (a Arms) Get(d Dimension) string {
	day, hour, _ := strings.Cut(a.Slot, "-")
	switch d {
	case DimTheme:
		return a.Theme
	case DimCallToAction:
		return a.CallToAction
	case DimSubjectStyle:
		return a.SubjectStyle
	case DimWeekday:
		return day
	case DimHour:
		return hour
	}
	return ""
}
