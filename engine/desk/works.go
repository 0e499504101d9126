package desk

import (
	"context"
	"slices"
	"time"

	"koira/engine"
)

type audits interface {
	Works(ctx context.Context) ([]engine.Work, error)
	PutWork(ctx context.Context, w engine.Work, by engine.Actor, at time.Time) error
	RemoveWork(ctx context.Context, id string, by engine.Actor, at time.Time) error
	SetFirst(ctx context.Context, tasks []string, by engine.Actor, at time.Time) error
	SetMarket(ctx context.Context, m engine.Market, by engine.Actor, at time.Time) error
}

// AddWork puts work that people do by hand on the audit's list, and returns it as it stands there. Where nobody says a nature, it is guessed from
// the name. Code conflict for a name that stands there already, so also on a second call.
func (d *Desk) AddWork(ctx context.Context, a engine.Actor, w engine.Work) (engine.Work, error) {
	return once(ctx, d, "add work", func(ctx context.Context) (engine.Work, error) {
		w.ID = d.newID()
		if len(w.Nature) == 0 {
			w.Nature = engine.GuessNature(w.Name)
			w.Guessed = len(w.Nature) > 0
		}
		return d.putWork(ctx, a, w)
	})
}

// ChangeWork changes what stands on the audit's list under w's id. A task's own id stands for what the task took over: of that, the hours alone
// are kept. Calling it twice changes nothing more; code not_found for what is not there, conflict, with the field "work", for what changed after seen,
// when its asker was shown the list: zero where they were not.
func (d *Desk) ChangeWork(ctx context.Context, a engine.Actor, w engine.Work, seen time.Time) (engine.Work, error) {
	return once(ctx, d, "change work", func(ctx context.Context) (engine.Work, error) {
		if _, err := d.allow(ctx, a, ActionAudit, Object{ID: w.ID}); err != nil {
			return w, err
		}
		is, err := d.listed(ctx, w.ID, seen)
		if err != nil {
			return w, err
		}
		if t, err := d.store.Task(ctx, w.ID); err == nil {
			w = engine.Work{ID: t.ID, Task: t.ID, Name: t.Name, Minutes: w.Minutes, Sensitivity: t.Sensitivity}
			return d.putWork(ctx, a, w)
		}
		if is.ID == "" {
			return w, engine.Errorf(engine.CodeNotFound, "That is not on the list any more. Nothing changed.")
		}
		return d.putWork(ctx, a, w)
	})
}

// listed is what stands on the audit's list under an id, zero for nothing. Code conflict when somebody changed it after seen.
func (d *Desk) listed(ctx context.Context, id string, seen time.Time) (engine.Work, error) {
	all, err := d.store.Works(ctx)
	if err != nil {
		return engine.Work{}, failed("reading", "the audit's list", err)
	}
	i := slices.IndexFunc(all, func(x engine.Work) bool { return x.ID == id })
	if i < 0 {
		return engine.Work{}, nil
	}
	is := all[i]
	if seen.IsZero() || !is.At.After(seen) {
		return is, nil
	}
	e := engine.Errorf(engine.CodeConflict, "%q was changed at %s, while this was open; now it is: %s. Nothing changed by you, and what you typed is still here. Open the list anew to change it all the same.",
		is.Name, d.when(ctx, is.At), is.Words())
	e.Field = "work"
	return is, e
}

func (d *Desk) putWork(ctx context.Context, a engine.Actor, w engine.Work) (engine.Work, error) {
	a, err := d.allow(ctx, a, ActionAudit, Object{ID: w.ID})
	if err != nil {
		return w, err
	}
	if w.Sensitivity == "" {
		w.Sensitivity = engine.Normal
	}
	if w, err = w.Checked(); err != nil {
		return w, err
	}
	if w.Task != "" {
		if _, err := d.task(ctx, w.Task); err != nil {
			return w, err
		}
	}
	now := d.clock.Now()
	if err := d.store.PutWork(ctx, w, a, now); err != nil {
		return w, err
	}
	w.By, w.At = a.ID, now
	return w, nil
}

// RemoveWork takes work off the audit's list, and returns it as it stood there. Code not_found, so also on a second call; conflict as ChangeWork.
func (d *Desk) RemoveWork(ctx context.Context, a engine.Actor, id string, seen time.Time) (engine.Work, error) {
	return once(ctx, d, "remove work", func(ctx context.Context) (engine.Work, error) {
		a, err := d.allow(ctx, a, ActionAudit, Object{ID: id})
		if err != nil {
			return engine.Work{}, err
		}
		w, err := d.listed(ctx, id, seen)
		if err != nil {
			return engine.Work{}, err
		}
		return w, d.store.RemoveWork(ctx, id, a, d.clock.Now())
	})
}

// SetMarket keeps whom the business sells to. Calling it twice changes nothing more.
func (d *Desk) SetMarket(ctx context.Context, a engine.Actor, m engine.Market) error {
	return d.once(ctx, "market", func(ctx context.Context) error {
		a, err := d.allow(ctx, a, ActionAudit, Object{ID: engine.SettingMarket})
		if err != nil {
			return err
		}
		return d.store.SetMarket(ctx, m, a, d.clock.Now())
	})
}
