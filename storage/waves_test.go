package storage

import (
	"testing"
	"time"

	"koira/engine"
)

// aLetter is an e-mail to 200 readers, cleared for one o'clock, of which the first 20 were claimed.
func aLetter(t *testing.T) (*DB, engine.Output, engine.Intent) {
	t.Helper()
	db := world(t)
	o := anOutput("o1", 1)
	o.Kind, o.Audience, o.Expires = engine.KindEmail, 200, at(7)
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
	equal(t, v.Wave, &engine.Wave{Reached: 20, Of: 200, Since: at(1), Until: at(3)})
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

// A person says what became of first readers of whom nobody knew: the rest follows as after any first wave, or it ends and its money is free.
func TestTheRestFollowsWhatAPersonSaysOfTheFirst(t *testing.T) {
	const share = 5 * engine.Unit / 10 // of the first
	for name, c := range map[string]struct {
		said      engine.SendState
		hour      float64
		state     engine.State
		due       float64 // 0 for never
		aside     engine.Money
		rest      engine.SendState
		whyNoRest string
	}{
		"it is there":                    {engine.SendPublished, 1.5, engine.StateScheduled, 3, 45 * engine.Unit / 10, engine.SendPending, ""},
		"it is there, said after a day":  {engine.SendPublished, 25, engine.StatePublished, 0, 0, engine.SendFailed, "It got too late for the rest."},
		"it is there, said at 5 o'clock": {engine.SendPublished, 5, engine.StateScheduled, 5.25, 45 * engine.Unit / 10, engine.SendPending, ""}, // read first
		"it is given up":                 {engine.SendFailed, 1.5, engine.StateFailed, 0, 0, engine.SendFailed, "nobody knows whether its first readers have it"},
	} {
		t.Run(name, func(t *testing.T) {
			db, _, first := aLetter(t)
			ok(t, db.Apply(t.Context(), result(first, engine.SendUnconfirmed, 1)))
			standsAt(t, db, engine.StateUnconfirmed)
			r := came(first, 1, 0)
			r.State, r.At, r.By, r.SpentAll = c.said, hours(c.hour), alice, true
			if c.said == engine.SendFailed {
				r.Evidence = engine.Dropped
			}
			ok(t, db.Apply(t.Context(), r))
			o := standsAt(t, db, c.state)
			equal(t, o.Due, hours(c.due))
			v, err := db.View(t.Context(), "o1", engine.StageClaim, hours(c.hour))
			ok(t, err)
			equal(t, []any{v.Reserved, v.Spent}, []any{c.aside, share})
			sends, err := db.Sends(t.Context(), "o1")
			ok(t, err)
			_, rest, _ := engine.Waves(sends)
			equal(t, []any{rest.State, rest.Evidence}, []any{c.rest, c.whyNoRest})
			if c.state != engine.StateScheduled {
				return
			}
			intents, _, err := db.Claim(t.Context(), "o1", o.Digest, o.Due, inWaves(0))
			ok(t, err)
			equal(t, []any{len(intents), intents[0].Key, intents[0].Skip, intents[0].Audience}, []any{1, "o1-A-rest", 20, 180})
		})
	}
}

// The first readers' part is read to its end while nobody knows of the rest: once a person says, it is read once more, and the piece can settle.
func TestAPieceSettlesHoweverLateAPersonSaysWhatBecameOfItsRest(t *testing.T) {
	db, o, first := aLetter(t)
	ok(t, db.Apply(t.Context(), came(first, 1, first.CostMax)))
	rest, _, err := db.Claim(t.Context(), "o1", o.Digest, at(3), inWaves(0))
	ok(t, err)
	ok(t, db.Apply(t.Context(), result(rest[0], engine.SendUnconfirmed, 3)))
	ok(t, db.SaveReadings(t.Context(), nil, map[string]time.Time{first.Send: {}}))
	equal(t, len(reads(t, db, 999)), 0)
	r := result(rest[0], engine.SendFailed, 1000)
	r.Evidence, r.By, r.SpentAll = engine.Dropped, alice, true
	ok(t, db.Apply(t.Context(), r))
	standsAt(t, db, engine.StatePublished)
	if due := reads(t, db, 1000); len(due) != 1 || due[0].ID != first.Send {
		t.Errorf("read once more: %+v", due)
	}
}

func reads(t *testing.T, db *DB, hour int) []engine.Send {
	t.Helper()
	due, err := db.DueReads(t.Context(), at(hour))
	ok(t, err)
	return due
}

// hours is a moment after t0; 0 is none.
func hours(n float64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return t0.Add(time.Duration(n * float64(time.Hour)))
}

// A person who sends the first part again says yes to nothing else: the rest waits for it as before.
func TestTheFirstPartIsSentAgain(t *testing.T) {
	db, o, first := aLetter(t)
	ok(t, db.Apply(t.Context(), result(first, engine.SendUnconfirmed, 1)))
	_, err := db.Move(t.Context(), engine.Move{Output: "o1", From: engine.StateUnconfirmed, To: engine.StatePublished, Digest: o.Digest, By: alice, At: at(2)})
	wantCode(t, err, engine.CodeInternal) // that it is there is a result, not a move
	_, err = db.Move(t.Context(), engine.Move{Output: "o1", From: engine.StateUnconfirmed, To: engine.StateScheduled, Digest: o.Digest, By: alice, At: at(2), Why: "not there"})
	ok(t, err)
	again, _, err := db.Claim(t.Context(), "o1", o.Digest, at(2), inWaves(0))
	ok(t, err)
	equal(t, []any{len(again), again[0].Key, again[0].Fence, again[0].Skip, again[0].Audience}, []any{1, first.Key, first.Fence + 1, 0, 20})
	ok(t, db.Apply(t.Context(), came(again[0], 2, again[0].CostMax)))
	equal(t, standsAt(t, db, engine.StateScheduled).Due, at(4))
}

// Only what some readers have ends as published without a claim.
func TestNothingIsPublishedByAMove(t *testing.T) {
	db := world(t)
	o := add(t, db, anOutput("o1", 1), engine.StateDrafted, engine.StateScheduled)
	_, err := db.Move(t.Context(), engine.Move{Output: "o1", From: o.State, To: engine.StatePublished, Digest: o.Digest, By: alice, At: at(1)})
	wantCode(t, err, engine.CodeInternal)
	standsAt(t, db, engine.StateScheduled)
}
