package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"koira/engine"
)

// NeededSoon is how long before its planned time a piece that waits for a yes has a card of its own, on which it rings, whatever week it came with.
const NeededSoon = 24 * time.Hour

// gather is how long the card of a week waits for those of its pieces that are still being written.
const gather = 15 * time.Minute

// WeekView is the drafts of one week that came together, as they stand now.
type WeekView struct {
	Frame
	Week    string
	From    time.Time // Monday 00:00
	Items   []WeekItem
	Kinds   []KindCount // of all of them
	Waiting int
	Unasked int       // go out by themselves unless somebody stops them
	Goes    int       // go out at their times, as somebody decided
	Held    int       // stopped: each asks on a card of its own what is to become of it
	Minutes int       // to read those that wait and those: an estimate, as Queue's
	First   time.Time // planned time of the first that waits; zero when none does
	Next    time.Time // planned time of the first that waits or goes out unless stopped; zero when there is none
}

// WeekItem is one of a week's pieces.
type WeekItem struct {
	Row
	Digest engine.Digest
	By     string    // who said yes or no, "" while nobody did
	At     time.Time // when
	Waits  bool
	Window bool // goes out by itself unless somebody stops it
}

// Open reports whether there is still something to decide about it.
func (it WeekItem) Open() bool { return it.Waits || it.Window }

// After returns the first piece behind one of the week's that is still open, "" where none is. From "" on it is the first of all.
func (v WeekView) After(output string) string {
	i := slices.IndexFunc(v.Items, func(it WeekItem) bool { return it.Output == output })
	for _, it := range v.Items[i+1:] {
		if it.Open() {
			return it.Output
		}
	}
	return ""
}

// Place returns the number of a piece among the week's, from 1 on; 0 for none of them.
func (v WeekView) Place(output string) int {
	return slices.IndexFunc(v.Items, func(it WeekItem) bool { return it.Output == output }) + 1
}

// Week reads the card of a week with these pieces. What there is no more is left out.
func (r *Reader) Week(ctx context.Context, week string, pieces []engine.WeekPiece) (WeekView, error) {
	s, err := r.scene(ctx)
	if err != nil {
		return WeekView{}, err
	}
	v := WeekView{Frame: s.Frame, Week: week}
	var all, open []engine.Output
	for _, p := range pieces {
		o, err := r.store.Output(ctx, p.Output)
		if err != nil {
			return v, fmt.Errorf("reading a piece of %s: %w", week, err)
		}
		all = append(all, o)
	}
	slices.SortFunc(all, func(a, b engine.Output) int { return cmp.Or(a.Slot.Compare(b.Slot), cmp.Compare(a.ID, b.ID)) })
	for _, o := range all {
		it, err := r.weekItem(ctx, s, o)
		if err != nil {
			return v, err
		}
		switch {
		case it.Waits:
			v.Waiting++
			if v.First.IsZero() {
				v.First = o.Slot
			}
		case it.Window:
			v.Unasked++
		case o.State == engine.StateHeld:
			v.Held++
		case o.State == engine.StateScheduled:
			v.Goes++
		}
		if it.Open() {
			if open = append(open, o); v.Next.IsZero() {
				v.Next = o.Slot
			}
		}
		v.Items = append(v.Items, it)
	}
	if len(all) > 0 {
		v.From = engine.WeekStart(all[0].Slot, s.Zone)
	}
	v.Kinds, v.Minutes = kinds(all), readingMinutes(open)
	return v, nil
}

func (r *Reader) weekItem(ctx context.Context, s scene, o engine.Output) (WeekItem, error) {
	it := WeekItem{Digest: o.Digest, Waits: o.State == engine.StateWaiting}
	var err error
	if it.Row, err = r.row(ctx, s, o); err != nil || it.Waits {
		return it, err
	}
	if o.State == engine.StateRejected {
		v := PieceView{Frame: s.Frame, Output: o}
		if err := r.judged(ctx, s, &v); err != nil || v.Rejection == nil {
			return it, err
		}
		it.By, it.At = v.Rejection.By, v.Rejection.At
		return it, nil
	}
	a, err := r.store.Approval(ctx, o.ID, o.Digest)
	if err != nil || a == nil {
		it.Window = s.unlessStopped(o)
		return it, err
	}
	it.By, it.At = a.By, a.At
	return it, nil
}

// unlessStopped reports whether o, on which nobody said yes, goes out by itself once people had time to look at it.
func (s scene) unlessStopped(o engine.Output) bool {
	rung := s.task(o.Task).Acting().Rung()
	return o.State == engine.StateScheduled && o.Unasked() && rung.Unasked && rung.Checks
}

// neededBy is when a piece that came on the card of its week has one of its own: a day before its planned time, and earlier where people need more days
// for their time to look at what goes out unless stopped.
func (s scene) neededBy(o engine.Output) time.Time {
	at := o.Slot.Add(-NeededSoon)
	for days := 1; o.State == engine.StateScheduled && days < 7 && s.rules.Review.Over(at, s.Zone).Add(slack).After(o.Slot); days++ {
		at = at.Add(-NeededSoon)
	}
	return at
}

// slack is how long a card may take to come.
const slack = time.Hour

// Together reports whether o may come on the card of its week, which one that is, and which drafts may come with it: those that wait already, or go out
// unless stopped, and those that are being made. It may when it was made ahead, as koira wrote it, and nobody need look soon. Which of them people were
// told of already the Reader does not know.
func (r *Reader) Together(ctx context.Context, o engine.Output) (Ahead, bool, error) {
	s, err := r.scene(ctx)
	if err != nil || o.State != engine.StateWaiting && !s.unlessStopped(o) || !s.comesAhead(o) {
		return Ahead{}, false, err
	}
	a := Ahead{WeekPiece: s.weekPiece(o), Ready: s.now}
	outs, err := r.coming(ctx, s)
	for _, other := range outs {
		if other.ID == o.ID || engine.Week(other.Slot, s.Zone) != a.Week {
			continue
		}
		a.Others = append(a.Others, other)
		if other.State == engine.StatePlanned || other.State == engine.StateDrafted {
			a.Ready = s.now.Add(gather)
		}
	}
	return a, true, err
}

// Ahead is what is known of a draft that may come with others of its week.
type Ahead struct {
	engine.WeekPiece
	Others []engine.Output
	Ready  time.Time // when the card may be drawn: now, or once those that are being made had time
}

// Coming are the pieces that may come on the card of a week, by their planned times: those that wait, or go out unless stopped.
func (r *Reader) Coming(ctx context.Context, week string) ([]engine.WeekPiece, error) {
	s, err := r.scene(ctx)
	if err != nil {
		return nil, err
	}
	outs, err := r.coming(ctx, s)
	var pieces []engine.WeekPiece
	for _, o := range outs {
		if engine.Week(o.Slot, s.Zone) == week && (o.State == engine.StateWaiting || s.unlessStopped(o)) {
			pieces = append(pieces, s.weekPiece(o))
		}
	}
	return pieces, err
}

func (r *Reader) coming(ctx context.Context, s scene) ([]engine.Output, error) {
	outs, err := r.store.Outputs(ctx, engine.OutputFilter{
		States: []engine.State{engine.StatePlanned, engine.StateDrafted, engine.StateWaiting, engine.StateScheduled}, SlotFrom: s.now, Bare: true,
	})
	if err != nil {
		return nil, fmt.Errorf("reading what is planned: %w", err)
	}
	return slices.DeleteFunc(outs, func(o engine.Output) bool {
		return !s.comesAhead(o) || o.State == engine.StateScheduled && !s.unlessStopped(o)
	}), nil
}

func (s scene) weekPiece(o engine.Output) engine.WeekPiece {
	return engine.WeekPiece{Output: o.ID, Week: engine.Week(o.Slot, s.Zone), Digest: o.Digest, Needed: s.neededBy(o)}
}

func (s scene) comesAhead(o engine.Output) bool {
	return o.Origin == engine.OriginKoira && o.EditedBy == "" && s.neededBy(o).After(s.now)
}
