package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"koira/engine"
)

// Import compares a config file with the store and returns the differences in words; with apply it puts the file in force. Levels are not
// taken from the file for tasks that exist: they are people's clicks. Tasks that are missing in the file stay. Code not_found when there is
// no store, conflict while a koira is running on it.
func Import(ctx context.Context, c Config, m Machine, apply bool) ([]string, error) {
	if _, err := os.Stat(c.Storage.Path); errors.Is(err, os.ErrNotExist) {
		return nil, &engine.Error{
			Code: engine.CodeNotFound, Message: fmt.Sprintf("There is no store at %s yet; the first `koira run` makes it from the file.", c.Storage.Path), Err: err,
		}
	}
	w, err := m.world(c)
	if err != nil {
		return nil, err
	}
	k, err := Open(ctx, c, c.Storage.Path, w)
	if err != nil {
		return nil, err
	}
	defer k.Close()
	diff, err := k.difference(ctx, c)
	if err != nil || !apply || len(diff) == 0 {
		return diff, err
	}
	now, err := k.DB.Guardrails(ctx)
	if err != nil {
		return nil, err
	}
	g := c.guardrails()
	g.Version = now.Version
	if err := k.apply(ctx, c.strategy(), c.tasks(), g, w.Clock.Now(), "imported from the config file"); err != nil {
		return nil, err
	}
	if _, err := k.Desk.Recheck(ctx, ""); err != nil {
		return diff, fmt.Errorf("holding what the new rules do not let pass: %w", err)
	}
	return diff, nil
}

// difference lists what the file says otherwise than the store, a line each: "guardrails.budget.weekly: €40.00 → €60.00".
func (k *Core) difference(ctx context.Context, c Config) ([]string, error) {
	s, err := k.DB.Strategy(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the strategy in force: %w", err)
	}
	g, err := k.DB.Guardrails(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the guardrails in force: %w", err)
	}
	tasks, err := k.DB.Tasks(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the tasks: %w", err)
	}
	strategy, rules := c.strategy(), c.guardrails()
	s.Version, strategy.Version, g.Version, rules.Version = 0, 0, 0, 0
	diff := append(compare(c.Business.Currency, "strategy", s, strategy), compare(c.Business.Currency, "guardrails", g, rules)...)
	for _, want := range c.tasks() {
		i := slices.IndexFunc(tasks, func(t engine.Task) bool { return t.ID == want.ID })
		if i < 0 {
			diff = append(diff, fmt.Sprintf("task %s: new", want.ID))
			continue
		}
		want.Level, want.Paused, want.LoweredAt, want.RenewedAt = tasks[i].Level, tasks[i].Paused, tasks[i].LoweredAt, tasks[i].RenewedAt
		diff = append(diff, compare(c.Business.Currency, "task "+want.ID, tasks[i], want)...)
	}
	return diff, nil
}
