package report

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"koira/engine"
	"koira/engine/trust"
)

// Offer is the next rung for a task: what would change, and what is missing. It may be offered when Missing is empty.
type Offer struct {
	Task, Name  string
	From, To    engine.Level
	Missing     []string // in words
	Opens       []string // keys of the limits whose windows set what of it people can set
	Record      Record
	Bar         int          // of 100 that must be proven; 0 where the level asks for none
	PerWeek     int          // at most so many pieces
	Money       engine.Money // a week, at most
	Audience    int          // people whom one piece may reach
	MightDiffer int          // of a week's pieces, up to about so many would have been changed by a reviewer
}

// judge reads what the next rung of t, or its own at the top, is judged on.
func (r *Reader) judge(ctx context.Context, t engine.Task) (trust.Case, error) {
	to, ok := t.Level.Above()
	if !ok {
		to = t.Level
	}
	return trust.Gather(ctx, r.store, trust.Door{Traits: r.o.Channels[t.Channel], Metered: r.o.Metered[t.Channel]}, t, to, r.o.Clock.Now())
}

// offer is the next rung of c's task with what is missing for it, nil where there is none or something caps it.
func (r *Reader) offer(c trust.Case, rules engine.Guardrails) *Offer {
	t := c.Task
	if top, _ := engine.Cap(t, c.Exposure); c.To == t.Level || c.To > top {
		return nil
	}
	week := t.CostMax * engine.Money(t.Cadence.Max)
	if most := rules.Budget.Tasks[t.ID]; most > 0 {
		week = min(week, most)
	}
	o := &Offer{
		Task: t.ID, Name: t.Name, From: t.Level, To: c.To, Missing: c.Missing(), Opens: c.Walls.Opens(c.To),
		Record: recordView(c.Record), PerWeek: t.Cadence.Max, Money: week, Audience: c.Exposure.Audience,
		MightDiffer: int(math.Round(float64(t.Cadence.Max) * (1 - c.Record.Proven()))),
	}
	if c.To >= engine.L5 {
		o.Bar = int(math.Round(c.Walls.Trust.Bar(t) * 100))
	}
	return o
}

// OfferView is koira's offer of the next level of a task, for its card: what was offered, and the task as it stands now.
type OfferView struct {
	Frame
	engine.RaiseOffer
	Task     TaskView
	Diverged []ReviewRow // the newest reviews that were no plain yes, three at most
	Paper    string      // the test on paper of the offered level, in words; "" where there is none
	Asks     []string    // subjects on which a piece waits for people at any level, and packs of them
}

// RaiseOffer reads one offer. Code not_found.
func (r *Reader) RaiseOffer(ctx context.Context, id string) (OfferView, error) {
	o, err := r.store.RaiseOffer(ctx, id)
	if err != nil {
		return OfferView{}, fmt.Errorf("reading offer %s: %w", id, err)
	}
	v := OfferView{RaiseOffer: o}
	if v.Task, err = r.Task(ctx, o.Task); err != nil {
		return v, err
	}
	v.Frame, v.Diverged = v.Task.Frame, v.Task.diverged
	rules, err := r.store.Guardrails(ctx)
	if err != nil {
		return v, fmt.Errorf("reading the limits: %w", err)
	}
	v.Asks = slices.Concat(rules.Topics.Blocked, rules.Topics.Packs)
	paper, err := r.Shadow(ctx, o.Task, v.Task.Task.Since())
	if err != nil {
		return v, err
	}
	if paper.Level == o.To {
		v.Paper = paper.Words
	}
	return v, nil
}

// diverge is how many of the reviews at which judgement diverged an offer shows.
const diverge = 3

// diverged are the newest of reviews that were no plain yes.
func (r *Reader) diverged(ctx context.Context, s scene, reviews []engine.Review) ([]ReviewRow, error) {
	var rows []ReviewRow
	for _, v := range slices.Backward(reviews) {
		if v.Changed == 0 && (v.Verdict == engine.ReviewApproved || v.Verdict == engine.ReviewPosted) {
			continue
		}
		row, err := r.reviewRow(ctx, s, v)
		if err != nil {
			return nil, err
		}
		if rows = append(rows, row); len(rows) == diverge {
			break
		}
	}
	return rows, nil
}

// LookView asks people to look through what a task did by itself since then.
type LookView struct {
	Frame
	engine.Look
	Name      string
	Level     engine.Level // now
	Until     time.Time
	Out       int // pieces that went out, with or without a yes
	Unasked   int // of them without
	Stopped   int // pieces that a rule or a person stopped, those that ran out stopped among them
	Decisions []DecisionRow
}

// Look reads one look. Code not_found.
func (r *Reader) Look(ctx context.Context, id string) (LookView, error) {
	s, err := r.scene(ctx)
	if err != nil {
		return LookView{}, err
	}
	l, err := r.store.Look(ctx, id)
	if err != nil {
		return LookView{}, fmt.Errorf("reading look %s: %w", id, err)
	}
	t := s.task(l.Task)
	v := LookView{Frame: s.Frame, Look: l, Name: t.Name, Level: t.Level, Until: l.At}
	outs, err := r.store.Outputs(ctx, engine.OutputFilter{Task: l.Task, SlotFrom: l.From, SlotTo: l.At, Bare: true})
	if err != nil {
		return v, fmt.Errorf("reading what %s did: %w", l.Task, err)
	}
	for _, o := range outs {
		switch {
		case slices.Contains(wentOut, o.State):
			v.Out++
			a, err := r.store.Approval(ctx, o.ID, o.Digest)
			if err != nil {
				return v, fmt.Errorf("reading who approved %s: %w", o.ID, err)
			}
			if a == nil && o.Origin == engine.OriginKoira {
				v.Unasked++
			}
		case o.State == engine.StateHeld || o.State == engine.StateRejected:
			v.Stopped++
		}
	}
	ended, err := r.store.Outputs(ctx, engine.OutputFilter{Task: l.Task, SlotFrom: l.From, SlotTo: l.At, States: []engine.State{engine.StateExpired}})
	if err != nil {
		return v, fmt.Errorf("reading what of %s ran out: %w", l.Task, err)
	}
	for _, o := range ended { // a rule had stopped it, and nobody settled that in time
		if slices.ContainsFunc(o.Findings, func(f engine.Finding) bool { return f.Outcome == engine.Block }) {
			v.Stopped++
		}
	}
	ds, err := r.store.Decisions(ctx, l.Task, l.From, 100)
	if err != nil {
		return v, fmt.Errorf("reading what was changed for %s: %w", l.Task, err)
	}
	for _, d := range ds {
		if d.At.Before(l.At) {
			v.Decisions = append(v.Decisions, s.decisionRow(d))
		}
	}
	return v, nil
}

// Fresh is a task in its first two weeks after a grant that lets pieces out unasked.
type Fresh struct {
	Name  string
	Level engine.Level
	Since time.Time
	Until time.Time
}

// fresh lists the tasks that are in their first two weeks after such a grant.
func (r *Reader) fresh(ctx context.Context, s scene) ([]Fresh, error) {
	var v []Fresh
	for _, t := range s.tasks {
		if t.Level < engine.L4 {
			continue
		}
		g, err := r.store.Grant(ctx, t.ID)
		if err != nil {
			return nil, fmt.Errorf("reading the grant of %s: %w", t.ID, err)
		}
		if g != nil && s.now.Before(g.At.Add(engine.Watched)) {
			v = append(v, Fresh{t.Name, t.Level, g.At, g.At.Add(engine.Watched)})
		}
	}
	return v, nil
}
