package desk

import (
	"slices"
	"testing"
	"time"

	"koira/engine"
)

func TestItIsThere(t *testing.T) {
	w := newWorld(t)
	o := w.unsure(t, time.Hour)
	want(t, w.ItIsThere(w.ctx, person(olli), o.ID, o.Digest, "https://bsky.example/1"), engine.CodeDenied)
	want(t, w.ItIsThere(w.ctx, person(tomi), o.ID, o.Digest, "here"), engine.CodeInvalid)
	must(t, w.ItIsThere(w.ctx, person(tomi), o.ID, o.Digest, "https://bsky.example/1"))
	if got := w.wantState(t, o.ID, engine.StatePublished); got.URL != "https://bsky.example/1" {
		t.Errorf("url %q", got.URL)
	}
	b, err := w.store.Balance(w.ctx, engine.Week(o.Slot, w.zone(w.ctx)))
	if err != nil || b.Reserved != 0 || b.Spent != 40*engine.Unit {
		t.Errorf("balance %+v, %v", b, err)
	}
	want(t, w.ItIsThere(w.ctx, person(tomi), o.ID, o.Digest, "https://bsky.example/1"), engine.CodeConflict, "went out")
}

func TestDropUnsure(t *testing.T) {
	w := newWorld(t)
	o := w.unsure(t, 0)
	must(t, w.DropUnsure(w.ctx, person(tomi), o.ID, o.Digest))
	w.wantState(t, o.ID, engine.StateFailed)
	sends, err := w.store.Sends(w.ctx, o.ID)
	must(t, err)
	for _, s := range sends {
		if !s.GivenUp() {
			t.Errorf("a delivery that was dropped counts as certainly not out: %+v", s)
		}
	}
	want(t, w.SendAgain(w.ctx, person(tomi), yes(o), true), engine.CodeConflict)
}

func TestSendAgain(t *testing.T) {
	w := newWorld(t)
	o := w.unsure(t, 3*time.Hour)
	before, err := w.store.Sends(w.ctx, o.ID)
	must(t, err)
	want(t, w.SendAgain(w.ctx, person(olli), yes(o), true), engine.CodeDenied)
	want(t, w.SendAgain(w.ctx, person(tomi), yes(o), false), engine.CodeInvalid, "Please look first")
	want(t, w.SendAgain(w.ctx, person(tomi), yes(o), true), engine.CodeBlocked, "can still arrive until 14:00", "Not sent again.")
	w.wantState(t, o.ID, engine.StateUnconfirmed)
	w.clock.Advance(3 * time.Hour) // past its tolerance: a new yes, at a new time
	must(t, w.SendAgain(w.ctx, person(tomi), yes(o), true))
	got := w.wantState(t, o.ID, engine.StateScheduled)
	if got.Digest == o.Digest || !got.Slot.Equal(w.clock.Now()) || string(got.Variants[0].Rendered) != string(o.Variants[0].Rendered) {
		t.Errorf("slot %s, bytes %q", got.Slot, got.Variants[0].Rendered)
	}
	intents, _, err := w.store.Claim(w.ctx, o.ID, got.Digest, w.clock.Now(), w.gate)
	must(t, err)
	if len(intents) != 1 || intents[0].Key != before[0].Key || intents[0].Fence <= before[0].Fence {
		t.Errorf("claimed %+v, first sent with %+v", intents, before[0])
	}
	want(t, w.SendAgain(w.ctx, person(tomi), yes(o), true), engine.CodeConflict)
}

// Of two wordings one is live: the other is not repeated, since the piece as approved cannot be made whole.
// A task that went to people's hands meanwhile sends nothing again, and what became of its piece stays a question.
func TestSendAgainByHand(t *testing.T) {
	w := newWorld(t)
	o := w.unsure(t, 0)
	_, err := w.SetLevel(w.ctx, person(mari), "daily-social", engine.L3, engine.L1)
	must(t, err)
	want(t, w.SendAgain(w.ctx, person(tomi), yes(o), true), engine.CodeBlocked, "publish it by hand", "Not sent again.")
	w.wantState(t, o.ID, engine.StateUnconfirmed)
	must(t, w.ItIsThere(w.ctx, person(tomi), o.ID, o.Digest, "https://bsky.example/1"))
}

func TestSendAgainWithAPartLive(t *testing.T) {
	w := newWorld(t)
	o := w.piece(t, "daily-social", "Rye.", start.Add(time.Hour))
	two := o
	two.Variants = append(slices.Clone(o.Variants), engine.Variant{Name: "B", Body: "Oat."})
	two, err := w.render(two)
	must(t, err)
	_, _, err = w.redraft(w.ctx, person(mari), o, two, "two wordings", "")
	must(t, err)
	must(t, w.Approve(w.ctx, person(tomi), yes(two)))
	w.clock.Advance(time.Hour)
	intents, _, err := w.store.Claim(w.ctx, o.ID, two.Digest, w.clock.Now(), w.gate)
	must(t, err)
	for i, s := range []engine.SendState{engine.SendPublished, engine.SendUnconfirmed} {
		must(t, w.store.Apply(w.ctx, engine.Result{Send: intents[i].Send, Fence: intents[i].Fence, State: s, Ref: engine.Ref{ID: "x"}, At: w.clock.Now(), By: engine.Koira}))
	}
	want(t, w.SendAgain(w.ctx, person(tomi), yes(two), true), engine.CodeConflict, "A part of this is settled already")
	w.wantState(t, o.ID, engine.StateUnconfirmed)
	must(t, w.DropUnsure(w.ctx, person(tomi), o.ID, two.Digest))
	w.wantState(t, o.ID, engine.StatePublished)
}

func TestSendAgainIsHeldToTheRules(t *testing.T) {
	w := newWorld(t)
	o := w.unsure(t, 0)
	must(t, w.tighten(olli, "topic:rye", blockedWord))
	want(t, w.SendAgain(w.ctx, person(tomi), yes(o), true), engine.CodeBlocked, "topics", "Not sent again.")
	w.wantState(t, o.ID, engine.StateUnconfirmed)
}

func TestCloseException(t *testing.T) {
	w := newWorld(t)
	open := func(k engine.ExceptionKind, subject string) string {
		t.Helper()
		e := engine.Exception{ID: w.ids(), Kind: k, Subject: subject, Reason: "Something.", OpenedAt: start}
		must(t, w.store.OpenException(w.ctx, e))
		return e.ID
	}
	system, task, missed, output := open(engine.ExceptionSystem, "bluesky"), open(engine.ExceptionTask, "daily-social"), open(engine.ExceptionMissed, "x"), open(engine.ExceptionOutput, "y")
	for name, c := range map[string]struct {
		who, id, outcome string
		code             engine.Code
		part             string
	}{
		"an operator does not":      {olli, system, "fixed", engine.CodeDenied, "Only approvers"},
		"another word":              {tomi, system, "dropped", engine.CodeInvalid, "fixed, noted"},
		"what is about a piece":     {tomi, output, "dropped", engine.CodeInvalid, "ends with its piece"},
		"what is not there":         {tomi, "nope", "noted", engine.CodeNotFound, "no such item"},
		"a task's, in a phrase":     {tomi, task, "fixed it", engine.CodeInvalid, "noted"},
		"a missed one, in a phrase": {tomi, missed, "dropped it", engine.CodeInvalid, "dropped"},
	} {
		t.Run(name, func(t *testing.T) { want(t, w.CloseException(w.ctx, person(c.who), c.id, c.outcome), c.code, c.part) })
	}
	must(t, w.CloseException(w.ctx, person(tomi), system, "fixed"))
	must(t, w.CloseException(w.ctx, person(tomi), task, "noted"))
	must(t, w.CloseException(w.ctx, person(tomi), missed, "dropped"))
	want(t, w.CloseException(w.ctx, person(mari), system, "fixed"), engine.CodeConflict, "@"+tomi+" closed this at 10:00 (fixed).")
}

func TestDecisions(t *testing.T) {
	w := newWorld(t)
	learned := func(d engine.Decision, pick string) string {
		t.Helper()
		d.ID, d.Task, d.At, d.Reversible = w.ids(), "daily-social", start, true
		must(t, w.store.Learn(w.ctx, d.Task, []engine.Belief{{Task: d.Task, Dim: engine.DimHour, Arm: "09", Trials: 4, Hits: 2, At: start}},
			[]engine.Pick{{Task: d.Task, Dim: engine.DimHour, Arm: pick, At: start}}, []engine.Decision{d}))
		return d.ID
	}
	favoured := func() string {
		t.Helper()
		p, err := w.store.Picks(w.ctx, "daily-social")
		must(t, err)
		return p[0].Arm
	}
	id := learned(engine.Decision{What: string(engine.DimHour), From: "09", To: "13"}, "13")
	want(t, w.UndoDecision(w.ctx, person(venla), id), engine.CodeDenied)
	must(t, w.UndoDecision(w.ctx, person(olli), id))
	if favoured() != "09" {
		t.Errorf("favours %s after undo", favoured())
	}
	if b, err := w.store.Beliefs(w.ctx, "daily-social"); err != nil || len(b) != 1 || b[0].Hits != 2 {
		t.Errorf("beliefs %+v, %v", b, err)
	}
	want(t, w.UndoDecision(w.ctx, person(mari), id), engine.CodeConflict, "@"+olli+" undid this at 10:00.")

	older := learned(engine.Decision{What: string(engine.DimHour), From: "09", To: "13"}, "15")
	want(t, w.UndoDecision(w.ctx, person(olli), older), engine.CodeConflict, `moved since, to "15"`)
	level := learned(engine.Decision{What: "level", From: "L3", To: "L4"}, "15")
	want(t, w.UndoDecision(w.ctx, person(olli), level), engine.CodeInvalid, "set the level")
	want(t, w.UndoDecision(w.ctx, person(olli), "nope"), engine.CodeNotFound)
}

func TestProposals(t *testing.T) {
	w := newWorld(t)
	for i, c := range []struct {
		do   func(id string) error
		pick string
	}{
		{func(id string) error { return w.ApplyDecision(w.ctx, person(tomi), id) }, "13"},
		{func(id string) error { return w.UndoDecision(w.ctx, person(olli), id) }, "09"},
	} {
		d := engine.Decision{ID: w.ids(), Task: "daily-social", At: start, What: string(engine.DimHour), From: "09", To: "13", Reversible: true, Proposed: true}
		must(t, w.store.Learn(w.ctx, d.Task, nil, []engine.Pick{{Task: d.Task, Dim: engine.DimHour, Arm: "09", At: start}}, []engine.Decision{d}))
		want(t, w.ApplyDecision(w.ctx, person(olli), d.ID), engine.CodeDenied)
		must(t, c.do(d.ID))
		p, err := w.store.Picks(w.ctx, "daily-social")
		if err != nil || p[0].Arm != c.pick {
			t.Errorf("%d: favours %+v, want %s (%v)", i, p, c.pick, err)
		}
		want(t, w.ApplyDecision(w.ctx, person(tomi), d.ID), engine.CodeConflict)
	}
}
