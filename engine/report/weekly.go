package report

import (
	"context"
	"fmt"
	"slices"
	"time"

	"koira/engine"
)

// Weekly is the report of one week that has ended.
type Weekly struct {
	Frame
	Week     string    // "2025-W47"
	From, To time.Time // Monday 00:00 in Zone to the next one; 167 or 169 hours where the clocks change
	Result   Change
	Drivers  []Driver    // largest first; none in the first week
	Series   []WeekPoint // up to 12 weeks, this one last; from the week in which the first piece went out

	Counts    WeekCounts
	Decisions []DecisionRow // made in the week, newest first
	Forecasts Forecasts     // of the 12 weeks to its end
	Budget    Budget        // of the week
	Attention Attention
	NeedYou   NeedYou     // at AsOf
	Offers    []Offer     // tasks that an owner could allow more, at AsOf
	Near      []NearMiss  // rules that the week's pieces came near to, those that most came near to first
	Next      []KindCount // pieces planned for the week after
}

// WeekCounts is what became of the pieces that were planned for the week.
type WeekCounts struct {
	Shipped   int // went out, also when taken down later
	TakenDown int // the part of Shipped that is not out any more
	Stopped   int // held by a rule, still
	Rejected  int
	Expired   int // ran out
	Failed    int
	Dropped   int
}

// Weekly reads the report of the ISO week "2025-W47"; "" means the newest that has ended. A week that still runs is read as far as it is.
// Code invalid for what is no week.
func (r *Reader) Weekly(ctx context.Context, week string) (Weekly, error) {
	s, err := r.scene(ctx)
	if err != nil {
		return Weekly{}, err
	}
	if week == "" {
		week = LastWeek(s.now, s.Zone)
	}
	v := Weekly{Frame: s.Frame, Week: week}
	if v.From, v.To, err = weekSpan(week, s.Zone); err != nil {
		return Weekly{}, err
	}
	how, err := r.howItWent(ctx, s, v.From)
	if err != nil {
		return v, err
	}
	v.Result, v.Drivers, v.Series = how.result, how.drivers, how.series
	if v.Counts, err = r.weekCounts(ctx, v.From, v.To); err != nil {
		return v, err
	}
	if err := r.weekDecisions(ctx, s, &v); err != nil {
		return v, err
	}
	if v.Budget, err = r.budget(ctx, s, week); err != nil {
		return v, err
	}
	if v.Attention, _, err = r.attention(ctx, s, addDays(v.From, -7, s.Zone), v.From, v.To); err != nil {
		return v, err
	}
	if v.NeedYou, err = r.needYou(ctx, s); err != nil {
		return v, err
	}
	if v.Near, err = r.nearMisses(ctx, s, v.From, v.To); err != nil {
		return v, err
	}
	if v.Offers, err = r.offers(ctx, s); err != nil {
		return v, err
	}
	v.Next, err = r.planned(ctx, v.To, addDays(v.To, 7, s.Zone))
	return v, err
}

func (r *Reader) weekCounts(ctx context.Context, from, to time.Time) (WeekCounts, error) {
	n, err := r.store.CountOutputs(ctx, engine.OutputFilter{SlotFrom: from, SlotTo: to})
	if err != nil {
		return WeekCounts{}, fmt.Errorf("counting the week's pieces: %w", err)
	}
	c := WeekCounts{
		TakenDown: n[engine.StateRetracted], Stopped: n[engine.StateHeld], Rejected: n[engine.StateRejected],
		Expired: n[engine.StateExpired], Failed: n[engine.StateFailed], Dropped: n[engine.StateCancelled],
	}
	for _, st := range wentOut {
		c.Shipped += n[st]
	}
	return c, nil
}

// weekDecisions fills in what v's week changed, and how the forecasts of the 12 weeks to its end did.
func (r *Reader) weekDecisions(ctx context.Context, s scene, v *Weekly) error {
	ds, err := r.store.Decisions(ctx, "", addDays(v.To, -7*weeksShown, v.Zone), 1_000)
	if err != nil {
		return fmt.Errorf("reading the week's decisions: %w", err)
	}
	v.Forecasts = forecasts(ds, v.To)
	for _, d := range ds {
		if !d.At.Before(v.From) && d.At.Before(v.To) {
			v.Decisions = append(v.Decisions, s.decisionRow(d))
		}
	}
	return nil
}

// offers lists the tasks of which an offer stands before the owners: what koira does not offer, or an owner put off, is not brought up elsewhere.
func (r *Reader) offers(ctx context.Context, s scene) ([]Offer, error) {
	live, err := r.store.LiveOffers(ctx, "")
	if err != nil {
		return nil, fmt.Errorf("reading what is offered: %w", err)
	}
	var v []Offer
	for _, t := range s.tasks {
		if !slices.ContainsFunc(live, func(o engine.RaiseOffer) bool {
			return o.Task == t.ID && o.From == t.Level && o.State == engine.OfferOpen
		}) {
			continue
		}
		c, err := r.judge(ctx, t)
		if err != nil {
			return nil, err
		}
		if o := r.offer(c, s.rules); o != nil && len(o.Missing) == 0 {
			v = append(v, *o)
		}
	}
	return v, nil
}

// planned counts by kind what stands in the plan of [from, to).
func (r *Reader) planned(ctx context.Context, from, to time.Time) ([]KindCount, error) {
	outs, err := r.store.Outputs(ctx, engine.OutputFilter{SlotFrom: from, SlotTo: to})
	if err != nil {
		return nil, fmt.Errorf("reading the next week's plan: %w", err)
	}
	return kinds(slices.DeleteFunc(outs, func(o engine.Output) bool { return o.State.Final() })), nil
}
