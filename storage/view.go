package storage

import (
	"context"
	"errors"
	"slices"
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

// ViewOf is View for o as it would be: with another wording, time or ceiling than what is stored.
func (db *DB) ViewOf(ctx context.Context, o engine.Output, stage engine.Stage, now time.Time) (v engine.View, err error) {
	err = db.snapshot(ctx, func(q sqlx.QueryerContext) error {
		v, err = db.view(ctx, q, o, stage, now)
		return err
	})
	return v, err
}

// view reads everything else that a gate may look at about o. o may carry changes that are not written yet.
func (db *DB) view(ctx context.Context, q sqlx.QueryerContext, o engine.Output, stage engine.Stage, now time.Time) (engine.View, error) {
	v, err := db.standingIn(ctx, q, o)
	if err != nil {
		return v, err
	}
	v.Now, v.Stage = now, stage
	if err := db.viewAway(ctx, q, &v, now); err != nil {
		return v, err
	}
	if v.Control, err = control(ctx, q); err != nil {
		return v, err
	}
	if v.Grant, err = grant(ctx, q, o.Task); err != nil {
		return v, err
	}
	if err := viewTrust(ctx, q, &v); err != nil {
		return v, err
	}
	if v.Breaker, err = breaker(ctx, q, o.Channel); err != nil {
		return v, err
	}
	if v.Audience, err = audience(ctx, q, v.Strategy, o.Channel, o.Segment, now); err != nil {
		return v, err
	}
	if stage != engine.StageClaim || v.Task.Level >= engine.L4 { // what was approved at L3 is past asking
		if v.Measured, err = db.measured(ctx, q, o.Channel, o.Segment); err != nil {
			return v, err
		}
	}
	if v.Grant != nil && v.Grant.Terms.PerWeek > 0 {
		if v.Unasked, err = unasked(ctx, q, v); err != nil {
			return v, err
		}
	}
	if err := db.viewMoney(ctx, q, &v); err != nil {
		return v, err
	}
	if v.WeekToDate, err = weekToDate(ctx, q, v); err != nil {
		return v, err
	}
	if v.Near, err = near(ctx, q, v); err != nil {
		return v, err
	}
	if v.Wave, err = viewWave(ctx, q, v); err != nil {
		return v, err
	}
	if v.Judgement, err = judgement(ctx, q, o.ID, o.Digest); err != nil {
		return v, err
	}
	if len(v.Guardrails.Thresholds[o.Task]) > 0 {
		v.Standings, err = standings(ctx, q, o.Task)
	}
	return v, err
}

// standingIn is what people have set around o, and their yes to it.
func (db *DB) standingIn(ctx context.Context, q sqlx.QueryerContext, o engine.Output) (engine.View, error) {
	v := engine.View{Output: o}
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
	v.Approval, err = approval(ctx, q, o.ID, o.Digest)
	return v, err
}

// viewTrust reads what lets a piece go unless it is stopped; nothing where its task's level does not.
func viewTrust(ctx context.Context, q sqlx.QueryerContext, v *engine.View) error {
	if !v.Task.Level.Rung().Checks {
		return nil
	}
	var err error
	if v.Reviews, err = reviewsOf(ctx, q, v.Task.ID, v.Task.Since()); err != nil || v.Output.Digest == "" {
		return err
	}
	v.Shown, err = shownAt(ctx, q, v.Output.ID, v.Output.Digest)
	return err
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
	own := p.in(week)
	v.Reserved, v.Elsewhere, v.Spent, v.Top = own.Reserved, p.reserved()-own.Reserved, p.spent(), own.top()
	v.Top.Campaign = 0
	for _, h := range p { // a campaign has no weeks
		v.Top.Campaign += h.TopCampaign
	}
	return err
}

// weekToDate sums the slot's week up to the end of the output's day, or of today where the output is late; nothing where no rule asks for it.
func weekToDate(ctx context.Context, q sqlx.QueryerContext, v engine.View) (engine.Balance, error) {
	if v.Guardrails.Budget.Pace == 0 || v.Output.CostMax == 0 {
		return engine.Balance{}, nil
	}
	zone := v.Strategy.Business.Location()
	day := latest(v.Output.Slot, v.Now).In(zone)
	end := time.Date(day.Year(), day.Month(), day.Day()+1, 0, 0, 0, 0, zone)
	return balance(ctx, q, weekToDateSQL, engine.Week(v.Output.Slot, zone), stamp(end))
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

// overCap is the error for money that v's output may not have set aside. The finding rides on it, for whoever asked through a gate.
func overCap(v engine.View, c engine.MoneyCap) error {
	f := engine.Finding{Rule: engine.RuleBudget, Outcome: engine.Block, Use: c.Use()}
	f.Evidence, f.Remedy = c.Says(v.Task.Name, v.Strategy.Business.Currency)
	return &engine.Error{Code: engine.CodeBlocked, Message: f.Evidence, Err: &refused{f}}
}

// refused is a finding of the store's own: the last wall, behind every gate.
type refused struct{ engine.Finding }

func (r *refused) Error() string { return r.Rule + ": " + r.Evidence }

// withRefusal is verdict with what the store itself refused.
func withRefusal(verdict engine.Verdict, err error) engine.Verdict {
	var r *refused
	if errors.As(err, &r) {
		verdict.Outcome, verdict.Findings = engine.Block, append(slices.Clone(verdict.Findings), r.Finding)
	}
	return verdict
}
