package desk

import (
	"context"
	"slices"

	"koira/engine"
)

// ChooseFirst keeps with which tasks an owner wants to begin; none takes the choice back. It changes no level. Code invalid for more than
// engine.MostFirst. Calling it twice changes nothing more.
func (d *Desk) ChooseFirst(ctx context.Context, a engine.Actor, tasks ...string) error {
	return d.once(ctx, "first tasks", func(ctx context.Context) error {
		a, err := d.allow(ctx, a, ActionFirst, Object{ID: engine.SettingFirst})
		if err != nil {
			return err
		}
		tasks = slices.Compact(slices.Sorted(slices.Values(tasks)))
		if len(tasks) > engine.MostFirst {
			e := engine.Errorf(engine.CodeInvalid, "Begin with %d tasks at most: each needs its reviews. Nothing changed.", engine.MostFirst)
			e.Field = "tasks"
			return e
		}
		for _, id := range tasks {
			if _, err := d.task(ctx, id); err != nil {
				return err
			}
		}
		return d.store.SetFirst(ctx, tasks, a, d.clock.Now())
	})
}
