package desk

import (
	"time"

	"pgregory.net/rapid"

	"koira/engine"
)

// rarer are what is done with a piece beside the plain yes and no: in its week, past a rule, at L1 by hand, and again.
var rarer = []act{
	{"approve in a week", engine.RoleApprover, func(m *machine, t *rapid.T, a engine.Actor) error {
		c := yes(m.waiting(t))
		c.Looked = rapid.SampledFrom([]time.Duration{9 * time.Second, 9 * time.Second, blink - 1}).Draw(t, "looked")
		return m.ApproveInWeek(m.ctx, a, c)
	}, false},
	{"approve anyway", engine.RoleOwner, func(m *machine, t *rapid.T, a engine.Actor) error {
		o := m.one(t, func(o engine.Output) bool { return o.ID == loud || o.State == engine.StateHeld })
		m.marks = m.sawOf(t, o)
		return m.ApproveAnyway(m.ctx, a, yes(o), m.marks)
	}, false},
	{"it looks good", engine.RoleApprover, func(m *machine, t *rapid.T, a engine.Actor) error {
		return m.LooksGood(m.ctx, a, yes(m.one(t, func(o engine.Output) bool { return o.State == engine.StateScheduled && o.Task == "evening-social" })))
	}, false},
	{"published by hand", engine.RoleOperator, func(m *machine, t *rapid.T, a engine.Actor) error {
		o := m.one(t, func(o engine.Output) bool { return o.State == engine.StateHanded })
		return m.HandPublished(m.ctx, a, o.ID, o.Digest, m.address(t))
	}, false},
	{"posted", engine.RoleOperator, func(m *machine, t *rapid.T, a engine.Actor) error {
		_, err := m.Posted(m.ctx, a, rapid.SampledFrom([]string{"daily-social", "by-hand", "gone"}).Draw(t, "task"), m.address(t))
		return err
	}, false},
	{"ask for a draft", engine.RoleOperator, func(m *machine, t *rapid.T, a engine.Actor) error {
		_, err := m.Ask(m.ctx, a, rapid.SampledFrom([]string{"daily-social", "evening-social", "by-hand", "gone"}).Draw(t, "task"))
		return err
	}, false},
	{"use the words again", engine.RoleOperator, func(m *machine, t *rapid.T, a engine.Actor) error {
		o := m.one(t, func(o engine.Output) bool {
			return o.State == engine.StateCancelled || o.State == engine.StateRejected || o.State == engine.StateExpired
		})
		_, err := m.Reuse(m.ctx, a, o.ID, o.Digest, start.Add(time.Duration(rapid.IntRange(0, 200).Draw(t, "hour"))*time.Hour+time.Minute))
		return err
	}, false},
}

// waiting is a piece that waits for a yes, if there is one.
func (m *machine) waiting(t *rapid.T) engine.Output {
	return m.one(t, func(o engine.Output) bool { return o.State == engine.StateWaiting })
}

// sawOf is what an owner saw of a piece: all that stops it, also what nobody may let pass, or nothing.
func (m *machine) sawOf(t *rapid.T, o engine.Output) []string {
	if rapid.IntRange(0, 3).Draw(t, "shown nothing") == 0 {
		return nil
	}
	view, err := m.store.View(m.ctx, o.ID, engine.StageApproval, m.clock.Now())
	must(m.t, err)
	view.Approval = nil
	var marks []string
	for _, f := range m.gate(view).Blocks() {
		marks = append(marks, f.Mark())
	}
	return marks
}

func (m *machine) address(t *rapid.T) string {
	return rapid.SampledFrom([]string{"https://bluesky.example/1", "https://bluesky.example/2", "https://bluesky.example/3", "by hand"}).Draw(t, "link")
}
