package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"koira/engine"
)

// Import compares a config file with the store and returns the differences in words, and with them which tasks fall and why; with apply it puts the file in force. Levels are not
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
	if err != nil || !apply {
		return diff, err
	}
	if len(diff) > 0 {
		if err := k.put(ctx, c, w.Clock.Now()); err != nil {
			return nil, err
		}
	}
	if _, err := k.Desk.Recheck(ctx, ""); err != nil { // also where nothing differs: an import that was broken off may not have come to it
		return diff, fmt.Errorf("holding what the new rules do not let pass: %w", err)
	}
	return diff, nil
}

// put puts the file in force.
func (k *Core) put(ctx context.Context, c Config, at time.Time) error {
	now, err := k.DB.Guardrails(ctx)
	if err != nil {
		return fmt.Errorf("reading the guardrails in force: %w", err)
	}
	g := c.guardrails()
	g.Version = now.Version
	if err := k.DB.Import(ctx, c.strategy(), c.tasks(), g, file, at, "imported from the config file"); err != nil {
		return fmt.Errorf("putting the file in force: %w", err)
	}
	return nil
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
	var costs []string
	for _, want := range c.tasks() {
		i := slices.IndexFunc(tasks, func(t engine.Task) bool { return t.ID == want.ID })
		if i < 0 {
			diff = append(diff, fmt.Sprintf("task %s: new", want.ID))
			continue
		}
		want.Level, want.Paused, want.LoweredAt, want.RenewedAt = tasks[i].Level, tasks[i].Paused, tasks[i].LoweredAt, tasks[i].RenewedAt
		diff = append(diff, compare(c.Business.Currency, "task "+want.ID, tasks[i], want)...)
		cost, err := k.cost(ctx, want, strategy, rules)
		if err != nil {
			return nil, err
		}
		costs = append(costs, cost...)
	}
	for _, t := range tasks { // what the file does not name stays, and stands on the rules of the file too
		if !slices.ContainsFunc(c.tasks(), func(x engine.Task) bool { return x.ID == t.ID }) {
			cost, err := k.cost(ctx, t, strategy, rules)
			if err != nil {
				return nil, err
			}
			costs = append(costs, cost...)
		}
	}
	if len(diff) == 0 { // what does not stand on its walls already has been told
		return nil, nil
	}
	return append(diff, costs...), nil
}

// cost says what becomes of t's level, or of its record, once s and g are in force: "task daily-social: falls from L4 to L3 (…): the voice changed".
func (k *Core) cost(ctx context.Context, t engine.Task, s engine.Strategy, g engine.Guardrails) ([]string, error) {
	was, err := k.DB.Footing(ctx, t.ID)
	if err != nil && engine.CodeOf(err) != engine.CodeNotFound {
		return nil, fmt.Errorf("reading what task %s stands on: %w", t.ID, err)
	}
	f, costs := engine.CostOf(t, was, s, g)
	if engine.CodeOf(err) == engine.CodeNotFound {
		f, costs = engine.FallOf(t, g)
	}
	switch {
	case !costs:
		return nil, nil
	case f.From == f.To:
		return []string{fmt.Sprintf("task %s: its record begins anew: %s", t.ID, f.Why)}, nil
	}
	return []string{fmt.Sprintf("task %s: falls from %s to %s (%s): %s", t.ID, f.From, f.To, f.To.Words(), f.Why)}, nil
}
