package desk

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"koira/engine"
)

func (w *world) rules(t testing.TB) engine.Guardrails {
	t.Helper()
	g, err := w.store.Guardrails(w.ctx)
	must(t, err)
	return g
}

// asked is a change that an owner was shown.
func (w *world) asked(t testing.TB, who string, edits ...engine.RuleEdit) Wanted {
	t.Helper()
	r, err := w.Want(w.ctx, person(who), edits...)
	must(t, err)
	return r
}

func TestTightenIsInForceAtOnce(t *testing.T) {
	w := newWorld(t)
	_, err := w.Tighten(w.ctx, person(venla), edit("budget.weekly", "50"))
	want(t, err, engine.CodeDenied, "Only operators")
	done, err := w.Tighten(w.ctx, person(olli), edit("budget.weekly", "50"))
	must(t, err)
	if len(done.Changes) != 1 || done.Rest != nil || done.Waits != nil || done.Changes[0].String() != "Money a week: €100.00 → €50.00" {
		t.Errorf("done %+v", done)
	}
	must(t, w.tighten(olli, "topic:sale", blockedWord))
	must(t, w.tighten(olli, "channel:news", offWord))
	if g := w.rules(t); g.Version != 4 || g.Budget.Weekly != 50*engine.Unit || !slices.Contains(g.Topics.Blocked, "sale") || g.Channels["news"] {
		t.Errorf("in force: %+v", g)
	}
}

// A change is shown first, with what it would have done, and is turned on by a second click of the same person.
func TestAChangeIsShownThenTurnedOn(t *testing.T) {
	w := newWorld(t)
	w.preview = func(_ context.Context, was, next engine.Guardrails) engine.Tried {
		return engine.Tried{Lines: []string{fmt.Sprintf("would have blocked %d", len(next.Topics.Blocked)-len(was.Topics.Blocked))}}
	}
	r := w.asked(t, olli, edit("topic:sale", blockedWord))
	if !r.Tightens() || r.Loosens() || !slices.Equal(r.Preview.Lines, []string{"would have blocked 1"}) || w.rules(t).Version != 1 {
		t.Fatalf("shown: %+v", r)
	}
	_, err := w.TurnOn(w.ctx, person(tomi), r.ID)
	want(t, err, engine.CodeNotFound, "no such request")
	must(t, w.tighten(tomi, "topic:rye", blockedWord)) // the rules move: a tightening is not lost to that
	_, err = w.TurnOn(w.ctx, person(olli), r.ID)
	must(t, err)
	_, err = w.TurnOn(w.ctx, person(olli), r.ID)
	want(t, err, engine.CodeConflict, "You put this in force at 10:00.")
	if g := w.rules(t); g.Version != 3 || !slices.Contains(g.Topics.Blocked, "sale") {
		t.Errorf("in force: %+v", g)
	}
	late := w.asked(t, olli, edit("topic:oat", blockedWord))
	w.clock.Advance(keptFor)
	_, err = w.TurnOn(w.ctx, person(olli), late.ID)
	want(t, err, engine.CodeConflict, "This ran out at 11:00. Ask again.")
	_, err = w.Want(w.ctx, person(olli), edit("topic:sale", blockedWord))
	want(t, err, engine.CodeConflict, "That is so already (The subject “sale”: blocked).")
	_, err = w.Want(w.ctx, person(olli), edit("topic:barley", allowedWord))
	want(t, err, engine.CodeNotFound, "There is no blocked topic")
	_, err = w.Want(w.ctx, person(venla), edit("topic:barley", allowedWord))
	want(t, err, engine.CodeDenied, "Only operators")
}

// Of a mixed change, what tightens is in force at once; what gives more room is left to an owner's confirmation.
func TestAMixedChange(t *testing.T) {
	w := newWorld(t)
	mixed := []engine.RuleEdit{edit("budget.weekly", "150"), edit("topic:sale", blockedWord), edit("voice.lock", offWord), edit("channel:news", offWord)}
	done, err := w.Tighten(w.ctx, person(olli), mixed...)
	must(t, err)
	if len(done.Changes) != 2 || done.Rest != nil {
		t.Errorf("an operator: %+v", done)
	}
	w = newWorld(t)
	done, err = w.Tighten(w.ctx, person(mari), mixed...)
	must(t, err)
	g := w.rules(t)
	if len(done.Changes) != 2 || done.Rest == nil || len(done.Rest.Changes) != 2 || g.Budget.Weekly != 100*engine.Unit || !g.Voice.Locked || g.Channels["news"] {
		t.Fatalf("an owner: %+v, in force %+v", done, g)
	}
	then, err := w.Confirm(w.ctx, person(mari), done.Rest.ID, "")
	must(t, err)
	_, err = w.Sign(w.ctx, person(tomi), then.Waits.ID)
	must(t, err)
	if g := w.rules(t); g.Budget.Weekly != 150*engine.Unit || g.Voice.Locked || g.Version != 3 {
		t.Errorf("in force: %+v", g)
	}
}

func TestCeilingHolds(t *testing.T) {
	w := newWorld(t)
	for _, rule := range []string{"budget.weekly", "budget.output", "budget.model", "budget.task:daily-social"} {
		if rule != "budget.weekly" { // only more room is asked for: from no limit to one is a tightening
			must(t, w.tighten(mari, rule, "1"))
		}
		before, _, err := w.store.Head(w.ctx)
		must(t, err)
		_, err = w.Want(w.ctx, person(mari), edit(rule, "200.01"))
		want(t, err, engine.CodeDenied, "The ceiling in the config file is €200.00")
		got, err := w.store.Events(w.ctx, before, 10)
		must(t, err)
		if len(got) != 1 || got[0].Action != "denied" || got[0].Detail["action"] != string(ActionFile) {
			t.Errorf("events: %+v", got)
		}
	}
	_, err := w.Sign(w.ctx, person(tomi), w.pending(t, edit("budget.weekly", "200")).ID)
	must(t, err)
}

func TestRevert(t *testing.T) {
	w := newWorld(t)
	must(t, w.tighten(olli, "topic:sale", blockedWord)) // 2
	_, err := w.Sign(w.ctx, person(tomi), w.pending(t, edit("budget.weekly", "150"), edit("topic:politics", allowedWord)).ID)
	must(t, err) // 3
	_, err = w.Revert(w.ctx, person(olli), 9)
	want(t, err, engine.CodeNotFound, "There is no version 9")
	_, err = w.Revert(w.ctx, person(venla), 1)
	want(t, err, engine.CodeDenied)
	_, err = w.Revert(w.ctx, person(olli), 3)
	want(t, err, engine.CodeConflict, "stands already")

	// To version 1: less money and the subject blocked again at once, the other subject free again with a signature.
	r, err := w.Revert(w.ctx, person(mari), 1)
	must(t, err)
	done, err := w.TurnOn(w.ctx, person(mari), r.ID)
	must(t, err)
	g := w.rules(t)
	if len(done.Changes) != 2 || done.Rest == nil || g.Budget.Weekly != 100*engine.Unit || len(g.Topics.Blocked) != 2 || g.Version != 4 {
		t.Fatalf("done %+v, in force %+v", done, g)
	}
	then, err := w.Confirm(w.ctx, person(mari), done.Rest.ID, "")
	must(t, err)
	_, err = w.Sign(w.ctx, person(tomi), then.Waits.ID)
	must(t, err)
	if g := w.rules(t); !slices.Equal(g.Topics.Blocked, []string{"politics"}) || g.Version != 5 {
		t.Errorf("in force %+v", g)
	}
	h, err := w.store.GuardrailChanges(w.ctx, 1)
	must(t, err)
	if h[0].Note != "back to version 1" {
		t.Errorf("history %+v", h)
	}

	// A version above today's ceiling is refused as a whole; the ceiling itself is never reverted.
	g = w.rules(t)
	g.Budget.Weekly, g.Budget.Ceiling = 20*engine.Unit, 30*engine.Unit
	must(t, w.store.SetGuardrails(w.ctx, g.Version, g, person(mari), start, "a new file"))
	_, err = w.Revert(w.ctx, person(mari), 1)
	want(t, err, engine.CodeDenied, "ceiling in the config file is €30.00")
	if is := w.rules(t); is.Budget.Ceiling != 30*engine.Unit || is.Budget.Weekly != 20*engine.Unit {
		t.Errorf("in force %+v", is)
	}
}

// A lowered cap keeps what is planned soonest; what no longer fits is held and its money is free.
func TestRecheckAfterLoweringTheCap(t *testing.T) {
	w := newWorld(t)
	var all []engine.Output
	for i, body := range []string{"Rye.", "Oat."} {
		o := w.piece(t, "daily-social", body, start.Add(time.Duration(i+1)*day))
		must(t, w.Approve(w.ctx, person(tomi), yes(o)))
		all = append(all, o)
	}
	waits := w.piece(t, "daily-social", "Barley.", start.Add(3*day)) // 80 of 100 are set aside: it may wait only while 40 could fit
	must(t, w.tighten(olli, "budget.weekly", "50"))
	w.wantState(t, all[0].ID, engine.StateScheduled)
	w.wantState(t, all[1].ID, engine.StateHeld)
	w.wantState(t, waits.ID, engine.StateHeld)
	b, err := w.store.Balance(w.ctx, engine.Week(start, time.UTC))
	if err != nil || b.Reserved != 40*engine.Unit {
		t.Errorf("set aside %v, %v", b.Reserved, err)
	}
	if open, err := w.store.OpenExceptions(w.ctx); err != nil || len(open) != 2 {
		t.Errorf("open: %+v, %v", open, err)
	}
	if n, err := w.Recheck(w.ctx, ""); n != 0 || err != nil {
		t.Errorf("a second look moved %d, %v", n, err)
	}
}

func TestRecheckAfterBlocking(t *testing.T) {
	for name, c := range map[string]struct {
		tighten func(w *world) error
		want    engine.State
	}{
		"its topic":       {func(w *world) error { return w.tighten(olli, "topic:rye", blockedWord) }, engine.StateHeld},
		"another topic":   {func(w *world) error { return w.tighten(olli, "topic:oat", blockedWord) }, engine.StateScheduled},
		"its channel":     {func(w *world) error { return w.tighten(olli, "channel:bluesky", offWord) }, engine.StateHeld},
		"another channel": {func(w *world) error { return w.tighten(olli, "channel:news", offWord) }, engine.StateScheduled},
		"down to where people publish": {
			func(w *world) error { return w.setLevel(olli, "daily-social", engine.L3, engine.L1) }, engine.StateHanded,
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			o := w.piece(t, "daily-social", "Rye bread.", start.Add(day))
			must(t, w.Approve(w.ctx, person(tomi), yes(o)))
			must(t, c.tighten(w))
			w.wantState(t, o.ID, c.want)
		})
	}
}

// What is too late is the loop's to end, with a card that says why.
func TestRecheckLeavesTheLate(t *testing.T) {
	w := newWorld(t)
	o := w.piece(t, "daily-social", "Rye.", start.Add(time.Hour))
	w.clock.Advance(day)
	if n, err := w.Recheck(w.ctx, ""); n != 0 || err != nil {
		t.Errorf("moved %d, %v", n, err)
	}
	w.wantState(t, o.ID, engine.StateWaiting)
}
