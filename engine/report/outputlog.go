package report

import "koira/engine"

// OutputLog is every piece that was ever made, rejected ones too, newest planned time first.
type OutputLog struct {
	Frame
	Page
	Task   string // "" means all tasks
	Rows   []Row
	Total  int
	States map[engine.State]int // of the whole list
}
