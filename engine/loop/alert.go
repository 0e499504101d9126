package loop

import (
	"context"
	"maps"
	"slices"

	"koira/engine"
)

type alertStore interface {
	basics
	LedgerMark(ctx context.Context) (int64, error)
	Weeks(ctx context.Context, from string) ([]string, error)
	Balance(ctx context.Context, week string) (engine.Balance, error)
	BalanceByTask(ctx context.Context, week string) (map[string]engine.Balance, error)
	Campaign(ctx context.Context, key string) (engine.Balance, error)
	Alert(ctx context.Context, a engine.Alert) (bool, error)
}

// alert tells people once when a cap is nearly used, and once when it is used up, also because it was lowered below what is used. It looks
// whenever the ledger or the rules have changed since.
func (l *Loop) alert(ctx context.Context) error {
	mark, err := l.Store.LedgerMark(ctx)
	if err != nil || mark == l.mark {
		return err
	}
	s, err := l.Store.Strategy(ctx)
	if err != nil {
		return err
	}
	g, err := l.Store.Guardrails(ctx)
	if err != nil {
		return err
	}
	weeks, err := l.Store.Weeks(ctx, engine.Week(l.Clock.Now(), s.Business.Location()))
	if err != nil {
		return err
	}
	for _, week := range weeks {
		if err := l.alertWeek(ctx, g.Budget, week); err != nil {
			return err
		}
	}
	keys := slices.Collect(maps.Keys(g.Budget.Campaigns))
	for _, o := range s.Offers {
		keys = append(keys, o.Key)
	}
	slices.Sort(keys)
	for _, key := range slices.Compact(keys) {
		limit := g.Budget.CampaignCap(key)
		if limit == 0 {
			continue
		}
		b, err := l.Store.Campaign(ctx, key)
		if err != nil {
			return err
		}
		if err := l.tell(ctx, engine.Life, "campaign:"+key, limit, b.Used()-b.OnTop(limit)); err != nil {
			return err
		}
	}
	l.mark = mark
	return nil
}

func (l *Loop) alertWeek(ctx context.Context, rule engine.BudgetRule, week string) error {
	b, err := l.Store.Balance(ctx, week)
	if err != nil {
		return err
	}
	if err := l.tell(ctx, week, "week", rule.Weekly, b.Used()-b.OnTop(rule.Weekly)); err != nil {
		return err
	}
	if rule.Model > 0 {
		if err := l.tell(ctx, week, "model", rule.Model, b.Model); err != nil {
			return err
		}
	}
	by, err := l.Store.BalanceByTask(ctx, week)
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(rule.Tasks)) {
		if err := l.tell(ctx, week, "task:"+id, rule.Tasks[id], by[id].Used()-by[id].OnTop(rule.Tasks[id])); err != nil {
			return err
		}
	}
	return nil
}

// tell tells of the largest share that is passed.
func (l *Loop) tell(ctx context.Context, period, limited string, limit, used engine.Money) error {
	for _, percent := range slices.Backward(engine.AlertAt) {
		if used > 0 && used >= limit/100*engine.Money(percent)+limit%100*engine.Money(percent)/100 {
			_, err := l.Store.Alert(ctx, engine.Alert{Period: period, Cap: limited, Percent: percent, Limit: limit, Used: used, At: l.Clock.Now()})
			return err
		}
	}
	return nil
}
