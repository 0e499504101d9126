package desk

import (
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"koira/engine"
)

// moreActs are what people set once and seldom, what becomes of a text of theirs in a calendar, of an e-mail whose first readers have it, of a piece that
// somebody stopped, and how an attempt ends.
var moreActs = []act{
	{"good", engine.RoleOwner, func(m *machine, t *rapid.T, a engine.Actor) error {
		_, err := m.SetBenchmarks(m.ctx, a, "daily-social", GoodEdit{Metric: engine.Clicks, To: rapid.SampledFrom([]string{"15", "12", "off"}).Draw(t, "good")})
		return err
	}, false},
	{"add work", engine.RoleOperator, func(m *machine, t *rapid.T, a engine.Actor) error {
		_, err := m.AddWork(m.ctx, a, engine.Work{Name: rapid.SampledFrom([]string{"Flyers", "Photos", "Calls to key accounts"}).Draw(t, "work"), Minutes: 60, Times: 1})
		return err
	}, false},
	{"change work", engine.RoleOperator, func(m *machine, t *rapid.T, a engine.Actor) error {
		_, err := m.ChangeWork(m.ctx, a, engine.Work{ID: m.work(t), Name: "Flyers", Minutes: rapid.IntRange(30, 90).Draw(t, "minutes"), Times: 1}, time.Time{})
		return err
	}, false},
	{"remove work", engine.RoleOperator, func(m *machine, t *rapid.T, a engine.Actor) error {
		_, err := m.RemoveWork(m.ctx, a, m.work(t), time.Time{})
		return err
	}, false},
	{"market", engine.RoleOperator, func(m *machine, t *rapid.T, a engine.Actor) error {
		return m.SetMarket(m.ctx, a, rapid.SampledFrom([]engine.Market{engine.MarketBoth, engine.MarketPeople, engine.MarketUnknown}).Draw(t, "market"))
	}, false},
	{"hours", engine.RoleOperator, func(m *machine, t *rapid.T, a engine.Actor) error {
		var hours []engine.Hours
		if rapid.Bool().Draw(t, "chosen") {
			hours = []engine.Hours{{From: 540, To: 600}}
		}
		return m.SetHours(m.ctx, a, hours)
	}, false},
	{"first steps", engine.RoleOwner, func(m *machine, t *rapid.T, a engine.Actor) error {
		tasks := []string{"by-hand", "daily-social", "weekly-newsletter"}
		return m.ChooseFirst(m.ctx, a, tasks[:rapid.IntRange(0, 3).Draw(t, "tasks")]...)
	}, false},
	{"drill", engine.RoleOwner, func(m *machine, t *rapid.T, a engine.Actor) error {
		_, err := m.Drill(m.ctx, a, rapid.SampledFrom([]string{"", "daily-social"}).Draw(t, "task"))
		return err
	}, false},
	{"send the rest", engine.RoleApprover, func(m *machine, t *rapid.T, a engine.Actor) error { return m.SendRest(m.ctx, a, yes(m.rest(t))) }, false},
	{"stop the rest", engine.RoleOperator, func(m *machine, t *rapid.T, a engine.Actor) error {
		o := m.rest(t)
		return m.StopRest(m.ctx, a, o.ID, o.Digest)
	}, false},
	{"move copy", engine.RoleApprover, func(m *machine, t *rapid.T, a engine.Actor) error {
		o := m.own(t)
		_, err := m.MoveCopy(m.ctx, a, o.ID, o.Digest, start.Add(time.Duration(rapid.IntRange(5, 300).Draw(t, "hour"))*time.Hour))
		return err
	}, false},
	{"order copy", engine.RoleApprover, func(m *machine, t *rapid.T, a engine.Actor) error {
		o := m.own(t)
		_, err := m.OrderCopy(m.ctx, a, o.ID, o.Digest, rapid.IntRange(1, 2).Draw(t, "place"))
		return err
	}, false},
	{"remove copy", engine.RoleApprover, func(m *machine, t *rapid.T, a engine.Actor) error {
		o := m.own(t)
		_, err := m.RemoveCopy(m.ctx, a, o.ID, o.Digest)
		return err
	}, false},
	{"put back", engine.RoleApprover, func(m *machine, t *rapid.T, a engine.Actor) error {
		at := time.Time{}
		if rapid.Bool().Draw(t, "another time") {
			at = start.Add(time.Duration(rapid.IntRange(0, 200).Draw(t, "hour")) * time.Hour)
		}
		return m.PutBack(m.ctx, a, yes(m.waiting(t)), at)
	}, false},
	{"it is there", engine.RoleApprover, func(m *machine, t *rapid.T, a engine.Actor) error {
		o := m.unknown(t)
		return m.ItIsThere(m.ctx, a, o.ID, o.Digest, "https://bluesky.example/there")
	}, false},
	{"give it up", engine.RoleApprover, func(m *machine, t *rapid.T, a engine.Actor) error {
		o := m.unknown(t)
		return m.DropUnsure(m.ctx, a, o.ID, o.Digest)
	}, false},
	{"send again", engine.RoleApprover, func(m *machine, t *rapid.T, a engine.Actor) error {
		return m.SendAgain(m.ctx, a, yes(m.unknown(t)), true)
	}, false},
	{"an attempt ends", program, (*machine).ends, false},
}

// work is something on the audit's list, or nothing of it.
func (m *machine) work(t *rapid.T) string {
	ids := []string{"gone"}
	for _, w := range m.before.Works {
		ids = append(ids, w.ID, w.ID, w.ID)
	}
	return rapid.SampledFrom(ids).Draw(t, "listed")
}

// one is a piece that fits, if there is one, more often than not; else any that somebody has before them.
func (m *machine) one(t *rapid.T, fits func(engine.Output) bool) engine.Output {
	var all []string
	for _, o := range m.before.all {
		if fits(o) {
			all = append(all, o.ID)
		}
	}
	if len(all) == 0 || rapid.IntRange(0, 3).Draw(t, "another") == 0 {
		return m.seen(t)
	}
	return m.now(m.t, rapid.SampledFrom(all).Draw(t, "of these"))
}

func (m *machine) rest(t *rapid.T) engine.Output {
	return m.one(t, func(o engine.Output) bool { return o.ID == partly })
}

func (m *machine) own(t *rapid.T) engine.Output {
	return m.one(t, func(o engine.Output) bool { return o.Origin == engine.OriginCopy && !o.State.Final() })
}

func (m *machine) unknown(t *rapid.T) engine.Output {
	return m.one(t, func(o engine.Output) bool { return o.State == engine.StateUnconfirmed })
}

// ends is the answer to an attempt that is on its way, or the claim of one that is due.
func (m *machine) ends(t *rapid.T, _ engine.Actor) error {
	o := m.one(t, func(o engine.Output) bool {
		return o.State == engine.StatePublishing || o.State == engine.StateScheduled && !o.Slot.After(m.clock.Now().Add(3*day))
	})
	if o.State == engine.StateScheduled {
		m.clock.Advance(max(0, o.Slot.Sub(m.clock.Now())))
		if _, _, err := m.store.Claim(m.ctx, o.ID, o.Digest, m.clock.Now(), m.gate); engine.CodeOf(err) == engine.CodeBlocked {
			return nil
		} else if err != nil {
			return err
		}
	}
	sends, err := m.store.Sends(m.ctx, o.ID)
	must(m.t, err)
	i := slices.IndexFunc(sends, func(s engine.Send) bool { return s.State == engine.SendPublishing })
	if i < 0 {
		return nil
	}
	r := engine.Result{Send: sends[i].ID, Fence: sends[i].Fence, At: m.clock.Now(), By: engine.Koira, Evidence: "a test"}
	r.State = rapid.SampledFrom([]engine.SendState{engine.SendPublished, engine.SendUnconfirmed, engine.SendUnconfirmed, engine.SendFailed, engine.SendPending}).Draw(t, "comes to")
	switch r.State {
	case engine.SendPublished:
		r.Ref, r.Spent = engine.Ref{ID: "x"}, engine.Money(rapid.IntRange(0, 4).Draw(t, "quarters"))*o.CostMax/4
	case engine.SendPending:
		r.RetryAt = m.clock.Now().Add(time.Minute)
	case engine.SendUnconfirmed:
		r.QuietUntil = m.clock.Now().Add(time.Duration(rapid.IntRange(0, 1).Draw(t, "quiet")) * time.Hour)
	}
	return m.store.Apply(m.ctx, r)
}

// money is the ledger as the machine has read it, line by line, and what owners allowed single pieces on top.
type money struct {
	last  int64
	lines map[string][]engine.Entry // by output
	rises map[string]engine.Rise
}

// reads is what the ledger says since it was read last.
func (m *machine) reads() []engine.Entry {
	var fresh []engine.Entry
	for {
		lines, last, err := m.store.Lines(m.ctx, m.money.last)
		must(m.t, err)
		if m.money.last = last; len(lines) == 0 {
			return fresh
		}
		fresh = append(fresh, lines...)
		for _, e := range lines {
			m.money.lines[e.Output] = append(m.money.lines[e.Output], e)
		}
	}
}

// sums holds the ledger to what pieces are: each that is cleared or on its way has its cost set aside, less what of it is paid, and no other has
// anything; and, whenever an act is over, no piece that can still be kept from going stands above a cap in force, but for what an owner let it pass.
func (m *machine) sums(t *rapid.T, w act, after snapshot) {
	if lines := m.reads(); len(lines) > 0 && (slices.Contains(aside, w.name) || slices.Contains(costless, w.name)) {
		t.Fatalf("%s moved money: %+v", w.name, lines)
	}
	for _, o := range after.all {
		var aside, paid engine.Money
		for _, e := range m.money.lines[o.ID] {
			if aside += e.Reserved; e.Kind == engine.LedgerCommit {
				paid += e.Spent
			}
		}
		should := engine.Money(0)
		if o.State.HoldsMoney() {
			should = o.CostMax - paid
		}
		if aside != should || paid > o.CostMax {
			t.Fatalf("%s: %s is %s with %d set aside and %d paid of %d", w.name, o.ID, o.State, aside, paid, o.CostMax)
		}
		if o.State == engine.StateScheduled && o.CostMax > 0 && m.clock.Now().Before(o.Expires) {
			m.within(t, w, o, after)
		}
	}
}

// within holds what is cleared to the caps, by the ledger's own lines.
func (m *machine) within(t *rapid.T, w act, o engine.Output, after snapshot) {
	zone, err := time.LoadLocation("Europe/Helsinki")
	must(m.t, err)
	week := engine.Week(o.Slot, zone)
	for _, c := range []struct {
		name, task string
		limit      engine.Money
		rise       func(engine.Rise) engine.Money
	}{
		{"the week", "", after.Guardrails.Budget.Weekly, func(r engine.Rise) engine.Money { return r.Week }},
		{"its task", o.Task, after.Guardrails.Budget.Tasks[o.Task], func(r engine.Rise) engine.Money { return r.Task }},
	} {
		if c.task != "" && c.limit == 0 {
			continue
		}
		var used, top engine.Money
		for id, lines := range m.money.lines {
			var mine engine.Money
			for _, e := range lines {
				if e.Week == week && (c.task == "" || e.Task == c.task) {
					mine += e.Reserved + e.Spent
				}
			}
			used, top = used+mine, top+min(mine, c.rise(m.money.rises[id]))
		}
		if used-top > c.limit {
			t.Fatalf("%s: %s stays cleared, and %s uses %d of %d, with %d on top", w.name, o.ID, c.name, used, c.limit, top)
		}
		if c.task == "" && top > 0 && used > after.Guardrails.Budget.Ceiling {
			t.Fatalf("%s: %s is let past the file's ceiling: %d", w.name, o.ID, used)
		}
	}
}

// set holds what people set once to who may, each to their own hours; and a drill leaves everything as it was.
func (m *machine) set(t *rapid.T, w act, a engine.Actor, role engine.Role, after snapshot) {
	said := fmt.Sprintf("%s as %s", w.name, role)
	nobody := w.least == program
	if (fmt.Sprint(after.Good) != fmt.Sprint(m.before.Good) || after.First != m.before.First) && (nobody || role < engine.RoleOwner) {
		t.Fatalf("%s changed what is good, or with what to begin", said)
	}
	if (fmt.Sprint(after.Works) != fmt.Sprint(m.before.Works) || after.Market != m.before.Market) && (nobody || role < engine.RoleOperator) {
		t.Fatalf("%s changed the audit's list", said)
	}
	for _, id := range []string{mari, tomi, olli, venla, "U9UNLISTED", engine.Koira.ID} {
		if !slices.Equal(after.Hours[id], m.before.Hours[id]) && (nobody || id != a.ID || role < engine.RoleOperator) {
			t.Fatalf("%s (%s) changed the hours of %s", said, a.ID, id)
		}
	}
	was, is := m.before.Outputs[partly], after.Outputs[partly]
	if was != is && w.name == "stop the rest" && role < engine.RoleOperator || was != is && w.name == "send the rest" && role < engine.RoleApprover {
		t.Fatalf("%s decided about the rest: %s, then %s", said, was, is)
	}
}
