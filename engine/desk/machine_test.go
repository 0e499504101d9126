package desk

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"koira/engine"
)

// machine does random things as random people and holds the world to what must always be so.
type machine struct {
	*world
	t      *testing.T
	pieces []engine.Output // as somebody once saw them: also old versions
	before snapshot
}

// snapshot is what an act may change.
type snapshot struct {
	Outputs    map[string]string
	Levels     map[string]engine.Level
	Paused     map[string]bool
	Guardrails engine.Guardrails
	Stopped    bool
}

func (m *machine) snapshot() snapshot {
	s := snapshot{Outputs: map[string]string{}, Levels: map[string]engine.Level{}, Paused: map[string]bool{}}
	all, err := m.store.Outputs(m.ctx, engine.OutputFilter{})
	must(m.t, err)
	for _, o := range all {
		s.Outputs[o.ID] = fmt.Sprint(o.State, " ", o.Digest)
	}
	tasks, err := m.store.Tasks(m.ctx)
	must(m.t, err)
	for _, task := range tasks {
		s.Levels[task.ID], s.Paused[task.ID] = task.Level, task.Paused != nil
	}
	s.Guardrails, err = m.store.Guardrails(m.ctx)
	must(m.t, err)
	c, err := m.store.Control(m.ctx)
	must(m.t, err)
	s.Stopped = c.Stopped
	return s
}

// somebody is a random actor; role is what they truly hold.
func somebody(t *rapid.T) (a engine.Actor, role engine.Role) {
	role = rapid.SampledFrom([]engine.Role{0, 1, 2, 3, 4, 4, 4}).Draw(t, "role")
	a = person([]string{"U9UNLISTED", venla, olli, tomi, mari}[role])
	kind := rapid.SampledFrom([]string{"member", "member", "member", "member", "guest", "app", "other team", "the loop", "claims to be owner"}).Draw(t, "kind")
	switch kind {
	case "guest":
		a.Guest, role = true, engine.RoleNone
	case "app":
		a.Bot, role = true, engine.RoleNone
	case "other team":
		a.Team, role = "T2", engine.RoleNone
	case "the loop":
		a.Surface, role = engine.SurfaceLoop, engine.RoleNone
	case "claims to be owner":
		a.Role = engine.RoleOwner
	}
	return a, role
}

// act is one thing to do; it gives the least role that may, and the act's error.
type act struct {
	name  string
	least engine.Role
	do    func(m *machine, t *rapid.T, a engine.Actor) error
}

var acts = []act{
	{"approve", engine.RoleApprover, func(m *machine, t *rapid.T, a engine.Actor) error { return m.Approve(m.ctx, a, yes(m.seen(t))) }},
	{"approve again", engine.RoleApprover, func(m *machine, t *rapid.T, a engine.Actor) error { return m.Approve(m.ctx, a, yes(m.seen(t))) }},
	{"publish now", engine.RoleApprover, func(m *machine, t *rapid.T, a engine.Actor) error { return m.PublishNow(m.ctx, a, yes(m.seen(t))) }},
	{"reject", engine.RoleApprover, func(m *machine, t *rapid.T, a engine.Actor) error {
		o := m.seen(t)
		return m.Reject(m.ctx, a, No{Output: o.ID, Digest: o.Digest, Reason: "tone", Severe: rapid.Bool().Draw(t, "severe"), Again: rapid.Bool().Draw(t, "again")})
	}},
	{"drop", engine.RoleApprover, func(m *machine, t *rapid.T, a engine.Actor) error {
		o := m.seen(t)
		return m.Drop(m.ctx, a, o.ID, o.Digest)
	}},
	{"take back", engine.RoleOperator, func(m *machine, t *rapid.T, a engine.Actor) error {
		o := m.seen(t)
		return m.TakeBack(m.ctx, a, o.ID, o.Digest)
	}},
	{"edit", engine.RoleOperator, func(m *machine, t *rapid.T, a engine.Actor) error {
		o := m.seen(t)
		body := rapid.SampledFrom([]string{"Rye.", "Oat.", "Barley and rye.", "Politics.", ""}).Draw(t, "body")
		_, _, err := m.Edit(m.ctx, a, o.ID, o.Digest, []engine.Variant{{Name: "A", Body: body}})
		return err
	}},
	{"reslot", engine.RoleOperator, func(m *machine, t *rapid.T, a engine.Actor) error {
		o := m.seen(t)
		_, err := m.Reslot(m.ctx, a, o.ID, o.Digest, start.Add(time.Duration(rapid.IntRange(-5, 200).Draw(t, "hour"))*time.Hour))
		return err
	}},
	{"copy", engine.RoleApprover, func(m *machine, _ *rapid.T, a engine.Actor) error {
		_, err := m.AddCopy(m.ctx, a, "daily-social", "Our own words.")
		return err
	}},
	{"level", engine.RoleOperator, func(m *machine, t *rapid.T, a engine.Actor) error {
		task, err := m.store.Task(m.ctx, "daily-social")
		must(m.t, err)
		return m.SetLevel(m.ctx, a, task.ID, task.Level, engine.Level(rapid.IntRange(0, 5).Draw(t, "to")))
	}},
	{"budget", engine.RoleOperator, func(m *machine, t *rapid.T, a engine.Actor) error {
		c, err := m.BudgetWeekly(m.ctx, a, fmt.Sprint(rapid.IntRange(0, 260).Draw(t, "sum")))
		return m.confirmed(t, a, c, err)
	}},
	{"topic", engine.RoleOperator, func(m *machine, t *rapid.T, a engine.Actor) error {
		set := rapid.SampledFrom([]func(*machine) (Change, error){
			func(m *machine) (Change, error) { return m.BlockTopic(m.ctx, a, "barley") },
			func(m *machine) (Change, error) { return m.UnblockTopic(m.ctx, a, "barley") },
		}).Draw(t, "set")
		c, err := set(m)
		return m.confirmed(t, a, c, err)
	}},
	{"forged confirmation", engine.RoleOwner, func(m *machine, t *rapid.T, a engine.Actor) error {
		_, err := m.Confirm(m.ctx, a, Change{Rule: "budget", New: fmt.Sprint(rapid.IntRange(0, 999).Draw(t, "sum")), From: m.before.Guardrails.Version})
		return err
	}},
	{"stop", engine.RoleViewer, func(m *machine, _ *rapid.T, a engine.Actor) error { return m.Stop(m.ctx, a, "") }},
	{"resume", engine.RoleOwner, func(m *machine, _ *rapid.T, a engine.Actor) error { return m.Resume(m.ctx, a) }},
	{"pause", engine.RoleOperator, func(m *machine, _ *rapid.T, a engine.Actor) error { return m.PauseTask(m.ctx, a, "daily-social", "") }},
	{"resume task", engine.RoleOwner, func(m *machine, _ *rapid.T, a engine.Actor) error { return m.ResumeTask(m.ctx, a, "daily-social") }},
}

func (m *machine) confirmed(t *rapid.T, a engine.Actor, c Change, err error) error {
	if err != nil || c.Applied || rapid.Bool().Draw(t, "cancelled") {
		return err
	}
	_, err = m.Confirm(m.ctx, a, c)
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

// step advances the clock a little, so that no two acts share a moment, and adds the new versions to what people have seen.
func (m *machine) step(t *rapid.T) {
	m.clock.Advance(time.Duration(rapid.SampledFrom([]int{1, 1, 1, 60, 3600}).Draw(t, "seconds")) * time.Second)
	all, err := m.store.Outputs(m.ctx, engine.OutputFilter{})
	must(m.t, err)
	for _, o := range all {
		if o.Digest != "" && !slices.ContainsFunc(m.pieces, func(x engine.Output) bool { return x.ID == o.ID && x.Digest == o.Digest }) {
			m.pieces = append(m.pieces, o)
		}
	}
	if live := len(m.pieces); live < 3 {
		m.pieces = append(m.pieces, m.piece(m.t, "weekly-newsletter", "Rye.", m.clock.Now().Add(30*time.Hour)))
	}
	m.before = m.snapshot()
}

// TestMachine: whatever people do in whatever order, nothing is cleared without an approver's yes to that very version by somebody other than
// its last editor, no level, limit or stop gives way without an owner, and who is refused changes nothing.
func TestMachine(t *testing.T) {
	reached := map[string]bool{}
	rapid.Check(t, func(rt *rapid.T) {
		m := &machine{world: newWorld(t), t: t}
		defer m.store.Close()
		m.pieces = []engine.Output{
			m.piece(t, "daily-social", "Rye.", start.Add(day)), m.piece(t, "daily-social", "Oat.", start.Add(2*day)), m.piece(t, "weekly-newsletter", "Rye.", start.Add(3*day)),
		}
		if rapid.Bool().Draw(rt, "begins still") {
			must(t, m.PauseTask(m.ctx, person(olli), "daily-social", ""))
			must(t, m.Stop(m.ctx, person(venla), ""))
		}
		for range rapid.IntRange(12, 20).Draw(rt, "acts") {
			m.step(rt)
			a, role := somebody(rt)
			w := rapid.SampledFrom(acts).Draw(rt, "act")
			err := w.do(m, rt, a)
			reached[w.name+" "+string(engine.CodeOf(err))] = true
			m.hold(rt, w, role, err)
		}
	})
	for _, w := range acts {
		for _, code := range []engine.Code{"", engine.CodeDenied} {
			if !reached[w.name+" "+string(code)] {
				t.Errorf("%q never came to %q: the test proves nothing of it", w.name, code)
			}
		}
	}
}

func (m *machine) hold(t *rapid.T, w act, role engine.Role, err error) {
	after := m.snapshot()
	if engine.CodeOf(err) == engine.CodeInternal {
		t.Fatalf("%s: %v", w.name, err)
	}
	if role < w.least && engine.CodeOf(err) != engine.CodeDenied {
		t.Fatalf("%s as %s: %v, want denied", w.name, role, err)
	}
	if engine.CodeOf(err) == engine.CodeDenied {
		if d := cmp.Diff(m.before, after); d != "" {
			t.Fatalf("%s was denied and changed:\n%s", w.name, d)
		}
	}
	m.cleared(t)
	for task, level := range after.Levels {
		if level > m.before.Levels[task] && role < engine.RoleOwner {
			t.Fatalf("%s as %s raised %s to %s", w.name, role, task, level)
		}
		if m.before.Paused[task] && !after.Paused[task] && role < engine.RoleOwner {
			t.Fatalf("%s as %s resumed %s", w.name, role, task)
		}
	}
	g, was := after.Guardrails, m.before.Guardrails
	looser := g.Budget.Weekly > was.Budget.Weekly || len(g.Topics.Blocked) < len(was.Topics.Blocked)
	if looser && role < engine.RoleOwner || g.Budget.Weekly > g.Budget.Ceiling || g.Budget.Ceiling != was.Budget.Ceiling {
		t.Fatalf("%s as %s loosened %+v to %+v", w.name, role, was, g)
	}
	if m.before.Stopped && !after.Stopped && role < engine.RoleOwner {
		t.Fatalf("%s as %s resumed everything", w.name, role)
	}
}

// stands reports whether o has not waited for a yes since its last one, as the log tells.
func (m *machine) stands(o engine.Output) bool {
	yes := false
	for from := int64(0); ; {
		events, err := m.store.Events(m.ctx, from, 1000)
		must(m.t, err)
		if len(events) == 0 {
			return yes
		}
		for _, e := range events {
			from = e.Seq
			switch {
			case e.Subject != o.ID:
			case e.Action == "output.waiting":
				yes = false
			case e.Action == "output.scheduled" && e.Detail["approved"] != "":
				yes = true
			}
		}
	}
}

// cleared holds every scheduled piece to its yes: of this version, and nobody put the piece back since.
func (m *machine) cleared(t *rapid.T) {
	scheduled, err := m.store.Outputs(m.ctx, engine.OutputFilter{States: []engine.State{engine.StateScheduled}})
	must(m.t, err)
	for _, o := range scheduled {
		p, err := m.store.Approval(m.ctx, o.ID, o.Digest)
		must(m.t, err)
		switch {
		case p == nil:
			t.Fatalf("%s is cleared without a yes", o.ID)
		case !m.stands(o):
			t.Fatalf("%s is cleared on a yes of %s, and waited since", o.ID, p.At)
		case p.Role < engine.RoleApprover || m.people.Role(p.By) != p.Role:
			t.Fatalf("%s is cleared by %s, who is %s", o.ID, p.By, p.Role)
		case p.By == o.EditedBy:
			t.Fatalf("%s is cleared by its last editor", o.ID)
		case o.Digest != engine.DigestOf(o):
			t.Fatalf("%s says something else than its digest", o.ID)
		}
	}
}
