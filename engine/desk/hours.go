package desk

import (
	"context"

	"koira/engine"
)

// SetHours writes when a wants to read drafts, in the business's time; none means that they take them as they come. Everybody chooses for
// themselves. Calling it twice changes nothing more.
func (d *Desk) SetHours(ctx context.Context, a engine.Actor, hours []engine.Hours) error {
	return d.once(ctx, "hours", func(ctx context.Context) error {
		a, err := d.allow(ctx, a, ActionHours, Object{ID: a.ID})
		if err != nil {
			return err
		}
		if err := d.store.SetHours(ctx, a.ID, hours, a, d.clock.Now()); err != nil {
			return failed("setting hours of", a.ID, err)
		}
		return nil
	})
}
