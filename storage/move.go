package storage

import (
	"cmp"
	"context"
	"strings"
	"time"

	"koira/engine"
)

// Move does m; see engine.Move. With a Gate it returns the gate's verdict, also beside code blocked.
//
// Claim and Apply alone move an output into and out of publishing, and out of retracting, since its sends move with it. A piece that is
// published by hand gets a send without a key at any channel, so that its results are read. One whose outcome is unknown is sent again by a move;
// that it is live, or given up, is a result. Findings of a gate that passes are not written. What koira moves by itself is durable with the next
// Flush or durable change.
func (db *DB) Move(ctx context.Context, m engine.Move) (verdict engine.Verdict, err error) {
	if err := legal(m); err != nil {
		return verdict, err
	}
	transact := db.inTx
	if again(m) {
		transact = db.inRelaxedTx
	}
	err = transact(ctx, func(ctx context.Context, t *tx) error {
		before, err := outputByID(ctx, t, m.Output)
		if err != nil {
			return err
		}
		if err := before.standing(m.From, m.Digest); err != nil {
			return err
		}
		after := moved(before, m)
		if m.Gate != nil {
			if verdict, err = t.gate(ctx, before, after, m); err != nil {
				return err
			}
		}
		return t.carryOut(ctx, before, after, m)
	})
	return withRefusal(verdict, err), err
}

// again reports whether koira would simply make m again, had it been lost with the power: nobody decided it, and nothing outside follows
// from it before something durable does.
func again(m engine.Move) bool {
	return m.By == engine.Koira && m.Approval == nil && m.Rejection == nil && m.To != engine.StateRetracting
}

// legal refuses what no caller should ask for: that is a fault of ours, not somebody's being late.
func legal(m engine.Move) error {
	switch {
	case !engine.CanMove(m.From, m.To):
		return engine.Errorf(engine.CodeInternal, "A piece that is %s cannot become %s.", m.From, m.To)
	case m.To == engine.StatePublishing || m.From == engine.StatePublishing || m.From == engine.StateRetracting || m.From == engine.StateUnconfirmed && m.To != engine.StateScheduled:
		return engine.Errorf(engine.CodeInternal, "Only a claim or its result takes a piece from %s to %s.", m.From, m.To)
	case !m.Slot.IsZero() && m.Draft == nil && m.Digest != "":
		return engine.Errorf(engine.CodeInternal, "A new time needs a new digest.")
	}
	return nil
}

// moved is the row as it will be.
func moved(before outputRow, m engine.Move) outputRow {
	after := before
	if m.Draft != nil {
		after = redrafted(after, *m.Draft)
	}
	if !m.Slot.IsZero() {
		if !after.Expires.time().IsZero() && (m.Draft == nil || m.Draft.Expires.IsZero()) {
			after.Expires = stamp(after.Expires.time().Add(m.Slot.Sub(after.Slot.time())))
		}
		after.Slot = stamp(m.Slot)
	}
	if m.Audience > 0 {
		after.Audience = m.Audience
	}
	after.StrategyVersion, after.GuardrailVersion = cmp.Or(m.StrategyVersion, after.StrategyVersion), cmp.Or(m.GuardrailVersion, after.GuardrailVersion)
	after.State, after.WaitsFor = m.To, m.WaitsFor
	if m.To == engine.StateHeld {
		after.WaitsFor = keptFor(before)
	}
	if m.URL != "" {
		after.URL = m.URL
	}
	if m.From == engine.StateHanded && m.To == engine.StatePublished {
		after.PostedBy = m.By.ID
	}
	switch {
	case m.Failed:
		after.Attempts++
	case m.To == engine.StateDrafted || m.To == engine.StatePublished || m.From == engine.StateUnconfirmed:
		after.Attempts = 0
	}
	after.Due = stamp(m.Due)
	if m.Due.IsZero() {
		after.Due = dueAfter(after, m.At)
	}
	return after
}

// keptFor is why what is held from a queue waits again afterwards; "" for what was on its way to its slot.
func keptFor(before outputRow) string {
	switch before.State {
	case engine.StateWaiting:
		return cmp.Or(before.WaitsFor, "it waited for a yes")
	case engine.StateDrafted:
		return before.WaitsFor
	}
	return ""
}

// redrafted takes over what a draft may change. A time that the draft leaves out stays.
func redrafted(r outputRow, d engine.Output) outputRow {
	r.Digest, r.StrategyVersion, r.GuardrailVersion = d.Digest, d.StrategyVersion, d.GuardrailVersion
	r.Confidence, r.Line, r.Writer, r.EditedBy, r.Changed = d.Confidence, d.Line, d.Writer, d.EditedBy, d.Changed
	r.Arms, r.CostMax, r.Audience, r.Sketch, r.Title = doc[engine.Arms]{d.Arms}, d.CostMax, d.Audience, d.Sketch, titleOf(d.Variants)
	if !d.Slot.IsZero() {
		r.Slot = stamp(d.Slot)
	}
	if !d.Expires.IsZero() {
		r.Expires = stamp(d.Expires)
	}
	return r
}

// gate runs m's gate on the output as it will be, still in the state that it leaves, with the approval that m brings.
func (t *tx) gate(ctx context.Context, before, after outputRow, m engine.Move) (engine.Verdict, error) {
	one := []engine.Output{after.output()}
	if err := fillChildren(ctx, t, one); err != nil {
		return engine.Verdict{}, err
	}
	o := one[0]
	o.State, o.Due, o.Attempts = before.State, before.Due.time(), before.Attempts
	if m.Draft != nil {
		o.Variants, o.Findings = m.Draft.Variants, m.Draft.Findings
	}
	v, err := t.db.view(ctx, t, o, m.Stage, m.At)
	if err != nil {
		return engine.Verdict{}, err
	}
	if m.Approval != nil {
		a := stampedApproval(*m.Approval, m, after)
		v.Approval = &a
	}
	return judge(m.Gate, v)
}

// carryOut writes the move and everything that rides on it.
func (t *tx) carryOut(ctx context.Context, before, after outputRow, m engine.Move) error {
	if m.To == engine.StatePublished && m.From != engine.StateHanded {
		sends, err := sendsOf(ctx, t, after.ID)
		if err != nil {
			return err
		}
		if first, _, ok := engine.Waves(sends); ok { // it is out since its first readers have it
			after.PublishedAt = stamp(first.PublishedAt)
		}
	}
	// The sends come first: what is known not to be out may be written anew.
	for _, ride := range []func(context.Context, outputRow, outputRow, engine.Move) error{t.moveSends, t.rewrite, t.estimate, t.review} {
		if err := ride(ctx, before, after, m); err != nil {
			return err
		}
	}
	if err := t.advance(ctx, before, after, step{m.By, m.At, m.Why, moveDetail(m)}); err != nil {
		return err
	}
	if err := t.closeAfter(ctx, m); err != nil {
		return err
	}
	if m.Open != nil {
		if err := t.raise(ctx, about(*m.Open, after, m.At), m.By); err != nil {
			return err
		}
	}
	return t.queueAll(ctx, m.At, m.Notices)
}

// closeAfter ends the output's open exceptions when what they asked is answered.
func (t *tx) closeAfter(ctx context.Context, m engine.Move) error {
	if m.From != engine.StateHeld && m.From != engine.StateUnconfirmed && m.Outcome == "" {
		return nil
	}
	rows, err := t.aboutOutput(ctx, m.Output)
	if err != nil {
		return err
	}
	outcome := m.Outcome
	if outcome == "" {
		outcome = string(m.To)
	}
	return t.closeAll(ctx, rows, m.By, m.At, outcome)
}

// about fills in what an exception that rides on an output's move leaves out.
func about(e engine.Exception, o outputRow, at time.Time) engine.Exception {
	if e.Output == "" {
		e.Output = o.ID
	}
	if e.Task == "" {
		e.Task = o.Task
	}
	if e.Subject == "" {
		e.Subject = o.ID
	}
	if e.OpenedAt.IsZero() {
		e.OpenedAt = at
	}
	return e
}

func moveDetail(m engine.Move) map[string]string {
	findings := m.Findings
	if m.Draft != nil {
		findings = m.Draft.Findings
	}
	var rules []string
	for _, f := range findings {
		if f.Outcome == engine.Block {
			rules = append(rules, f.Rule)
		}
	}
	d := map[string]string{"rules": strings.Join(rules, ", "), "approved": yes(m.Approval != nil)}
	if a := m.Approval; a != nil {
		for name, sum := range map[string]engine.Money{
			"over week": a.OverCap.Week, "over task": a.OverCap.Task, "over campaign": a.OverCap.Campaign, "over output": a.OverCap.Output,
		} {
			if sum > 0 {
				d[name] = micros(sum)
			}
		}
		if len(a.Waived) > 0 {
			d["waived"] = strings.Join(engine.RulesOf(a.Waived), ", ")
		}
	}
	if m.Rejection != nil {
		d["rejected"] = m.Rejection.Reason
	}
	return d
}
