package storage

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

// ChangeTask applies c; see engine.TaskChange, also for when the grant in force ends.
// Pausing what is paused, or resuming what runs, without anything else, has code conflict.
func (db *DB) ChangeTask(ctx context.Context, c engine.TaskChange) error {
	return db.inTx(ctx, func(ctx context.Context, t *tx) error {
		now, err := task(ctx, t, c.Task)
		if err != nil {
			return err
		}
		if err := standsAs(now, c); err != nil {
			return err
		}
		if err := t.carry(ctx, c.Request, c.By, c.Signed, c.At); err != nil {
			return err
		}
		return t.change(ctx, now, c)
	})
}

func (t *tx) change(ctx context.Context, now engine.Task, c engine.TaskChange) error {
	for _, step := range []func(context.Context, engine.Task, engine.TaskChange) error{t.setLevel, t.setGrant, t.setFooting, t.tellChange, t.followChange} {
		if err := step(ctx, now, c); err != nil {
			return err
		}
	}
	return nil
}

// standsAs refuses a change of a task that is not as whoever made the change saw it.
func standsAs(now engine.Task, c engine.TaskChange) error {
	switch {
	case now.Level != c.From:
		return engine.Errorf(engine.CodeConflict, "%q is at %s now; nothing was changed.", now.ID, now.Level)
	case c.To < engine.L0 || c.To > engine.L5:
		return engine.Errorf(engine.CodeInvalid, "There is no level %d.", c.To)
	case c.From != c.To:
		return nil
	case c.Pause != nil && now.Paused != nil && !now.Paused.ByDrill():
		return engine.Errorf(engine.CodeConflict, "%q is paused already.", now.ID)
	case c.Resume && now.Paused == nil:
		return engine.Errorf(engine.CodeConflict, "%q is not paused.", now.ID)
	}
	return nil
}

func (t *tx) setLevel(ctx context.Context, now engine.Task, c engine.TaskChange) error {
	p, lowered := engine.Pause{}, now.LoweredAt
	switch {
	case c.Pause != nil:
		p = *c.Pause
		if p.At.IsZero() {
			p.At = c.At
		}
		if p.By == "" {
			p.By = c.By.ID
		}
	case now.Paused != nil && !c.Resume:
		p = *now.Paused
	}
	if c.Lowered {
		lowered = c.At
	}
	_, err := t.exec(ctx, `
		UPDATE tasks
		SET    level = ?, paused_by = ?, paused_at = ?, paused_why = ?, lowered_at = ?
		WHERE  id = ? AND level = ?`,
		c.To, p.By, stamp(p.At), p.Why, stamp(lowered), c.Task, c.From)
	return err
}

func (t *tx) setGrant(ctx context.Context, _ engine.Task, c engine.TaskChange) error {
	if !c.EndsGrant() {
		return nil
	}
	if _, err := t.exec(ctx, `
		UPDATE grants
		SET    ended_at = ?, ended_why = ?
		WHERE  task = ? AND ended_at IS NULL`,
		stamp(c.At), c.Why, c.Task); err != nil || c.Grant == nil {
		return err
	}
	g := *c.Grant
	if g.At.IsZero() {
		g.At = c.At
	}
	_, err := t.exec(ctx, `
		INSERT INTO grants (id, task, level, by_id, role, at, surface, proof, per_week, money, look_on)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		t.id(g.ID), c.Task, g.Level, g.By, int(g.Role), stamp(g.At), string(g.From), g.Proof, g.Terms.PerWeek, g.Terms.Money, stamp(g.Terms.LookOn))
	return err
}

// setFooting writes down what the new level stands on.
func (t *tx) setFooting(ctx context.Context, _ engine.Task, c engine.TaskChange) error {
	if c.From == c.To && c.Grant == nil && !c.Lowered {
		return nil
	}
	now, err := task(ctx, t, c.Task)
	if err != nil {
		return err
	}
	f, err := t.footing(ctx, now)
	if err != nil {
		return err
	}
	return t.stand(ctx, c.Task, f, c.At)
}

// tellChange writes one event for the level and one for the pause, where they changed.
func (t *tx) tellChange(ctx context.Context, now engine.Task, c engine.TaskChange) error {
	stands, err := grant(ctx, t, c.Task)
	if err != nil {
		return err
	}
	e := engine.Event{At: c.At, Actor: c.By.ID, Surface: c.By.Surface, Subject: c.Task}
	if c.From != c.To {
		e.Action = "task.level"
		e.Detail = map[string]string{"from": c.From.String(), "to": c.To.String(), "why": c.Why, "lowered": yes(c.Lowered), "grant": yes(stands != nil)}
		e.Detail["signed"], e.Detail["alone"] = c.Signed.ID, yes(c.Alone)
		if err := t.record(ctx, e); err != nil {
			return err
		}
	} else if c.Lowered {
		e.Action, e.Detail = "task.renewed", map[string]string{"why": c.Why, "lowered": yes(true), "grant": yes(stands != nil)}
		if err := t.record(ctx, e); err != nil {
			return err
		}
	}
	switch {
	case c.Pause != nil:
		e.Action, e.Detail = "task.paused", map[string]string{"why": c.Pause.Why}
	case c.Resume && now.Paused != nil:
		e.Action, e.Detail = "task.resumed", map[string]string{"why": c.Why}
	default:
		return nil
	}
	return t.record(ctx, e)
}

// followChange writes what rides on the change.
func (t *tx) followChange(ctx context.Context, _ engine.Task, c engine.TaskChange) error {
	if c.Decision != nil {
		if err := t.decide(ctx, *c.Decision); err != nil {
			return err
		}
	}
	if c.Lowering != nil {
		if err := t.lowered(ctx, *c.Lowering); err != nil {
			return err
		}
	}
	if c.Close != "" {
		rows, err := t.aboutTask(ctx, c.Task)
		if err != nil {
			return err
		}
		if c.Closes != "" {
			rows = slices.DeleteFunc(rows, func(e exceptionRow) bool { return e.Subject != c.Closes })
		}
		if err := t.closeAll(ctx, rows, c.By, c.At, c.Close); err != nil {
			return err
		}
	}
	if c.Open != nil {
		e := *c.Open
		if e.OpenedAt.IsZero() {
			e.OpenedAt = c.At
		}
		if err := t.raise(ctx, e, c.By); err != nil {
			return err
		}
	}
	if c.From != c.To {
		if err := t.closeOffers(ctx, c); err != nil {
			return err
		}
		if err := t.voidRequests(ctx, engine.RequestLevel, c.Task, c.By, c.At, "its level moved meanwhile"); err != nil {
			return err
		}
	}
	return t.queueAll(ctx, c.At, c.Notices)
}

// Grant returns the grant in force of a task, nil when there is none.
func (db *DB) Grant(ctx context.Context, task string) (*engine.Grant, error) {
	g, err := grant(ctx, db.few(), task)
	return g, translate(err)
}

func grant(ctx context.Context, q sqlx.QueryerContext, task string) (*engine.Grant, error) {
	var r struct {
		ID    string         `db:"id"`
		Task  string         `db:"task"`
		Level engine.Level   `db:"level"`
		By    string         `db:"by_id"`
		Role  engine.Role    `db:"role"`
		At    stamp          `db:"at"`
		From  engine.Surface `db:"surface"`
		Proof string         `db:"proof"`

		PerWeek int          `db:"per_week"`
		Money   engine.Money `db:"money"`
		LookOn  stamp        `db:"look_on"`
	}
	err := get(ctx, q, &r, `
		SELECT id, task, level, by_id, role, at, surface, proof, per_week, money, look_on
		FROM   grants
		WHERE  task = ? AND ended_at IS NULL`, task)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &engine.Grant{
		ID: r.ID, Task: r.Task, Level: r.Level, By: r.By, Role: r.Role, At: r.At.time(), From: r.From, Proof: r.Proof,
		Terms: engine.Terms{PerWeek: r.PerWeek, Money: r.Money, LookOn: r.LookOn.time()},
	}, nil
}

// yes spells a mark in an event's detail; an empty value is left out.
func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}
