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
	pieces []engine.Output  // as somebody once saw them: also old versions
	asked  []engine.Request // as somebody was shown them
	waits  map[string]yes2  // by request: an owner's confirmation, for a signature
	before snapshot
	aim    string       // what the act under way is about that is no piece, "" for nothing
	signed string       // the same, where it is to be signed
	terms  engine.Terms // of the level that the act under way asks for
	marks  []string     // of what the owner saw who lets a piece pass
	money  money
	log    told
	began  time.Time // the act under way
}

// yes2 is the first yes of two.
type yes2 struct {
	by    string
	at    time.Time
	terms engine.Terms // within which a level was asked for
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
	Readers    int // of the regulars
	Picks      map[engine.Dimension]string
	Open       map[string]engine.ExceptionKind
	Resting    []string // channels
	Offers     map[string]engine.OfferState
	Look       string // who has looked through what goes out unasked

	all []engine.Output
}

func (m *machine) snapshot() snapshot {
	s := snapshot{
		Outputs: map[string]string{}, Levels: map[string]engine.Level{}, Paused: map[string]bool{}, Good: map[string][]engine.Benchmark{},
		Picks: map[engine.Dimension]string{}, Open: map[string]engine.ExceptionKind{}, Offers: map[string]engine.OfferState{},
	}
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
	s.Strategy, s.Readers = is.Version, is.Reach("regulars")
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
	m.answers(&s)
	return s
}

// openings are the acts that ask for something which somebody then says yes to.
var openings = []string{"ask", "tighten", "revert", "level", "level within terms", "ask for another strategy", "go back in the strategy", "ask for a fact"}

// next is what is done next: what is under way is gone on with more often than not, and something is often begun.
func (m *machine) next(t *rapid.T) act {
	of := map[engine.RequestKind]bool{}
	for _, r := range m.asked {
		of[r.Kind] = true
	}
	var on []act
	for _, w := range acts {
		switch {
		case w.name == "sign":
			on = append(on, slices.Repeat([]act{w}, min(3, 3*len(m.waits)))...)
		case w.request && (of[w.of()] || w.name == "cancel" && len(m.asked)+len(m.waits) > 0), len(m.asked)+len(m.waits) == 0 && slices.Contains(openings, w.name):
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
	m.signed, m.terms, m.marks, m.began = "", engine.Terms{}, nil, m.clock.Now()
}

func (m *machine) check(t *rapid.T, w act, a engine.Actor, role engine.Role, err error) {
	after, lines := m.snapshot(), m.read()
	code := engine.CodeOf(err)
	if code == engine.CodeInternal {
		t.Fatalf("%s: %v", w.name, err)
	}
	if role < w.least && code != engine.CodeDenied {
		t.Fatalf("%s as %s: %v, want denied", w.name, role, err)
	}
	// Only a rule that stops a piece may move it where it was not asked to; whoever comes too late, or asks for what cannot be, leaves everything as it was.
	if code != "" && code != engine.CodeBlocked || w.name == "drill" || w.name == "it looks good" {
		if d := cmp.Diff(m.before, after, cmpopts.IgnoreUnexported(snapshot{})); d != "" {
			t.Fatalf("%s (%v) changed:\n%s", w.name, err, d)
		}
	}
	if code == engine.CodeDenied {
		for _, e := range lines {
			if e.Action != "denied" || e.Actor != a.ID {
				t.Fatalf("%s was denied and the log says %+v", w.name, e)
			}
		}
		if len(lines) == 0 {
			t.Fatalf("%s was denied and the log says nothing", w.name)
		}
	} else if code != "" && code != engine.CodeBlocked && len(lines) > 0 {
		t.Fatalf("%s (%v) changed nothing and the log says %+v", w.name, err, lines)
	}
	if own := slices.ContainsFunc(m.asked, func(r engine.Request) bool { return r.ID == m.aim && r.Kind == w.of() && r.By == a.ID }); code == "" && w.goesOn() && !own {
		t.Fatalf("%s by %s goes on with what somebody else was shown, or asked for something else: %s", w.name, a.ID, m.aim)
	}
	m.cleared(t, w, after)
	m.gone(t, w, role, after)
	m.owned(t, w, role, after)
	m.room(t, w, a, role, after)
	m.fallen(t, w, after)
	m.set(t, w, a, role, after)
	m.answered(t, w, a, role, after)
	m.sums(t, w, after)
	m.before = after
}

// inForce are the acts that may put another strategy in force.
var inForce = []string{"apply another strategy", "apply a fact", "confirm a fact", "remove a fact"}

// owned holds what people own to owners, and what is out to those who may take it down.
func (m *machine) owned(t *rapid.T, w act, role engine.Role, after snapshot) {
	if (after.Strategy != m.before.Strategy || !cmp.Equal(after.Absences, m.before.Absences)) && (w.least == program || role < engine.RoleOwner) {
		t.Fatalf("%s as %s changed the strategy or an absence", w.name, role)
	}
	if after.Strategy != m.before.Strategy && !slices.Contains(inForce, w.name) {
		t.Fatalf("%s put another strategy in force", w.name)
	}
	if after.Readers < m.before.Readers {
		t.Fatalf("%s: limits are held against %d readers, then %d", w.name, m.before.Readers, after.Readers)
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
			m.granted(t, w, a, task, level)
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

// granted holds a raise to an owner's grant of that level, within the terms that they named.
func (m *machine) granted(t *rapid.T, w act, a engine.Actor, task string, level engine.Level) {
	by, terms := a.ID, m.terms
	if first, ok := m.waits[m.signed]; ok {
		by, terms = first.by, first.terms
	}
	g, err := m.store.Grant(m.ctx, task)
	must(m.t, err)
	if !slices.Contains([]string{"level", "level within terms", "sign"}, w.name) {
		t.Fatalf("%s raised %s to %s", w.name, task, level)
	}
	if g == nil || g.Level != level || g.By != by || g.Role < engine.RoleOwner || !cmp.Equal(g.Terms, terms) {
		t.Fatalf("%s raised %s to %s; %s asked for it within %+v, and the grant is %+v", w.name, task, level, by, terms, g)
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
	add(was.Voice.Exclamations > 0 && (is.Voice.Exclamations == 0 || is.Voice.Exclamations > was.Voice.Exclamations), "exclamation marks")
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
