package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"koira/engine"
)

// AlertView is one cap that is nearly used, or used up, as it stands now.
type AlertView struct {
	Frame
	engine.Alert        // Limit and Used are of now
	Name         string // "This week's money", "Daily social this week", "Campaign “Advent box”"
	Model        engine.Money
	Weekly       bool  // it is the week's own: it can be changed from here
	Waits        []Row // the pieces that it stops, soonest first
	Ceiling      engine.Money
	MayRaise     []string // user ids
}

// Full reports whether nothing is left of the cap.
func (v AlertView) Full() bool { return v.Used >= v.Limit }

// Alert reads the alert that a notice names. Code invalid for what names none.
func (r *Reader) Alert(ctx context.Context, subject string) (AlertView, error) {
	a, err := engine.ParseAlert(subject)
	if err != nil {
		return AlertView{}, err
	}
	s, err := r.scene(ctx)
	if err != nil {
		return AlertView{}, err
	}
	v := AlertView{Frame: s.Frame, Alert: a, Ceiling: s.rules.Budget.Ceiling, MayRaise: r.o.People.With(engine.RoleOwner)}
	b, err := r.capOf(ctx, s, &v)
	if err != nil {
		return v, err
	}
	v.Used = b.Used()
	if a.Cap == "model" {
		v.Used = b.Model
	}
	v.Model = b.Model
	v.Waits, err = r.stoppedByMoney(ctx, s, a.Period)
	return v, err
}

// capOf fills in v's name and limit, and returns what is used of it.
func (r *Reader) capOf(ctx context.Context, s scene, v *AlertView) (engine.Balance, error) {
	kind, key, _ := strings.Cut(v.Cap, ":")
	switch kind {
	case "task":
		t := s.task(key)
		v.Name, v.Limit = t.Name+" in "+weekName(v.Period), s.rules.Budget.Tasks[key]
		by, err := r.store.BalanceByTask(ctx, v.Period)
		return by[key], err
	case "campaign":
		o, _ := s.strategy.Offer(key)
		v.Name, v.Limit = "The campaign “"+cmp.Or(o.Text, key)+"”", s.rules.Budget.CampaignCap(key)
		return r.store.Campaign(ctx, key)
	case "model":
		v.Name, v.Limit = "The AI model in "+weekName(v.Period), s.rules.Budget.Model
	default:
		v.Name, v.Limit, v.Weekly = "The money of "+weekName(v.Period), s.rules.Budget.Weekly, true
	}
	return r.store.Balance(ctx, v.Period)
}

// weekName is "week 47" of "2025-W47".
func weekName(week string) string {
	_, n, _ := strings.Cut(week, "-W")
	return "week " + strings.TrimPrefix(n, "0")
}

// moneyRules are the gate's rules that hold money.
var moneyRules = []string{"budget", "pace"}

// stoppedByMoney lists the pieces of a week, or of any, that a money rule holds.
func (r *Reader) stoppedByMoney(ctx context.Context, s scene, period string) ([]Row, error) {
	f := engine.OutputFilter{States: []engine.State{engine.StateHeld}}
	if period != engine.Life {
		var err error
		if f.SlotFrom, f.SlotTo, err = weekSpan(period, s.Zone); err != nil {
			return nil, err
		}
	}
	outs, err := r.store.Outputs(ctx, f)
	if err != nil {
		return nil, fmt.Errorf("reading what money stops: %w", err)
	}
	var rows []Row
	for _, o := range outs {
		if !slices.ContainsFunc(o.Findings, func(f engine.Finding) bool { return f.Outcome == engine.Block && slices.Contains(moneyRules, f.Rule) }) {
			continue
		}
		row, err := r.rowPtr(ctx, s, o)
		if err != nil {
			return nil, err
		}
		rows = append(rows, *row)
	}
	return rows, nil
}
