package report

import "koira/engine"

// Decisions is what koira changed, newest first.
type Decisions struct {
	Frame
	Page
	Task string // "" means all tasks
	Rows []DecisionRow
}

// DecisionRow is one change, or one proposal.
type DecisionRow struct {
	engine.Decision
	Name     string // the task's name
	Words    string // "Newsletter: Thu 16–17 → Thu 07–08"
	Standing string // "in force", "proposed", "undone", …
	Score    string // how its forecast did: "came true", "did not come true", "not known yet"; "" without a forecast
	CanUndo  bool
	CanApply bool
}

// Forecasts is how well koira's forecasts did.
type Forecasts struct {
	Scored, Held int
	Chance       float64 // what was said on average, 0..1
	Few          bool    // fewer than 20 are scored: they prove little
}
