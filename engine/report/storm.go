package report

import (
	"context"
	"fmt"
	"slices"

	"koira/engine"
)

// Storm is many exceptions of one cause, for the one card that they share.
type Storm struct {
	Frame
	ID     string
	Kind   engine.ExceptionKind
	Rule   string          // the guardrail that stopped them; "" where none did
	Open   []ExceptionItem // those that still wait, soonest first
	Closed int
	Others int // open ones of the same cause that have cards of their own
	Who    []string
}

// Storm reads one; code not_found.
func (r *Reader) Storm(ctx context.Context, id string) (Storm, error) {
	s, err := r.scene(ctx)
	if err != nil {
		return Storm{}, err
	}
	all, err := r.store.Storm(ctx, id)
	if err != nil {
		return Storm{}, fmt.Errorf("reading the storm %s: %w", id, err)
	}
	v := Storm{Frame: s.Frame, ID: id, Kind: all[0].Kind, Rule: all[0].Rule}
	slices.SortStableFunc(all, func(a, b engine.Exception) int { return soonest(a.Due, b.Due) })
	for _, e := range all {
		if !e.ClosedAt.IsZero() {
			v.Closed++
			continue
		}
		item, err := r.exceptionItem(ctx, s, e)
		if err != nil {
			return v, err
		}
		v.Open, v.Who = append(v.Open, item), item.Who
	}
	for _, e := range s.open {
		if e.Storm == "" && e.Kind == v.Kind && e.Rule == v.Rule {
			v.Others++
		}
	}
	return v, nil
}
