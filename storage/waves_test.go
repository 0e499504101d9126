package storage

import (
	"testing"

	"koira/engine"
)

// aLetter is an e-mail to 200 readers, cleared for one o'clock, of which the first 20 were claimed.
func aLetter(t *testing.T) (*DB, engine.Output, engine.Intent) {
	t.Helper()
	db := world(t)
	o := anOutput("o1", 1)
	o.Kind, o.Audience = engine.KindEmail, 200
	o = add(t, db, o, engine.StateDrafted, engine.StateScheduled)
	intents, _, err := db.Claim(t.Context(), "o1", o.Digest, at(1), inWaves(20))
	ok(t, err)
	if len(intents) != 1 {
		t.Fatalf("%d intents", len(intents))
	}
	return db, o, intents[0]
}

func inWaves(first int) engine.Gate {
	return func(engine.View) engine.Verdict { return engine.Verdict{Outcome: engine.Pass, Wave: first} }
}

func came(i engine.Intent, hour int, spent engine.Money) engine.Result {
	return engine.Result{Send: i.Send, Fence: i.Fence, State: engine.SendPublished, At: at(hour), Ref: engine.Ref{ID: "ref " + i.Key}, Spent: spent}
}

func standsAt(t *testing.T, db *DB, want engine.State) engine.Output {
	t.Helper()
	o, err := db.Output(t.Context(), "o1")
	ok(t, err)
	equal(t, o.State, want)
	return o
}

func TestALetterGoesInTwoParts(t *testing.T) {
	db, o, first := aLetter(t)
	equal(t, []any{first.Key, first.Audience, first.Skip, first.CostMax}, []any{"o1-A", 20, 0, 5 * engine.Unit / 10})
	ok(t, db.Apply(t.Context(), came(first, 1, first.CostMax)))
	o = standsAt(t, db, engine.StateScheduled)
	equal(t, o.Due, at(3)) // two hours later
	v, err := db.View(t.Context(), "o1", engine.StageClaim, at(2))
	ok(t, err)
	equal(t, v.Wave, &engine.Wave{Reached: 20, Of: 200, Until: at(3)})
	equal(t, v.Reserved, 45*engine.Unit/10)
	equal(t, len(due(t, db, at(1))), 1) // people hear that it began

	for _, to := range []engine.State{engine.StateWaiting, engine.StateCancelled, engine.StateExpired} {
		_, err := db.Move(t.Context(), engine.Move{Output: "o1", From: o.State, To: to, Digest: o.Digest, By: alice, At: at(2)})
		wantCode(t, err, engine.CodeConflict)
	}
	rest, _, err := db.Claim(t.Context(), "o1", o.Digest, at(3), inWaves(0))
	ok(t, err)
	equal(t, []any{len(rest), rest[0].Key, rest[0].Audience, rest[0].Skip, rest[0].CostMax, rest[0].Variant}, []any{1, "o1-A-rest", 180, 20, 45 * engine.Unit / 10, "A"})
	equal(t, string(rest[0].Bytes), string(first.Bytes))
	i, err := db.Intent(t.Context(), rest[0].Send)
	ok(t, err)
	equal(t, i, rest[0])
	ok(t, db.Apply(t.Context(), came(rest[0], 3, rest[0].CostMax)))
	o = standsAt(t, db, engine.StatePublished)
	equal(t, o.PublishedAt, at(1))
	_, _, err = db.Claim(t.Context(), "o1", o.Digest, at(4), inWaves(20))
	wantCode(t, err, engine.CodeConflict)
}

func TestTheRestIsStoppedOrHeldAndItsMoneyFree(t *testing.T) {
	db, _, first := aLetter(t)
	ok(t, db.Apply(t.Context(), came(first, 1, first.CostMax)))
	o := standsAt(t, db, engine.StateScheduled)
	_, err := db.Move(t.Context(), engine.Move{Output: "o1", From: o.State, To: engine.StateHeld, Digest: o.Digest, By: engine.Koira, At: at(2)})
	ok(t, err)
	v, err := db.View(t.Context(), "o1", engine.StageApproval, at(2))
	ok(t, err)
	equal(t, []any{v.Reserved, v.Spent, v.Wave != nil}, []any{engine.Money(0), first.CostMax, true})
	_, err = db.Move(t.Context(), engine.Move{Output: "o1", From: engine.StateHeld, To: engine.StatePublished, Digest: o.Digest, By: alice, At: at(3), Why: "stopped by a person"})
	ok(t, err)
	o = standsAt(t, db, engine.StatePublished)
	equal(t, o.PublishedAt, at(1))
	sends, err := db.Sends(t.Context(), "o1")
	ok(t, err)
	_, rest, _ := engine.Waves(sends)
	equal(t, []any{rest.State, rest.Evidence}, []any{engine.SendFailed, "stopped by a person"})
}

// Where the first part does not go out, the rest does not either.
func TestTheRestDiesWithTheFirst(t *testing.T) {
	db, o, first := aLetter(t)
	r := came(first, 1, 0)
	r.State, r.Ref = engine.SendPending, engine.Ref{}
	ok(t, db.Apply(t.Context(), r))
	standsAt(t, db, engine.StateScheduled)
	again, _, err := db.Claim(t.Context(), "o1", o.Digest, at(2), inWaves(20))
	ok(t, err)
	equal(t, []any{len(again), again[0].Key, again[0].Fence}, []any{1, "o1-A", 2}) // the first once more, and only it
	r.Fence, r.State = again[0].Fence, engine.SendFailed
	ok(t, db.Apply(t.Context(), r))
	standsAt(t, db, engine.StateFailed)
}

// Only what some readers have ends as published without a claim.
func TestNothingIsPublishedByAMove(t *testing.T) {
	db := world(t)
	o := add(t, db, anOutput("o1", 1), engine.StateDrafted, engine.StateScheduled)
	_, err := db.Move(t.Context(), engine.Move{Output: "o1", From: o.State, To: engine.StatePublished, Digest: o.Digest, By: alice, At: at(1)})
	wantCode(t, err, engine.CodeInternal)
	standsAt(t, db, engine.StateScheduled)
}
