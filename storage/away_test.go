package storage

import (
	"testing"
	"time"

	"koira/engine"
)

// capped is a gate of the money caps alone: what the claim's transaction sees.
func capped(v engine.View) engine.Verdict {
	out := engine.Verdict{Outcome: engine.Pass}
	for _, c := range v.Caps() {
		if !c.Fits() {
			evidence, remedy := c.Says(v.Task.Name, "EUR")
			out.Outcome = engine.Block
			out.Findings = append(out.Findings, engine.Finding{Rule: "budget", Outcome: engine.Block, Evidence: evidence, Remedy: remedy})
		}
	}
	return out
}

// costly is an output that may cost so much.
func costly(id string, hour int, cost engine.Money) engine.Output {
	o := anOutput(id, hour)
	o.CostMax = cost
	return o
}

func goes(t *testing.T, db *DB, owner string, until int, level engine.Level, budget ...engine.Money) engine.Absence {
	t.Helper()
	a := engine.Absence{Owner: owner, Until: at(until), MaxLevel: level}
	for _, b := range budget {
		a.Capped, a.Budget = true, b
	}
	a, err := db.StartAbsence(t.Context(), a, engine.Actor{ID: owner}, t0)
	ok(t, err)
	return a
}

// The money for an absence is a cap as any other: held when money is set aside, and again in the transaction of the claim.
func TestMoneyWhileAway(t *testing.T) {
	db := world(t)
	early := add(t, db, costly("early", 1, 3), engine.StateDrafted, engine.StateScheduled) // set aside before the owner left
	goes(t, db, "U1", 48, engine.L5, 5)
	fits := add(t, db, costly("fits", 2, 2), engine.StateDrafted, engine.StateWaiting)
	_, err := db.Move(t.Context(), plain(fits, engine.StateScheduled))
	ok(t, err)
	over := add(t, db, costly("over", 3, 1), engine.StateDrafted, engine.StateWaiting)
	_, err = db.Move(t.Context(), plain(over, engine.StateScheduled))
	wantCode(t, err, engine.CodeBlocked)
	later := add(t, db, costly("later", 49, 4), engine.StateDrafted, engine.StateWaiting) // the owner is back by then
	_, err = db.Move(t.Context(), plain(later, engine.StateScheduled))
	ok(t, err)

	// Less is allowed now: what was cleared within the old sum does not pass its claim.
	goes(t, db, "U1", 48, engine.L5, 4)
	_, v, err := db.Claim(t.Context(), "fits", fits.Digest, at(2), capped)
	wantCode(t, err, engine.CodeBlocked)
	if len(v.Blocks()) != 1 || v.Blocks()[0].Rule != "budget" {
		t.Errorf("%+v", v.Blocks())
	}
	equal(t, capped(mustView(t, db, early.ID, at(1))).Outcome, engine.Block) // 3 + 2 > 4, whichever is asked
	// Back: all of it passes.
	_, err = db.EndAbsence(t.Context(), "U1", engine.Actor{ID: "U1"}, at(1))
	ok(t, err)
	_, _, err = db.Claim(t.Context(), "fits", fits.Digest, at(2), capped)
	ok(t, err)
}

func mustView(t *testing.T, db *DB, id string, now time.Time) engine.View {
	t.Helper()
	v, err := db.View(t.Context(), id, engine.StageClaim, now)
	ok(t, err)
	return v
}

// What was spent since the owner left counts, model calls too; what was spent before does not.
func TestMoneyWhileAwayCountsFromTheirLeaving(t *testing.T) {
	db := world(t)
	call := func(spent engine.Money) {
		t.Helper()
		ok(t, db.Charge(t.Context(), engine.Entry{At: at(1), Task: "daily-social", Spent: spent}))
	}
	call(7)
	a := goes(t, db, "U1", 48, engine.L5, 5)
	call(3)
	add(t, db, costly("o1", 2, 2), engine.StateDrafted, engine.StateWaiting)
	v := mustView(t, db, "o1", at(1))
	equal(t, v.Away.Caps, []engine.AwayCap{{Limit: 5, Used: 3}})
	wantCode(t, db.Ask(t.Context(), engine.Entry{At: at(1), Task: "daily-social", Reserved: 3}), engine.CodeBlocked)
	ok(t, db.Ask(t.Context(), engine.Entry{At: at(1), Task: "daily-social", Reserved: 2}))
	equal(t, mustView(t, db, "o1", at(1)).Away.Caps, []engine.AwayCap{{Limit: 5, Used: 5}})
	ok(t, db.Charge(t.Context(), engine.Entry{At: at(1), Task: "daily-social", Reserved: -2, Spent: 1}))
	equal(t, mustView(t, db, "o1", at(1)).Away.Caps, []engine.AwayCap{{Limit: 5, Used: 4}})
	// Prolonging it begins no new sum.
	again := goes(t, db, "U1", 72, engine.L5, 5)
	equal(t, again.ID, a.ID)
	equal(t, mustView(t, db, "o1", at(1)).Away.Caps, []engine.AwayCap{{Limit: 5, Used: 4}})
}

// koira is limited only while no owner is present, by the tightest of what they said, and until the first is back.
func TestAwayOnlyWithoutAnyOwner(t *testing.T) {
	db := world(t)
	db.owners = []string{"U1", "U2", engine.Koira.ID}
	add(t, db, costly("o1", 2, 2), engine.StateDrafted, engine.StateWaiting)
	level := func() engine.Level { return mustView(t, db, "o1", at(2)).Task.Level }
	ok(t, db.PutTask(t.Context(), with(t, db, engine.L5), alice, t0, "x"))
	own := level()
	if goes(t, db, "U1", 48, engine.L3, 9); level() != own {
		t.Error("limited with an owner present")
	}
	goes(t, db, "U2", 24, engine.L4, 7)
	v := mustView(t, db, "o1", at(2))
	equal(t, []any{v.Task.Level, v.Away.Level, v.Away.MaxLevel, v.Away.Until, len(v.Away.Caps)}, []any{engine.L3, own, engine.L3, at(24), 2})
	if n, err := db.ExpireAbsences(t.Context(), at(24)); n != 1 || err != nil {
		t.Errorf("%d %v", n, err)
	}
	if level() != own {
		t.Error("limited though an owner is back")
	}
	if n, err := db.ExpireAbsences(t.Context(), at(24)); n != 0 || err != nil {
		t.Errorf("%d %v", n, err)
	}
	db.owners = []string{"U1"} // the other is no owner any more
	equal(t, level(), engine.L3)
	db.owners = []string{"U3"} // who went is no owner any more
	equal(t, level(), own)
}

func with(t *testing.T, db *DB, level engine.Level) engine.Task {
	t.Helper()
	task, err := db.Task(t.Context(), "daily-social")
	ok(t, err)
	task.Level = level
	return task
}

func TestAbsencesStandAsTheyEnded(t *testing.T) {
	db := world(t)
	a := goes(t, db, "U1", 48, engine.L4)
	_, err := db.EndAbsence(t.Context(), "U2", alice, at(1))
	wantCode(t, err, engine.CodeConflict)
	_, err = db.EndAbsence(t.Context(), "U1", alice, at(100)) // after its time: it ended then
	ok(t, err)
	got, err := db.Absence(t.Context(), a.ID)
	ok(t, err)
	equal(t, got.EndedAt, at(48))
	if _, err := db.write.Exec(`UPDATE absences SET until = ? WHERE id = ?`, stamp(at(90)), a.ID); err == nil {
		t.Error("an absence that has ended was changed")
	}
	b := goes(t, db, "U1", 48, engine.L4)
	if _, err := db.write.Exec(`UPDATE absences SET owner = 'U2' WHERE id = ?`, b.ID); err == nil {
		t.Error("an absence became another owner's")
	}
	_, err = db.Absence(t.Context(), "none")
	wantCode(t, err, engine.CodeNotFound)
	due, err := db.DueNotices(t.Context(), at(200), 50)
	ok(t, err)
	reports := 0
	for _, n := range due {
		if n.Kind == engine.NoticeReturn {
			reports++
		}
	}
	equal(t, reports, 1)
}
