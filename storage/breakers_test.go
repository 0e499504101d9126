package storage

import (
	"fmt"
	"strings"
	"testing"

	"koira/engine"
)

// attempt publishes a piece of its own at the n-th hour, with what came of it: F refused for good, R refused for now, N not sent, U unknown,
// P published, and the same after a U: f found, a proved absent, l looked and still not known, h found by a person.
func attempt(t *testing.T, db *DB, n int, came string) {
	t.Helper()
	o := add(t, db, anOutput(fmt.Sprint("o", n), n), engine.StateDrafted, engine.StateScheduled)
	intents, _, err := db.Claim(t.Context(), o.ID, o.Digest, o.Slot, pass)
	ok(t, err)
	for _, c := range came {
		r := engine.Result{
			Send: intents[0].Send, Fence: 1, At: o.Slot, By: engine.Koira, Evidence: "as it came",
			Breaks: &engine.Exception{Reason: "Bluesky is paused.", Evidence: "3 in a row."},
		}
		switch c {
		case 'F':
			r.State = engine.SendFailed
		case 'R':
			r.State, r.Refused = engine.SendPending, true
		case 'N', 'a':
			r.State = engine.SendPending
		case 'U':
			r.State = engine.SendUnconfirmed
		case 'l':
			r.State, r.Probed = engine.SendUnconfirmed, true
		case 'P', 'f':
			r.State = engine.SendPublished
		case 'h':
			r.State, r.By = engine.SendPublished, alice
		}
		ok(t, db.Apply(t.Context(), r))
	}
}

func TestThreeInARowPauseTheChannel(t *testing.T) {
	for attempts, paused := range map[string]bool{
		"F F F":         true,
		"R R R":         true,
		"F R F":         true,
		"U U U":         true,
		"F F":           false,
		"U U":           false,
		"F U F U":       false, // two of each
		"F U F U F":     true,  // the third that failed; no success stood between
		"N N N N N":     false,
		"F N F N F":     true,
		"F F P F F":     false,
		"U U P U U":     false,
		"Ulll Ullll":    false, // looking again is no attempt
		"Uf Uf Uf Uf":   false, // it works, but answers get lost
		"Ua Ua Ua":      true,
		"Uh Uh Uh":      true, // what a person says does not speak for the channel
		"F F P F F F F": true,
	} {
		t.Run(attempts, func(t *testing.T) {
			db := world(t)
			for n, came := range strings.Fields(attempts) {
				attempt(t, db, n+1, came)
			}
			bs, err := db.Breakers(t.Context())
			ok(t, err)
			if got := len(bs) == 1 && bs[0].Pause != nil; got != paused {
				t.Fatalf("paused is %t: %+v", got, bs)
			}
			open, err := db.OpenExceptions(t.Context())
			ok(t, err)
			if paused {
				equal(t, len(open), 1)
				equal(t, []any{open[0].Kind, open[0].Subject, open[0].Reason}, []any{engine.ExceptionSystem, "bluesky", "Bluesky is paused."})
			}
			v, err := db.View(t.Context(), "o1", engine.StageClaim, t0)
			ok(t, err)
			if (v.Breaker.Pause != nil) != paused || v.Breaker.Channel != "bluesky" {
				t.Errorf("the gate sees %+v", v.Breaker)
			}
			_, err = db.VerifyEvents(t.Context())
			ok(t, err)
		})
	}
}

// A pause takes the place of what asked about the channel's password, so that a new card rings, and of nothing else; success does not end it, a person
// does. While it lasts the password is not asked about again.
func TestAPersonLetsAChannelGoOn(t *testing.T) {
	db := world(t)
	wantCode(t, db.ResumeChannel(t.Context(), "bluesky", alice, at(9), "fixed"), engine.CodeConflict)
	ok(t, db.OpenException(t.Context(), engine.Exception{ID: "old", Kind: engine.ExceptionSystem, Subject: "bluesky", Trouble: engine.TroubleCredentials, Reason: "It refuses me.", OpenedAt: t0}))
	ok(t, db.OpenException(t.Context(), engine.Exception{ID: "silent", Kind: engine.ExceptionSystem, Subject: "bluesky", Trouble: engine.TroubleSilent, Reason: "It tells nothing.", OpenedAt: t0}))
	o := add(t, db, anOutput("o9", 9), engine.StateDrafted, engine.StateScheduled)
	under, _, err := db.Claim(t.Context(), o.ID, o.Digest, o.Slot, pass)
	ok(t, err)
	for n := range 3 {
		attempt(t, db, n+1, "U")
	}
	ok(t, db.Apply(t.Context(), engine.Result{
		Send: under[0].Send, Fence: 1, State: engine.SendPending, At: at(4), By: engine.Koira, Refused: true,
		Open: &engine.Exception{Kind: engine.ExceptionSystem, Subject: "bluesky", Trouble: engine.TroubleCredentials, Reason: "It refuses me."},
	}))
	asked := func() (troubles []engine.Trouble) {
		open, err := db.OpenExceptions(t.Context())
		ok(t, err)
		for _, e := range open {
			troubles = append(troubles, e.Trouble)
		}
		return troubles
	}
	equal(t, asked(), []engine.Trouble{engine.TroubleSilent, engine.TroublePaused})
	old, err := db.Exception(t.Context(), "old")
	ok(t, err)
	equal(t, []any{old.Outcome, old.ClosedBy}, []any{"the channel is paused now", engine.Koira.ID})
	sends, err := db.SendsIn(t.Context(), engine.SendUnconfirmed)
	ok(t, err)
	ok(t, db.Apply(t.Context(), engine.Result{Send: sends[0].ID, Fence: 1, State: engine.SendPublished, At: at(9)}))
	bs, err := db.Breakers(t.Context())
	ok(t, err)
	equal(t, bs, []engine.Breaker{{Channel: "bluesky", Pause: &engine.Pause{By: engine.Koira.ID, At: at(3), Why: "as it came"}}})

	ok(t, db.ResumeChannel(t.Context(), "bluesky", alice, at(10), "fixed"))
	wantCode(t, db.ResumeChannel(t.Context(), "bluesky", alice, at(10), "fixed"), engine.CodeConflict)
	equal(t, asked(), []engine.Trouble{engine.TroubleSilent})
	bs, err = db.Breakers(t.Context())
	ok(t, err)
	equal(t, len(bs), 0)
}
