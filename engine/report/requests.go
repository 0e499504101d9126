package report

import (
	"context"
	"fmt"

	"koira/engine"
)

// RequestView is a change that waits for a second signature, or how that ended.
type RequestView struct {
	Frame
	engine.Request
	MaySign []string // user ids
}

// Late reports whether v waited for a signature until its time was over.
func (v RequestView) Late() bool {
	return v.State == engine.RequestExpired || v.State == engine.RequestPending && !v.AsOf.Before(v.Expires)
}

// Request reads one by its id; code not_found.
func (r *Reader) Request(ctx context.Context, id string) (RequestView, error) {
	s, err := r.scene(ctx)
	if err != nil {
		return RequestView{}, err
	}
	q, err := r.store.Request(ctx, id)
	if err != nil {
		return RequestView{}, fmt.Errorf("reading a request: %w", err)
	}
	return RequestView{Frame: s.Frame, Request: q, MaySign: r.o.People.Seconds(q.By)}, nil
}

// RuleHistory is who changed the rules, when and why, newest first.
type RuleHistory struct {
	Frame
	Page
	Version int // in force
	Rows    []engine.GuardrailChange
}

// RuleHistory reads size rows from offset on; size 0 means 10.
func (r *Reader) RuleHistory(ctx context.Context, offset, size int) (RuleHistory, error) {
	s, err := r.scene(ctx)
	if err != nil {
		return RuleHistory{}, err
	}
	if size <= 0 {
		size = pageSize
	}
	v := RuleHistory{Frame: s.Frame, Version: s.rules.Version, Page: Page{Offset: max(offset, 0), Size: size}}
	if v.Rows, err = r.store.GuardrailHistory(ctx, v.Offset, size+1); err != nil {
		return v, fmt.Errorf("reading the history of the rules: %w", err)
	}
	if v.More = len(v.Rows) > size; v.More {
		v.Rows = v.Rows[:size]
	}
	return v, nil
}
