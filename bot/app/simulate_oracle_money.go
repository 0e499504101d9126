package app

import (
	"context"

	"koira/engine"
)

// output: what is set aside for a piece agrees with its state, and its digest with its content.
func (o *oracle) output(out engine.Output, entries []engine.Entry) error {
	var reserved, spent engine.Money
	for _, e := range entries {
		reserved, spent = reserved+e.Reserved, spent+e.Spent
		if reserved < 0 || spent < 0 {
			return o.s.breach("%s: its ledger goes below zero", out.ID)
		}
	}
	want := engine.Money(0)
	if out.State.HoldsMoney() {
		want = out.CostMax
	}
	if reserved != want {
		return o.s.breach("%s is %s and has %d set aside, want %d", out.ID, out.State, reserved, want)
	}
	if len(out.Variants) > 0 && out.Digest != engine.DigestOf(out) {
		return o.s.breach("%s: its digest is not that of its content", out.ID)
	}
	return nil
}

// cleared: right after money was set aside for a piece, the week in which it goes out is within every cap in force.
func (o *oracle) cleared(ctx context.Context, out engine.Output) error {
	if out.CostMax == 0 {
		return nil
	}
	g, err := o.s.core.DB.Guardrails(ctx)
	if err != nil {
		return err
	}
	t, err := o.s.core.DB.Task(ctx, out.Task)
	if err != nil {
		return err
	}
	week := engine.Week(out.Slot, o.s.config.zone())
	used, err := o.used(ctx, week)
	if err != nil {
		return err
	}
	if used[""] > g.Budget.Weekly {
		return o.s.breach("%s was cleared: week %s uses %d of %d", out.ID, week, used[""], g.Budget.Weekly)
	}
	if t.Weekly > 0 && used[t.ID] > t.Weekly {
		return o.s.breach("%s was cleared: its task uses %d of %d in week %s", out.ID, used[t.ID], t.Weekly, week)
	}
	return nil
}

// used sums the ledger's lines of one week, for each task and under "" for all: not through the sums that the gate was given.
func (o *oracle) used(ctx context.Context, week string) (map[string]engine.Money, error) {
	err := o.ledger.read(ctx, o.s.core.DB)
	return o.ledger.used[week], err
}

// overCap: once rules have changed, no piece that could still be held leaves its week above the cap.
func (o *oracle) overCap(ctx context.Context) error {
	g, err := o.s.core.DB.Guardrails(ctx)
	if err != nil {
		return err
	}
	queued, err := o.s.core.DB.Outputs(ctx, engine.OutputFilter{States: []engine.State{engine.StateScheduled}, Bare: true})
	if err != nil {
		return err
	}
	for _, out := range queued {
		if !o.s.clock.Now().Before(out.Expires) { // too late in any case: the loop ends it, and says so
			continue
		}
		if out.CostMax > 0 {
			week := engine.Week(out.Slot, o.s.config.zone())
			used, err := o.used(ctx, week)
			if err != nil {
				return err
			}
			if used[""] > g.Budget.Weekly {
				return o.s.breach("%s stays cleared while week %s uses %d of %d", out.ID, week, used[""], g.Budget.Weekly)
			}
		}
		if !g.Channels[out.Channel] {
			return o.s.breach("%s stays cleared for %s, which is not allowed", out.ID, out.Channel)
		}
	}
	return nil
}

// money: the whole ledger balances, and says at least what the world billed for what is known to be out.
func (o *oracle) money(ctx context.Context, all []engine.Output, byOutput map[string][]engine.Entry) error {
	for week, used := range o.ledger.used {
		b, err := o.s.core.DB.Balance(ctx, week)
		if err != nil {
			return err
		}
		if b.Used() != used[""] {
			return o.s.breach("the ledger's lines of week %s come to %d and their sum to %d", week, used[""], b.Used())
		}
	}
	billed := map[string]engine.Money{}
	for _, c := range o.s.world.Copies() {
		billed[c.Key] += c.Cost
	}
	for _, out := range all {
		if out.State != engine.StatePublished && out.State != engine.StateSettled || out.Origin == engine.OriginHand {
			continue
		}
		var spent engine.Money
		for _, e := range byOutput[out.ID] {
			if e.Kind == engine.LedgerCommit {
				spent += e.Spent
			}
		}
		for _, v := range out.Variants {
			spent -= billed[out.ID+"-"+v.Name]
		}
		if spent < 0 {
			return o.s.breach("%s cost %d more than the ledger says", out.ID, -spent)
		}
	}
	return nil
}
