package loop

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"koira/engine"
	"koira/engine/trust"
)

type offerStore interface {
	basics
	trust.Evidence
	LiveOffers(ctx context.Context, task string) ([]engine.RaiseOffer, error)
	AddRaiseOffer(ctx context.Context, o engine.RaiseOffer) error
	MoveRaiseOffer(ctx context.Context, m engine.OfferMove) error
	Grant(ctx context.Context, task string) (*engine.Grant, error)
	AddLook(ctx context.Context, l engine.Look) (bool, error)
}

const (
	// offerEvery is how often offers are looked at: one is no hurry, and one that stopped being true is refused in its window anyhow.
	offerEvery = time.Hour
	// caseAnyway is how often the record of a task is read when nobody has said anything about it: results come in, and waiting times end.
	caseAnyway = 6 * time.Hour
)

// offer offers an owner the next level of each task that has earned it, once, and says so where an offer stopped being true. It raises nothing.
// After a grant it asks people to look through what the task did.
func (l *Loop) offer(ctx context.Context) error {
	if !l.every("offer", "", offerEvery) {
		return nil
	}
	tasks, err := l.Store.Tasks(ctx)
	if err != nil {
		return err
	}
	live, err := l.Store.LiveOffers(ctx, "")
	if err != nil {
		return err
	}
	var cases []trust.Case
	for _, t := range tasks {
		to, ok := t.Level.Above()
		if !ok || t.Level == engine.L0 || t.Level == engine.L2 || l.Channels[t.Channel] == nil { // L0 and L2 are choices, which nobody offers out of
			continue
		}
		key := t.ID + " " + to.String() // what this tick lowered is another case
		if err := l.look("case", key, l.news.about(t.ID), caseAnyway, func() error {
			c, err := trust.Gather(ctx, l.Store, trust.Door{Traits: l.Channels[t.Channel].Traits(), Metered: l.Meters[t.Channel] != nil}, t, to, l.Clock.Now())
			l.cases[key] = c
			return err
		}); err != nil {
			return err
		}
		c := l.cases[key]
		c.Task, c.Now = t, l.Clock.Now()
		cases = append(cases, c)
	}
	if live, err = l.settleOffers(ctx, live, cases); err != nil {
		return err
	}
	if err := l.makeOffers(ctx, live, cases); err != nil {
		return err
	}
	return each(ctx, tasks, l.askToLook)
}

// settleOffers brings what was offered before up to date, and returns what still stands. What was taken back comes last: it is offered again where there
// is room for it once the others are settled.
func (l *Loop) settleOffers(ctx context.Context, live []engine.RaiseOffer, cases []trust.Case) ([]engine.RaiseOffer, error) {
	withdrawn := func(o engine.RaiseOffer) int {
		if o.State == engine.OfferWithdrawn {
			return 1
		}
		return 0
	}
	live = slices.SortedStableFunc(slices.Values(live), func(a, b engine.RaiseOffer) int { return withdrawn(a) - withdrawn(b) })
	var stand []engine.RaiseOffer
	for _, o := range live {
		m := engine.OfferMove{ID: o.ID, From: o.State, To: o.State, By: engine.Koira, At: l.Clock.Now()}
		i := slices.IndexFunc(cases, func(c trust.Case) bool { return c.Task.ID == o.Task && c.To == o.To })
		gap := "its channel is not set up any more"
		if i >= 0 {
			gap = lacks(cases[i])
		}
		if i >= 0 && gap == "" && !cases[i].Ripe() {
			gap = "a record: it began anew, or went the other way"
		}
		switch {
		case o.State == engine.OfferSnoozed && !l.Clock.Now().Before(o.Until):
			m.To, m.Why = engine.OfferClosed, "the time for which an owner put it off is over"
		case o.State == engine.OfferOpen && gap != "":
			m.To, m.Why = engine.OfferWithdrawn, "missing now: "+gap
		case o.State == engine.OfferWithdrawn && gap == "" && fits(cases[i], stand):
			m.To = engine.OfferOpen
		}
		if m.To != m.From {
			if err := l.Store.MoveRaiseOffer(ctx, m); engine.CodeOf(err) == engine.CodeConflict {
				continue // an owner was first; the next look sees what they said
			} else if err != nil {
				return nil, err
			}
			o.State = m.To
		}
		if o.State != engine.OfferClosed {
			stand = append(stand, o)
		}
	}
	return stand, nil
}

// makeOffers offers what is earned and not offered yet. The first few tasks that may run by themselves are chosen by their record.
func (l *Loop) makeOffers(ctx context.Context, live []engine.RaiseOffer, cases []trust.Case) error {
	trust.Rank(cases)
	for _, c := range cases {
		offered := slices.ContainsFunc(live, func(o engine.RaiseOffer) bool { return o.Task == c.Task.ID })
		if offered || lacks(c) != "" || !c.Ripe() || !fits(c, live) {
			continue
		}
		o := engine.RaiseOffer{ID: l.NewID(), Task: c.Task.ID, From: c.Task.Level, To: c.To, State: engine.OfferOpen, At: c.Now, Proof: c.Record.Words()}
		if err := l.Store.AddRaiseOffer(ctx, o); err != nil && engine.CodeOf(err) != engine.CodeConflict {
			return err
		}
		live = append(live, o)
	}
	return nil
}

// fits reports whether c may be offered beside what is open: no more than the first few tasks run by themselves, or are offered it, before what they brought
// has been looked at.
func fits(c trust.Case, offers []engine.RaiseOffer) bool {
	if c.To < engine.L5 || len(c.Others) >= trust.FirstTasks {
		return true
	}
	taken := len(c.Others)
	for _, o := range offers {
		if o.To >= engine.L5 && o.State == engine.OfferOpen {
			taken++
		}
	}
	return taken < trust.FirstTasks
}

// lacks says what stands between a task and what it would be offered, "" for nothing.
func lacks(c trust.Case) string {
	missing := c.Missing()
	if k := c.Task.Paused; k != nil && !k.ForCause() { // an owner may raise what people paused; koira does not offer it
		missing = append(missing, "it is paused: "+k.Why)
	}
	return strings.Join(missing, "; ")
}

// askToLook asks people, once a week in the first two weeks after a grant that lets pieces out unasked, to look through what the task did.
func (l *Loop) askToLook(ctx context.Context, t engine.Task) error {
	if t.Level < engine.L4 {
		return nil
	}
	g, err := l.Store.Grant(ctx, t.ID)
	if err != nil || g == nil {
		return err
	}
	const week = 7 * 24 * time.Hour
	now := l.Clock.Now()
	if on := g.Terms.LookOn; !on.IsZero() && !now.Before(on) && now.Sub(on) <= week && l.every("look", g.ID+"-on", 10*week) { // the day that its owner chose
		if _, err := l.Store.AddLook(ctx, engine.Look{ID: g.ID + "-on", Task: t.ID, Grant: g.ID, From: g.At, At: now}); err != nil {
			return err
		}
	}
	for n := time.Duration(engine.Watched / week); n > 0; n-- {
		at := g.At.Add(n * week)
		if now.Before(at) {
			continue
		}
		id := fmt.Sprintf("%s-%d", g.ID, n)
		if !l.every("look", id, 10*week) {
			return nil
		}
		if now.Sub(at) > week { // whoever was away for that long reads the report of it instead
			return nil
		}
		_, err := l.Store.AddLook(ctx, engine.Look{ID: id, Task: t.ID, Grant: g.ID, From: at.Add(-week), At: now})
		return err
	}
	return nil
}
