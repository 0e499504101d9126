package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"koira/engine"
)

// NearMiss is a rule that let pieces of a week pass within a tenth of its limit.
type NearMiss struct {
	Rule   string
	Pieces []NearPiece // the nearest first
}

// NearPiece is a piece that came near a limit.
type NearPiece struct {
	Row
	Use      float64 // share of the limit, 1 is the limit
	Evidence string  // a sentence with the numbers
}

// nearLimit reports whether f is of a piece that passed within a tenth of a limit. One of one is no near miss, and a rule that measures it gives no
// evidence for that; nor is what an owner let through beyond its limit.
func nearLimit(f engine.Finding) bool {
	return (f.Outcome == engine.Pass || f.Outcome == engine.Warn) && f.Use >= engine.NearMiss && f.Use <= 1 && f.Evidence != ""
}

// nearMisses lists the rules that pieces with a planned time in [from, to) came near to when they were last checked: those that most came near
// to first.
func (r *Reader) nearMisses(ctx context.Context, s scene, from, to time.Time) ([]NearMiss, error) {
	outs, err := r.store.Outputs(ctx, engine.OutputFilter{SlotFrom: from, SlotTo: to})
	if err != nil {
		return nil, fmt.Errorf("reading the week's pieces: %w", err)
	}
	var near []NearMiss
	for _, o := range outs {
		seen := map[string]bool{}
		for _, f := range o.Findings {
			if !nearLimit(f) || seen[f.Rule] {
				continue
			}
			seen[f.Rule] = true
			row, err := r.row(ctx, s, o)
			if err != nil {
				return nil, err
			}
			i := slices.IndexFunc(near, func(n NearMiss) bool { return n.Rule == f.Rule })
			if i < 0 {
				i, near = len(near), append(near, NearMiss{Rule: f.Rule})
			}
			near[i].Pieces = append(near[i].Pieces, NearPiece{Row: row, Use: f.Use, Evidence: f.Evidence})
		}
	}
	for _, n := range near {
		slices.SortStableFunc(n.Pieces, func(a, b NearPiece) int { return cmp.Compare(b.Use, a.Use) })
	}
	slices.SortStableFunc(near, func(a, b NearMiss) int {
		return cmp.Or(len(b.Pieces)-len(a.Pieces), cmp.Compare(b.Pieces[0].Use, a.Pieces[0].Use), cmp.Compare(a.Rule, b.Rule))
	})
	return near, nil
}
