package loop

import (
	"context"
	"fmt"

	"koira/engine"
)

// mayAsk sets aside the most that a call to the model for o may cost, before it is made: model cost is money too, and the worst case counts. Code
// blocked when that would pass a cap. The entry is what charge ends; it is zero for a writer that costs nothing.
func (l *Loop) mayAsk(ctx context.Context, s engine.Strategy, o engine.Output, most engine.Money) (engine.Entry, error) {
	now := l.Clock.Now()
	e := engine.Entry{
		ID: l.NewID(), At: now, Output: o.ID, Task: o.Task, Campaign: o.Campaign, Week: engine.Week(now, s.Business.Location()), Reserved: most,
		Note: "the most that a call to the model may cost",
	}
	if most == 0 {
		return e, nil
	}
	return e, l.Store.Ask(ctx, e)
}

// charge writes what a call cost and gives back the rest of what was set aside for it.
func (l *Loop) charge(ctx context.Context, call engine.Entry, u engine.Usage) error {
	if bill := l.bill(call, u); bill != nil {
		return l.Store.Charge(ctx, *bill)
	}
	return nil
}

// bill is what a call cost, in place of what was set aside for it, in the week in which it was asked; nil for a call that costs nothing.
func (l *Loop) bill(call engine.Entry, u engine.Usage) *engine.Entry {
	if u.Cost == 0 && call.Reserved == 0 {
		return nil
	}
	call.ID, call.At, call.Kind, call.Reserved, call.Spent = l.NewID(), l.Clock.Now(), engine.LedgerCharge, -call.Reserved, u.Cost
	call.Note = fmt.Sprintf("model: %s, %d tokens in, %d out", u.Model, u.In, u.Out)
	if u.Estimated {
		call.Note += " (estimated)"
	}
	return &call
}

// settleCalls charges, once after a start, what is set aside for calls to the model that the stop before it cut off: they may have cost all of it.
func (l *Loop) settleCalls(ctx context.Context) error {
	if l.calls {
		return nil
	}
	sum, err := l.Store.SettleCalls(ctx, engine.Entry{At: l.Clock.Now(), Note: "model: a stop cut the call off, so it may have cost all that was set aside"})
	if err != nil {
		return err
	}
	l.calls = true
	if sum > 0 {
		l.Log.WarnContext(ctx, "a call to the model was cut off; all that was set aside for it is charged", "micros", int64(sum))
	}
	return nil
}

// clamp brings a piece whose digest is not made yet down to what the caps and the blast radius leave for it, and writes that among its findings.
func (l *Loop) clamp(ctx context.Context, g engine.Guardrails, o engine.Output, copy []engine.Variant) (engine.Output, error) {
	o.Findings = nil
	if o.CostMax == 0 && g.Blast == (engine.BlastRule{}) {
		return o, nil
	}
	v, err := l.Store.View(ctx, o.ID, engine.StageDraft, l.Clock.Now())
	if err != nil {
		return o, err
	}
	v.Output = o
	v.Output.Variants = copy
	o, o.Findings = l.Gate(v).Clamp(o)
	return o, nil
}
