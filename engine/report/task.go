package report

import (
	"time"

	"koira/engine"
)

// TaskRow is one task in a list.
type TaskRow struct {
	Task   engine.Task
	Record Record
	Next   *Row     // its next planned piece; nil when none
	Wrong  []string // in words what is wrong, "" list when nothing is
}

// Record is what people said of a task's pieces since its last lowering.
type Record struct {
	Reviewed, Unchanged, Edited, Rejected, Severe int
	Proven                                        int    // of 100, at least so many would pass unchanged (one-sided 95 % bound, rounded down)
	Words                                         string // "27 of 30 unchanged, at least 76 in 100", "no reviews yet"
}

// Autonomy is every task with its level.
type Autonomy struct {
	Frame
	Tasks []TaskRow
}

// TaskView is what `/autonomy <task>` shows.
type TaskView struct {
	Frame
	TaskRow
	Channel  string        // as people read it
	Top      engine.Level  // the highest that it may ever hold
	Caps     []string      // why not higher; empty at L5
	Grant    *engine.Grant // in force, nil when none
	First    Tally         // of its first ten reviews
	Last     Tally         // of its last ten
	Reviews  []ReviewRow   // the last ten, newest first
	Results  []Result      // against its benchmarks
	Offer    *Offer        // the next rung; nil at the top of what it may hold
	MayAllow []string      // user ids
}

// Tally is how many of some reviews passed unchanged.
type Tally struct{ Unchanged, Of int }

// ReviewRow is one judgement of one piece.
type ReviewRow struct {
	engine.Review
	Title string
	Words string // "approved unchanged", "approved after an edit (12 % of the words)", "rejected: tone"
}

// Result is what a task's pieces brought on average in the last 28 days, beside what people call good.
type Result struct {
	engine.Benchmark
	Name   string  // "link visits"
	Value  float64 // per piece, or a share where Rate; only with Known
	Rate   bool
	Pieces int // how many stand behind Value
	Known  bool
	Below  bool // beyond Floor or Ceiling
	Window time.Duration
}

// Offer is the next rung for a task: what would change, and what is missing. It may be offered when Missing is empty.
type Offer struct {
	Task, Name  string
	From, To    engine.Level
	Missing     []string // in words
	Record      Record
	PerWeek     int          // at most so many pieces
	Money       engine.Money // a week, at most
	Audience    int          // people whom one piece may reach
	MightDiffer int          // of a week's pieces, up to about so many would have been changed by a reviewer
}
