package report

import (
	"context"
	"fmt"
	"slices"
	"time"

	"koira/engine"
	"koira/engine/learn"
)

// After is what became, or can become, of a piece that went out.
type After struct {
	CanRetract bool // its channel can take it down, and koira published it
	Retraction *engine.Retraction
	GoneAt     time.Time // when its channel said that it is gone; zero until then
	LookedAt   time.Time // when it was looked for after that, and was not there

	Rest    *Rest // of a piece that goes out in two parts
	CanHalt bool  // what is still being delivered can be stopped, and nobody asked for it
	Halt    *Halt
}

// Rest is how a piece stands that goes to first readers first.
type Rest struct {
	First        int       // whom it goes to first
	Reached, All int       // who certainly has it, of how many
	Unsure       bool      // nobody knows whether those have it whom it was sent to last
	At           time.Time // when the rest follows, unless it is held; while nobody knows whether the first readers have it, when it would if they had
	Waits        bool      // the first readers have it, and the rest has not begun
	Why          string    // why the rest does not go out; "" while it may
}

// OutSince is when the first people had v's piece: of one of which only the first readers have it, that; zero for one that nobody has.
func (v PieceView) OutSince() time.Time {
	at := v.PublishedAt
	for _, s := range v.Sends {
		if at.IsZero() || !s.Send.PublishedAt.IsZero() && s.Send.PublishedAt.Before(at) {
			at = s.Send.PublishedAt
		}
	}
	return at
}

// Found is the delivery that v counts as out by, where a person found that one live; false where its channel told when it landed.
func (v PieceView) Found() (engine.Send, bool) {
	for _, s := range v.Sends {
		if s.Evidence == engine.FoundByPerson && s.Send.PublishedAt.Equal(v.OutSince()) {
			return s.Send, true
		}
	}
	return engine.Send{}, false
}

// Left is how many come after the first readers.
func (r Rest) Left() int { return r.All - r.First }

// restOf is how v stands with its parts; nil where it goes to all at once.
func (r *Reader) restOf(ctx context.Context, v PieceView) (*Rest, error) {
	sends := make([]engine.Send, len(v.Sends))
	for i, s := range v.Sends {
		sends[i] = s.Send
	}
	first, rest, ok := engine.Waves(sends)
	unknown := func(s engine.Send) bool { return s.State == engine.SendUnconfirmed || s.GivenUp() }
	if !ok || first.State != engine.SendPublished && !unknown(first) {
		return nil, nil
	}
	g, err := r.store.Guardrails(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading how long the rest waits: %w", err)
	}
	w := &Rest{First: first.People, Reached: first.People, All: first.People + rest.People, Unsure: unknown(first) || unknown(rest), Waits: engine.Partly(sends)}
	if unknown(first) {
		w.Reached, first.PublishedAt = 0, v.AsOf
	}
	w.At = g.Wave.Until(first)
	switch rest.State {
	case engine.SendPublished:
		w.Reached = w.All
	case engine.SendFailed:
		w.Why = rest.Evidence
	}
	return w, nil
}

// Halt is a stop of a delivery under way.
type Halt struct {
	AskedAt      time.Time
	AnsweredAt   time.Time // zero until the channel answered
	Reached, All int       // people who have it, of how many; 0 of 0 when the channel could not stop it, or gave no answer: then it may have
}

// after fills in what became of a piece that went out.
func (r *Reader) after(ctx context.Context, v *PieceView) error {
	mine := slices.ContainsFunc(v.Sends, func(s SendRow) bool { return s.State == engine.SendPublished && !s.ByHand() })
	out := slices.Contains(isOut, v.Output.State)
	v.CanRetract = out && mine && v.Traits.Retract
	var err error
	if v.Rest, err = r.restOf(ctx, *v); err != nil {
		return err
	}
	for _, s := range v.Sends {
		v.GoneAt, v.LookedAt = later(v.GoneAt, s.GoneAt), later(v.LookedAt, s.LookedAt)
		asked := s.HaltAsked
		if asked.IsZero() {
			asked = s.HaltedAt // by a stop of everything
		}
		if asked.IsZero() {
			continue
		}
		if v.Halt == nil {
			v.Halt = &Halt{AskedAt: asked}
		}
		v.Halt.AnsweredAt = later(v.Halt.AnsweredAt, s.HaltedAt)
		v.Halt.Reached, v.Halt.All = v.Halt.Reached+s.Reached, v.Halt.All+s.All
	}
	v.CanHalt = v.Output.State == engine.StatePublished && mine && v.Traits.Halt && v.Halt == nil && v.AsOf.Before(v.PublishedAt.Add(haltFor))
	if !slices.Contains(wentOut, v.Output.State) {
		return nil
	}
	if v.Retraction, err = r.store.Retraction(ctx, v.Output.ID); err != nil {
		return fmt.Errorf("reading who took down %s: %w", v.Output.ID, err)
	}
	return nil
}

// haltFor is how long after it began a delivery may still be under way.
const haltFor = 24 * time.Hour

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// usualPieces is how many of a task's pieces the usual range of a piece rests on at most.
const usualPieces = 20

// beat is how old the newest reading of a piece of that age is at most while it is read as it should be: hourly for two days, then daily.
func beat(age time.Duration) time.Duration {
	if age < 50*time.Hour {
		return 2 * time.Hour
	}
	return 26 * time.Hour
}

// usualByThen gives v's readings of the business's goal the range in which the task's earlier pieces were at the same age.
func (r *Reader) usualByThen(ctx context.Context, s scene, v *PieceView) error {
	i := slices.IndexFunc(v.Readings, func(x Reading) bool { return x.Metric == s.goal() })
	if i < 0 || !slices.Contains(isOut, v.Output.State) || v.Output.Origin == engine.OriginHand {
		return nil
	}
	v.Readings[i].Judged = true
	age := s.now.Sub(v.PublishedAt)
	before, err := r.store.Outputs(ctx, engine.OutputFilter{Task: v.Output.Task, States: isOut, Newest: true, Bare: true, Limit: usualPieces + 1})
	if err != nil {
		return fmt.Errorf("reading the pieces before %s: %w", v.Output.ID, err)
	}
	var values []float64
	for _, o := range before {
		if o.ID == v.Output.ID || !o.PublishedAt.Before(v.PublishedAt) {
			continue
		}
		then := o.PublishedAt.Add(age)
		got, err := r.store.ReadingsAt(ctx, o.ID, then.Add(-beat(age)), then)
		if err != nil {
			return fmt.Errorf("reading what %s had brought: %w", o.ID, err)
		}
		if n, ok := got[s.goal()]; ok {
			values = append(values, float64(n))
		}
	}
	u := &v.Readings[i].Usual
	u.Low, u.High, u.Known = learn.Usual(values)
	return nil
}
