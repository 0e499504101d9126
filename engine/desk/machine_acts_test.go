package desk

import (
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"koira/engine"
)

// act is one thing to do; it gives the least role that may, and the act's error.
type act struct {
	name  string
	least engine.Role
	do    func(m *machine, t *rapid.T, a engine.Actor) error

	request bool // it is about a request
}

// of is the kind of request that it goes on with.
func (w act) of() engine.RequestKind {
	if strings.HasPrefix(w.name, "apply") {
		return engine.RequestStrategy
	}
	return engine.RequestRules
}

// goesOn reports whether it is who asked that says yes.
func (w act) goesOn() bool { return w.request && w.name != "sign" && w.name != "cancel" }

const program = engine.Role(-1) // the program does it, whoever was drawn

var acts = slices.Concat(moreActs, rarer, answers, []act{
	{"approve", engine.RoleApprover, func(m *machine, t *rapid.T, a engine.Actor) error { return m.Approve(m.ctx, a, yes(m.waiting(t))) }, false},
	{"approve again", engine.RoleApprover, func(m *machine, t *rapid.T, a engine.Actor) error { return m.Approve(m.ctx, a, yes(m.seen(t))) }, false},
	{"publish now", engine.RoleApprover, func(m *machine, t *rapid.T, a engine.Actor) error { return m.PublishNow(m.ctx, a, yes(m.seen(t))) }, false},
	{"reject", engine.RoleApprover, func(m *machine, t *rapid.T, a engine.Actor) error {
		o := m.seen(t)
		return m.Reject(m.ctx, a, No{Output: o.ID, Digest: o.Digest, Reason: "tone", Severe: rapid.Bool().Draw(t, "severe"), Again: rapid.Bool().Draw(t, "again")})
	}, false},
	{"drop", engine.RoleApprover, func(m *machine, t *rapid.T, a engine.Actor) error {
		o := m.seen(t)
		return m.Drop(m.ctx, a, o.ID, o.Digest)
	}, false},
	{"take back", engine.RoleOperator, func(m *machine, t *rapid.T, a engine.Actor) error {
		o := m.one(t, func(o engine.Output) bool { return o.State == engine.StateScheduled })
		return m.TakeBack(m.ctx, a, o.ID, o.Digest)
	}, false},
	{"edit", engine.RoleOperator, func(m *machine, t *rapid.T, a engine.Actor) error {
		o := m.seen(t)
		body := rapid.SampledFrom([]string{"Rye.", "Oat.", "Barley and rye.", "Politics.", ""}).Draw(t, "body")
		_, _, err := m.Edit(m.ctx, a, o.ID, o.Digest, []engine.Variant{{Name: "A", Body: body}})
		return err
	}, false},
	{"reslot", engine.RoleOperator, func(m *machine, t *rapid.T, a engine.Actor) error {
		o := m.waiting(t)
		_, err := m.Reslot(m.ctx, a, o.ID, o.Digest, start.Add(time.Duration(rapid.IntRange(-5, 200).Draw(t, "hour"))*time.Hour))
		return err
	}, false},
	{"copy", engine.RoleApprover, func(m *machine, t *rapid.T, a engine.Actor) error {
		_, err := m.AddCopy(m.ctx, a, rapid.SampledFrom([]string{"daily-social", "noticeboard"}).Draw(t, "task"), "Our own words.")
		return err
	}, false},
	{"level", engine.RoleOperator, func(m *machine, t *rapid.T, a engine.Actor) error {
		waits, err := m.SetLevel(m.ctx, a, "daily-social", m.before.Levels["daily-social"], m.rung(t, "daily-social"))
		if err == nil && waits != nil {
			m.waits[waits.ID] = yes2{by: a.ID, at: m.clock.Now()}
		}
		return err
	}, false},
	{"ask", engine.RoleOperator, func(m *machine, t *rapid.T, a engine.Actor) error {
		r, err := m.Want(m.ctx, a, m.edits(t)...)
		return m.wants(r.Request, err)
	}, false},
	{"tighten", engine.RoleOperator, func(m *machine, t *rapid.T, a engine.Actor) error {
		done, err := m.Tighten(m.ctx, a, m.edits(t)...)
		if err == nil && done.Rest != nil {
			m.asked = append(m.asked, done.Rest.Request)
		}
		return err
	}, false},
	{"revert", engine.RoleOperator, func(m *machine, t *rapid.T, a engine.Actor) error {
		r, err := m.Revert(m.ctx, a, rapid.IntRange(1, m.before.Guardrails.Version).Draw(t, "version"))
		return m.wants(r.Request, err)
	}, false},
	{"turn on", engine.RoleOperator, func(m *machine, _ *rapid.T, a engine.Actor) error {
		done, err := m.TurnOn(m.ctx, a, m.aim)
		if err == nil && done.Rest != nil {
			m.asked = append(m.asked, done.Rest.Request)
		}
		return err
	}, true},
	{"confirm", engine.RoleOwner, (*machine).confirm, true},
	{"sign", engine.RoleApprover, (*machine).sign, true},
	{"cancel", engine.RoleOperator, func(m *machine, _ *rapid.T, a engine.Actor) error { return m.Cancel(m.ctx, a, m.aim) }, true},
	{"stop", engine.RoleViewer, func(m *machine, _ *rapid.T, a engine.Actor) error { return m.Stop(m.ctx, a, "") }, false},
	{"resume", engine.RoleOwner, func(m *machine, _ *rapid.T, a engine.Actor) error { return m.Resume(m.ctx, a) }, false},
	{"pause", engine.RoleOperator, func(m *machine, _ *rapid.T, a engine.Actor) error { return m.PauseTask(m.ctx, a, "daily-social", "") }, false},
	{"resume task", engine.RoleOwner, func(m *machine, _ *rapid.T, a engine.Actor) error { return m.ResumeTask(m.ctx, a, "daily-social") }, false},

	{"take down", engine.RoleApprover, func(m *machine, t *rapid.T, a engine.Actor) error {
		o := m.one(t, func(o engine.Output) bool { return o.State == engine.StatePublished && o.ID != partly })
		return m.Retract(m.ctx, a, o.ID, o.Digest, "")
	}, false},
	{"let pass once", engine.RoleOwner, func(m *machine, t *rapid.T, a engine.Actor) error {
		o, rise := m.one(t, func(o engine.Output) bool { return o.CostMax > 100*engine.Unit }), engine.Rise{Week: engine.Money(rapid.IntRange(20, 60).Draw(t, "rise")) * engine.Unit}
		err := m.AllowOnce(m.ctx, a, yes(o), rise, nil)
		if err == nil {
			m.money.rises[o.ID] = rise
		}
		return err
	}, false},
	{"confirm a fact", engine.RoleOwner, func(m *machine, t *rapid.T, a engine.Actor) error {
		_, err := m.ConfirmFacts(m.ctx, a, m.fact(t))
		return err
	}, false},
	{"remove a fact", engine.RoleOwner, func(m *machine, t *rapid.T, a engine.Actor) error {
		_, err := m.RemoveFact(m.ctx, a, m.fact(t))
		return err
	}, false},
	{"go away", engine.RoleOwner, func(m *machine, t *rapid.T, a engine.Actor) error {
		_, err := m.GoAway(m.ctx, a, Away{
			Until: m.clock.Now().Add(time.Duration(rapid.IntRange(1, 120).Draw(t, "hours")) * time.Hour), MaxLevel: engine.L3, Capped: rapid.Bool().Draw(t, "capped"),
			Delegate: rapid.SampledFrom([]string{"", olli, olli, tomi, venla}).Draw(t, "decides"),
		})
		return err
	}, false},
	{"come back", engine.RoleOwner, func(m *machine, _ *rapid.T, a engine.Actor) error { _, err := m.Back(m.ctx, a); return err }, false},

	{"the program rechecks", program, func(m *machine, _ *rapid.T, _ engine.Actor) error { _, err := m.Recheck(m.ctx, ""); return err }, false},
	{"the program ends what ran out", program, func(m *machine, _ *rapid.T, _ engine.Actor) error {
		_, err := m.store.ExpireRequests(m.ctx, m.clock.Now())
		return err
	}, false},
	{"the program lowers", program, func(m *machine, _ *rapid.T, _ engine.Actor) error {
		task, err := m.store.Task(m.ctx, "daily-social")
		must(m.t, err)
		to, ok := task.Level.Below()
		if !ok {
			return nil
		}
		return m.lower(m.ctx, engine.Koira, task, to, "an anomaly", true)
	}, false},
	{"the program publishes", program, func(m *machine, t *rapid.T, _ engine.Actor) error {
		o := m.seen(t)
		if o.State != engine.StateScheduled || o.Slot.After(m.clock.Now().Add(3*day)) {
			return nil
		}
		m.clock.Advance(max(0, o.Slot.Sub(m.clock.Now())))
		_, v, err := m.store.Claim(m.ctx, o.ID, o.Digest, m.clock.Now(), m.gate)
		if v.Outcome == engine.Block {
			_, err := m.hold(m.ctx, o, v, "stopped at the claim")
			return err
		}
		if engine.CodeOf(err) == engine.CodeBlocked {
			return nil
		}
		return err
	}, false},
	{"the file has other people", program, func(m *machine, t *rapid.T, _ engine.Actor) error {
		m.people = staffs[rapid.SampledFrom(staffNames).Draw(t, "staff")]
		return nil
	}, false},
})

// edits is a change that somebody wants: one limit or a few.
func (m *machine) edits(t *rapid.T) []engine.RuleEdit {
	return rapid.SliceOfN(rapid.SampledFrom([]engine.RuleEdit{
		edit("budget.weekly", "4"), edit("budget.weekly", "50"), edit("budget.weekly", "90"), edit("budget.weekly", "150"), edit("budget.weekly", "250"),
		edit("budget.output", "60"), edit("budget.output", "off"), edit("budget.task:daily-social", "4"), edit("budget.task:daily-social", "140"),
		edit("budget.task:daily-social", "160"), edit("budget.task:daily-social", "off"), edit("topic:barley", blockedWord), edit("topic:barley", allowedWord),
		edit("topic:politics", allowedWord), edit("topic:politics", allowedWord), edit("topic:politics", blockedWord), edit("channel:news", offWord), edit("channel:news", onWord),
		edit("voice.lock", offWord), edit("voice.lock", onWord), edit("voice.emoji", "0"), edit("voice.emoji", "off"),
		edit("threshold:daily-social:clicks:floor", "7"), edit("threshold:daily-social:clicks:floor", "5"), edit("quiet:21-8", onWord),
		edit("quiet:21-8", offWord), edit("frequency:3 a day", onWord), edit("frequency:9 a day", onWord), edit("link:a.example", "allowed"),
		edit("link:a.example", "refused"), edit("mention:turku", "allowed"),
	}), 1, 2).Draw(t, "edits")
}

// fact is one that somebody saw in some version of the strategy.
func (m *machine) fact(t *rapid.T) FactRef {
	return FactRef{rapid.SampledFrom([]int{m.before.Strategy, m.before.Strategy, 2}).Draw(t, "version"), rapid.SampledFrom([]int{1, 1, 2}).Draw(t, "number")}
}

func (m *machine) confirm(_ *rapid.T, a engine.Actor) error {
	done, err := m.Confirm(m.ctx, a, m.aim, "")
	if err == nil && done.Waits != nil {
		m.waits[m.aim] = yes2{by: a.ID, at: m.clock.Now()}
	}
	return err
}

func (m *machine) sign(_ *rapid.T, a engine.Actor) error {
	m.signed = m.aim
	_, err := m.Sign(m.ctx, a, m.signed)
	return err
}

// seen is a version of a piece that somebody has before them, mostly the present one.
func (m *machine) seen(t *rapid.T) engine.Output {
	o := rapid.SampledFrom(m.pieces).Draw(t, "piece")
	if rapid.IntRange(0, 3).Draw(t, "present version") == 0 {
		return o
	}
	return m.now(m.t, o.ID)
}
