package desk

import (
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"koira/engine"
)

// told is the log as the machine has read it, line by line.
type told struct {
	last   int64
	yes    map[string]bool // by output: it has not waited for a yes since its last one
	waited map[string]bool // by output: it has waited for a yes, ever
}

// read is what the log says since it was read last.
func (m *machine) read() []engine.Event {
	var fresh []engine.Event
	for {
		events, err := m.store.Events(m.ctx, m.log.last, 1000)
		must(m.t, err)
		for _, e := range events {
			m.log.last = e.Seq
			switch {
			case e.Action == "output.waiting":
				m.log.yes[e.Subject], m.log.waited[e.Subject] = false, true
			case e.Action == "output.scheduled" && e.Detail["approved"] != "":
				m.log.yes[e.Subject] = true
			}
		}
		if fresh = append(fresh, events...); len(events) < 1000 {
			return fresh
		}
	}
}

// The acts that are a yes to a piece; at L2, where people's own copy goes out by the calendar, putting it there is one too.
var (
	saysYes   = []string{"approve", "approve again", "approve in a week", "approve anyway", "publish now", "let pass once", "put back", "send the rest", "send again"}
	calendars = []string{"copy", "move copy", "order copy", "use the words again"}
)

// waivable are the rules of which an owner may let a single piece pass what they find.
var waivable = []string{"voice", "topics", "frequency", "pace", "duplicates", "strategy"}

// cleared holds every scheduled piece to its yes: of this version, given by the very move that cleared it; or, where it goes out unasked, to the grant.
func (m *machine) cleared(t *rapid.T, w act, after snapshot) {
	for _, o := range after.all {
		if o.State != engine.StateScheduled && o.State != engine.StatePublishing {
			continue
		}
		o = m.now(m.t, o.ID)
		p, err := m.store.Approval(m.ctx, o.ID, o.Digest)
		must(m.t, err)
		if o.Digest != engine.DigestOf(o) {
			t.Fatalf("%s: %s says something else than its digest", w.name, o.ID)
		}
		if p == nil {
			m.byGrant(t, w, o, after)
			continue
		}
		others := func() bool {
			return slices.ContainsFunc(append(slices.Clone(m.people.Owners), m.people.Approvers...), func(id string) bool { return id != p.By && id != engine.Koira.ID })
		}
		fresh := !p.At.Before(m.began) // an earlier yes was given by who might, then
		switch {
		case !m.log.yes[o.ID]:
			t.Fatalf("%s: %s is cleared on a yes of %s, and waited since", w.name, o.ID, p.At)
		case p.Role < engine.RoleApprover || fresh && !m.mayYes(p.By):
			t.Fatalf("%s: %s is cleared by %s, who is %s", w.name, o.ID, p.By, p.Role)
		case p.By == o.EditedBy && !p.OwnEdit, p.By == o.EditedBy && fresh && others() && !m.calendar(w, o):
			t.Fatalf("%s: %s is cleared by its last editor", w.name, o.ID)
		case (p.OverCap != (engine.Rise{}) || len(p.Waived) > 0) && (p.Role < engine.RoleOwner || fresh && !slices.Contains(m.people.Owners, p.By)):
			t.Fatalf("%s: %s is let past a limit by %s, who is %s", w.name, o.ID, p.By, p.Role)
		case slices.ContainsFunc(p.Waived, func(x engine.Waiver) bool { return !slices.Contains(waivable, x.Rule) }):
			t.Fatalf("%s: %s is let past what nobody may let it past: %+v", w.name, o.ID, p.Waived)
		}
		if fresh {
			m.yesTo(t, w, o, p)
		}
	}
}

// yesTo holds a yes that the act under way gave to the acts that give one, and the piece to what rules say of its words in every state of the world.
func (m *machine) yesTo(t *rapid.T, w act, o engine.Output, p *engine.Approval) {
	if !slices.Contains(saysYes, w.name) && !m.calendar(w, o) {
		t.Fatalf("%s by %s cleared %s, and is no yes", w.name, p.By, o.ID)
	}
	if w.name == "approve in a week" && p.Looked < time.Second {
		t.Fatalf("%s was cleared by a tap %s after it came up", o.ID, p.Looked)
	}
	for _, x := range p.Waived {
		saw := engine.Finding{Rule: x.Rule, What: x.What, Bar: x.Bar, Use: x.Use}.Mark()
		if w.name != "send again" && !slices.Contains(m.marks, saw) { // what is sent again was let pass before
			t.Fatalf("%s: %s is let past %+v, which %s did not see", w.name, o.ID, x, p.By)
		}
	}
	g := m.before.Guardrails
	for _, v := range o.Variants {
		text := strings.ToLower(v.Subject + " " + v.Body)
		for _, word := range g.Topics.Blocked {
			if strings.Contains(text, word) {
				t.Fatalf("%s: %s is cleared and speaks of %q", w.name, o.ID, word)
			}
		}
		voice := slices.ContainsFunc(p.Waived, func(x engine.Waiver) bool { return x.Rule == "voice" })
		if most := g.Voice.Exclamations; g.Voice.Locked && most > 0 && strings.Count(text, "!") > most && !voice {
			t.Fatalf("%s: %s is cleared with more than %d exclamation marks", w.name, o.ID, most)
		}
	}
}

// calendar reports whether w puts o, people's own copy, into a calendar that runs by itself: that is a yes to it, also by who wrote it.
func (m *machine) calendar(w act, o engine.Output) bool {
	return slices.Contains(calendars, w.name) && o.Origin == engine.OriginCopy && m.before.Levels[o.Task] == engine.L2
}

// byGrant holds what is cleared without anybody's yes to a level that lets it out so, and to an owner's grant of it. Nobody has ever asked for a yes to it.
func (m *machine) byGrant(t *rapid.T, w act, o engine.Output, after snapshot) {
	g, err := m.store.Grant(m.ctx, o.Task)
	must(m.t, err)
	level := after.Levels[o.Task]
	waits := o.State == engine.StateScheduled
	back := waits && w.name == "an attempt ends"      // what lets it out now is asked at its next claim
	late := waits && !m.clock.Now().Before(o.Expires) // the loop ends it
	same := m.before.Outputs[o.ID] == after.Outputs[o.ID] && (!waits || level >= m.before.Levels[o.Task])
	switch {
	case m.log.waited[o.ID]:
		t.Fatalf("%s: %s is cleared without a yes, and waited for one", w.name, o.ID)
	case same || back || late:
	case level < engine.L4 || g == nil || g.Level < level || g.Role < engine.RoleOwner:
		t.Fatalf("%s: %s is cleared without a yes at %s, on the grant %+v", w.name, o.ID, level, g)
	}
}

// adds are the acts that may add a piece, and outs those that may bring one to be out.
var (
	adds = []string{"copy", "ask for a draft", "posted", "use the words again", "reject"}
	outs = []string{"posted", "published by hand", "an attempt ends", "it is there", "give it up", "stop the rest", "send again"}
)

// gone holds what is new, what is on its way and what is out to the acts that do that, and to those who may.
func (m *machine) gone(t *rapid.T, w act, role engine.Role, after snapshot) {
	for _, o := range after.all {
		was, there := m.before.Outputs[o.ID]
		if was == after.Outputs[o.ID] {
			continue
		}
		if !there && (!slices.Contains(adds, w.name) || role < engine.RoleOperator) {
			t.Fatalf("%s as %s added %s", w.name, role, o.ID)
		}
		switch from, _, _ := strings.Cut(was, " "); {
		case o.State == engine.StatePublishing && from != string(o.State):
			if w.least != program || after.Stopped || after.Paused[o.Task] || slices.Contains(m.before.Resting, o.Channel) {
				t.Fatalf("%s as %s sent %s, stopped: %v, its task paused: %v, at rest: %v", w.name, role, o.ID, after.Stopped, after.Paused[o.Task], m.before.Resting)
			}
		case o.State == engine.StatePublished && from != string(o.State):
			byHand := w.name == "posted" && !there || w.name == "published by hand" && from == string(engine.StateHanded)
			if !slices.Contains(outs, w.name) || strings.HasPrefix(w.name, "p") && (!byHand || role < engine.RoleOperator) {
				t.Fatalf("%s as %s brought %s from %q to be out", w.name, role, o.ID, from)
			}
		}
	}
}
