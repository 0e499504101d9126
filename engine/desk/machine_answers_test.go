package desk

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"koira/engine"
)

// answers are what people say to what koira proposes, offers, asks and shows, and what an owner asks of the strategy.
var answers = []act{
	{"apply a decision", engine.RoleApprover, func(m *machine, t *rapid.T, a engine.Actor) error {
		return m.ApplyDecision(m.ctx, a, m.meant(t, "proposal", "learned"))
	}, false},
	{"undo a decision", engine.RoleOperator, func(m *machine, t *rapid.T, a engine.Actor) error {
		return m.UndoDecision(m.ctx, a, m.meant(t, "proposal", "learned"))
	}, false},
	{"close an exception", engine.RoleApprover, func(m *machine, t *rapid.T, a engine.Actor) error {
		id := m.meant(t, slices.Sorted(maps.Keys(m.before.Open))...)
		return m.CloseException(m.ctx, a, id, rapid.SampledFrom([]string{fixed, fixed, "noted", "dropped"}).Draw(t, "outcome"))
	}, false},
	{"put off an offer", engine.RoleOwner, func(m *machine, t *rapid.T, a engine.Actor) error { return m.Snooze(m.ctx, a, m.meant(t, "offer")) }, false},
	{"see a look", engine.RoleOperator, func(m *machine, t *rapid.T, a engine.Actor) error { return m.SeeLook(m.ctx, a, m.meant(t, "look")) }, false},
	{"level within terms", engine.RoleOperator, func(m *machine, t *rapid.T, a engine.Actor) error {
		m.terms = rapid.SampledFrom([]engine.Terms{
			{PerWeek: 2}, {Money: 20 * engine.Unit}, {PerWeek: 1, LookOn: m.clock.Now().Add(9 * day).Truncate(time.Second)}, {PerWeek: 99},
		}).Draw(t, "terms")
		return m.setsLevel(t, a, rapid.SampledFrom([]string{"daily-social", "daily-social", "evening-social"}).Draw(t, "task"), m.terms)
	}, false},
	{"wish for a level", engine.RoleOperator, func(m *machine, t *rapid.T, a engine.Actor) error {
		task := rapid.SampledFrom([]string{"daily-social", "evening-social"}).Draw(t, "task")
		_, _, err := m.WishLevel(m.ctx, a, task, m.rung(t, task))
		return err
	}, false},
	{"wish for what is good", engine.RoleOwner, func(m *machine, t *rapid.T, a engine.Actor) error {
		task := rapid.SampledFrom([]string{"daily-social", "evening-social"}).Draw(t, "task")
		_, err := m.WishBenchmarks(m.ctx, a, task, GoodEdit{Metric: engine.Clicks, To: rapid.SampledFrom([]string{"16", "12", "off"}).Draw(t, "good")})
		return err
	}, false},
	{"ask for another strategy", engine.RoleOwner, func(m *machine, t *rapid.T, a engine.Actor) error {
		w, err := m.WantStrategy(m.ctx, a, m.before.Strategy, rapid.SampledFrom([]engine.RuleEdit{
			edit(PartThemes, "rye: rye bread\noat: oat bread"), edit(PartThemes, "oat: oat bread"), edit(PartSegments, "regulars: Regulars (1,500)"),
			edit(PartSegments, "regulars: Regulars (900)"),
		}).Draw(t, "part"))
		return m.wants(w.Request, err)
	}, false},
	{"go back in the strategy", engine.RoleOwner, func(m *machine, t *rapid.T, a engine.Actor) error {
		w, err := m.RevertStrategy(m.ctx, a, rapid.IntRange(1, m.before.Strategy).Draw(t, "version"))
		return m.wants(w.Request, err)
	}, false},
	{"apply another strategy", engine.RoleOwner, func(m *machine, _ *rapid.T, a engine.Actor) error {
		_, err := m.ApplyStrategy(m.ctx, a, m.aim, "")
		return err
	}, true},
	{"ask for a fact", engine.RoleOwner, func(m *machine, t *rapid.T, a engine.Actor) error {
		e := FactEdit{Form: FactForm{Text: rapid.SampledFrom([]string{"Buns cost €3.", "Rye costs €4."}).Draw(t, "fact")}}
		if rapid.Bool().Draw(t, "another text") {
			e.Refs = []FactRef{m.fact(t)}
		}
		w, err := m.WantFact(m.ctx, a, e)
		if w.Moved != nil {
			return err
		}
		return m.wants(w.Request, err)
	}, false},
	{"apply a fact", engine.RoleOwner, func(m *machine, _ *rapid.T, a engine.Actor) error {
		_, err := m.ApplyFact(m.ctx, a, m.aim)
		return err
	}, true},
}

// meant is one of these, or what there is not.
func (m *machine) meant(t *rapid.T, ids ...string) string {
	m.aim = rapid.SampledFrom(append(slices.Repeat(ids, 3), "gone")).Draw(t, "about")
	return m.aim
}

// wants keeps what was asked for, for the yes to it.
func (m *machine) wants(r engine.Request, err error) error {
	if err == nil {
		m.asked = append(m.asked, r)
	}
	return err
}

// rung is one that somebody wants for a task: the next rung, more often than not.
func (m *machine) rung(t *rapid.T, task string) engine.Level {
	to := engine.Level(rapid.IntRange(0, 5).Draw(t, "to"))
	if next, ok := m.before.Levels[task].Above(); ok && rapid.Bool().Draw(t, "next rung") {
		to = next
	}
	return to
}

// setsLevel asks for a level within terms, from the one that stands.
func (m *machine) setsLevel(t *rapid.T, a engine.Actor, task string, terms engine.Terms) error {
	waits, err := m.SetLevelWithin(m.ctx, a, task, m.before.Levels[task], m.rung(t, task), terms)
	if err == nil && waits != nil {
		m.waits[waits.ID] = yes2{a.ID, m.clock.Now(), terms}
	}
	return err
}

// answers fills in what koira proposes, offers, asks and shows.
func (m *machine) answers(s *snapshot) {
	picks, err := m.store.Picks(m.ctx, "daily-social")
	must(m.t, err)
	for _, p := range picks {
		s.Picks[p.Dim] = p.Arm
	}
	open, err := m.store.OpenExceptions(m.ctx)
	must(m.t, err)
	for _, e := range open {
		s.Open[e.ID] = e.Kind
	}
	breakers, err := m.store.Breakers(m.ctx)
	must(m.t, err)
	for _, b := range breakers {
		if b.Pause != nil {
			s.Resting = append(s.Resting, b.Channel)
		}
	}
	offers, err := m.store.LiveOffers(m.ctx, "")
	must(m.t, err)
	for _, o := range offers {
		s.Offers[o.ID] = o.State
	}
	look, err := m.store.Look(m.ctx, "look")
	if engine.CodeOf(err) != engine.CodeNotFound { // a world of another test has none
		must(m.t, err)
	}
	s.Look = look.SeenBy
}

// closable are the kinds of what somebody may close by saying so.
var closable = []engine.ExceptionKind{engine.ExceptionMissed, engine.ExceptionTask, engine.ExceptionSystem}

// answered holds what koira proposes, offers, asks and shows to who may answer it, and each answer to what it is about.
func (m *machine) answered(t *rapid.T, w act, a engine.Actor, role engine.Role, after snapshot) {
	said := fmt.Sprintf("%s of %s as %s (%s)", w.name, m.aim, role, a.ID)
	for dim, arm := range after.Picks {
		applies := w.name == "apply a decision" && role >= engine.RoleApprover && m.aim == "proposal" && dim == engine.DimHour && arm == "09"
		undoes := w.name == "undo a decision" && role >= engine.RoleOperator && arm == map[engine.Dimension]string{engine.DimHour: "08", engine.DimWeekday: "mon"}[dim]
		if arm != m.before.Picks[dim] && !applies && !undoes {
			t.Fatalf("%s: the %s went from %s to %s", said, dim, m.before.Picks[dim], arm)
		}
	}
	for id, kind := range m.before.Open {
		if _, stays := after.Open[id]; stays {
			continue
		}
		closes := w.name == "close an exception"
		if closes && (role < engine.RoleApprover || !slices.Contains(closable, kind)) || !closes && kind == engine.ExceptionSystem && w.name != "an attempt ends" {
			t.Fatalf("%s closed %s, of kind %s", said, id, kind)
		}
	}
	for _, channel := range m.before.Resting {
		if !slices.Contains(after.Resting, channel) && (w.name != "close an exception" || role < engine.RoleApprover || w.least == program) {
			t.Fatalf("%s: %s goes on", said, channel)
		}
	}
	for id, state := range after.Offers {
		if state == engine.OfferSnoozed && m.before.Offers[id] != state && (w.name != "put off an offer" || role < engine.RoleOwner) {
			t.Fatalf("%s put %s off", said, id)
		}
	}
	if after.Look != m.before.Look && (w.name != "see a look" || role < engine.RoleOperator || after.Look != a.ID) {
		t.Fatalf("%s: %s has looked", said, after.Look)
	}
	wishes := strings.HasPrefix(w.name, "wish for what")
	for task, level := range after.Levels {
		if wishes && level < m.before.Levels[task] {
			t.Fatalf("%s took %s to %s unconfirmed", said, task, level)
		}
	}
	if slices.Contains(aside, w.name) && fmt.Sprint(after.Outputs) != fmt.Sprint(m.before.Outputs) {
		t.Fatalf("%s moved pieces: %v, then %v", said, m.before.Outputs, after.Outputs)
	}
}

// aside are the acts that move no piece, and costless those of the others that move no money.
var (
	aside = []string{
		"apply a decision", "undo a decision", "close an exception", "put off an offer", "see a look", "wish for what is good", "ask for another strategy",
		"go back in the strategy", "ask for a fact", "it looks good", "ask", "revert", "cancel", "stop", "pause", "drill", "add work", "change work",
		"remove work", "market", "hours", "first steps",
	}
	costless = []string{"posted", "published by hand", "ask for a draft"}
)
