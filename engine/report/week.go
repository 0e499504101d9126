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
	Minutes int       // to read those that wait: an estimate, as Queue's
	First   time.Time // planned time of the first that waits; zero when none does
}

// WeekItem is one of a week's pieces.
type WeekItem struct {
	Row
	Digest engine.Digest
	By     string    // who said yes or no, "" while nobody did
	At     time.Time // when
	Waits  bool
}

// After returns the first piece behind one of the week's that still waits, "" where none does. From "" on it is the first of all.
func (v WeekView) After(output string) string {
	i := slices.IndexFunc(v.Items, func(it WeekItem) bool { return it.Output == output })
	for _, it := range v.Items[i+1:] {
		if it.Waits {
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
	var all, waiting []engine.Output
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
		if it.Waits {
			waiting = append(waiting, o)
		}
		if v.First.IsZero() && it.Waits {
			v.First = o.Slot
		}
		v.Items = append(v.Items, it)
	}
	if len(all) > 0 {
		v.From = engine.WeekStart(all[0].Slot, s.Zone)
	}
	v.Kinds, v.Waiting, v.Minutes = kinds(all), len(waiting), readingMinutes(waiting)
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
		return it, err
	}
	it.By, it.At = a.By, a.At
	return it, nil
}

// Together reports whether o may come on the card of its week, which one that is, and which drafts may come with it: those that wait already and those
// that are being made. It may when it was made ahead, as koira wrote it, for a week that has not begun, and a yes is not needed soon. Which of them
// people were told of already the Reader does not know.
func (r *Reader) Together(ctx context.Context, o engine.Output) (Ahead, bool, error) {
	s, err := r.scene(ctx)
	if err != nil || o.State != engine.StateWaiting || !s.comesAhead(o) {
		return Ahead{}, false, err
	}
	a := Ahead{Week: engine.Week(o.Slot, s.Zone), Ready: s.now}
	outs, err := r.coming(ctx, s)
	for _, other := range outs {
		if other.ID == o.ID || engine.Week(other.Slot, s.Zone) != a.Week {
			continue
		}
		a.Others = append(a.Others, other)
		if other.State != engine.StateWaiting {
			a.Ready = s.now.Add(gather)
		}
	}
	return a, true, err
}

// Ahead is what is known of a draft that may come with others of its week.
type Ahead struct {
	Week   string
	Others []engine.Output
	Ready  time.Time // when the card may be drawn: now, or once those that are being made had time
}

// Coming are the drafts that may come on the card of a week, by their planned times.
func (r *Reader) Coming(ctx context.Context, week string) ([]engine.Output, error) {
	s, err := r.scene(ctx)
	if err != nil {
		return nil, err
	}
	outs, err := r.coming(ctx, s)
	return slices.DeleteFunc(outs, func(o engine.Output) bool { return engine.Week(o.Slot, s.Zone) != week }), err
}

func (r *Reader) coming(ctx context.Context, s scene) ([]engine.Output, error) {
	outs, err := r.store.Outputs(ctx, engine.OutputFilter{
		States: []engine.State{engine.StatePlanned, engine.StateDrafted, engine.StateWaiting}, SlotFrom: s.now, Bare: true,
	})
	if err != nil {
		return nil, fmt.Errorf("reading what is planned: %w", err)
	}
	return slices.DeleteFunc(outs, func(o engine.Output) bool { return !s.comesAhead(o) }), nil
}

func (s scene) comesAhead(o engine.Output) bool {
	return o.Origin == engine.OriginKoira && o.EditedBy == "" && engine.WeekStart(o.Slot, s.Zone).After(s.now) && o.Slot.Add(-NeededSoon).After(s.now)
}
