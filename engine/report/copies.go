package report

import (
	"context"
	"fmt"
	"slices"

	"koira/engine"
)

// Copies is people's own copy in a task's calendar, the first to go out first.
type Copies struct {
	Frame
	Page
	Task  engine.Task
	Items []CopyItem
	Total int
}

// CopyItem is one piece of people's own copy.
type CopyItem struct {
	Row
	Number   int // its place, from 1
	Digest   engine.Digest
	By       string // user id of whose words they are
	WaitsFor string // why it waits; "" when it goes out at its time
}

// Copies reads size rows from offset on; size 0 means all.
func (r *Reader) Copies(ctx context.Context, task string, offset, size int) (Copies, error) {
	s, err := r.scene(ctx)
	if err != nil {
		return Copies{}, err
	}
	v := Copies{Frame: s.Frame, Task: s.task(task)}
	all, err := r.store.Outputs(ctx, engine.OutputFilter{
		Task: task, States: []engine.State{engine.StateWaiting, engine.StateHeld, engine.StateScheduled}, SlotFrom: s.now, SlotTo: s.now.AddDate(0, 0, 90),
	})
	if err != nil {
		return v, fmt.Errorf("reading the calendar of %s: %w", task, err)
	}
	all = slices.DeleteFunc(all, func(o engine.Output) bool { return o.Origin != engine.OriginCopy })
	v.Total = len(all)
	from, to := cut(len(all), offset, size)
	v.Page = Page{Offset: from, Size: size, More: to < len(all)}
	for i, o := range all[from:to] {
		row, err := r.row(ctx, s, o)
		if err != nil {
			return v, err
		}
		v.Items = append(v.Items, CopyItem{Row: row, Number: from + i + 1, Digest: o.Digest, By: o.EditedBy, WaitsFor: o.WaitsFor})
	}
	return v, nil
}
