package desk

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"koira/engine"
	"koira/engine/enginetest"
)

// situation is how the world stands before an act, by a column's name. It is made past desk.
type situation func(t *testing.T, w *world, a engine.Actor)

var situations = map[string]situation{
	"runs": func(*testing.T, *world, engine.Actor) {},
	"stopped": func(t *testing.T, w *world, _ engine.Actor) {
		must(t, w.store.SetControl(w.ctx, engine.Control{Stopped: true}, person(venla), w.clock.Now()))
	},
	"paused": func(t *testing.T, w *world, _ engine.Actor) {
		must(t, w.store.ChangeTask(w.ctx, engine.TaskChange{
			Task: "daily-social", From: engine.L3, To: engine.L3, Pause: &engine.Pause{By: olli, Why: "x"}, By: person(olli), At: w.clock.Now(),
		}))
	},
	"alone": func(_ *testing.T, w *world, _ engine.Actor) {
		w.people = engine.People{Owners: []string{mari}, Operators: []string{olli, tomi}, Viewers: []string{venla}, Team: team}
	},
	"by hand": func(t *testing.T, w *world, _ engine.Actor) {
		must(t, w.store.ChangeTask(w.ctx, engine.TaskChange{Task: "daily-social", From: engine.L3, To: engine.L1, By: person(olli), At: w.clock.Now()}))
	},
	"proposed": func(t *testing.T, w *world, _ engine.Actor) { w.decided(t, true) },
	"applied":  func(t *testing.T, w *world, _ engine.Actor) { w.decided(t, false) },
	"reverted": func(t *testing.T, w *world, _ engine.Actor) {
		w.decided(t, false)
		must(t, w.store.RevertDecision(w.ctx, "decision", person(mari), w.clock.Now()))
	},
	"open": func(t *testing.T, w *world, _ engine.Actor) {
		must(t, w.store.OpenException(w.ctx, engine.Exception{
			ID: "exception", Kind: engine.ExceptionSystem, Subject: "bluesky", Reason: "It refuses.", OpenedAt: w.clock.Now(),
		}))
	},
	"closed": func(t *testing.T, w *world, _ engine.Actor) {
		must(t, w.store.OpenException(w.ctx, engine.Exception{
			ID: "exception", Kind: engine.ExceptionSystem, Subject: "bluesky", Reason: "It refuses.", OpenedAt: w.clock.Now(),
		}))
		must(t, w.store.CloseException(w.ctx, "exception", person(mari), w.clock.Now(), "noted"))
	},
	"own": func(t *testing.T, w *world, a engine.Actor) { w.request(t, a.ID, engine.RequestAsked) },
	"another's": func(t *testing.T, w *world, a engine.Actor) {
		if a.ID == "U0OTHER" {
			t.Fatal("nobody is another")
		}
		w.request(t, "U0OTHER", engine.RequestAsked)
	},
	"waits, own": func(t *testing.T, w *world, a engine.Actor) {
		w.request(t, a.ID, engine.RequestPending)
	},
	"waits, an owner's": func(t *testing.T, w *world, _ engine.Actor) {
		w.people.Owners = []string{mari, "U0OTHER"}
		w.request(t, "U0OTHER", engine.RequestPending)
	},
	"waits, of no owner": func(t *testing.T, w *world, _ engine.Actor) { w.request(t, "U0OTHER", engine.RequestPending) },
	"run out": func(t *testing.T, w *world, _ engine.Actor) {
		w.people.Owners = []string{mari, "U0OTHER"}
		w.request(t, "U0OTHER", engine.RequestPending)
		w.clock.Advance(time.Hour)
	},
	"rules moved": func(t *testing.T, w *world, a engine.Actor) {
		w.request(t, a.ID, engine.RequestAsked)
		g := w.rules(t)
		g.Topics.Blocked = append(g.Topics.Blocked, "oat")
		must(t, w.store.SetGuardrails(w.ctx, g.Version, g, person(mari), w.clock.Now(), "x"))
	},
	"offered":    func(t *testing.T, w *world, _ engine.Actor) { w.offered(t) },
	"put off":    func(t *testing.T, w *world, _ engine.Actor) { w.offered(t); w.moveOffer(t, engine.OfferSnoozed) },
	"taken back": func(t *testing.T, w *world, _ engine.Actor) { w.offered(t); w.moveOffer(t, engine.OfferWithdrawn) },
	"looked through": func(t *testing.T, w *world, _ engine.Actor) {
		w.looked(t)
		must(t, w.store.SeeLook(w.ctx, "look", person(mari), w.clock.Now()))
	},
	"asked to look": func(t *testing.T, w *world, _ engine.Actor) { w.looked(t) },
	"settled": func(t *testing.T, w *world, a engine.Actor) {
		w.request(t, a.ID, engine.RequestAsked)
		must(t, w.store.CancelRequest(w.ctx, "request", person(mari), w.clock.Now(), "cancelled by a person"))
	},
}

func (w *world) offered(t *testing.T) {
	t.Helper()
	must(t, w.store.AddRaiseOffer(w.ctx, engine.RaiseOffer{ID: "offer", Task: "daily-social", From: engine.L3, To: engine.L4, At: w.clock.Now(), Proof: "x"}))
}

func (w *world) moveOffer(t *testing.T, to engine.OfferState) {
	t.Helper()
	now := w.clock.Now()
	must(t, w.store.MoveRaiseOffer(w.ctx, engine.OfferMove{ID: "offer", From: engine.OfferOpen, To: to, By: person(mari), At: now, Until: now.Add(day), Why: "x"}))
}

func (w *world) looked(t *testing.T) {
	t.Helper()
	must(t, w.store.ChangeTask(w.ctx, engine.TaskChange{
		Task: "daily-social", From: engine.L3, To: engine.L4, By: person(mari), At: w.clock.Now(),
		Grant: &engine.Grant{ID: "grant", Level: engine.L4, By: mari, Role: engine.RoleOwner},
	}))
	_, err := w.store.AddLook(w.ctx, engine.Look{ID: "look", Task: "daily-social", Grant: "grant", From: w.clock.Now(), At: w.clock.Now()})
	must(t, err)
}

func (w *world) decided(t *testing.T, proposed bool) {
	t.Helper()
	arm := "09"
	if proposed {
		arm = "08"
	}
	must(t, w.store.Learn(w.ctx, "daily-social", nil, []engine.Pick{{Task: "daily-social", Dim: engine.DimHour, Arm: arm, At: w.clock.Now()}}, []engine.Decision{{
		ID: "decision", Task: "daily-social", At: w.clock.Now(), What: string(engine.DimHour), From: "08", To: "09", Reversible: true, Proposed: proposed,
	}}))
}

// request is a change that somebody asked for: less money and more freedom.
func (w *world) request(t *testing.T, by string, s engine.RequestState) {
	t.Helper()
	must(t, w.store.AddRequest(w.ctx, engine.Request{
		ID: "request", Kind: engine.RequestRules, Subject: "two limits", Edits: []engine.RuleEdit{edit("budget.weekly", "60"), edit("topic:politics", allowedWord)},
		From: 1, To: 2, State: s, By: by, Surface: engine.SurfaceSlack, At: w.clock.Now(), Expires: w.clock.Now().Add(15 * time.Minute),
	}))
}

// otherActs are what can be done beside pieces: for each, the columns by name, and the cells by hand.
var otherActs = map[string]struct {
	columns []string
	rows    rows
	do      func(w *world, a engine.Actor) error
}{
	"stop": {[]string{"runs", "stopped"}, rows{"dd", "yc", "yc", "yc", "yc"}, func(w *world, a engine.Actor) error { return w.Stop(w.ctx, a, "") }},
	"resume": {[]string{"runs", "stopped", "alone"}, rows{"ddd", "ddd", "ddd", "ddd", "cyc"}, func(w *world, a engine.Actor) error {
		return w.Resume(w.ctx, a)
	}},
	"pause a task": {[]string{"runs", "paused", "stopped"}, rows{"ddd", "ddd", "ycy", "ycy", "ycy"}, func(w *world, a engine.Actor) error {
		return w.PauseTask(w.ctx, a, "daily-social", "")
	}},
	"resume a task": {[]string{"runs", "paused"}, rows{"dd", "dd", "dd", "dd", "cy"}, func(w *world, a engine.Actor) error {
		return w.ResumeTask(w.ctx, a, "daily-social")
	}},
	"lower a level": {[]string{"runs", "paused", "stopped", "alone"}, rows{"dddd", "dddd", "yyyy", "yyyy", "yyyy"}, func(w *world, a engine.Actor) error {
		_, err := w.SetLevel(w.ctx, a, "daily-social", engine.L3, engine.L1)
		return err
	}},
	"raise a level": {[]string{"runs", "paused", "stopped", "alone"}, rows{"dddd", "dddd", "dddd", "dddd", "yyyy"}, func(w *world, a engine.Actor) error {
		_, err := w.SetLevel(w.ctx, a, "daily-social", engine.L3, engine.L4)
		return err
	}},
	"ask for a draft": {[]string{"runs", "paused", "stopped", "by hand"}, rows{"dddd", "dddd", "ybyy", "ybyy", "ybyy"}, func(w *world, a engine.Actor) error {
		_, err := w.Ask(w.ctx, a, "daily-social")
		return err
	}},
	"queue their own text": {[]string{"runs", "paused", "stopped", "by hand"}, rows{"dddd", "dddd", "dddd", "yyyb", "yyyb"}, func(w *world, a engine.Actor) error {
		_, err := w.AddCopy(w.ctx, a, "daily-social", "Our own words.")
		return err
	}},
	"record what they posted": {[]string{"runs", "paused", "stopped", "by hand"}, rows{"dddd", "dddd", "yyyy", "yyyy", "yyyy"}, func(w *world, a engine.Actor) error {
		_, err := w.Posted(w.ctx, a, "daily-social", "https://leipa.example/posted")
		return err
	}},
	"put off an offer": {[]string{"offered", "put off", "taken back", "runs"}, rows{"dddd", "dddd", "dddd", "dddd", "yccn"}, func(w *world, a engine.Actor) error {
		return w.Snooze(w.ctx, a, "offer")
	}},
	"say that they looked": {[]string{"asked to look", "looked through", "runs"}, rows{"ddd", "ddd", "ycn", "ycn", "ycn"}, func(w *world, a engine.Actor) error {
		return w.SeeLook(w.ctx, a, "look")
	}},
	"apply a decision": {[]string{"proposed", "applied", "reverted", "runs"}, rows{"dddd", "dddd", "dddd", "yccn", "yccn"}, func(w *world, a engine.Actor) error {
		return w.ApplyDecision(w.ctx, a, "decision")
	}},
	"undo a decision": {[]string{"proposed", "applied", "reverted", "runs"}, rows{"dddd", "dddd", "yycn", "yycn", "yycn"}, func(w *world, a engine.Actor) error {
		return w.UndoDecision(w.ctx, a, "decision")
	}},
	"close an exception": {[]string{"open", "closed", "runs"}, rows{"ddd", "ddd", "ddd", "ycn", "ycn"}, func(w *world, a engine.Actor) error {
		return w.CloseException(w.ctx, a, "exception", "noted")
	}},
	"ask for less room": {[]string{"runs", "stopped", "alone"}, rows{"ddd", "ddd", "yyy", "yyy", "yyy"}, func(w *world, a engine.Actor) error {
		_, err := w.Tighten(w.ctx, a, edit("budget.weekly", "50"))
		return err
	}},
	"ask for more room":                      {[]string{"runs", "stopped", "alone"}, rows{"ddd", "ddd", "ddd", "ddd", "yyy"}, nil},
	"ask for more room than the file allows": {[]string{"runs", "stopped", "alone"}, rows{"ddd", "ddd", "ddd", "ddd", "ddd"}, nil},
	"go back to an earlier version": {[]string{"rules moved", "runs"}, rows{"dd", "dd", "dc", "dc", "yc"}, func(w *world, a engine.Actor) error {
		_, err := w.Revert(w.ctx, a, 1)
		return err
	}},
	"turn on": {
		[]string{"own", "another's", "waits, own", "waits, an owner's", "run out", "rules moved", "settled", "runs"},
		rows{"dddddddd", "dddddddd", "yncccycn", "yncccycn", "yncccycn"},
		func(w *world, a engine.Actor) error { _, err := w.TurnOn(w.ctx, a, "request"); return err },
	},
	"confirm": {
		[]string{"own", "another's", "waits, own", "waits, an owner's", "run out", "rules moved", "settled", "runs"},
		rows{"dddddddd", "dddddddd", "dddddddd", "dddddddd", "yncccccn"},
		func(w *world, a engine.Actor) error { _, err := w.Confirm(w.ctx, a, "request", ""); return err },
	},
	"sign": {
		[]string{"own", "another's", "waits, own", "waits, an owner's", "waits, of no owner", "run out", "rules moved", "settled", "runs"},
		rows{"ddddddddd", "ddddddddd", "ddddddddd", "dndyccddn", "dndyccddn"},
		func(w *world, a engine.Actor) error { _, err := w.Sign(w.ctx, a, "request"); return err },
	},
	"cancel": {
		[]string{"own", "another's", "waits, own", "waits, an owner's", "run out", "rules moved", "settled", "runs"},
		rows{"dddddddd", "dddddddd", "ynyycycn", "ynyycycn", "ynyycycn"},
		func(w *world, a engine.Actor) error { return w.Cancel(w.ctx, a, "request") },
	},
}

func init() {
	want := func(sum string) func(w *world, a engine.Actor) error {
		return func(w *world, a engine.Actor) error {
			_, err := w.Want(w.ctx, a, edit("budget.weekly", sum))
			return err
		}
	}
	for name, sum := range map[string]string{"ask for more room": "150", "ask for more room than the file allows": "250"} {
		x := otherActs[name]
		x.do = want(sum)
		otherActs[name] = x
	}
}

// TestEveryCellOfTheRest: every other act × every role × every situation that it may meet, through the real desk and store.
func TestEveryCellOfTheRest(t *testing.T) {
	h := newHall(t)
	cells := 0
	for act, x := range otherActs {
		x.rows.each(func(role, line string, who []engine.Actor) {
			if len(line) != len(x.columns) {
				t.Fatalf("%s as %s: %d cells for %d columns", act, role, len(line), len(x.columns))
			}
			for _, a := range who {
				for i, c := range x.columns {
					if a.ID == "" || strings.HasPrefix(c, "own") && a.ID == engine.Koira.ID {
						continue
					}
					if cells++; !enginetest.Sampled(cells, 10) {
						continue
					}
					w := h.world()
					situations[c](t, w, a)
					h.kept = h.dump()
					h.cell(fmt.Sprintf("%s as %s: %s", act, role, c), a, line[i], func(w *world) error { return x.do(w, a) })
					if h.w != nil {
						must(t, w.store.Close())
						h.w = nil
					}
				}
			}
		})
	}
	t.Logf("%d cells", cells)
}
