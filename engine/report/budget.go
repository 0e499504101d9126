package report

import (
	"time"

	"koira/engine"
)

// Budget is one week's money.
type Budget struct {
	Frame
	Week      string    // "2025-W47"
	From, To  time.Time // the week, To exclusive
	Spent     engine.Money
	Model     engine.Money // the part of Spent that the AI model took
	Reserved  engine.Money // set aside for pieces that are cleared
	Free      engine.Money // what is left of Cap; never below 0
	Over      engine.Money // by how much Spent and Reserved exceed a Cap that was lowered since; 0 otherwise
	Cap       engine.Money
	Ceiling   engine.Money // of the config file: no click raises Cap above it
	ByTask    []TaskBudget // largest first; those without money are left out
	Projected engine.Money // about how much is spent by Sunday night; see projected
	Weeks     []WeekMoney  // the weeks before, newest first
}

// Share is how much of the cap is spent or set aside, 0..1 and above; 1 where the cap is 0 and anything is used.
func (b Budget) Share() float64 {
	used := b.Spent + b.Reserved
	switch {
	case b.Cap > 0:
		return float64(used) / float64(b.Cap)
	case used > 0:
		return 1
	}
	return 0
}

// TaskBudget is one task's part of a week's money.
type TaskBudget struct {
	Task, Name             string       // both "" for what belongs to no task
	Spent, Model, Reserved engine.Money // Model is part of Spent
	Limit                  engine.Money // the task's own weekly limit; 0 means none of its own
}

// WeekMoney is what an earlier week came to.
type WeekMoney struct {
	Week         string
	Spent, Model engine.Money
}
