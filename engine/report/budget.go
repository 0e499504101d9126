package report

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"koira/engine"
	"koira/engine/guard"
)

// Budget is one week's money.
type Budget struct {
	Frame
	Week      string    // "2025-W47"
	From, To  time.Time // the week, To exclusive
	Back      int       // how many weeks before that of AsOf; less than 0 for one to come
	Spent     engine.Money
	Model     engine.Money // the part of Spent that the AI model took
	Reserved  engine.Money // set aside for pieces that are cleared
	Free      engine.Money // what is left of Cap; never below 0
	Top       engine.Money // the part of Spent and Reserved that is beyond Cap because owners allowed single pieces so much on top
	Over      engine.Money // by how much Spent and Reserved exceed a Cap that was lowered since; 0 otherwise
	Cap       engine.Money
	Ceiling   engine.Money // of the config file: no click raises Cap above it
	ByTask    []TaskBudget // largest first; those without money are left out
	Campaigns []CampaignBudget
	Limits    Limits
	Planned   engine.Money // the ceilings of this week's pieces that are not cleared yet
	Projected engine.Money // about how much is spent by Sunday night; see projected
	Weeks     []WeekMoney  // the weeks before, newest first
}

// Limits are the further limits on money, each 0 where there is none.
type Limits struct {
	Model  engine.Money // what the AI model may cost in a week
	Output engine.Money // what one piece may cost
	Pace   int          // percent of the even part
	Today  engine.Money // what may be used by the end of today at that pace
	ToDate engine.Money // what is used of it
}

// CampaignBudget is what an offer's pieces cost over its whole life.
type CampaignBudget struct {
	Key, Text       string
	Spent, Reserved engine.Money
	Limit           engine.Money // 0 means none of its own
}

// Share is how much of the cap is spent or set aside, 0..1 and above; 1 where the cap is 0 and anything is used.
func (b Budget) Share() float64 {
	used := b.Spent + b.Reserved
	switch {
	case b.Cap > 0:
		return float64(used) / float64(b.Cap)
	case used > 0:
		return 1
	}
	return 0
}

// TaskBudget is one task's part of a week's money.
type TaskBudget struct {
	Task, Name             string       // both "" for what belongs to no task
	Spent, Model, Reserved engine.Money // Model is part of Spent
	Limit                  engine.Money // the task's own weekly limit; 0 means none of its own
}

// WeekMoney is what an earlier week came to.
type WeekMoney struct {
	Week         string
	Spent, Model engine.Money
}

// Budget reads the money of the ISO week "2025-W47"; "" means the week of now. Caps are those in force now. Code invalid for what is no week.
func (r *Reader) Budget(ctx context.Context, week string) (Budget, error) {
	s, err := r.scene(ctx)
	if err != nil {
		return Budget{}, err
	}
	if week == "" {
		week = engine.Week(s.now, s.Zone)
	}
	return r.budget(ctx, s, week)
}

// BudgetBack is Budget of the week so many weeks before now.
func (r *Reader) BudgetBack(ctx context.Context, weeks int) (Budget, error) {
	s, err := r.scene(ctx)
	if err != nil {
		return Budget{}, err
	}
	return r.budget(ctx, s, engine.Week(addDays(engine.WeekStart(s.now, s.Zone), -7*weeks, s.Zone), s.Zone))
}

func (r *Reader) budget(ctx context.Context, s scene, week string) (Budget, error) {
	from, to, err := weekSpan(week, s.Zone)
	if err != nil {
		return Budget{}, err
	}
	b, err := r.store.Balance(ctx, week)
	if err != nil {
		return Budget{}, fmt.Errorf("reading the money of %s: %w", week, err)
	}
	v := Budget{
		Frame: s.Frame, Week: week, From: from, To: to, Spent: b.Spent, Model: b.Model, Reserved: b.Reserved, Top: b.OnTop(s.rules.Budget.Weekly),
		Cap: s.rules.Budget.Weekly, Ceiling: s.rules.Budget.Ceiling, Back: weeksFrom(from, engine.WeekStart(s.now, s.Zone)),
	}
	left := v.Cap - b.Used()
	v.Free, v.Over = max(left, 0), max(-left, 0)
	if v.ByTask, err = r.byTask(ctx, s, week); err != nil {
		return v, err
	}
	if v.Campaigns, err = r.byCampaign(ctx, s); err != nil {
		return v, err
	}
	if v.Limits, err = r.limits(ctx, s, v); err != nil {
		return v, err
	}
	if v.Planned, err = r.ceilings(ctx, s, v); err != nil {
		return v, err
	}
	v.Projected = projected(s, v)
	v.Weeks, err = r.weeksBefore(ctx, s, from)
	return v, err
}

func (r *Reader) byTask(ctx context.Context, s scene, week string) ([]TaskBudget, error) {
	balances, err := r.store.BalanceByTask(ctx, week)
	if err != nil {
		return nil, fmt.Errorf("reading each task's money of %s: %w", week, err)
	}
	var v []TaskBudget
	for _, id := range slices.Sorted(maps.Keys(balances)) {
		b := balances[id]
		if b == (engine.Balance{}) {
			continue
		}
		t := s.task(id)
		v = append(v, TaskBudget{Task: id, Name: t.Name, Spent: b.Spent, Model: b.Model, Reserved: b.Reserved, Limit: s.rules.Budget.Tasks[id]})
	}
	slices.SortStableFunc(v, func(a, b TaskBudget) int { return cmp.Compare(b.Spent+b.Reserved, a.Spent+a.Reserved) })
	return v, nil
}

// byCampaign lists the offers that have a budget or cost anything.
func (r *Reader) byCampaign(ctx context.Context, s scene) ([]CampaignBudget, error) {
	var v []CampaignBudget
	for _, o := range s.strategy.Offers {
		b, err := r.store.Campaign(ctx, o.Key)
		if err != nil {
			return nil, fmt.Errorf("reading the money of campaign %s: %w", o.Key, err)
		}
		limit := s.rules.Budget.CampaignCap(o.Key)
		if limit > 0 || b.Used() > 0 {
			v = append(v, CampaignBudget{Key: o.Key, Text: o.Text, Spent: b.Spent, Reserved: b.Reserved, Limit: limit})
		}
	}
	return v, nil
}

// limits reads the further limits, and where the week stands against its pace.
func (r *Reader) limits(ctx context.Context, s scene, b Budget) (Limits, error) {
	rule := s.rules.Budget
	l := Limits{Model: rule.Model, Output: rule.Output}
	if rule.Pace <= 0 || !s.now.Before(b.To) || s.now.Before(b.From) {
		return l, nil
	}
	l.Pace = rule.Pace
	l.Today = guard.EvenPart(rule, (int(s.now.In(s.Zone).Weekday())+6)%7+1)
	used, err := r.store.BalanceBefore(ctx, b.Week, addDays(engine.DayStart(s.now, s.Zone), 1, s.Zone))
	if err != nil {
		return l, fmt.Errorf("reading the money of %s so far: %w", b.Week, err)
	}
	l.ToDate = used.Used()
	return l, nil
}

// ceilings sums the ceilings of a week's pieces that are not cleared yet, those too that a rule holds: the most that they may cost.
func (r *Reader) ceilings(ctx context.Context, s scene, b Budget) (sum engine.Money, err error) {
	if !s.now.Before(b.To) {
		return 0, nil
	}
	outs, err := r.store.Outputs(ctx, engine.OutputFilter{
		States:   []engine.State{engine.StatePlanned, engine.StateDrafted, engine.StateWaiting, engine.StateHeld},
		SlotFrom: b.From, SlotTo: b.To,
	})
	if err != nil {
		return 0, fmt.Errorf("reading what is planned: %w", err)
	}
	for _, o := range outs {
		sum += o.CostMax
	}
	return sum, nil
}

// projected is an estimate of what the week comes to: what is spent and set aside, the ceilings of its pieces that are not cleared yet, and
// the AI model at this week's pace once a day of it has passed. A week that is over comes to what was spent and is still set aside.
func projected(s scene, b Budget) engine.Money {
	sum := b.Spent + b.Reserved
	if !s.now.Before(b.To) {
		return sum
	}
	sum += b.Planned
	if passed := s.now.Sub(b.From); passed >= 24*time.Hour {
		sum += engine.Money(float64(b.Model) * float64(b.To.Sub(s.now)) / float64(passed))
	}
	return sum
}

// weeksBefore reads up to 12 weeks before from, without those before the first that cost anything.
func (r *Reader) weeksBefore(ctx context.Context, s scene, from time.Time) ([]WeekMoney, error) {
	var v []WeekMoney
	last := 0
	for i := 1; i <= weeksShown; i++ {
		week := engine.Week(addDays(from, -7*i, s.Zone), s.Zone)
		b, err := r.store.Balance(ctx, week)
		if err != nil {
			return nil, fmt.Errorf("reading the money of %s: %w", week, err)
		}
		v = append(v, WeekMoney{Week: week, Spent: b.Spent, Model: b.Model})
		if b.Spent > 0 {
			last = i
		}
	}
	return v[:last], nil
}
