package desk

import (
	"slices"

	"pgregory.net/rapid"

	"koira/engine"
)

// staffs are the ways in which people are listed. mari, who said yes before, is an owner in most of them.
var staffs = map[string]engine.People{
	"everybody":        {Owners: []string{mari}, Approvers: []string{tomi}, Operators: []string{olli}, Viewers: []string{venla}, Team: team},
	"two owners":       {Owners: []string{mari, tomi}, Operators: []string{olli}, Viewers: []string{venla}, Team: team},
	"one owner":        {Owners: []string{mari}, Operators: []string{olli, tomi}, Viewers: []string{venla}, Team: team},
	"always, alone":    {Owners: []string{mari}, Operators: []string{olli, tomi}, Viewers: []string{venla}, Team: team, FourEyes: engine.FourEyesAlways},
	"never":            {Owners: []string{mari}, Approvers: []string{tomi}, Operators: []string{olli}, Viewers: []string{venla}, Team: team, FourEyes: engine.FourEyesNever},
	"koira is listed":  {Owners: []string{mari, "koira"}, Operators: []string{olli}, Viewers: []string{venla, tomi}, Team: team},
	"another owner":    {Owners: []string{tomi}, Approvers: []string{mari}, Operators: []string{olli}, Viewers: []string{venla}, Team: team},
	"nobody is listed": {Team: team},
}

var staffNames = []string{"everybody", "everybody", "everybody", "two owners", "one owner", "always, alone", "never", "koira is listed", "another owner", "nobody is listed"}

// somebody is a random actor, and the role that the model says they truly hold.
func (m *machine) somebody(t *rapid.T, w act) (a engine.Actor, role engine.Role) {
	who, fits := m.likely(t, w), rapid.Bool().Draw(t, "somebody who may")
	if may := slices.DeleteFunc(slices.Clone(who), func(id string) bool { return m.holds(id, w) < w.least }); fits && len(may) > 0 {
		who = may
	}
	a = person(rapid.SampledFrom(who).Draw(t, "who"))
	role = m.holds(a.ID, w)
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

// holds is the role that id holds at w: that of the list, or an approver's where an owner who is away asked them to decide, which gives nobody more room.
func (m *machine) holds(id string, w act) (role engine.Role) {
	for r, ids := range [][]string{nil, m.people.Viewers, m.people.Operators, m.people.Approvers, m.people.Owners} {
		if slices.Contains(ids, id) {
			role = engine.Role(r)
		}
	}
	if role == engine.RoleOperator && w.name != "sign" && m.decides(id) {
		return engine.RoleApprover
	}
	return role
}

// decides reports whether id, who is there, was asked by an owner who is away to decide meanwhile.
func (m *machine) decides(id string) bool {
	asked := false
	for _, x := range m.before.Absences {
		if !x.EndedAt.IsZero() || !m.clock.Now().Before(x.Until) || !slices.Contains(m.people.Owners, x.Owner) {
			continue
		}
		if x.Owner == id {
			return false
		}
		asked = asked || x.Delegate == id
	}
	return asked
}

// mayYes reports whether id may say yes to a piece.
func (m *machine) mayYes(id string) bool {
	return slices.Contains(append(slices.Clone(m.people.Owners), m.people.Approvers...), id) || slices.Contains(m.people.Operators, id) && m.decides(id)
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
		if w.of() == r.Kind || w.name == "cancel" || rapid.IntRange(0, 7).Draw(t, "of another kind") == 0 {
			asked = append(asked, r.ID)
		}
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
