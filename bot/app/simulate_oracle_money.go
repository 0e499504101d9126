package app

import (
	"cmp"
	"context"

	"koira/engine"
)

// output: what is set aside for a piece agrees with its state, and its digest with its content.
func (o *oracle) output(out engine.Output, entries []engine.Entry) error {
	var reserved, spent, paid engine.Money
	for _, e := range entries {
		reserved, spent = reserved+e.Reserved, spent+e.Spent
		if e.Kind == engine.LedgerCommit {
			paid += e.Spent
		}
		if reserved < 0 || spent < 0 {
			return o.s.breach("%s: its ledger goes below zero", out.ID)
		}
	}
	want := engine.Money(0)
	if out.State.HoldsMoney() {
		want = out.CostMax - paid // by the first wave, where one is out
	}
	if reserved != want {
		return o.s.breach("%s is %s and has %d set aside, want %d", out.ID, out.State, reserved, want)
	}
	if len(out.Variants) > 0 && out.Digest != engine.DigestOf(out) {
		return o.s.breach("%s: its digest is not that of its content", out.ID)
	}
	return nil
}

// cleared: right after money was set aside for a piece, that brought no cap in force above its limit, or further above it, but by what an owner allowed this
// very piece on top: what they allowed another is that one's.
func (o *oracle) cleared(ctx context.Context, out engine.Output) error {
	if out.CostMax == 0 {
		return nil
	}
	caps, err := o.caps(ctx, out)
	if err != nil {
		return err
	}
	if err := o.tooDear(ctx, out); err != nil {
		return err
	}
	for _, c := range caps {
		if c.used-c.top > c.limit {
			return o.s.breach("%s was cleared: %s uses %d of %d, and owners allowed %d on top", out.ID, c.name, c.used, c.limit, c.top)
		}
		if c.used > max(c.limit, c.used-c.own)+c.rise {
			return o.s.breach("%s was cleared: with its %d, %s uses %d of %d, and an owner allowed it %d on top", out.ID, c.own, c.name, c.used, c.limit, c.rise)
		}
		if c.own > 0 && c.top > 0 && c.used <= c.limit {
			o.s.count("cleared beside more than it needs on top")
		}
		if c.top > 0 && c.ceiling > 0 && c.used > c.ceiling {
			return o.s.breach("%s was cleared: %s uses %d above the ceiling of %d", out.ID, c.name, c.used, c.ceiling)
		}
	}
	return nil
}

// capSum is one cap and what the ledger's lines say is used of it: not through the sums that the gate was given.
type capSum struct {
	name                      string
	limit, used, top, ceiling engine.Money
	own, rise                 engine.Money // the piece's part of used, and what an owner allowed it
}

// caps sums what holds for out. What an owner allowed a piece counts on top of a cap as far as the piece uses it; the oracle heard it from the
// owner, not from the store.
func (o *oracle) caps(ctx context.Context, out engine.Output) ([]capSum, error) {
	g, err := o.s.core.DB.Guardrails(ctx)
	if err != nil {
		return nil, err
	}
	t, err := o.s.core.DB.Task(ctx, out.Task)
	if err != nil {
		return nil, err
	}
	if err := o.ledger.read(ctx, o.s.core.DB); err != nil {
		return nil, err
	}
	week, file := engine.Week(out.Slot, o.s.config.zone()), sum(o.s.config.Guardrails.CampaignCeiling)
	sum := func(c capSum, counts func(engine.Entry) bool, rise func(engine.Rise) engine.Money) capSum {
		each := map[string]engine.Money{}
		for id, entries := range o.ledger.byOutput {
			for _, e := range entries {
				if !counts(e) {
					continue
				}
				c.used += e.Reserved + e.Spent
				if e.Kind != engine.LedgerCharge {
					each[id] += e.Reserved + e.Spent
				}
			}
		}
		for id, used := range each {
			c.top += min(rise(o.rises[id]), used)
		}
		c.own, c.rise = each[out.ID], rise(o.rises[out.ID])
		return c
	}
	caps := []capSum{sum(capSum{name: "week " + week, limit: g.Budget.Weekly, ceiling: g.Budget.Ceiling},
		func(e engine.Entry) bool { return e.Week == week }, func(r engine.Rise) engine.Money { return r.Week })}
	if limit := g.Budget.Tasks[t.ID]; limit > 0 {
		caps = append(caps, sum(capSum{name: "its task in week " + week, limit: limit},
			func(e engine.Entry) bool { return e.Week == week && e.Task == t.ID }, func(r engine.Rise) engine.Money { return r.Task }))
	}
	limit := g.Budget.Campaigns[out.Campaign]
	if out.Campaign != "" && file > 0 && (limit == 0 || limit > file) {
		limit = file
	}
	if limit > 0 {
		caps = append(caps, sum(capSum{name: "its campaign", limit: limit, ceiling: cmp.Or(file, g.Budget.Ceiling)},
			func(e engine.Entry) bool { return e.Campaign == out.Campaign }, func(r engine.Rise) engine.Money { return r.Campaign }))
	}
	if g.Budget.Output > 0 {
		caps = append(caps, sum(capSum{name: "it", limit: g.Budget.Output},
			func(e engine.Entry) bool { return e.Output == out.ID && e.Kind != engine.LedgerCharge }, func(r engine.Rise) engine.Money { return r.Output }))
	}
	return caps, nil
}

// allowed takes down what an owner allowed one version on top of the caps.
func (o *oracle) allowed(out engine.Output, r engine.Rise) { o.rises[out.ID] = r }

// sentAgain: what an owner allowed a piece on top of a week's caps it has in that week alone.
func (o *oracle) sentAgain(ctx context.Context, before engine.Output) error {
	now, err := o.s.core.DB.Output(ctx, before.ID)
	if err != nil {
		return err
	}
	r := o.rises[before.ID]
	if r != (engine.Rise{}) {
		o.s.count("sent again beyond what it may cost")
	}
	if zone := o.s.config.zone(); engine.Week(now.Slot, zone) != engine.Week(before.Slot, zone) {
		r.Week, r.Task = 0, 0
	}
	o.rises[before.ID] = r
	return nil
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
			caps, err := o.caps(ctx, out)
			if err != nil {
				return err
			}
			for _, c := range caps {
				if c.used-c.top > c.limit {
					return o.s.breach("%s stays cleared while %s uses %d of %d", out.ID, c.name, c.used, c.limit)
				}
			}
		}
		if !g.Channels[out.Channel] {
			return o.s.breach("%s stays cleared for %s, which is not allowed", out.ID, out.Channel)
		}
	}
	return nil
}

// calls: the AI model never costs more in a week than its own cap was at its highest, and nothing stays set aside for a call that is over.
func (o *oracle) calls(ctx context.Context, byOutput map[string][]engine.Entry) error {
	g, err := o.s.core.DB.Guardrails(ctx)
	if err != nil {
		return err
	}
	o.model = max(o.model, g.Budget.Model)
	var aside engine.Money
	for _, e := range byOutput[""] {
		aside += e.Reserved
	}
	if aside != 0 {
		return o.s.breach("%d stays set aside for calls to the model", aside)
	}
	spent := map[string]engine.Money{}
	for _, entries := range byOutput {
		for _, e := range entries {
			if e.Kind == engine.LedgerCharge {
				spent[e.Week] += e.Spent
			}
		}
	}
	for week, sum := range spent {
		if g.Budget.Model > 0 && sum > o.model {
			return o.s.breach("the model cost %d in week %s; its cap was never above %d", sum, week, o.model)
		}
	}
	return nil
}

// money: the whole ledger balances, and says at least what the world billed for what is known to be out.
func (o *oracle) money(ctx context.Context, all []engine.Output, byOutput map[string][]engine.Entry) error {
	if err := o.calls(ctx, byOutput); err != nil {
		return err
	}
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
