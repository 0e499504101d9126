package desk

import (
	"testing"
	"time"

	"koira/engine"
)

// outcome is how the last exception about a piece ended; "" while one is open.
func (w *world) outcome(t testing.TB, id string) string {
	t.Helper()
	events, err := w.store.Events(w.ctx, 0, 10_000)
	must(t, err)
	said := ""
	for _, e := range events {
		if e.Detail["about"] != id {
			continue
		}
		said = e.Detail["outcome"]
	}
	return said
}

func (w *world) loosen(who, rule, to string) error {
	r, err := w.Want(w.ctx, person(who), edit(rule, to))
	if err != nil {
		return err
	}
	done, err := w.Confirm(w.ctx, person(who), r.ID, "")
	if err == nil && done.Waits != nil {
		_, err = w.Sign(w.ctx, person(tomi), done.Waits.ID)
	}
	return err
}

// TestReleaseGoesBackToWhereItStood: each row holds a piece with a blocked word, and lifts the word again.
func TestReleaseGoesBackToWhereItStood(t *testing.T) {
	slot := start.Add(26 * time.Hour)
	approve := func(t *testing.T, w *world) engine.Output {
		o := w.piece(t, "daily-social", "Barley bread.", slot)
		must(t, w.Approve(w.ctx, person(tomi), yes(o)))
		return w.now(t, o.ID)
	}
	unasked := func(t *testing.T, w *world) engine.Output { return w.byItself(t, "Barley bread.", slot) }
	for name, c := range map[string]struct {
		make   func(*testing.T, *world) engine.Output
		before func(*testing.T, *world, engine.Output) // the word is lifted
		want   engine.State
	}{
		"what waited waits": {func(t *testing.T, w *world) engine.Output { return w.piece(t, "daily-social", "Barley bread.", slot) }, nil, engine.StateWaiting},
		"what was approved": {approve, nil, engine.StateScheduled},
		"what was approved and taken back waits": {func(t *testing.T, w *world) engine.Output {
			o := approve(t, w)
			must(t, w.TakeBack(w.ctx, person(olli), o.ID, o.Digest))
			return o
		}, nil, engine.StateWaiting},
		"what a level lets out": {unasked, nil, engine.StateScheduled},
		"what a level let out and a person stopped waits": {func(t *testing.T, w *world) engine.Output {
			o := unasked(t, w)
			must(t, w.TakeBack(w.ctx, person(olli), o.ID, o.Digest))
			return o
		}, nil, engine.StateWaiting},
		"what a level let out that was lowered meanwhile waits": {unasked, func(t *testing.T, w *world, _ engine.Output) {
			must(t, w.setLevel(olli, "daily-social", engine.L5, engine.L3))
		}, engine.StateWaiting},
		"what may not go out unasked any more waits": {unasked, func(t *testing.T, w *world, _ engine.Output) {
			task, err := w.store.Task(w.ctx, "daily-social")
			must(t, err)
			task.Nature = []engine.Nature{engine.NaturePricing}
			must(t, w.store.PutTask(w.ctx, task, person(mari), w.clock.Now(), "it announces prices"))
		}, engine.StateWaiting},
		"where koira does not publish any more it is handed over": {approve, func(t *testing.T, w *world, _ engine.Output) {
			must(t, w.setLevel(olli, "daily-social", engine.L3, engine.L1))
		}, engine.StateHanded},
		"what a person gave another time while it was held waits": {unasked, func(t *testing.T, w *world, o engine.Output) {
			_, err := w.Reslot(w.ctx, person(olli), o.ID, o.Digest, slot.Add(time.Hour))
			must(t, err)
		}, engine.StateWaiting},
		"what became too late stays": {approve, func(_ *testing.T, w *world, _ engine.Output) { w.clock.Set(slot.Add(3 * time.Hour)) }, engine.StateHeld},
		"what another rule stops stays": {approve, func(t *testing.T, w *world, _ engine.Output) {
			must(t, w.tighten(olli, "channel:bluesky", offWord))
		}, engine.StateHeld},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			o := c.make(t, w)
			must(t, w.tighten(olli, "topic:barley", blockedWord))
			w.wantState(t, o.ID, engine.StateHeld)
			if c.before != nil {
				c.before(t, w, o)
			}
			must(t, w.loosen(mari, "topic:barley", allowedWord))
			now := w.wantState(t, o.ID, c.want)
			if held := c.want == engine.StateHeld; (w.outcome(t, o.ID) == RuleChanged) == held {
				t.Errorf("its exception ended as %q", w.outcome(t, o.ID))
			}
			for range 2 {
				if n, err := w.Recheck(w.ctx, ""); n != 0 || err != nil {
					t.Errorf("once more moved %d, %v", n, err)
				}
			}
			if c.want != engine.StateScheduled {
				return
			}
			w.clock.Set(slot)
			_, _, err := w.store.Claim(w.ctx, o.ID, now.Digest, slot, w.gate)
			must(t, err)
		})
	}
}

// Money that one piece does not need any more lets go on what it did not suffice for, the soonest first.
func TestReleaseWhenMoneyBecomesFree(t *testing.T) {
	w := newWorld(t)
	var o []engine.Output
	for i := range 4 { // 40 each, of 100 a week
		o = append(o, w.piece(t, "daily-social", "Rye.", start.Add(time.Duration(i+1)*25*time.Hour)))
	}
	for _, x := range o[:2] {
		must(t, w.Approve(w.ctx, person(tomi), yes(x)))
	}
	for _, x := range o[2:] {
		want(t, w.Approve(w.ctx, person(tomi), yes(x)), engine.CodeBlocked)
		w.wantState(t, x.ID, engine.StateHeld)
	}
	if n, err := w.Release(w.ctx, ""); n != 0 || err != nil {
		t.Fatalf("moved %d, %v", n, err)
	}
	must(t, w.Drop(w.ctx, person(tomi), o[0].ID, o[0].Digest))
	n, err := w.Release(w.ctx, "")
	must(t, err)
	if n != 2 { // waiting sets nothing aside, so both may wait; the first yes gets the money
		t.Fatalf("moved %d", n)
	}
	must(t, w.Approve(w.ctx, person(tomi), yes(w.wantState(t, o[2].ID, engine.StateWaiting))))
	want(t, w.Approve(w.ctx, person(tomi), yes(w.wantState(t, o[3].ID, engine.StateWaiting))), engine.CodeBlocked)
}

// What something else than a rule holds stays, whatever the gate says.
func TestReleaseLeavesWhatNoRuleHeld(t *testing.T) {
	w := newWorld(t)
	o := w.piece(t, "daily-social", "Rye.", start.Add(26*time.Hour))
	_, err := w.store.Move(w.ctx, engine.Move{
		Output: o.ID, From: o.State, To: engine.StateHeld, Digest: o.Digest, By: engine.Koira, At: start, Why: "doubt",
		Open: &engine.Exception{ID: "e1", Kind: engine.ExceptionOutput, Output: o.ID, Subject: o.ID, OpenedAt: start},
	})
	must(t, err)
	if n, err := w.Recheck(w.ctx, ""); n != 0 || err != nil {
		t.Errorf("moved %d, %v", n, err)
	}
	w.wantState(t, o.ID, engine.StateHeld)
}

// What a piece was brought down by stays with it when a rule holds it, and when the rule lets it go again.
func TestReleaseKeepsWhatAPieceWasBroughtDownBy(t *testing.T) {
	w := newWorld(t)
	o := w.byItself(t, "Rye bread.", start.Add(5*time.Hour))
	draft := o
	draft.Findings = []engine.Finding{{Rule: "blast", Outcome: engine.Clamp, Limit: &engine.Limit{Audience: 500}, Evidence: "It was brought down to fit."}}
	for _, m := range []engine.Move{
		{From: engine.StateScheduled, To: engine.StateWaiting}, {From: engine.StateWaiting, To: engine.StateDrafted, Draft: &draft}, {From: engine.StateDrafted, To: engine.StateScheduled, Findings: draft.Findings},
	} {
		m.Output, m.Digest, m.By, m.At = o.ID, o.Digest, engine.Koira, w.clock.Now()
		_, err := w.store.Move(w.ctx, m)
		must(t, err)
	}
	must(t, w.tighten(olli, "topic:rye", blockedWord))
	if held := w.wantState(t, o.ID, engine.StateHeld); held.Most() != 500 {
		t.Errorf("held, it goes to %d", held.Most())
	}
	must(t, w.loosen(mari, "topic:rye", allowedWord))
	if freed := w.now(t, o.ID); freed.State == engine.StateHeld || freed.Most() != 500 {
		t.Errorf("let go it is %s, and goes to %d", freed.State, freed.Most())
	}
}

// What an owner let pass once counts for that yes: taken back and stopped again, a piece does not come back to those whose yes would be stopped.
func TestReleaseForgetsWhatWasLetPassOnce(t *testing.T) {
	w := newWorld(t)
	must(t, w.Approve(w.ctx, person(tomi), yes(w.piece(t, "daily-social", "Rye.", start.Add(time.Hour)))))
	w.setRules(t, func(g *engine.Guardrails) {
		g.Frequency = []engine.FrequencyRule{{Channel: "bluesky", Most: 1, Days: 1}}
	})
	o := w.piece(t, "daily-social", "Oat.", start.Add(3*time.Hour))
	must(t, w.ApproveAnyway(w.ctx, person(mari), yes(o), w.marks(t, o, "frequency")))
	must(t, w.TakeBack(w.ctx, person(mari), o.ID, o.Digest))
	want(t, w.Approve(w.ctx, person(mari), yes(w.wantState(t, o.ID, engine.StateWaiting))), engine.CodeBlocked)
	if n, err := w.Release(w.ctx, ""); n != 0 || err != nil {
		t.Errorf("moved %d, %v", n, err)
	}
	w.wantState(t, o.ID, engine.StateHeld)
}
