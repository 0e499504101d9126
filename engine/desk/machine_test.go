package desk

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"koira/engine"
)

// machine does random things as random people, and as the program, and holds the world to what must always be so. What it knows of who asked
// for what it has from what it did, not from the store.
type machine struct {
	*world
	t      *testing.T
	pieces []engine.Output // as somebody once saw them: also old versions
	asked  []Wanted        // as somebody was shown them
	waits  map[string]yes2 // by request: an owner's confirmation, for a signature
	before snapshot
	aim    string // the request that the act under way is about, "" for none
	signed string // the same, where it is to be signed
	money  money
	began  time.Time // the act under way
}

// yes2 is the first yes of two.
type yes2 struct {
	by string
	at time.Time
}

// snapshot is what an act may change.
type snapshot struct {
	Outputs    map[string]string
	Levels     map[string]engine.Level
	Paused     map[string]bool
	Guardrails engine.Guardrails
	Stopped    bool
	Strategy   int
	Absences   []engine.Absence
	Good       map[string][]engine.Benchmark
	Works      []engine.Work
	Market     string
	First      string
	Hours      map[string][]engine.Hours

	all []engine.Output
}

func (m *machine) snapshot() snapshot {
	s := snapshot{Outputs: map[string]string{}, Levels: map[string]engine.Level{}, Paused: map[string]bool{}, Good: map[string][]engine.Benchmark{}}
	var err error
	s.all, err = m.store.Outputs(m.ctx, engine.OutputFilter{Bare: true})
	must(m.t, err)
	for _, o := range s.all {
		s.Outputs[o.ID] = fmt.Sprint(o.State, " ", o.Digest)
	}
	tasks, err := m.store.Tasks(m.ctx)
	must(m.t, err)
	for _, task := range tasks {
		s.Levels[task.ID], s.Paused[task.ID], s.Good[task.ID] = task.Level, task.Paused != nil, task.Benchmarks
	}
	s.Guardrails, err = m.store.Guardrails(m.ctx)
	must(m.t, err)
	c, err := m.store.Control(m.ctx)
	must(m.t, err)
	s.Stopped = c.Stopped
	is, err := m.store.Strategy(m.ctx)
	must(m.t, err)
	s.Strategy = is.Version
	s.Absences, err = m.store.Absences(m.ctx)
	must(m.t, err)
	s.Works, err = m.store.Works(m.ctx)
	must(m.t, err)
	s.Market, err = m.store.Setting(m.ctx, engine.SettingMarket)
	must(m.t, err)
	s.First, err = m.store.Setting(m.ctx, engine.SettingFirst)
	must(m.t, err)
	s.Hours, err = m.store.Hours(m.ctx)
	must(m.t, err)
	return s
}

// staffs are the ways in which people are listed. mari is an owner in all of them but the empty one.
var staffs = map[string]engine.People{
	"everybody":        {Owners: []string{mari}, Approvers: []string{tomi}, Operators: []string{olli}, Viewers: []string{venla}, Team: team},
	"two owners":       {Owners: []string{mari, tomi}, Operators: []string{olli}, Viewers: []string{venla}, Team: team},
	"one owner":        {Owners: []string{mari}, Operators: []string{olli, tomi}, Viewers: []string{venla}, Team: team},
	"always, alone":    {Owners: []string{mari}, Operators: []string{olli, tomi}, Viewers: []string{venla}, Team: team, FourEyes: engine.FourEyesAlways},
	"never":            {Owners: []string{mari}, Approvers: []string{tomi}, Operators: []string{olli}, Viewers: []string{venla}, Team: team, FourEyes: engine.FourEyesNever},
	"koira is listed":  {Owners: []string{mari, "koira"}, Operators: []string{olli}, Viewers: []string{venla, tomi}, Team: team},
	"nobody is listed": {Team: team},
}

var staffNames = []string{"everybody", "everybody", "everybody", "two owners", "one owner", "always, alone", "never", "koira is listed", "nobody is listed"}

// somebody is a random actor, and the role that the model says they truly hold.
func (m *machine) somebody(t *rapid.T, w act) (a engine.Actor, role engine.Role) {
	who, fits := m.likely(t, w), rapid.Bool().Draw(t, "somebody who may")
	if may := slices.DeleteFunc(slices.Clone(who), func(id string) bool { return m.people.Role(id) < w.least }); fits && len(may) > 0 {
		who = may
	}
	a = person(rapid.SampledFrom(who).Draw(t, "who"))
	for r, ids := range [][]string{nil, m.people.Viewers, m.people.Operators, m.people.Approvers, m.people.Owners} {
		if slices.Contains(ids, a.ID) {
			role = engine.Role(r)
		}
	}
	if fits {
		return a, role
	}
	switch rapid.SampledFrom([]string{"member", "member", "member", "member", "member", "member", "guest", "app", "other team", "koira", "the loop", "claims to be owner"}).Draw(t, "kind") {
	case "guest":
		a.Guest, role = true, engine.RoleNone
	case "app":
		a.Bot, role = true, engine.RoleNone
	case "other team":
		a.Team, role = "T2", engine.RoleNone
	case "koira":
		a, role = engine.Actor{ID: engine.Koira.ID, Team: team, Role: engine.RoleOwner, Surface: engine.SurfaceSlack}, engine.RoleNone
	case "the loop":
		a.Surface, role = engine.SurfaceLoop, engine.RoleNone
	case "claims to be owner":
		a.Role = engine.RoleOwner
	}
	return a, role
}

// likely are those of whom one does w: somebody who can, more often than not. What stands early in a list is drawn more often.
func (m *machine) likely(t *rapid.T, w act) []string {
	who := []string{mari, mari, mari, tomi, tomi, olli, venla, "U9UNLISTED"}
	if m.aim = ""; !w.request {
		return who
	}
	var waits, asked []string
	for id := range m.waits {
		waits = append(waits, id)
	}
	slices.Sort(waits)
	for _, r := range slices.Backward(m.asked) {
		asked = append(asked, r.ID)
	}
	ids := slices.Concat(asked[:min(3, len(asked))], waits)
	if w.least == engine.RoleApprover { // a signature
		ids = slices.Concat(waits, asked[:min(1, len(asked))])
	}
	m.aim = rapid.SampledFrom(append(ids, "forged")).Draw(t, "request")
	if first, ok := m.waits[m.aim]; ok && first.by == mari {
		return slices.Concat([]string{tomi, tomi}, who)
	}
	for _, r := range m.asked {
		if r.ID == m.aim && w.least != engine.RoleApprover {
			who = append(slices.Repeat([]string{r.By}, len(who)), who...)
		}
	}
	return who
}

// next is what is done next: what is under way is gone on with more often than not, and something is often begun.
func (m *machine) next(t *rapid.T) act {
	var on []act
	for _, w := range acts {
		switch {
		case w.request && w.name == "sign" && len(m.waits) > 0:
			on = append(on, w, w, w)
		case w.request && len(m.asked)+len(m.waits) > 0, !w.request && len(m.asked)+len(m.waits) == 0 && slices.Contains([]string{"ask", "tighten", "revert", "level"}, w.name):
			on = append(on, w)
		}
	}
	if len(on) > 0 && rapid.Bool().Draw(t, "goes on") {
		return on[evenly(t, "with")%len(on)]
	}
	return acts[evenly(t, "act")%len(acts)]
}

// evenly is one of 1,024 numbers, each as likely as the next: rapid's own ranges draw the small ones far more often.
func evenly(t *rapid.T, what string) (n int) {
	for range 10 {
		if n *= 2; rapid.Bool().Draw(t, what) {
			n++
		}
	}
	return n
}

// step advances the clock a little, so that no two acts share a moment, and adds the new versions to what people have seen.
func (m *machine) step(t *rapid.T) {
	m.clock.Advance(time.Duration(rapid.SampledFrom([]int{1, 1, 1, 1, 60, 600, 3600}).Draw(t, "seconds")) * time.Second)
	for _, o := range m.before.all {
		if o.Digest != "" && !slices.ContainsFunc(m.pieces, func(x engine.Output) bool { return x.ID == o.ID && x.Digest == o.Digest }) {
			m.pieces = append(m.pieces, m.now(m.t, o.ID))
		}
	}
	m.signed, m.began = "", m.clock.Now()
}

// events are the log's lines after the given one.
func (m *machine) events(after int64) []engine.Event {
	got, err := m.store.Events(m.ctx, after, 100)
	must(m.t, err)
	return got
}

func (m *machine) check(t *rapid.T, w act, a engine.Actor, role engine.Role, logged int64, err error) {
	after := m.snapshot()
	code := engine.CodeOf(err)
	if code == engine.CodeInternal {
		t.Fatalf("%s: %v", w.name, err)
	}
	if role < w.least && code != engine.CodeDenied {
		t.Fatalf("%s as %s: %v, want denied", w.name, role, err)
	}
	// Only a rule that stops a piece may move it where it was not asked to; whoever comes too late, or asks for what cannot be, leaves everything as it was.
	if code != "" && code != engine.CodeBlocked || w.name == "drill" {
		if d := cmp.Diff(m.before, after, cmpopts.IgnoreUnexported(snapshot{})); d != "" {
			t.Fatalf("%s (%v) changed:\n%s", w.name, err, d)
		}
	}
	if code == engine.CodeDenied {
		for _, e := range m.events(logged) {
			if e.Action != "denied" || e.Actor != a.ID {
				t.Fatalf("%s was denied and the log says %+v", w.name, e)
			}
		}
		if len(m.events(logged)) == 0 {
			t.Fatalf("%s was denied and the log says nothing", w.name)
		}
	}
	m.cleared(t, after)
	m.owned(t, w, role, after)
	m.room(t, w, a, role, after)
	m.fallen(t, w, after)
	m.set(t, w, a, role, after)
	m.sums(t, w, after)
	m.before = after
}

// owned holds what people own to owners, and what is out to those who may take it down.
func (m *machine) owned(t *rapid.T, w act, role engine.Role, after snapshot) {
	if (after.Strategy != m.before.Strategy || !cmp.Equal(after.Absences, m.before.Absences)) && (w.least == program || role < engine.RoleOwner) {
		t.Fatalf("%s as %s changed the strategy or an absence", w.name, role)
	}
	for _, o := range after.all {
		if o.State == engine.StateRetracting && !strings.HasPrefix(m.before.Outputs[o.ID], string(o.State)) && (w.least == program || role < engine.RoleApprover) {
			t.Fatalf("%s as %s took %s down", w.name, role, o.ID)
		}
	}
}

// room holds whoever gave koira more room to who may: an owner, and where four eyes are asked for, somebody else after an owner's yes.
func (m *machine) room(t *rapid.T, w act, a engine.Actor, role engine.Role, after snapshot) {
	var more []string
	for task, level := range after.Levels {
		if level > m.before.Levels[task] {
			more = append(more, fmt.Sprintf("%s went to %s", task, level))
		}
		if m.before.Paused[task] && !after.Paused[task] && role < engine.RoleOwner {
			t.Fatalf("%s as %s resumed %s", w.name, role, task)
		}
	}
	more = append(more, roomier(m.before.Guardrails, after.Guardrails)...)
	if m.before.Stopped && !after.Stopped && role < engine.RoleOwner {
		t.Fatalf("%s as %s resumed everything", w.name, role)
	}
	if g := after.Guardrails; g.Budget.Ceiling != m.before.Guardrails.Budget.Ceiling || g.Budget.Weekly > g.Budget.Ceiling || g.Budget.Output > g.Budget.Ceiling {
		t.Fatalf("%s: past the ceiling: %+v", w.name, g.Budget)
	}
	if len(more) == 0 {
		return
	}
	said := fmt.Sprintf("%s as %s (%s): %s", w.name, role, a.ID, strings.Join(more, "; "))
	if w.least == program || role < engine.RoleApprover {
		t.Fatal(said)
	}
	others := 0
	for _, id := range append(slices.Clone(m.people.Owners), m.people.Approvers...) {
		if id != a.ID && id != engine.Koira.ID {
			others++
		}
	}
	if m.signed == "" {
		alone := m.people.FourEyes == engine.FourEyesNever || m.people.FourEyes != engine.FourEyesAlways && others == 0
		if role < engine.RoleOwner || !alone {
			t.Fatalf("%s: alone", said)
		}
		return
	}
	first, ok := m.waits[m.signed]
	if !ok || first.by == a.ID || !slices.Contains(m.people.Owners, first.by) || m.clock.Now().Sub(first.at) >= 15*time.Minute {
		t.Fatalf("%s: signed after %+v", said, first)
	}
}

// fallen: whatever took a level down has written a decision of that fall, and a card of it is on its way.
func (m *machine) fallen(t *rapid.T, w act, after snapshot) {
	for task, to := range after.Levels {
		from := m.before.Levels[task]
		if to >= from {
			continue
		}
		made, err := m.store.Decisions(m.ctx, task, m.clock.Now(), 10)
		must(m.t, err)
		i := slices.IndexFunc(made, func(d engine.Decision) bool {
			return d.What == "level" && d.From == from.String() && d.To == to.String() || d.What == "pause" && d.From == from.String() && d.To == to.String()
		})
		if i < 0 || made[i].Signal == "" {
			t.Fatalf("%s: %s fell from %s to %s, and no decision says so and why: %+v", w.name, task, from, to, made)
		}
		due, err := m.store.DueNotices(m.ctx, m.clock.Now(), 1000)
		must(m.t, err)
		if !slices.ContainsFunc(due, func(n engine.Notice) bool { return n.Kind == engine.NoticeLevel && n.Subject == made[i].ID }) {
			t.Fatalf("%s: %s fell from %s to %s, and nobody is told", w.name, task, from, to)
		}
	}
}

// roomier lists in what is gives more room than was. It knows the limits that this machine changes, and nothing of how desk reads them.
func roomier(was, is engine.Guardrails) []string {
	var more []string
	add := func(yes bool, what string) {
		if yes {
			more = append(more, what)
		}
	}
	lost := func(a, b []string) bool {
		return slices.ContainsFunc(a, func(x string) bool { return !slices.Contains(b, x) })
	}
	add(is.Budget.Weekly > was.Budget.Weekly, "more money a week")
	task := func(g engine.Guardrails) engine.Money { return g.Budget.Tasks["daily-social"] }
	add(task(was) > 0 && (task(is) == 0 || task(is) > task(was)), "more money of a task")
	add(was.Budget.Output > 0 && (is.Budget.Output == 0 || is.Budget.Output > was.Budget.Output), "more money a piece")
	add(lost(was.Topics.Blocked, is.Topics.Blocked), "a subject")
	add(lost(is.Links.Domains, was.Links.Domains), "a host")
	add(lost(is.Mentions, was.Mentions), "a mention")
	add(was.Voice.Locked && !is.Voice.Locked, "the voice")
	add(was.Voice.Emoji != is.Voice.Emoji && is.Voice.Emoji == 0, "emoji")
	for name, on := range is.Channels {
		add(on && !was.Channels[name], "the channel "+name)
	}
	floor := func(g engine.Guardrails) float64 {
		if set := g.Thresholds["daily-social"]; len(set) > 0 {
			return set[0].Floor
		}
		return 0
	}
	add(floor(is) < floor(was), "a lower floor")
	add(len(is.Quiet) < len(was.Quiet), "fewer quiet hours")
	most := func(g engine.Guardrails) int {
		if len(g.Frequency) > 0 {
			return g.Frequency[0].Most
		}
		return 1 << 30
	}
	add(most(is) > most(was), "more pieces a day")
	return more
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

// cleared holds every scheduled piece to its yes: of this version, given by the very move that cleared it.
func (m *machine) cleared(t *rapid.T, after snapshot) {
	for _, o := range after.all {
		if o.State != engine.StateScheduled && o.State != engine.StatePublishing {
			continue
		}
		o = m.now(m.t, o.ID)
		p, err := m.store.Approval(m.ctx, o.ID, o.Digest)
		must(m.t, err)
		others := func() bool {
			return slices.ContainsFunc(append(slices.Clone(m.people.Owners), m.people.Approvers...), func(id string) bool { return id != p.By && id != engine.Koira.ID })
		}
		fresh := !p.At.Before(m.began) // an earlier yes was given by who might, then
		switch {
		case p == nil:
			t.Fatalf("%s is cleared without a yes", o.ID)
		case !m.stands(o):
			t.Fatalf("%s is cleared on a yes of %s, and waited since", o.ID, p.At)
		case p.Role < engine.RoleApprover || fresh && !slices.Contains(append(slices.Clone(m.people.Owners), m.people.Approvers...), p.By):
			t.Fatalf("%s is cleared by %s, who is %s", o.ID, p.By, p.Role)
		case p.By == o.EditedBy && !p.OwnEdit, p.By == o.EditedBy && fresh && others() && o.Origin != engine.OriginCopy: // copy put into a calendar is its yes
			t.Fatalf("%s is cleared by its last editor", o.ID)
		case p.OverCap != (engine.Rise{}) && (p.Role < engine.RoleOwner || fresh && !slices.Contains(m.people.Owners, p.By)):
			t.Fatalf("%s is let past a limit by %s, who is %s", o.ID, p.By, p.Role)
		case o.Digest != engine.DigestOf(o):
			t.Fatalf("%s says something else than its digest", o.ID)
		}
	}
}
