package storage

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"koira/engine"
)

// View returns what a gate would see of the output now: for previews and for why-not. It changes nothing.
func (db *DB) View(ctx context.Context, id string, stage engine.Stage, now time.Time) (v engine.View, err error) {
	err = db.glance(ctx, func(q sqlx.QueryerContext) error {
		o, err := whole(ctx, q, id)
		if err != nil {
			return err
		}
		v, err = db.view(ctx, q, o, stage, now)
		return err
	})
	return v, err
}

// view reads everything else that a gate may look at about o. o may carry changes that are not written yet.
func (db *DB) view(ctx context.Context, q sqlx.QueryerContext, o engine.Output, stage engine.Stage, now time.Time) (engine.View, error) {
	v := engine.View{Now: now, Stage: stage, Output: o}
	var err error
	if v.Task, err = task(ctx, q, o.Task); err != nil {
		return v, err
	}
	if v.Strategy, err = db.strategy(ctx, q); err != nil {
		return v, err
	}
	if v.Guardrails, err = db.guardrails(ctx, q); err != nil {
		return v, err
	}
	if v.Control, err = control(ctx, q); err != nil {
		return v, err
	}
	if v.Approval, err = approval(ctx, q, o.ID, o.Digest); err != nil {
		return v, err
	}
	if v.Grant, err = grant(ctx, q, o.Task); err != nil {
		return v, err
	}
	if v.Breaker, err = breaker(ctx, q, o.Channel); err != nil {
		return v, err
	}
	if v.Audience, err = audience(ctx, q, v.Strategy, o.Channel, o.Segment, now); err != nil {
		return v, err
	}
	return v, db.viewMoney(ctx, q, &v)
}

func (db *DB) viewMoney(ctx context.Context, q sqlx.QueryerContext, v *engine.View) error {
	week, err := db.week(ctx, q, v.Output.Slot)
	if err != nil {
		return err
	}
	if v.Week, err = balance(ctx, q, weekSQL, week); err != nil {
		return err
	}
	if v.TaskWeek, err = balance(ctx, q, taskWeekSQL, week, v.Output.Task); err != nil {
		return err
	}
	if v.Output.Campaign != "" {
		if v.Campaign, err = balance(ctx, q, campaignSQL, v.Output.Campaign); err != nil {
			return err
		}
	}
	p, err := purseOf(ctx, q, v.Output.ID)
	v.Reserved = p.reserved()
	return err
}

// judge runs gate on v; code blocked when it blocks.
func judge(gate engine.Gate, v engine.View) (engine.Verdict, error) {
	verdict := gate(v)
	if verdict.Outcome != engine.Block {
		return verdict, nil
	}
	message := "A guardrail stops this piece."
	if blocks := verdict.Blocks(); len(blocks) > 0 {
		message = blocks[0].Evidence
	}
	return verdict, engine.Errorf(engine.CodeBlocked, "%s", message)
}
