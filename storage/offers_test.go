package storage

import (
	"testing"
	"time"

	"koira/engine"
)

func anOffer(id string) engine.RaiseOffer {
	return engine.RaiseOffer{ID: id, Task: "daily-social", From: engine.L3, To: engine.L4, At: t0, Proof: "20 reviewed"}
}

// One offer of a task is not closed at a time; each move takes effect once, has its event, and brings the card up to date.
func TestOffersMoveOnce(t *testing.T) {
	db := world(t)
	ctx := t.Context()
	ok(t, db.AddRaiseOffer(ctx, anOffer("of1")))
	wantCode(t, db.AddRaiseOffer(ctx, anOffer("of2")), engine.CodeConflict)
	high := anOffer("of3")
	high.From, high.To = engine.L4, engine.L5
	wantCode(t, db.AddRaiseOffer(ctx, high), engine.CodeConflict) // the task is at L3

	snooze := engine.OfferMove{ID: "of1", From: engine.OfferOpen, To: engine.OfferSnoozed, By: alice, At: at(1), Until: at(337), Why: "not now"}
	ok(t, db.MoveRaiseOffer(ctx, snooze))
	wantCode(t, db.MoveRaiseOffer(ctx, snooze), engine.CodeConflict)
	got, err := db.RaiseOffer(ctx, "of1")
	ok(t, err)
	equal(t, got, engine.RaiseOffer{
		ID: "of1", Task: "daily-social", From: engine.L3, To: engine.L4, State: engine.OfferSnoozed, At: t0, Proof: "20 reviewed", Until: at(337), By: alice.ID,
		MovedAt: at(1), Why: "not now",
	})
	if err := db.MoveRaiseOffer(ctx, engine.OfferMove{ID: "of1", From: engine.OfferSnoozed, To: engine.OfferOpen, By: engine.Koira, At: at(2)}); err == nil {
		t.Error("what an owner put off asks again")
	}
	ok(t, db.MoveRaiseOffer(ctx, engine.OfferMove{ID: "of1", From: engine.OfferSnoozed, To: engine.OfferClosed, By: engine.Koira, At: at(338), Why: "over"}))
	ok(t, db.AddRaiseOffer(ctx, anOffer("of4")))
	live, err := db.LiveOffers(ctx, "")
	ok(t, err)
	equal(t, len(live), 1)
	_, err = db.RaiseOffer(ctx, "nothing")
	wantCode(t, err, engine.CodeNotFound)
}

// A change of the level closes what is offered: as allowed where it is what was offered, with an owner's grant.
func TestAChangeOfLevelClosesOffers(t *testing.T) {
	for name, c := range map[string]struct {
		to    engine.Level
		grant *engine.Grant
		why   string
	}{
		"allowed":         {engine.L4, &engine.Grant{ID: "g1", Level: engine.L4, By: alice.ID, Role: alice.Role}, "allowed"},
		"lowered instead": {engine.L1, nil, "its level moved to L1"},
	} {
		t.Run(name, func(t *testing.T) {
			db := world(t)
			ok(t, db.AddRaiseOffer(t.Context(), anOffer("of1")))
			ok(t, db.ChangeTask(t.Context(), engine.TaskChange{Task: "daily-social", From: engine.L3, To: c.to, By: alice, At: at(1), Why: "x", Grant: c.grant}))
			got, err := db.RaiseOffer(t.Context(), "of1")
			ok(t, err)
			equal(t, []string{string(got.State), got.Why, got.By}, []string{string(engine.OfferClosed), c.why, alice.ID})
		})
	}
}

// A grant keeps what its owner allowed less of, and a look is asked for once and seen once.
func TestTermsAndLooks(t *testing.T) {
	db := world(t)
	ctx := t.Context()
	terms := engine.Terms{PerWeek: 3, Money: 4 * engine.Unit, LookOn: at(48)}
	ok(t, db.ChangeTask(ctx, engine.TaskChange{
		Task: "daily-social", From: engine.L3, To: engine.L4, By: alice, At: t0, Why: "x", Grant: &engine.Grant{ID: "g1", Level: engine.L4, By: alice.ID, Role: alice.Role, Terms: terms},
	}))
	g, err := db.Grant(ctx, "daily-social")
	ok(t, err)
	equal(t, g.Terms, terms)

	look := engine.Look{ID: "g1-1", Task: "daily-social", Grant: "g1", From: t0, At: at(168)}
	for _, want := range []bool{true, false} {
		fresh, err := db.AddLook(ctx, look)
		ok(t, err)
		equal(t, fresh, want)
	}
	ok(t, db.SeeLook(ctx, "g1-1", alice, at(169)))
	wantCode(t, db.SeeLook(ctx, "g1-1", alice, at(170)), engine.CodeConflict)
	got, err := db.Look(ctx, "g1-1")
	ok(t, err)
	look.SeenAt, look.SeenBy = at(169), alice.ID
	equal(t, got, look)
}

// What went out, or is cleared to, without a yes counts against the grant's week; a piece that a person approved, and one of another week, do not.
func TestUnaskedInTheWeek(t *testing.T) {
	db := world(t)
	ctx := t.Context()
	ok(t, db.ChangeTask(ctx, engine.TaskChange{
		Task: "daily-social", From: engine.L3, To: engine.L5, By: alice, At: t0, Why: "x",
		Grant: &engine.Grant{ID: "g1", Level: engine.L5, By: alice.ID, Role: alice.Role, Terms: engine.Terms{PerWeek: 3}},
	}))
	for i, o := range []engine.Output{anOutput("o1", 24), anOutput("o2", 48), anOutput("approved", 72), anOutput("next-week", 24+168), anOutput("planned", 96)} {
		ok(t, db.AddOutput(ctx, o, engine.Koira))
		if o.ID == "planned" {
			continue
		}
		o.Variants = []engine.Variant{{Name: "A", Body: "Rye.", Rendered: []byte{byte(i)}, Shown: "Rye."}}
		o.Digest = engine.DigestOf(o)
		moves := []engine.Move{{From: engine.StatePlanned, To: engine.StateDrafted, Draft: &o}, {From: engine.StateDrafted, To: engine.StateScheduled}}
		if o.ID == "approved" {
			moves[1].To = engine.StateWaiting
			moves = append(moves, engine.Move{From: engine.StateWaiting, To: engine.StateScheduled, Approval: &engine.Approval{ID: "a1", By: alice.ID, Role: alice.Role, Whole: true}})
		}
		for _, m := range moves {
			m.Output, m.By, m.At = o.ID, alice, t0
			if m.From != engine.StatePlanned {
				m.Digest = o.Digest
			}
			_, err := db.Move(ctx, m)
			ok(t, err)
		}
	}
	for id, want := range map[string]int{"planned": 2, "o1": 1, "next-week": 0} {
		v, err := db.View(ctx, id, engine.StageApproval, t0.Add(time.Hour))
		ok(t, err)
		if v.Unasked != want || v.Measured != 0 {
			t.Errorf("%s: %d others went unasked, want %d; %d are measured", id, v.Unasked, want, v.Measured)
		}
	}
}
