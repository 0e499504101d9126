package desk

import (
	"context"
	"testing"
	"time"

	"koira/engine"
)

// pending is a change that an owner confirmed, and that waits for a signature.
func (w *world) pending(t testing.TB, edits ...engine.RuleEdit) engine.Request {
	t.Helper()
	done, err := w.Confirm(w.ctx, person(mari), w.asked(t, mari, edits...).ID, "Advent")
	must(t, err)
	if done.Waits == nil || len(done.Changes) > 0 {
		t.Fatalf("done: %+v", done)
	}
	return *done.Waits
}

func TestLoosenIsConfirmedByAnOwnerAndSignedByAnother(t *testing.T) {
	w := newWorld(t)
	_, err := w.Want(w.ctx, person(tomi), edit("budget.weekly", "150"))
	want(t, err, engine.CodeDenied, "Only owners can raise or lift a limit. Owners here: @"+mari)
	r := w.asked(t, mari, edit("budget.weekly", "150"))
	on, err := w.TurnOn(w.ctx, person(mari), r.ID) // nothing of it is in force without that
	must(t, err)
	if len(on.Changes) > 0 || on.Rest == nil || len(on.Rest.Changes) != 1 || w.rules(t).Version != 1 {
		t.Fatalf("turned on: %+v", on)
	}
	_, err = w.Confirm(w.ctx, person(tomi), r.ID, "")
	want(t, err, engine.CodeDenied)
	_, err = w.Sign(w.ctx, person(tomi), r.ID)
	want(t, err, engine.CodeNotFound)
	done, err := w.Confirm(w.ctx, person(mari), r.ID, "Advent")
	must(t, err)
	if done.Waits == nil || !done.Waits.Expires.Equal(start.Add(signedFor)) || w.rules(t).Version != 1 {
		t.Fatalf("done %+v", done)
	}
	_, err = w.Confirm(w.ctx, person(mari), r.ID, "Advent")
	want(t, err, engine.CodeConflict, "waits for a signature, until 10:15")
	_, err = w.Sign(w.ctx, person(mari), r.ID)
	want(t, err, engine.CodeDenied, "somebody else signs it: @"+tomi)
	_, err = w.Sign(w.ctx, person(olli), r.ID)
	want(t, err, engine.CodeDenied, "Only approvers and owners can sign")
	w.clock.Advance(time.Minute)
	signed, err := w.Sign(w.ctx, person(tomi), r.ID)
	must(t, err)
	if g := w.rules(t); len(signed.Changes) != 1 || g.Version != 2 || g.Budget.Weekly != 150*engine.Unit {
		t.Errorf("in force: %+v", g)
	}
	_, err = w.Sign(w.ctx, person(tomi), r.ID)
	want(t, err, engine.CodeConflict, "You put this in force at 10:01.")
	h, err := w.store.GuardrailChanges(w.ctx, 1)
	must(t, err)
	wantRow := engine.GuardrailChange{
		Version: 2, By: mari, At: start.Add(time.Minute), Why: "Money a week: €100.00 → €150.00", Note: "Advent", SignedBy: tomi,
	}
	if h[0] != wantRow {
		t.Errorf("history %+v", h[0])
	}
}

// Every way in which a signature comes to nothing, kindly.
func TestSignaturesThatComeToNothing(t *testing.T) {
	for name, c := range map[string]struct {
		before func(t *testing.T, w *world, r engine.Request)
		who    string
		code   engine.Code
		part   string
	}{
		"too late": {func(_ *testing.T, w *world, _ engine.Request) { w.clock.Advance(signedFor) }, tomi, engine.CodeConflict, "This ran out at 10:15. Ask again."},
		"cancelled by an operator": {func(t *testing.T, w *world, r engine.Request) {
			must(t, w.Cancel(w.ctx, person(olli), r.ID))
		}, tomi, engine.CodeConflict, "@" + olli + " cancelled this at 10:00."},
		"the rules moved": {func(t *testing.T, w *world, _ engine.Request) {
			must(t, w.tighten(olli, "topic:sale", blockedWord))
		}, tomi, engine.CodeConflict, "This ended at 10:00: the rules changed meanwhile. Ask again."},
		"who asked is no owner any more": {func(_ *testing.T, w *world, _ engine.Request) {
			w.people.Owners, w.people.Operators = []string{tomi}, []string{mari}
		}, tomi, engine.CodeConflict, "not an owner any more"},
		"who signs is no approver any more": {func(_ *testing.T, w *world, _ engine.Request) {
			w.people.Approvers, w.people.Viewers = nil, []string{tomi}
		}, tomi, engine.CodeDenied, "Only approvers"},
		"the ceiling is lower now": {func(t *testing.T, w *world, _ engine.Request) {
			w.Desk.store = lowered{w.store}
		}, tomi, engine.CodeDenied, "The ceiling in the config file is €120.00"},
		"by who asked":  {nil, mari, engine.CodeDenied, "You asked for this yourself"},
		"by a stranger": {nil, "U9UNLISTED", engine.CodeDenied, "not on the list"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			r := w.pending(t, edit("budget.weekly", "150"))
			if c.before != nil {
				c.before(t, w, r)
			}
			_, err := w.Sign(w.ctx, person(c.who), r.ID)
			want(t, err, c.code, c.part, "Nothing changed.")
			if g := w.rules(t); g.Budget.Weekly != 100*engine.Unit {
				t.Errorf("in force: %+v", g)
			}
		})
	}
}

// lowered is a store whose file has a lower ceiling than when a change was asked for.
type lowered struct{ Store }

func (l lowered) Guardrails(ctx context.Context) (engine.Guardrails, error) {
	g, err := l.Store.Guardrails(ctx)
	g.Budget.Ceiling = 120 * engine.Unit
	return g, err
}

func TestOneOwnerAlone(t *testing.T) {
	w := newWorld(t)
	w.people.Approvers = nil
	done, err := w.Confirm(w.ctx, person(mari), w.asked(t, mari, edit("budget.weekly", "150")).ID, "")
	must(t, err)
	h, err := w.store.GuardrailChanges(w.ctx, 1)
	must(t, err)
	if !done.Alone || done.Waits != nil || !h[0].Alone || h[0].SignedBy != "" || w.rules(t).Budget.Weekly != 150*engine.Unit {
		t.Errorf("done %+v, history %+v", done, h)
	}
	seq, _, err := w.store.Head(w.ctx)
	must(t, err)
	last, err := w.store.Events(w.ctx, seq-1, 1)
	must(t, err)
	if last[0].Action != "guardrails.changed" || last[0].Detail["alone"] != "yes" {
		t.Errorf("the log says %+v", last)
	}
	must(t, w.setLevel(mari, "by-hand", engine.L1, engine.L3))

	w.people.FourEyes = engine.FourEyesAlways
	_, err = w.Confirm(w.ctx, person(mari), w.asked(t, mari, edit("budget.weekly", "160")).ID, "")
	want(t, err, engine.CodeDenied, "nobody else here is an approver")
	_, err = w.SetLevel(w.ctx, person(mari), "daily-social", engine.L3, engine.L4)
	want(t, err, engine.CodeDenied, "nobody else here is an approver")

	w.people.Approvers, w.people.FourEyes = []string{tomi}, engine.FourEyesNever
	done, err = w.Confirm(w.ctx, person(mari), w.asked(t, mari, edit("budget.weekly", "160")).ID, "")
	must(t, err)
	if !done.Alone {
		t.Errorf("done %+v", done)
	}
}

func TestARaiseIsSigned(t *testing.T) {
	w := newWorld(t)
	waits, err := w.SetLevel(w.ctx, person(mari), "by-hand", engine.L1, engine.L3)
	must(t, err)
	if task, _ := w.store.Task(w.ctx, "by-hand"); waits == nil || task.Level != engine.L1 {
		t.Fatalf("waits %+v, level %s", waits, task.Level)
	}
	_, err = w.SetLevel(w.ctx, person(mari), "by-hand", engine.L1, engine.L3)
	want(t, err, engine.CodeConflict, "waits for a signature")
	_, err = w.Sign(w.ctx, person(mari), waits.ID)
	want(t, err, engine.CodeDenied)
	_, err = w.Sign(w.ctx, person(tomi), waits.ID)
	must(t, err)
	g, err := w.store.Grant(w.ctx, "by-hand")
	must(t, err)
	if task, _ := w.store.Task(w.ctx, "by-hand"); task.Level != engine.L3 || g == nil || g.By != mari || g.Role != engine.RoleOwner {
		t.Errorf("level %s, grant %+v", task.Level, g)
	}
	_, err = w.Sign(w.ctx, person(tomi), waits.ID)
	want(t, err, engine.CodeConflict)

	waits, err = w.SetLevel(w.ctx, person(mari), "daily-social", engine.L3, engine.L4)
	must(t, err)
	must(t, w.setLevel(olli, "daily-social", engine.L3, engine.L1))
	_, err = w.Sign(w.ctx, person(tomi), waits.ID)
	want(t, err, engine.CodeConflict, "its level moved meanwhile")
}
