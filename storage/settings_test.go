package storage

import (
	"slices"
	"testing"
	"time"

	"koira/engine"
)

func TestAStrategyIsVersioned(t *testing.T) {
	db := fresh(t)
	_, err := db.Strategy(t.Context())
	wantCode(t, err, engine.CodeNotFound)
	zone := time.FixedZone("somewhere", 7200)
	s := engine.Strategy{Business: engine.Business{Name: "Bakery", Zone: "Europe/Helsinki"}, Facts: []engine.Fact{{Key: "rye", From: t0.In(zone)}}}
	for _, want := range []int{1, 1} {
		v, err := db.SetStrategy(t.Context(), s, alice, t0, "first")
		ok(t, err)
		equal(t, v, want)
	}
	if s.Facts[0].From.Location() != zone {
		t.Error("the caller's own was changed")
	}
	s.Business.Name = "Bakery & Sons"
	v, err := db.SetStrategy(t.Context(), s, alice, t0, "renamed")
	ok(t, err)
	equal(t, v, 2)
	got, err := db.Strategy(t.Context())
	ok(t, err)
	equal(t, []any{got.Version, got.Business.Name, got.Facts[0].From}, []any{2, "Bakery & Sons", t0})
	n, err := db.VerifyEvents(t.Context())
	ok(t, err)
	equal(t, n, int64(2))
}

func TestGuardrailsAreSetOnWhatWasSeen(t *testing.T) {
	db := fresh(t)
	_, err := db.Guardrails(t.Context())
	wantCode(t, err, engine.CodeNotFound)
	g := engine.Guardrails{Channels: map[string]bool{"bluesky": true}}
	wantCode(t, db.SetGuardrails(t.Context(), 1, g, alice, t0, ""), engine.CodeConflict)
	ok(t, db.SetGuardrails(t.Context(), 0, g, alice, t0, "first"))
	wantCode(t, db.SetGuardrails(t.Context(), 0, g, alice, t0, ""), engine.CodeConflict)
	ok(t, db.SetGuardrails(t.Context(), 1, g, alice, at(1), "second"))
	g.Version = 2
	got, err := db.Guardrails(t.Context())
	ok(t, err)
	equal(t, got, g)
	changes, err := db.GuardrailChanges(t.Context(), 10)
	ok(t, err)
	equal(t, changes, []engine.GuardrailChange{{Version: 2, By: alice.ID, At: at(1), Why: "second"}, {Version: 1, By: alice.ID, At: t0, Why: "first"}})
}

func TestStoppingTwiceStopsOnce(t *testing.T) {
	db := fresh(t)
	wantCode(t, db.SetControl(t.Context(), engine.Control{}, alice, t0), engine.CodeConflict)
	ok(t, db.SetControl(t.Context(), engine.Control{Stopped: true, Why: "smoke"}, alice, t0))
	wantCode(t, db.SetControl(t.Context(), engine.Control{Stopped: true}, alice, at(1)), engine.CodeConflict)
	c, err := db.Control(t.Context())
	ok(t, err)
	equal(t, c, engine.Control{Stopped: true, StoppedBy: alice.ID, StoppedAt: t0, Why: "smoke"})
	ok(t, db.SetControl(t.Context(), engine.Control{}, alice, at(2)))
	c, err = db.Control(t.Context())
	ok(t, err)
	equal(t, c, engine.Control{})
	equal(t, subjects(t, db), []string{"control control"})
	events, err := db.Events(t.Context(), 0, 9)
	ok(t, err)
	equal(t, []string{events[0].Action, events[1].Action}, []string{"control.stopped", "control.resumed"})
}

func TestASettingIsKept(t *testing.T) {
	db := fresh(t)
	for _, want := range []string{"", "1", "2"} {
		if want != "" {
			ok(t, db.SetSetting(t.Context(), "key", want))
		}
		got, err := db.Setting(t.Context(), "key")
		ok(t, err)
		equal(t, got, want)
	}
}

func TestPuttingATaskLeavesItsLevel(t *testing.T) {
	db := world(t)
	before, _, err := db.Head(t.Context())
	ok(t, err)
	task := aTask("daily-social")
	task.Level = engine.L5 // a file cannot raise what stands
	ok(t, db.PutTask(t.Context(), task, alice, t0, "again"))
	after, _, err := db.Head(t.Context())
	ok(t, err)
	equal(t, after, before) // nothing that people set differs
	task.Name, task.Paused = "Renamed", &engine.Pause{By: "file", At: t0}
	ok(t, db.PutTask(t.Context(), task, alice, t0, "renamed"))
	got, err := db.Task(t.Context(), "daily-social")
	ok(t, err)
	want := aTask("daily-social")
	want.Name = "Renamed"
	equal(t, got, want)
	_, err = db.Task(t.Context(), "nobody")
	wantCode(t, err, engine.CodeNotFound)
	ok(t, db.PutTask(t.Context(), aTask("a-newsletter"), alice, t0, "new"))
	tasks, err := db.Tasks(t.Context())
	ok(t, err)
	equal(t, []string{tasks[0].ID, tasks[1].ID}, []string{"a-newsletter", "daily-social"})
}

func TestAGrantLapsesWithItsChannelOrReaders(t *testing.T) {
	for name, tc := range map[string]struct {
		level  engine.Level
		change func(*engine.Task)
		want   engine.Level
	}{
		"another channel":        {engine.L5, func(t *engine.Task) { t.Channel = "blog" }, engine.L4},
		"another account":        {engine.L4, func(t *engine.Task) { t.Account = "second" }, engine.L3},
		"other readers":          {engine.L4, func(t *engine.Task) { t.Segment = "tourists" }, engine.L3},
		"another name":           {engine.L5, func(t *engine.Task) { t.Name = "Renamed" }, engine.L5},
		"people see each anyway": {engine.L3, func(t *engine.Task) { t.Channel = "blog" }, engine.L3},
	} {
		t.Run(name, func(t *testing.T) {
			db := world(t)
			ok(t, db.ChangeTask(t.Context(), engine.TaskChange{
				Task: "daily-social", From: engine.L3, To: tc.level, By: alice, At: t0, Why: "earned", Grant: &engine.Grant{ID: "g1", Level: tc.level, By: alice.ID, Role: alice.Role},
			}))
			before, _, err := db.Head(t.Context())
			ok(t, err)
			task := aTask("daily-social")
			tc.change(&task)
			ok(t, db.PutTask(t.Context(), task, alice, at(1), "imported"))

			events, err := db.Events(t.Context(), before, 9)
			ok(t, err)
			now, err := db.Task(t.Context(), "daily-social")
			ok(t, err)
			g, err := db.Grant(t.Context(), "daily-social")
			ok(t, err)
			if tc.want == tc.level {
				equal(t, []any{now.Level, now.LoweredAt, g != nil, len(subjects(t, db))}, []any{tc.level, time.Time{}, true, 0})
				if anew := now.RenewedAt.Equal(at(1)); anew != (tc.level == engine.L3) || anew != (len(events) == 2 && events[1].Action == "task.renewed") {
					t.Errorf("the record begins anew at %s, and the log has %d lines", now.RenewedAt, len(events))
				}
				return
			}
			stays := tc.want == engine.L4
			equal(t, []any{now.Level, now.LoweredAt, g != nil, len(subjects(t, db))}, []any{tc.want, at(1), stays, 1})
			equal(t, []string{events[0].Action, events[1].Action, events[2].Action}, []string{"task.changed", "task.level", "decision.made"})
			const why = "its channel or readers changed"
			detail := map[string]string{"from": tc.level.String(), "to": tc.want.String(), "why": why, "lowered": "yes"}
			if stays {
				detail["grant"] = "yes"
			}
			equal(t, events[1].Detail, detail)
			if stays {
				return
			}
			var ended string
			ok(t, db.read.GetContext(t.Context(), &ended, `SELECT ended_why FROM grants WHERE id = 'g1' AND ended_at = ?`, stamp(at(1))))
			equal(t, ended, why)
		})
	}
}

func TestALevelChangesWithAllThatFollows(t *testing.T) {
	db := world(t)
	raise := engine.TaskChange{
		Task: "daily-social", From: engine.L3, To: engine.L4, By: alice, At: t0, Why: "earned",
		Grant:    &engine.Grant{ID: "g1", Level: engine.L4, By: alice.ID, Role: alice.Role, From: engine.SurfaceSlack, Proof: "30/30"},
		Decision: &engine.Decision{ID: "d1", Task: "daily-social", At: t0, What: "level", From: "L3", To: "L4"},
		Notices:  []engine.Notice{{Kind: engine.NoticeLevel, Subject: "d1"}},
	}
	ok(t, db.ChangeTask(t.Context(), raise))
	wantCode(t, db.ChangeTask(t.Context(), engine.TaskChange{Task: "daily-social", From: engine.L3, To: engine.L1, By: alice, At: t0}), engine.CodeConflict)
	g, err := db.Grant(t.Context(), "daily-social")
	ok(t, err)
	equal(t, g, &engine.Grant{ID: "g1", Task: "daily-social", Level: engine.L4, By: alice.ID, Role: alice.Role, At: t0, From: engine.SurfaceSlack, Proof: "30/30"})

	lower := engine.TaskChange{
		Task: "daily-social", From: engine.L4, To: engine.L3, Lowered: true, By: engine.Koira, At: at(1), Why: "severe reject",
		Pause: &engine.Pause{Why: "anomaly"}, Open: &engine.Exception{ID: "e1", Kind: engine.ExceptionTask, Subject: "daily-social"},
	}
	ok(t, db.ChangeTask(t.Context(), lower))
	task, err := db.Task(t.Context(), "daily-social")
	ok(t, err)
	equal(t, []any{task.Level, task.LoweredAt, *task.Paused}, []any{engine.L3, at(1), engine.Pause{By: "koira", At: at(1), Why: "anomaly"}})
	g, err = db.Grant(t.Context(), "daily-social")
	ok(t, err)
	equal(t, g, (*engine.Grant)(nil))
	equal(t, subjects(t, db), []string{"exception e1", "level d1"})

	resume := engine.TaskChange{Task: "daily-social", From: engine.L3, To: engine.L3, Resume: true, By: alice, At: at(2), Close: "looked at"}
	ok(t, db.ChangeTask(t.Context(), resume))
	wantCode(t, db.ChangeTask(t.Context(), resume), engine.CodeConflict)
	e, err := db.Exception(t.Context(), "e1")
	ok(t, err)
	equal(t, []any{e.Outcome, e.ClosedAt}, []any{"looked at", at(2)})
	pause := engine.TaskChange{Task: "daily-social", From: engine.L3, To: engine.L3, Pause: &engine.Pause{Why: "holiday"}, By: alice, At: at(3)}
	ok(t, db.ChangeTask(t.Context(), pause))
	wantCode(t, db.ChangeTask(t.Context(), pause), engine.CodeConflict)
	events, err := db.Events(t.Context(), 3, 99)
	ok(t, err)
	var actions []string
	for _, e := range events {
		actions = append(actions, e.Action)
	}
	equal(t, actions, []string{
		"task.level", "decision.made", "task.level", "task.paused", "exception.opened", "task.resumed", "exception.closed", "task.paused",
	})
}

// A pause that somebody means takes the place of a drill's, and of nobody else's; what a change closes may be one question of the task's alone.
func TestAPauseTakesTheDrillsPlace(t *testing.T) {
	db := world(t)
	task, err := db.Task(t.Context(), "daily-social")
	ok(t, err)
	pause := func(p engine.Pause, ex, subject string) engine.TaskChange {
		return engine.TaskChange{
			Task: task.ID, From: task.Level, To: task.Level, By: alice, At: at(1), Pause: &p,
			Open: &engine.Exception{ID: ex, Kind: engine.ExceptionTask, Task: task.ID, Subject: subject, Reason: "It is paused."},
		}
	}
	drill, meant := pause(engine.Pause{By: engine.Koira.ID, Why: engine.DrillWhy + "made up"}, "e1", "drill"), pause(engine.Pause{Why: "holiday"}, "e2", task.ID)
	ok(t, db.ChangeTask(t.Context(), drill))
	meant.Close, meant.Closes = "meant", "drill"
	ok(t, db.ChangeTask(t.Context(), meant))
	wantCode(t, db.ChangeTask(t.Context(), meant), engine.CodeConflict)
	wantCode(t, db.ChangeTask(t.Context(), drill), engine.CodeConflict)
	task, err = db.Task(t.Context(), "daily-social")
	ok(t, err)
	equal(t, *task.Paused, engine.Pause{By: alice.ID, At: at(1), Why: "holiday"})
	resume := engine.TaskChange{Task: task.ID, From: task.Level, To: task.Level, Resume: true, By: alice, At: at(2), Close: "over", Closes: "drill"}
	ok(t, db.ChangeTask(t.Context(), resume))
	for id, want := range map[string]string{"e1": "meant", "e2": ""} {
		e, err := db.Exception(t.Context(), id)
		ok(t, err)
		equal(t, e.Outcome, want)
	}
}

func TestAnExceptionIsOpenOnce(t *testing.T) {
	db := fresh(t)
	e := engine.Exception{ID: "e1", Kind: engine.ExceptionSystem, Subject: "bluesky", Reason: "It refuses me.", OpenedAt: t0}
	ok(t, db.OpenException(t.Context(), e))
	twin := e
	twin.ID = "e2"
	ok(t, db.OpenException(t.Context(), twin))
	equal(t, subjects(t, db), []string{"exception e1"})
	open, err := db.OpenExceptions(t.Context())
	ok(t, err)
	equal(t, open, []engine.Exception{e})
	ok(t, db.CloseException(t.Context(), "e1", alice, at(1), "renewed"))
	wantCode(t, db.CloseException(t.Context(), "e1", alice, at(1), "renewed"), engine.CodeConflict)
	wantCode(t, db.CloseException(t.Context(), "e9", alice, at(1), ""), engine.CodeNotFound)
	ok(t, db.OpenException(t.Context(), twin))
	equal(t, subjects(t, db), []string{"exception e1", "exception e2"})
}

// Each trouble of a subject is asked about, and each once. What an open one is about may look different by now: then it says so, and rings no more than
// before.
func TestEachTroubleIsAskedAboutOnce(t *testing.T) {
	db := fresh(t)
	refuses := engine.Exception{ID: "e1", Kind: engine.ExceptionSystem, Subject: "bluesky", Trouble: engine.TroubleCredentials, Reason: "It refuses me.", Evidence: "401", OpenedAt: t0}
	silent := engine.Exception{ID: "e2", Kind: engine.ExceptionSystem, Subject: "bluesky", Trouble: engine.TroubleSilent, Reason: "It tells nothing.", OpenedAt: at(1)}
	for range 2 { // as after a crash
		ok(t, db.OpenException(t.Context(), refuses))
		ok(t, db.OpenException(t.Context(), silent))
		refuses.ID, silent.ID = "e3", "e4"
	}
	now := refuses
	now.Evidence, now.OpenedAt = "403", at(2)
	for range 2 {
		ok(t, db.OpenException(t.Context(), now))
	}
	equal(t, subjects(t, db), []string{"exception e1", "exception e2"})
	refuses.ID, silent.ID, refuses.Evidence = "e1", "e2", "403"
	open, err := db.OpenExceptions(t.Context())
	ok(t, err)
	equal(t, open, []engine.Exception{refuses, silent})
	events, err := db.Events(t.Context(), 0, 100)
	ok(t, err)
	var actions []string
	for _, e := range events {
		actions = append(actions, e.Action+" "+e.Subject)
	}
	equal(t, actions, []string{"exception.opened e1", "exception.opened e2", "exception.restated e1"})
	a, err := db.Audit(t.Context())
	ok(t, err)
	equal(t, a.Found, 0)
	ok(t, db.CloseException(t.Context(), "e1", alice, at(3), "renewed"))
	open, err = db.OpenExceptions(t.Context())
	ok(t, err)
	equal(t, open, []engine.Exception{silent})
}

func TestDecisions(t *testing.T) {
	db := world(t)
	own := engine.Decision{ID: "d1", Task: "daily-social", At: t0, What: "hour", From: "09", To: "12", Signal: "s", Expected: "e", Chance: 0.8, Reversible: true}
	proposed := engine.Decision{ID: "d2", Task: "daily-social", At: at(1), What: "theme", Reversible: true, Proposed: true}
	fixed := engine.Decision{ID: "d3", Task: "", At: at(2), What: "level"}
	belief := engine.Belief{Task: "daily-social", Dim: engine.DimHour, Arm: "12", Trials: 3.5, Hits: 1, Outputs: 4, At: t0}
	pick := engine.Pick{Task: "daily-social", Dim: engine.DimHour, Arm: "12", At: t0}
	for range 2 { // beliefs and picks are replaced, not added to
		ok(t, db.Learn(t.Context(), "daily-social", []engine.Belief{belief}, []engine.Pick{pick}, nil))
	}
	ok(t, db.Learn(t.Context(), "daily-social", []engine.Belief{belief}, nil, []engine.Decision{own, proposed, fixed}))
	beliefs, err := db.Beliefs(t.Context(), "daily-social")
	ok(t, err)
	equal(t, beliefs, []engine.Belief{belief})
	picks, err := db.Picks(t.Context(), "daily-social")
	ok(t, err)
	equal(t, picks, []engine.Pick{pick})

	all, err := db.Decisions(t.Context(), "", time.Time{}, 9)
	ok(t, err)
	equal(t, all, []engine.Decision{fixed, proposed, own})
	some, err := db.Decisions(t.Context(), "daily-social", at(1), 9)
	ok(t, err)
	equal(t, some, []engine.Decision{proposed})

	ok(t, db.RevertDecision(t.Context(), "d1", alice, at(3)))
	wantCode(t, db.RevertDecision(t.Context(), "d1", alice, at(3)), engine.CodeConflict)
	wantCode(t, db.RevertDecision(t.Context(), "d3", alice, at(3)), engine.CodeConflict)
	wantCode(t, db.ApplyDecision(t.Context(), "d1", alice, at(3)), engine.CodeConflict)
	ok(t, db.ApplyDecision(t.Context(), "d2", alice, at(4)))
	wantCode(t, db.ApplyDecision(t.Context(), "d2", alice, at(4)), engine.CodeConflict)
	got, err := db.Decision(t.Context(), "d2")
	ok(t, err)
	equal(t, []any{got.AppliedAt, got.AppliedBy}, []any{at(4), alice.ID})
	got, err = db.Decision(t.Context(), "d1")
	ok(t, err)
	equal(t, []any{got.RevertedAt, got.RevertedBy}, []any{at(3), alice.ID})
	_, err = db.Decision(t.Context(), "nobody")
	wantCode(t, err, engine.CodeNotFound)
}

// One change by which the records of several tasks begin anew is told once, of those alone of which something counted.
func TestRecordsThatBeginAnewAreToldOnce(t *testing.T) {
	db := world(t)
	for _, id := range []string{"newsletter", "unseen"} {
		ok(t, db.PutTask(t.Context(), aTask(id), alice, t0, "first"))
	}
	for i, id := range []string{"o1", "o2", "o3"} {
		o := anOutput(id, 40+i)
		if id == "o3" {
			o.Task = "newsletter"
		}
		o = add(t, db, o, engine.StateDrafted, engine.StateWaiting)
		_, err := db.Move(t.Context(), engine.Move{Output: id, From: o.State, To: engine.StateScheduled, Digest: o.Digest, By: alice, At: at(1), Approval: &engine.Approval{}})
		ok(t, err)
	}
	for _, n := range due(t, db, at(99)) {
		ok(t, db.SentNotice(t.Context(), n))
	}
	g, err := db.Guardrails(t.Context())
	ok(t, err)
	g.Voice.Locked = false
	ok(t, db.SetGuardrails(t.Context(), g.Version, g, alice, at(2), "unlocked"))

	var told []string
	for _, n := range due(t, db, at(2)) {
		if n.Kind == engine.NoticeRenewed {
			told = append(told, n.Subject)
		}
	}
	equal(t, told, []string{engine.RenewedSubject(at(2))})
	made, err := db.Decisions(t.Context(), "", at(2), 9)
	ok(t, err)
	var lost []string
	for _, d := range made {
		lost = append(lost, d.Task+": "+d.What+" "+d.From+" → "+d.To+", "+d.Signal)
	}
	slices.Sort(lost)
	equal(t, lost, []string{"daily-social: record 2 → 0, the voice lock changed", "newsletter: record 1 → 0, the voice lock changed"})
	unseen, err := db.Task(t.Context(), "unseen")
	ok(t, err)
	equal(t, unseen.RenewedAt, at(2)) // nothing of it counted, so there is nothing to tell
}
