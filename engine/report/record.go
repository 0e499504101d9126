package report

import (
	"context"
	"fmt"
	"math"
	"strings"

	"koira/engine"
	"koira/engine/trust"
)

// Record is what people said of a task's pieces since its last lowering.
type Record struct {
	Reviewed, Unchanged, Edited, Rejected, Severe int
	Proven                                        int      // of 100, at least so many would pass unchanged (one-sided 95 % bound, rounded down)
	Stopped, Expired                              int      // stopped before they went out, a part of Rejected; ran out unreviewed, which counts for nothing
	ByHand                                        int      // published by hand, a part of Unchanged: what was posted was not compared with what was drafted
	Silent                                        []string // ids of people whose yeses count less, since nothing shows that they read; Missing names them as "@id"
	Lightly                                       string   // what counts less, or for nothing, in words; "" where all counts whole
	Words                                         string   // "27 of 30 unchanged, at least 76 in 100", "no reviews yet"
}

// Tally is how many of some reviews passed unchanged.
type Tally struct{ Unchanged, Of int }

// ReviewRow is one judgement of one piece.
type ReviewRow struct {
	engine.Review
	Title string
	Words string // "approved unchanged", "approved after an edit (12 % of the words)", "rejected: tone"
}

// reviewsShown is how many reviews the first and the last tally count.
const reviewsShown = 10

// record computes a task's record from the log of what people said since its last lowering.
func (r *Reader) record(ctx context.Context, t engine.Task) (trust.Record, error) {
	reviews, err := r.store.Reviews(ctx, t.ID, t.Since())
	if err != nil {
		return trust.Record{}, fmt.Errorf("reading the reviews of %s: %w", t.ID, err)
	}
	return trust.Of(reviews), nil
}

func recordView(t trust.Record) Record {
	v := Record{
		Reviewed: t.Reviewed, Unchanged: t.Unchanged, Edited: t.Edited, Rejected: t.Rejected, Severe: t.Severe,
		Stopped: t.Stopped, Expired: t.Expired, ByHand: t.ByHand, Silent: t.Silent(), Lightly: t.Lightly(), Proven: int(t.Proven() * 100), Words: "no reviews yet",
	}
	if v.Reviewed > 0 {
		v.Words = fmt.Sprintf("%d of %d unchanged, %s", v.Unchanged, v.Reviewed, trust.AtLeast(v.Proven))
	}
	return v
}

func tally(reviews []engine.Review) Tally {
	return Tally{Unchanged: trust.Of(reviews).Unchanged, Of: len(reviews)}
}

func (r *Reader) reviewRow(ctx context.Context, s scene, v engine.Review) (ReviewRow, error) {
	o, err := r.store.Output(ctx, v.Output)
	if err != nil {
		return ReviewRow{}, fmt.Errorf("reading the piece of a review: %w", err)
	}
	row, err := r.row(ctx, s, o)
	return ReviewRow{Review: v, Title: row.Title, Words: reviewWords(v)}, err
}

func reviewWords(v engine.Review) string {
	switch {
	case v.Verdict == engine.ReviewRejected && v.Severe:
		return "rejected, serious: " + reason(v.Reason)
	case v.Verdict == engine.ReviewRejected:
		return "rejected: " + reason(v.Reason)
	case v.Verdict == engine.ReviewStopped:
		return "stopped before it went out"
	}
	how := "approved"
	if v.Verdict == engine.ReviewPosted {
		how = "published by hand"
	}
	if v.Changed > 0 {
		return fmt.Sprintf("%s after an edit (%.0f %% of the words)", how, math.Max(1, 100*v.Changed))
	}
	return how + " unchanged"
}

func reason(key string) string {
	for _, x := range engine.RejectReasons {
		if x.Key == key {
			return strings.ToLower(x.Label)
		}
	}
	return key
}
