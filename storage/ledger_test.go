package storage

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pgregory.net/rapid"

	"koira/engine"
	"koira/engine/enginetest"
)

// account is what the ledger should say of one output, kept by the plainest arithmetic.
type account struct {
	cost, held, spent engine.Money
	week              string
}

// bank moves a few outputs at random and keeps their accounts beside the store.
type bank struct {
	*rapid.T
	db  *DB
	ids []string
	of  map[string]*account
	n   int // slots given out
}

func TestTheLedgerBalancesToTheUnit(t *testing.T) {
	enginetest.Checks(t, 100)
	rapid.Check(t, func(rt *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "")
		ok(t, err)
		db, err := Open(t.Context(), Options{Path: filepath.Join(dir, "koira.db"), NewID: counting()})
		ok(t, err)
		defer db.Close()
		populate(t, db)
		b := &bank{T: rt, db: db, of: map[string]*account{}}
		for i := range 3 {
			o := anOutput(fmt.Sprintf("o%d", i), i)
			o.CostMax, o.Slot = b.money(), b.slot()
			ok(t, db.AddOutput(t.Context(), o, engine.Koira))
			b.ids, b.of[o.ID] = append(b.ids, o.ID), &account{cost: o.CostMax}
		}
		for range rapid.IntRange(1, 60).Draw(rt, "steps") {
			b.act(b.output(rapid.SampledFrom(b.ids).Draw(rt, "which")))
			b.check()
		}
	})
}

func (b *bank) money() engine.Money {
	return engine.Money(rapid.Int64Range(0, 3).Draw(b.T, "units")) * engine.Unit
}

// slot gives each caller an hour of its own, in one of two weeks.
func (b *bank) slot() time.Time {
	b.n++
	return at(b.n + 24*7*rapid.IntRange(0, 1).Draw(b.T, "week"))
}

func (b *bank) output(id string) engine.Output {
	o, err := b.db.Output(b.Context(), id)
	b.must(err)
	return o
}

func (b *bank) must(err error) {
	if err != nil {
		b.Fatal(err)
	}
}

// act does one legal thing to o.
func (b *bank) act(o engine.Output) {
	sends, err := b.db.Sends(b.Context(), o.ID)
	b.must(err)
	var open []engine.Send
	for _, s := range sends {
		if len(outcomes[s.State]) > 0 {
			open = append(open, s)
		}
	}
	if len(open) > 0 {
		b.result(o, rapid.SampledFrom(open).Draw(b.T, "send"))
		return
	}
	next := engine.Next(o.State)
	if len(next) == 0 {
		return
	}
	to := rapid.SampledFrom(next).Draw(b.T, "to")
	if rapid.IntRange(0, 2).Draw(b.T, "astray") > 0 { // else few would ever reach the wire
		to = onward[o.State]
	}
	b.move(o, to)
}

// onward is the way to the wire.
var onward = map[engine.State]engine.State{
	engine.StatePlanned: engine.StateDrafted, engine.StateDrafted: engine.StateScheduled, engine.StateWaiting: engine.StateScheduled,
	engine.StateHeld: engine.StateScheduled, engine.StateHanded: engine.StatePublished, engine.StateScheduled: engine.StatePublishing,
	engine.StatePublished: engine.StateRetracting, engine.StateSettled: engine.StateRetracting,
}

func (b *bank) move(o engine.Output, to engine.State) {
	if to == engine.StatePublishing {
		_, _, err := b.db.Claim(b.Context(), o.ID, o.Digest, o.Slot, pass)
		b.must(err)
		return
	}
	m := plain(o, to)
	if to == engine.StateDrafted {
		next := o
		next.CostMax, next.Slot = b.money(), b.slot()
		m.Draft = withCopy(next, "Fresh rye", []string{"A", "B"}[:rapid.IntRange(1, 2).Draw(b.T, "variants")]...)
	}
	_, err := b.db.Move(b.Context(), m)
	if m.Draft != nil && engine.CodeOf(err) == engine.CodeConflict {
		return // a part of it is out
	}
	if to == engine.StatePublished && (o.State == engine.StateScheduled || o.State == engine.StateHeld) && engine.CodeOf(err) == engine.CodeInternal {
		return // nothing of it is out, so there is no rest to give up
	}
	b.must(err)
	if m.Draft != nil {
		b.of[o.ID].cost = m.Draft.CostMax
	}
	b.follow(o.State, o.ID)
}

// result applies a random outcome of s.
func (b *bank) result(o engine.Output, s engine.Send) {
	r := engine.Result{Send: s.ID, Fence: s.Fence, State: rapid.SampledFrom(outcomes[s.State]).Draw(b.T, "outcome"), At: t0}
	a := b.of[o.ID]
	if r.State == engine.SendPublished {
		r.Spent = 2 * b.money()
		if s.State != engine.SendRetracting {
			a.held -= min(a.held, r.Spent)
			a.spent += r.Spent
		}
	}
	b.must(b.db.Apply(b.Context(), r))
	b.follow(o.State, o.ID)
}

// follow keeps the account of what a move does to a reservation.
func (b *bank) follow(from engine.State, id string) {
	o, a := b.output(id), b.of[id]
	switch {
	case !from.HoldsMoney() && o.State.HoldsMoney():
		a.held, a.week = max(0, a.cost-a.spent), engine.Week(o.Slot, helsinki())
	case from.HoldsMoney() && !o.State.HoldsMoney():
		a.held = 0
	}
}

// check compares the store with the accounts, and each sum with the entries that it sums.
func (b *bank) check() {
	entries, err := b.db.Entries(b.Context(), "")
	b.must(err)
	weeks, outputs, spent := map[string]engine.Balance{}, map[string]engine.Money{}, map[string]engine.Money{}
	var whole engine.Balance
	for _, e := range entries {
		w := weeks[e.Week]
		weeks[e.Week] = engine.Balance{Reserved: w.Reserved + e.Reserved, Spent: w.Spent + e.Spent}
		whole.Reserved, whole.Spent = whole.Reserved+e.Reserved, whole.Spent+e.Spent
		outputs[e.Output] += e.Reserved
		spent[e.Output] += e.Spent
		if outputs[e.Output] < 0 {
			b.Fatalf("%s owes %d", e.Output, outputs[e.Output])
		}
	}
	for week, want := range weeks {
		got, err := b.db.Balance(b.Context(), week)
		b.must(err)
		byTask, err := b.db.BalanceByTask(b.Context(), week)
		b.must(err)
		if got != want || byTask["daily-social"] != want {
			b.Fatalf("%s: got %+v and %+v, want %+v", week, got, byTask, want)
		}
	}
	for id, a := range b.of {
		o := b.output(id)
		if outputs[id] != a.held || spent[id] != a.spent || o.State.Final() && outputs[id] != 0 {
			b.Fatalf("%s is %s: reserved %d, spent %d; want %+v", id, o.State, outputs[id], spent[id], *a)
		}
		v, err := b.db.View(b.Context(), id, engine.StageClaim, t0)
		b.must(err)
		if v.Reserved != a.held || v.Campaign != whole || v.Week != weeks[engine.Week(o.Slot, helsinki())] || v.TaskWeek != v.Week {
			b.Fatalf("%s: its view says %+v", id, v)
		}
		if a.held > 0 && a.week != engine.Week(o.Slot, helsinki()) {
			b.Fatalf("%s holds money in %s", id, a.week)
		}
	}
}

func helsinki() *time.Location {
	return engine.Business{Zone: "Europe/Helsinki"}.Location()
}

func TestMoneyBelongsToTheWeekOfTheSlotWhereTheBusinessIs(t *testing.T) {
	db := world(t)
	o := anOutput("o1", 0)
	o.Slot, o.Expires = time.Date(2025, 11, 23, 22, 30, 0, 0, time.UTC), time.Date(2025, 11, 24, 2, 0, 0, 0, time.UTC) // Monday 00:30 in Helsinki
	add(t, db, o, engine.StateDrafted, engine.StateScheduled)
	b, err := db.Balance(t.Context(), "2025-W48")
	ok(t, err)
	equal(t, b, engine.Balance{Reserved: 5 * engine.Unit})
}

func TestAReservationFollowsItsSlotToAnotherWeek(t *testing.T) {
	db := world(t)
	o := anOutput("o1", 0)
	o.Slot, o.Expires = time.Date(2025, 11, 23, 22, 30, 0, 0, time.UTC), time.Date(2025, 11, 24, 2, 0, 0, 0, time.UTC)
	add(t, db, o, engine.StateDrafted, engine.StateScheduled)
	s, err := db.Strategy(t.Context())
	ok(t, err)
	s.Business.Zone = "UTC" // where that hour is still Sunday
	_, err = db.SetStrategy(t.Context(), s, alice, t0, "moved")
	ok(t, err)
	walk(t, db, "o1", engine.StatePublishing)
	for week, want := range map[string]engine.Money{"2025-W47": 5 * engine.Unit, "2025-W48": 0} {
		b, err := db.Balance(t.Context(), week)
		ok(t, err)
		equal(t, b.Reserved, want)
	}
}

func TestNoEntryForNothing(t *testing.T) {
	db := world(t)
	o := anOutput("o1", 1)
	o.CostMax = 0
	add(t, db, o, engine.StateDrafted, engine.StateScheduled, engine.StateHeld)
	entries, err := db.Entries(t.Context(), "o1")
	ok(t, err)
	equal(t, len(entries), 0)
}

func TestAClaimTopsUpWhatWasReserved(t *testing.T) {
	db := world(t)
	o := add(t, db, anOutput("o1", 1), engine.StateDrafted, engine.StateScheduled)
	err := db.inTx(t.Context(), func(ctx context.Context, x *tx) error {
		r, err := outputByID(ctx, x, o.ID)
		if err != nil {
			return err
		}
		return x.release(ctx, r, purse{{Week: "2025-W47", Reserved: engine.Unit}}, 0, t0)
	})
	ok(t, err)
	walk(t, db, "o1", engine.StatePublishing)
	b, err := db.Balance(t.Context(), "2025-W47")
	ok(t, err)
	equal(t, b.Reserved, 5*engine.Unit)
}

func TestAnOverrunIsSpentAndSaid(t *testing.T) {
	db := world(t)
	r := result(claimed(t, db, "o1", 1, "A")[0], engine.SendPublished, 1)
	r.Spent = 7 * engine.Unit
	ok(t, db.Apply(t.Context(), r))
	b, err := db.Balance(t.Context(), "2025-W47")
	ok(t, err)
	equal(t, b, engine.Balance{Spent: 7 * engine.Unit})
	events, err := db.Events(t.Context(), 0, 100)
	ok(t, err)
	for _, e := range events {
		if e.Action == "ledger.over" {
			equal(t, e.Detail["over"], "2000000")
			return
		}
	}
	t.Error("the log does not say so")
}

func TestAChargeIsTheModels(t *testing.T) {
	db := world(t)
	add(t, db, anOutput("o1", 1))
	ok(t, db.Charge(t.Context(), engine.Entry{At: t0, Output: "o1", Task: "daily-social", Spent: 9000, Note: "model"}))
	ok(t, db.Charge(t.Context(), engine.Entry{At: t0, Week: "2025-W40", Spent: 1}))
	wantCode(t, db.Charge(t.Context(), engine.Entry{At: t0, Spent: -1}), engine.CodeInvalid)
	wantCode(t, db.Charge(t.Context(), engine.Entry{At: t0, Output: "nobody", Spent: 1}), engine.CodeInvalid)
	b, err := db.BalanceByTask(t.Context(), "2025-W47")
	ok(t, err)
	equal(t, b, map[string]engine.Balance{"daily-social": {Spent: 9000, Model: 9000}})
	b, err = db.BalanceByTask(t.Context(), "2025-W40")
	ok(t, err)
	equal(t, b, map[string]engine.Balance{"": {Spent: 1, Model: 1}})
}
