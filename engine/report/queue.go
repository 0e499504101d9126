package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"koira/engine"
)

// Queue is what waits for people's hands, first needed first: drafts that wait for a yes and pieces to publish by hand.
type Queue struct {
	Frame
	Page
	Items   []QueueItem
	Total   int
	Kinds   []KindCount
	Minutes int       // to read all of it: an estimate, at 200 words a minute and 20 s a piece for the decision
	First   time.Time // the first moment at which one of them runs out; zero when the queue is empty
}

// QueueItem is one piece in the queue.
type QueueItem struct {
	Row
	Digest    engine.Digest
	Deadline  time.Time // without a decision it ends then
	WaitsFor  string    // why it waits
	Silence   Silence
	MayDecide []string // user ids
	Window    bool     // it is approved in its window, never from a card: long, or not to be taken back
}

// Queue reads size pieces from offset on; size 0 means all.
func (r *Reader) Queue(ctx context.Context, offset, size int) (Queue, error) {
	s, err := r.scene(ctx)
	if err != nil {
		return Queue{}, err
	}
	return r.queue(ctx, s, offset, size)
}

func (r *Reader) queue(ctx context.Context, s scene, offset, size int) (Queue, error) {
	v := Queue{Frame: s.Frame}
	outs, err := r.store.Outputs(ctx, engine.OutputFilter{States: inQueue})
	if err != nil {
		return v, fmt.Errorf("reading the approval queue: %w", err)
	}
	slices.SortStableFunc(outs, func(a, b engine.Output) int { return soonest(a.Expires, b.Expires) })
	v.Total, v.Kinds, v.Minutes = len(outs), kinds(outs), readingMinutes(outs)
	if len(outs) > 0 {
		v.First = outs[0].Expires
	}
	from, to := cut(len(outs), offset, size)
	v.Page = Page{Offset: from, Size: size, More: to < len(outs)}
	for _, o := range outs[from:to] {
		row, err := r.row(ctx, s, o)
		if err != nil {
			return v, err
		}
		v.Items = append(v.Items, QueueItem{
			Row: row, Digest: o.Digest, Deadline: o.Expires, WaitsFor: o.WaitsFor, Silence: silence(o, s, false),
			MayDecide: r.mayDecide(o), Window: isLong(o) || !r.o.Channels[o.Channel].Retract,
		})
	}
	return v, nil
}

// soonest orders times, those that are not set last.
func soonest(a, b time.Time) int {
	if a.IsZero() != b.IsZero() {
		if a.IsZero() {
			return 1
		}
		return -1
	}
	return a.Compare(b)
}

// cut returns the part of a list of n that a page of size at offset holds: [from, to). A size of 0 means the rest. An offset that the list has grown
// too short for, since others act too, means its last page.
func cut(n, offset, size int) (from, to int) {
	from = min(max(offset, 0), n)
	if size <= 0 {
		return from, n
	}
	if from == n && n > 0 {
		from = (n - 1) / size * size
	}
	return from, min(from+size, n)
}

// kinds counts pieces by kind, the most frequent first.
func kinds(outs []engine.Output) []KindCount {
	var ks []KindCount
	for _, o := range outs {
		i := slices.IndexFunc(ks, func(k KindCount) bool { return k.Kind == o.Kind })
		if i < 0 {
			ks = append(ks, KindCount{Kind: o.Kind})
			i = len(ks) - 1
		}
		ks[i].N++
	}
	slices.SortStableFunc(ks, func(a, b KindCount) int { return cmp.Compare(b.N, a.N) })
	return ks
}

// wholeOnCard is how many characters of all wordings together fit on a card so that a phone shows them without folding: an estimate.
const wholeOnCard = 700

// isLong reports whether a piece does not fit whole on a card.
func isLong(o engine.Output) bool {
	n := 0
	for _, v := range o.Variants {
		n += utf8.RuneCountInString(v.Subject) + utf8.RuneCountInString(v.Shown)
	}
	return n > wholeOnCard
}

// readingMinutes estimates how long people take to decide on pieces: 200 words a minute and 20 seconds each, rounded up.
func readingMinutes(outs []engine.Output) int {
	var d time.Duration
	for _, o := range outs {
		d += 20*time.Second + time.Duration(o.Words())*time.Minute/200
	}
	return int((d + time.Minute - 1) / time.Minute)
}
