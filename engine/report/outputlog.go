package report

import (
	"context"
	"fmt"

	"koira/engine"
)

// OutputLog is every piece that was ever made, rejected ones too, newest planned time first.
type OutputLog struct {
	Frame
	Page
	Task   string // "" means all tasks
	Rows   []Row
	Total  int
	States map[engine.State]int // of the whole list
}

// OutputLog reads size rows from offset on, of one task or of all (""); size 0 means 10.
func (r *Reader) OutputLog(ctx context.Context, task string, offset, size int) (OutputLog, error) {
	s, err := r.scene(ctx)
	if err != nil {
		return OutputLog{}, err
	}
	return r.outputLog(ctx, s, task, offset, size)
}

func (r *Reader) outputLog(ctx context.Context, s scene, task string, offset, size int) (OutputLog, error) {
	if size <= 0 {
		size = pageSize
	}
	v := OutputLog{Frame: s.Frame, Page: Page{Offset: max(offset, 0), Size: size}, Task: task}
	var err error
	if v.States, err = r.store.CountOutputs(ctx, engine.OutputFilter{Task: task}); err != nil {
		return v, fmt.Errorf("counting all pieces: %w", err)
	}
	for _, n := range v.States {
		v.Total += n
	}
	v.Offset, _ = cut(v.Total, v.Offset, size)
	page, err := r.rows(ctx, s, engine.OutputFilter{Task: task, Newest: true, Offset: v.Offset, Limit: size}, nil)
	if err != nil {
		return v, fmt.Errorf("reading the output log: %w", err)
	}
	v.Rows, v.More = page.yes, v.Offset+len(page.yes) < v.Total
	return v, nil
}
