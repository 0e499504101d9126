package desk

import (
	"slices"
	"strings"
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

// marks is what the window of a piece shows of these rules.
func (w *world) marks(t testing.TB, o engine.Output, rules ...string) []string {
	t.Helper()
	p, err := w.ProposeOnce(w.ctx, person(mari), o.ID, o.Digest)
	must(t, err)
	p.Waives = slices.DeleteFunc(p.Waives, func(f engine.Finding) bool { return !slices.Contains(rules, f.Rule) })
	return p.Marks()
}

// cleared is what is cleared and not on its way yet, by its time.
func (w *world) cleared(t testing.TB) []engine.Output {
	t.Helper()
	all, err := w.store.Outputs(w.ctx, engine.OutputFilter{States: []engine.State{engine.StateScheduled}})
	must(t, err)
	slices.SortFunc(all, func(a, b engine.Output) int { return a.Slot.Compare(b.Slot) })
	return all
}

func (w *world) claim(o engine.Output) error {
	_, _, err := w.store.Claim(w.ctx, o.ID, o.Digest, o.Slot, guard.Check)
	return err
}

// What an owner lets one piece have on top is that piece's: once it needs less of it, nobody else may use the rest on a plain yes.
func TestWhatOnePieceIsAllowedIsNobodyElses(t *testing.T) {
	for name, c := range map[string]struct {
		then func(t *testing.T, w *world, o engine.Output) // after o was let through at 120 of 100
		used engine.Money                                  // of the week, whatever an approver says yes to afterwards
		free string
	}{
		"the week is raised": {func(t *testing.T, w *world, _ engine.Output) {
			w.setRules(t, func(g *engine.Guardrails) { g.Budget.Weekly = 140 * engine.Unit })
		}, 120, "€140.00, €20.00 is free"},
		"it costs less in the end": {func(t *testing.T, w *world, o engine.Output) {
			w.clock.Advance(5 * time.Hour)
			intents, _, err := w.store.Claim(w.ctx, o.ID, o.Digest, w.clock.Now(), w.gate)
			must(t, err)
			must(t, w.store.Apply(w.ctx, engine.Result{
				Send: intents[0].Send, Fence: intents[0].Fence, State: engine.SendPublished, Ref: engine.Ref{ID: "x"}, At: w.clock.Now(), By: engine.Koira, Spent: 10 * engine.Unit,
			}))
		}, 90, "€100.00, €10.00 is free"},
		"another piece is taken back": {func(t *testing.T, w *world, _ engine.Output) {
			first := w.cleared(t)[0]
			must(t, w.TakeBack(w.ctx, person(tomi), first.ID, first.Digest))
		}, 80, "€100.00, €20.00 is free"},
		"nothing": {func(*testing.T, *world, engine.Output) {}, 120, "€100.00, €0.00 is free"},
	} {
		t.Run(name, func(t *testing.T) {
			w, o := overCap(t)
			p, err := w.ProposeOnce(w.ctx, person(mari), o.ID, o.Digest)
			must(t, err)
			must(t, w.AllowOnce(w.ctx, person(mari), yes(o), p.Rise, nil))
			c.then(t, w, o)
			d := w.piece(t, "daily-social", "Spelt.", w.clock.Now().Add(7*time.Hour))
			want(t, w.Approve(w.ctx, person(tomi), yes(d)), engine.CodeBlocked, "of this week's budget, "+c.free)
			b, err := w.store.Balance(w.ctx, engine.Week(o.Slot, w.zone(w.ctx)))
			must(t, err)
			if b.Used() != c.used*engine.Unit {
				t.Errorf("%s of the week is used, want %d", b.Used().Format("EUR"), c.used)
			}
			before := w.cleared(t)
			_, err = w.Recheck(w.ctx, "")
			must(t, err)
			if after := w.cleared(t); len(after) != len(before) || len(after) == 0 {
				t.Errorf("of %d cleared pieces %d stay so", len(before), len(after))
			}
			for _, is := range before {
				must(t, w.claim(is))
			}
		})
	}
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

func TestARiseEndsAtACampaignsCeiling(t *testing.T) {
	w := newWorld(t)
	s := w.strategy(t).Clone()
	s.Offers = []engine.Offer{{Key: "advent", From: start.AddDate(0, 0, -1)}}
	_, err := w.store.SetStrategy(w.ctx, s, person(mari), start, "test")
	must(t, err)
	w.setRules(t, func(g *engine.Guardrails) {
		g.Budget.PerCampaign, g.Budget.Campaigns = 45*engine.Unit, map[string]engine.Money{"advent": 30 * engine.Unit}
	})
	o := w.pieceOf(t, "Rye.", start.Add(time.Hour))
	want(t, w.Approve(w.ctx, person(tomi), yes(o)), engine.CodeBlocked)
	p, err := w.ProposeOnce(w.ctx, person(mari), o.ID, o.Digest)
	must(t, err)
	if p.Rise != (engine.Rise{Campaign: 10 * engine.Unit}) {
		t.Errorf("it needs %+v", p.Rise)
	}
	w.setRules(t, func(g *engine.Guardrails) { g.Budget.PerCampaign = 39 * engine.Unit })
	_, err = w.ProposeOnce(w.ctx, person(mari), o.ID, o.Digest)
	want(t, err, engine.CodeDenied, "It would bring the campaign to 40.00; the ceiling in the config file is 39.00")
	want(t, w.AllowOnce(w.ctx, person(mari), yes(o), engine.Rise{Campaign: 100 * engine.Unit}, nil), engine.CodeDenied)
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
	want(t, w.ApproveAnyway(w.ctx, person(mari), yes(o), w.marks(t, o, "frequency")), engine.CodeBlocked, "(pace)")
	want(t, w.ApproveAnyway(w.ctx, person(mari), yes(o), []string{"pace", "frequency"}), engine.CodeBlocked, "(pace)")
	w.wantState(t, o.ID, engine.StateWaiting)
	p, err := w.ProposeOnce(w.ctx, person(mari), o.ID, o.Digest)
	must(t, err)
	if got := engine.RulesOf(p.waivers()); len(p.Caps) != 0 || len(got) != 2 || got[0] != "pace" || got[1] != "frequency" {
		t.Errorf("it waives %v", got)
	}
	must(t, w.ApproveAnyway(w.ctx, person(mari), yes(o), w.marks(t, o, "pace", "frequency")))
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

// An owner lets through what they were shown: what comes up while their window stands open stops it, and so does a rule that is tightened after the
// yes. A rule that is loosened does not, nor one that has nothing to do with it.
func TestAnOwnersYesIsToWhatItWasShown(t *testing.T) {
	rival := func(g *engine.Guardrails) {
		g.Topics.Packs, g.Topics.Competitors = []string{"competitors"}, []string{"Old Mill"}
	}
	const text = "Better than Old Mill or Red Bun. It cures cancer!!"
	for name, c := range map[string]struct {
		before, after func(g *engine.Guardrails)
		stops         string // a part of the reason, "" when nothing does
	}{
		"nothing":                    {rival, func(*engine.Guardrails) {}, ""},
		"a pack":                     {rival, func(g *engine.Guardrails) { g.Topics.Packs = append(g.Topics.Packs, "health") }, "health"},
		"another name":               {rival, func(g *engine.Guardrails) { g.Topics.Competitors = append(g.Topics.Competitors, "Red Bun") }, "Red Bun"},
		"another topic":              {rival, func(g *engine.Guardrails) { g.Topics.Blocked = append(g.Topics.Blocked, "rye") }, ""},
		"a limit of the voice":       {rival, func(g *engine.Guardrails) { g.Voice.Exclamations = 1 }, "exclamation"},
		"a lower one":                {func(g *engine.Guardrails) { g.Voice.Exclamations = 1 }, func(g *engine.Guardrails) { g.Voice.Exclamations = -1 }, "exclamation"},
		"another one of the voice":   {func(g *engine.Guardrails) { g.Voice.Exclamations = 1 }, func(g *engine.Guardrails) { g.Voice.Sentence = 4 }, "A sentence"},
		"a higher one":               {func(g *engine.Guardrails) { g.Voice.Exclamations = -1 }, func(g *engine.Guardrails) { g.Voice.Exclamations = 1 }, ""},
		"a slower pace":              {func(g *engine.Guardrails) { g.Budget.Pace = 200 }, func(g *engine.Guardrails) { g.Budget.Pace = 150 }, "pace"},
		"a faster pace":              {func(g *engine.Guardrails) { g.Budget.Pace = 200 }, func(g *engine.Guardrails) { g.Budget.Pace = 250 }, ""},
		"fewer of them":              {often(2, 1), often(1, 1), "number 3 in a day"},
		"more of them, yet too many": {often(1, 1), often(2, 1), ""},
		"fewer in more days":         {often(1, 1), often(1, 2), "in 2 days"},
	} {
		world := func(t *testing.T) (*world, engine.Output) {
			w := newWorld(t)
			for i, body := range []string{"Rye.", "Oat."} {
				o := w.piece(t, "daily-social", body, start.Add(time.Duration(i+1)*time.Minute))
				must(t, w.Approve(w.ctx, person(tomi), yes(o)))
			}
			w.setRules(t, func(g *engine.Guardrails) { g.Budget.Weekly = 200 * engine.Unit })
			w.setRules(t, c.before)
			return w, w.piece(t, "daily-social", text, start.Add(3*time.Hour))
		}
		all := []string{"topics", "voice", "pace", "frequency"}
		t.Run("after the yes: "+name, func(t *testing.T) {
			w, o := world(t)
			must(t, w.ApproveAnyway(w.ctx, person(mari), yes(o), w.marks(t, o, all...)))
			w.setRules(t, c.after)
			must(t, w.rechecked())
			state := engine.StateScheduled
			if c.stops != "" {
				state = engine.StateHeld
			}
			o = w.wantState(t, o.ID, state)
			reasons := ""
			for _, f := range o.Findings {
				if f.Outcome == engine.Block {
					reasons += f.Rule + ": " + f.Evidence + "\n"
				}
			}
			if c.stops == "" {
				w.clock.Advance(3 * time.Hour)
				must(t, w.claim(o))
			} else if !strings.Contains(reasons, c.stops) {
				t.Errorf("it is held for %s", reasons)
			}
		})
		t.Run("while the window is open: "+name, func(t *testing.T) {
			w, o := world(t)
			marks := w.marks(t, o, all...)
			w.setRules(t, c.after)
			if c.stops != "" {
				want(t, w.ApproveAnyway(w.ctx, person(mari), yes(o), marks), engine.CodeBlocked, c.stops)
				w.wantState(t, o.ID, engine.StateWaiting)
			}
		})
	}
}

// A yes from before it was kept what it was of lets nothing out any more; the owner is asked again.
func TestAnOldYesThatNamesARuleLetsNothingOut(t *testing.T) {
	w := newWorld(t)
	w.setRules(t, often(0, 1))
	o := w.piece(t, "daily-social", "Rye.", start.Add(time.Hour))
	must(t, w.ApproveAnyway(w.ctx, person(mari), yes(o), w.marks(t, o, "frequency")))
	view, err := w.store.View(w.ctx, o.ID, engine.StageClaim, o.Slot)
	must(t, err)
	view.Now = o.Slot
	if v := w.gate(view); v.Outcome == engine.Block {
		t.Fatalf("blocked: %+v", v.Blocks())
	}
	view.Approval.Waived = []engine.Waiver{{Rule: "frequency"}}
	if v := w.gate(view); v.Outcome != engine.Block {
		t.Errorf("it lets it out: %+v", v.Findings)
	}
}

func often(most, days int) func(*engine.Guardrails) {
	return func(g *engine.Guardrails) {
		g.Frequency = []engine.FrequencyRule{{Channel: "bluesky", Most: most, Days: days}}
	}
}

func (w *world) rechecked() error {
	_, err := w.Recheck(w.ctx, "")
	return err
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
		"the campaign's, by file":    {campaign(0), rules(func(g *engine.Guardrails) { g.Budget.PerCampaign = 80 * engine.Unit }), []int{0, 1}},
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

// What may be spent while an owner is away is no limit that a piece alone is let through: the window is not offered, and the answer says what helps.
func TestNobodyLetsAPieceSpendMoreWhileAnOwnerIsAway(t *testing.T) {
	w := newWorld(t)
	_, err := w.GoAway(w.ctx, person(mari), week(func(a *Away) { a.Capped, a.Budget = true, 30*engine.Unit }))
	must(t, err)
	o := w.piece(t, "daily-social", "Rye.", start.Add(time.Hour))
	_, err = w.ProposeOnce(w.ctx, person(mari), o.ID, o.Digest)
	want(t, err, engine.CodeBlocked, "of what may be spent while you are away, €30.00", "/koira away")
	want(t, w.AllowOnce(w.ctx, person(mari), yes(o), engine.Rise{}, nil), engine.CodeBlocked, "while you are away")
	w.wantState(t, o.ID, engine.StateWaiting)
}
