package report

import (
	"context"
	"fmt"
	"time"

	"koira/engine"
)

// Renewed is the tasks whose record began anew by one change while their level stayed.
type Renewed struct {
	Frame
	Tasks []RenewedTask // in the order of their ids
}

// RenewedTask is one of them, as it stands now.
type RenewedTask struct {
	TaskView
	Counted string // how many reviewed pieces counted until then
	Why     string // what changed, as a sentence without its full stop
}

// renewedAtOnce is how far back a change is looked for: more decisions than koira makes while a message about one waits for the day.
const renewedAtOnce = 1000

// Renewed reads what one change ended, by its notice's subject; no tasks for a change that ended nothing.
func (r *Reader) Renewed(ctx context.Context, subject string) (Renewed, error) {
	at, err := time.Parse(time.RFC3339Nano, subject)
	if err != nil {
		return Renewed{}, engine.Errorf(engine.CodeNotFound, "There is no change of %q.", subject)
	}
	s, err := r.scene(ctx)
	if err != nil {
		return Renewed{}, err
	}
	made, err := r.store.Decisions(ctx, "", at, renewedAtOnce)
	if err != nil {
		return Renewed{}, fmt.Errorf("reading whose record began anew at %s: %w", subject, err)
	}
	v := Renewed{Frame: s.Frame}
	for _, t := range s.tasks {
		for _, d := range made {
			if d.What != engine.DecidedRecord || d.Task != t.ID || !d.At.Equal(at) {
				continue
			}
			task, err := r.Task(ctx, t.ID)
			if err != nil {
				return v, err
			}
			v.Tasks = append(v.Tasks, RenewedTask{TaskView: task, Counted: d.From, Why: d.Signal})
		}
	}
	return v, nil
}
