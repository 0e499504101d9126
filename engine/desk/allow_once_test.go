package desk

import (
	"testing"
	"time"

	"koira/engine"
	"koira/engine/guard"
)

// overCap is a world in which two pieces of €40 are cleared and a third is held by the week's €100.
func overCap(t *testing.T) (*world, engine.Output) {
	t.Helper()
	w := newWorld(t)
	for i, body := range []string{"Rye.", "Oat."} {
		o := w.piece(t, "daily-social", body, start.Add(time.Duration(i+1)*time.Hour))
		must(t, w.Approve(w.ctx, person(tomi), yes(o)))
	}
	o := w.piece(t, "daily-social", "Barley.", start.Add(5*time.Hour))
	want(t, w.Approve(w.ctx, person(tomi), yes(o)), engine.CodeBlocked, "It may cost €40.00; of this week's budget, €100.00, €20.00 is free.")
	return w, w.wantState(t, o.ID, engine.StateHeld)
}

func (w *world) setRules(t testing.TB, f func(*engine.Guardrails)) {
	t.Helper()
	g, err := w.store.Guardrails(w.ctx)
	must(t, err)
	from := g.Version
	f(&g)
	must(t, w.store.SetGuardrails(w.ctx, from, g, person(mari), w.clock.Now(), "test"))
}

func (w *world) claim(o engine.Output) error {
	_, _, err := w.store.Claim(w.ctx, o.ID, o.Digest, o.Slot, guard.Check)
	return err
}

func TestAnOwnerAllowsOnePieceOnce(t *testing.T) {
	w, o := overCap(t)
	_, err := w.ProposeOnce(w.ctx, person(tomi), o.ID, o.Digest)
	want(t, err, engine.CodeDenied, "Only owners can let one piece pass a limit.")
	want(t, w.AllowOnce(w.ctx, person(tomi), yes(o), engine.Rise{Week: 20 * engine.Unit}, nil), engine.CodeDenied)
	p, err := w.ProposeOnce(w.ctx, person(mari), o.ID, o.Digest)
	must(t, err)
	if p.Rise != (engine.Rise{Week: 20 * engine.Unit}) || len(p.Caps) != 1 || p.Caps[0].Needs() != 120*engine.Unit || p.Ceiling != 200*engine.Unit {
		t.Errorf("it proposes %+v", p)
	}
	want(t, w.AllowOnce(w.ctx, person(mari), yes(o), engine.Rise{Week: 19 * engine.Unit}, nil), engine.CodeConflict, "more than the window showed")
	want(t, w.ApproveAnyway(w.ctx, person(mari), yes(o), []string{"budget"}), engine.CodeConflict, "more than the window showed")
	w.wantState(t, o.ID, engine.StateHeld)
	must(t, w.AllowOnce(w.ctx, person(mari), yes(o), p.Rise, nil))
	w.wantState(t, o.ID, engine.StateScheduled)
	want(t, w.AllowOnce(w.ctx, person(mari), yes(o), p.Rise, nil), engine.CodeConflict) // a second tap

	// It is for this version alone: nothing else gets room by it, and those that were cleared stay so.
	more := w.piece(t, "daily-social", "Spelt.", start.Add(6*time.Hour))
	want(t, w.Approve(w.ctx, person(tomi), yes(more)), engine.CodeBlocked, "€0.00 is free")
	n, err := w.Recheck(w.ctx, "")
	must(t, err)
	if n != 0 {
		t.Errorf("the recheck moved %d", n)
	}
	w.clock.Advance(5 * time.Hour)
	must(t, w.claim(w.now(t, o.ID)))
	events, err := w.store.Events(w.ctx, 0, 1000)
	must(t, err)
	found := false
	for _, e := range events {
		found = found || e.Action == "output.scheduled" && e.Subject == o.ID && e.Actor == mari && e.Detail["over week"] == "20000000"
	}
	if !found {
		t.Error("the log does not say what was allowed")
	}
}

func TestARiseEndsAtTheCeiling(t *testing.T) {
	w, o := overCap(t)
	w.setRules(t, func(g *engine.Guardrails) { g.Budget.Ceiling = 119 * engine.Unit })
	_, err := w.ProposeOnce(w.ctx, person(mari), o.ID, o.Digest)
	want(t, err, engine.CodeDenied, "the ceiling in the config file is 119.00")
	want(t, w.AllowOnce(w.ctx, person(mari), yes(o), engine.Rise{Week: 100 * engine.Unit}, nil), engine.CodeDenied)
	w.wantState(t, o.ID, engine.StateHeld)
}

// A cap that is lowered after a rise was given counts: what was allowed was so much above the old one.
func TestALoweredCapHoldsWhatWasAllowedOnce(t *testing.T) {
	w, o := overCap(t)
	must(t, w.AllowOnce(w.ctx, person(mari), yes(o), engine.Rise{Week: 20 * engine.Unit}, nil))
	w.setRules(t, func(g *engine.Guardrails) { g.Budget.Weekly = 99 * engine.Unit })
	n, err := w.Recheck(w.ctx, "")
	must(t, err)
	w.wantState(t, o.ID, engine.StateHeld)
	if n != 1 {
		t.Errorf("the recheck moved %d", n)
	}
	b, err := w.store.Balance(w.ctx, "2025-W48")
	must(t, err)
	if b.Reserved != 80*engine.Unit || b.Top != 0 {
		t.Errorf("the week holds %+v", b)
	}
}

func TestAnEditEndsARise(t *testing.T) {
	w, o := overCap(t)
	must(t, w.AllowOnce(w.ctx, person(mari), yes(o), engine.Rise{Week: 20 * engine.Unit}, nil))
	must(t, w.TakeBack(w.ctx, person(olli), o.ID, o.Digest))
	o = w.wantState(t, o.ID, engine.StateWaiting)
	want(t, w.Approve(w.ctx, person(tomi), yes(o)), engine.CodeBlocked) // a plain yes carries no rise
	o = w.wantState(t, o.ID, engine.StateHeld)
	o, v, err := w.Edit(w.ctx, person(olli), o.ID, o.Digest, []engine.Variant{{Name: "A", Body: "Other words."}})
	must(t, err)
	if o.State != engine.StateWaiting || o.CostMax != 20*engine.Unit || v.Outcome == engine.Block {
		t.Errorf("the new version is %s at %d: %+v", o.State, o.CostMax, v)
	}
	now := w.now(t, o.ID)
	var clamp *engine.Finding
	for _, f := range now.Findings {
		if f.Outcome == engine.Clamp {
			clamp = &f
		}
	}
	if clamp == nil || clamp.Limit.CostMax != 20*engine.Unit || now.Digest != engine.DigestOf(now) {
		t.Errorf("it was brought down to %+v", clamp)
	}
	must(t, w.Approve(w.ctx, person(tomi), yes(now)))
}

func TestAnOwnerApprovesAnyway(t *testing.T) {
	w := newWorld(t)
	first := w.piece(t, "daily-social", "Rye.", start.Add(time.Hour))
	must(t, w.Approve(w.ctx, person(tomi), yes(first)))
	w.setRules(t, func(g *engine.Guardrails) {
		g.Frequency = []engine.FrequencyRule{{Channel: "bluesky", Most: 1, Days: 1}}
		g.Budget.Pace = 200 // of the even part, €28.57 by Monday's end
	})
	w.setRules(t, func(g *engine.Guardrails) { g.Budget.Weekly = 200 * engine.Unit })
	o := w.piece(t, "daily-social", "Oat.", start.Add(3*time.Hour))
	want(t, w.ApproveAnyway(w.ctx, person(mari), yes(o), []string{"frequency"}), engine.CodeBlocked, "(pace)")
	w.wantState(t, o.ID, engine.StateWaiting)
	p, err := w.ProposeOnce(w.ctx, person(mari), o.ID, o.Digest)
	must(t, err)
	if got := rulesOf(p.Waives); len(p.Caps) != 0 || len(got) != 2 || got[0] != "pace" || got[1] != "frequency" {
		t.Errorf("it waives %v", got)
	}
	must(t, w.ApproveAnyway(w.ctx, person(mari), yes(o), []string{"pace", "frequency", "channels"}))
	w.clock.Advance(3 * time.Hour)
	a, err := w.store.Approval(w.ctx, o.ID, o.Digest)
	must(t, err)
	if len(a.Waived) != 2 {
		t.Errorf("it waived %v", a.Waived)
	}
	must(t, w.claim(w.now(t, o.ID)))

	o = w.piece(t, "daily-social", "It is politics.", start.Add(5*time.Hour))
	want(t, w.ApproveAnyway(w.ctx, person(mari), yes(o), []string{"topics", "pace", "frequency"}), engine.CodeBlocked, "(topics)")
	o = w.piece(t, "daily-social", "Rye.", start.Add(2*day))
	want(t, w.ApproveAnyway(w.ctx, person(mari), yes(o), nil), engine.CodeConflict, "Approve it as it is")
	want(t, w.ApproveAnyway(w.ctx, person(tomi), yes(o), nil), engine.CodeDenied)
}

// Lowering any cap holds unclaimed pieces, the latest slot first, and releases their money.
func TestLoweringAnyCapHoldsTheLatestFirst(t *testing.T) {
	rules := func(f func(*engine.Guardrails)) func(*testing.T, *world) {
		return func(t *testing.T, w *world) { w.setRules(t, f) }
	}
	campaign := func(most engine.Money) func(*testing.T, *world) {
		return func(t *testing.T, w *world) {
			s, err := w.store.Strategy(w.ctx)
			must(t, err)
			s.Offers = []engine.Offer{{Key: "advent", From: start.AddDate(0, 0, -1)}}
			_, err = w.store.SetStrategy(w.ctx, s, person(mari), start, "test")
			must(t, err)
			w.setRules(t, func(g *engine.Guardrails) { g.Budget.Campaigns = map[string]engine.Money{"advent": most} })
		}
	}
	for name, c := range map[string]struct {
		before, lower func(*testing.T, *world)
		left          []int // which of the three, in the order of their slots, stay
	}{
		"the week's":                 {nil, rules(func(g *engine.Guardrails) { g.Budget.Weekly = 90 * engine.Unit }), []int{0, 1}},
		"of one piece":               {nil, rules(func(g *engine.Guardrails) { g.Budget.Output = 39 * engine.Unit }), nil},
		"all of it":                  {nil, rules(func(g *engine.Guardrails) { g.Budget.Weekly = 0 }), nil},
		"the pace":                   {nil, rules(func(g *engine.Guardrails) { g.Budget.Pace = 150 }), []int{0}}, // €43 by Monday's end, €86 by Tuesday's: the latest goes first
		"the campaign's":             {campaign(500 * engine.Unit), campaign(80 * engine.Unit), []int{0, 1}},
		"the task's":                 {nil, rules(func(g *engine.Guardrails) { g.Budget.Tasks = map[string]engine.Money{"daily-social": 50 * engine.Unit} }), []int{0}},
		"the model's holds no piece": {nil, rules(func(g *engine.Guardrails) { g.Budget.Model = 1 }), []int{0, 1, 2}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.setRules(t, func(g *engine.Guardrails) { g.Budget.Weekly = 200 * engine.Unit })
			if c.before != nil {
				c.before(t, w)
			}
			var all []engine.Output
			for i, body := range []string{"Rye.", "Oat.", "Spelt."} {
				o := w.pieceOf(t, body, start.Add(time.Duration(i+1)*time.Hour))
				must(t, w.Approve(w.ctx, person(tomi), yes(o)))
				all = append(all, o)
			}
			if c.lower != nil {
				c.lower(t, w)
			}
			_, err := w.Recheck(w.ctx, "")
			must(t, err)
			b, err := w.store.Balance(w.ctx, "2025-W48")
			must(t, err)
			if b.Reserved != engine.Money(len(c.left))*40*engine.Unit {
				t.Errorf("%d is set aside", b.Reserved)
			}
			for i, o := range all {
				stays := false
				for _, k := range c.left {
					stays = stays || k == i
				}
				if got := w.now(t, o.ID).State; stays != (got == engine.StateScheduled) {
					t.Errorf("number %d is %s", i, got)
				}
			}
		})
	}
}

// pieceOf is a waiting piece of daily-social in the campaign of its slot.
func (w *world) pieceOf(t testing.TB, body string, slot time.Time) engine.Output {
	t.Helper()
	s, err := w.store.Strategy(w.ctx)
	must(t, err)
	of, err := w.store.Task(w.ctx, "daily-social")
	must(t, err)
	o := w.planned(w.ctx, of, engine.OriginKoira, slot, "planned")
	o.Campaign = campaign(s, slot)
	must(t, w.store.AddOutput(w.ctx, o, engine.Koira))
	o.Variants = []engine.Variant{{Name: "A", Body: body}}
	draft, err := w.render(o)
	must(t, err)
	for _, m := range []engine.Move{{From: engine.StatePlanned, To: engine.StateDrafted, Draft: &draft}, {From: engine.StateDrafted, To: engine.StateWaiting, Digest: draft.Digest}} {
		m.Output, m.By, m.At = o.ID, engine.Koira, w.clock.Now()
		_, err = w.store.Move(w.ctx, m)
		must(t, err)
	}
	return w.now(t, o.ID)
}
