package desk

import (
	"errors"
	"slices"
	"testing"
	"time"

	"koira/engine"
)

// rivals lets a piece that names a competitor be stopped, which an owner may let through.
func rivals(g *engine.Guardrails) {
	g.Topics.Packs, g.Topics.Competitors = []string{"competitors"}, []string{"Old Mill", "Red Bun"}
}

// lost is a cleared piece of which the outcome is unknown since its planned time.
func (w *world) lostOne(t testing.TB, o engine.Output) engine.Output {
	t.Helper()
	if wait := o.Slot.Sub(w.clock.Now()); wait > 0 {
		w.clock.Advance(wait)
	}
	intents, _, err := w.store.Claim(w.ctx, o.ID, o.Digest, w.clock.Now(), w.gate)
	must(t, err)
	for _, i := range intents {
		must(t, w.store.Apply(w.ctx, engine.Result{Send: i.Send, Fence: i.Fence, State: engine.SendUnconfirmed, At: w.clock.Now(), By: engine.Koira}))
	}
	return w.wantState(t, o.ID, engine.StateUnconfirmed)
}

// letThrough is a piece that an owner let through everything that stopped it.
func (w *world) letThrough(t testing.TB, o engine.Output) engine.Output {
	t.Helper()
	p, err := w.ProposeOnce(w.ctx, person(mari), o.ID, o.Digest)
	must(t, err)
	must(t, w.AllowOnce(w.ctx, person(mari), yes(o), p.Rise, p.Marks()))
	return w.wantState(t, o.ID, engine.StateScheduled)
}

// What an owner let through is sent again as they let it through: by an owner, past the very findings that they were shown, and past nothing else.
func TestWhatAnOwnerLetThroughIsSentAgain(t *testing.T) {
	const text = "Better than Old Mill. It cures cancer!!"
	for name, c := range map[string]struct {
		before, after func(*engine.Guardrails)
		stops         string // an owner, with a part of the reason; "" where nothing does
		plain         bool   // an approver's yes is enough by now
	}{
		"nothing changed":                       {before: rivals, after: func(*engine.Guardrails) {}},
		"another pack":                          {before: rivals, after: func(g *engine.Guardrails) { g.Topics.Packs = append(g.Topics.Packs, "health") }, stops: "health"},
		"an own topic":                          {before: rivals, after: func(g *engine.Guardrails) { g.Topics.Blocked = append(g.Topics.Blocked, "cancer") }, stops: "topics"},
		"a limit of the voice":                  {before: rivals, after: func(g *engine.Guardrails) { g.Voice.Exclamations = 1 }, stops: "exclamation"},
		"a lower one":                           {before: func(g *engine.Guardrails) { g.Voice.Exclamations = 1 }, after: func(g *engine.Guardrails) { g.Voice.Exclamations = -1 }, stops: "exclamation"},
		"a higher one":                          {before: func(g *engine.Guardrails) { g.Voice.Exclamations = -1 }, after: func(g *engine.Guardrails) { g.Voice.Exclamations = 1 }},
		"the rule is gone":                      {before: rivals, after: func(g *engine.Guardrails) { g.Topics.Packs = nil }, plain: true},
		"one of two rules is off":               {before: func(g *engine.Guardrails) { rivals(g); g.Voice.Exclamations = 1 }, after: func(g *engine.Guardrails) { g.Topics.Packs = nil }},
		"a rule that has nothing to do with it": {before: rivals, after: func(g *engine.Guardrails) { g.Topics.Blocked = append(g.Topics.Blocked, "rye") }},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.setRules(t, c.before)
			o := w.lostOne(t, w.letThrough(t, w.piece(t, "daily-social", text, start.Add(time.Hour))))
			first, err := w.store.Sends(w.ctx, o.ID)
			must(t, err)
			w.setRules(t, c.after)
			w.clock.Advance(3 * time.Hour)
			if c.plain {
				must(t, w.SendAgain(w.ctx, person(tomi), yes(o), true))
				a, err := w.store.Approval(w.ctx, o.ID, w.wantState(t, o.ID, engine.StateScheduled).Digest)
				must(t, err)
				if len(a.Waived) > 0 {
					t.Errorf("it waives %v", a.Waived)
				}
				return
			}
			if c.stops != "" {
				for _, who := range []string{mari, tomi} {
					want(t, w.SendAgain(w.ctx, person(who), yes(o), true), engine.CodeBlocked, c.stops, "Not sent again.")
				}
				w.wantState(t, o.ID, engine.StateUnconfirmed)
				return
			}
			err = w.SendAgain(w.ctx, person(tomi), yes(o), true)
			want(t, err, engine.CodeDenied, "An owner let this one pass", "only an owner sends it again: @"+mari, "Not sent again.")
			if e := new(engine.Error); !errors.As(err, &e) || !slices.Equal(e.Who, []string{mari}) {
				t.Errorf("it names %v", e.Who)
			}
			w.wantState(t, o.ID, engine.StateUnconfirmed)
			must(t, w.SendAgain(w.ctx, person(mari), yes(o), true))
			now := w.wantState(t, o.ID, engine.StateScheduled)
			must(t, w.rechecked())
			w.wantState(t, o.ID, engine.StateScheduled)
			intents, _, err := w.store.Claim(w.ctx, o.ID, now.Digest, w.clock.Now(), w.gate)
			must(t, err)
			if len(intents) != 1 || intents[0].Key != first[0].Key || string(intents[0].Bytes) != string(o.Variants[0].Rendered) {
				t.Errorf("claimed %+v", intents)
			}
			w.audited(t)
		})
	}
}

// Sent again and of unknown outcome once more: what an owner let through holds for the third time too.
func TestWhatAnOwnerLetThroughIsSentAgainTwice(t *testing.T) {
	w := newWorld(t)
	w.setRules(t, rivals)
	o := w.lostOne(t, w.letThrough(t, w.piece(t, "daily-social", "Better than Old Mill.", start.Add(time.Hour))))
	for range 2 {
		w.clock.Advance(time.Hour)
		must(t, w.SendAgain(w.ctx, person(mari), yes(o), true))
		o = w.lostOne(t, w.wantState(t, o.ID, engine.StateScheduled))
	}
	w.setRules(t, func(g *engine.Guardrails) {
		g.Topics.Packs = append(g.Topics.Packs, "legal")
		g.Topics.Blocked = []string{"better"}
	})
	want(t, w.SendAgain(w.ctx, person(mari), yes(o), true), engine.CodeBlocked, "topics")
}

// A rule that counts has found more by now: that is not what the owner was shown.
func TestWhatHasGrownSinceIsNotSentAgain(t *testing.T) {
	w := newWorld(t)
	w.setRules(t, func(g *engine.Guardrails) { often(1, 1)(g); g.Budget.Weekly = 200 * engine.Unit })
	first := w.piece(t, "daily-social", "Rye.", start.Add(time.Minute))
	must(t, w.Approve(w.ctx, person(tomi), yes(first)))
	o := w.lostOne(t, w.letThrough(t, w.piece(t, "daily-social", "Oat.", start.Add(time.Hour))))
	third := w.letThrough(t, w.piece(t, "daily-social", "Spelt.", start.Add(4*time.Hour)))
	want(t, w.SendAgain(w.ctx, person(mari), yes(o), true), engine.CodeBlocked, "number 3 in a day", "Not sent again.")
	must(t, w.TakeBack(w.ctx, person(olli), third.ID, third.Digest))
	must(t, w.SendAgain(w.ctx, person(mari), yes(o), true))
	w.wantState(t, o.ID, engine.StateScheduled)
}

// What an owner let a piece cost on top of a cap it may cost when it is sent again, once, and nobody else's room grows by it.
func TestWhatAnOwnerLetCostMoreIsSentAgain(t *testing.T) {
	first := engine.Week(start, time.UTC)
	for name, c := range map[string]struct {
		then  func(*testing.T, *world) // after nobody knows whether it is out
		stops string
		plain bool         // an approver's yes is enough by now
		used  engine.Money // of the week afterwards
		rise  engine.Money // what the new yes lets it have on top of the week
	}{
		"nothing": {then: func(*testing.T, *world) {}, used: 120, rise: 20},
		"the week is raised a little": {then: func(t *testing.T, w *world) {
			w.setRules(t, func(g *engine.Guardrails) { g.Budget.Weekly = 110 * engine.Unit })
		}, used: 120, rise: 10},
		"the week is raised enough": {then: func(t *testing.T, w *world) {
			w.setRules(t, func(g *engine.Guardrails) { g.Budget.Weekly = 120 * engine.Unit })
		}, plain: true, used: 120},
		"the week is lowered": {then: func(t *testing.T, w *world) {
			w.setRules(t, func(g *engine.Guardrails) { g.Budget.Weekly = 99 * engine.Unit })
		}, stops: "of this week's budget, €99.00, €19.00 is free", used: 120},
		"the file's ceiling is lowered": {then: func(t *testing.T, w *world) {
			w.setRules(t, func(g *engine.Guardrails) { g.Budget.Ceiling = 119 * engine.Unit })
		}, stops: "budget", used: 120},
		"another cap": {then: func(t *testing.T, w *world) {
			w.setRules(t, func(g *engine.Guardrails) { g.Budget.Output = 39 * engine.Unit })
		}, stops: "one piece may cost at most €39.00", used: 120},
		"an owner lets another one pass": {then: func(t *testing.T, w *world) {
			w.letThrough(t, w.piece(t, "daily-social", "Spelt.", start.Add(day)))
		}, used: 160, rise: 20},
		"another piece is taken back": {then: func(t *testing.T, w *world) {
			x := w.cleared(t)[0]
			must(t, w.TakeBack(w.ctx, person(olli), x.ID, x.Digest))
		}, plain: true, used: 80},
		"the next week has room": {then: func(_ *testing.T, w *world) { w.clock.Advance(7 * day) }, plain: true, used: 80},
		"the next week has none": {then: func(t *testing.T, w *world) {
			w.clock.Advance(7 * day)
			for i, body := range []string{"Spelt.", "Wheat."} {
				o := w.piece(t, "daily-social", body, w.clock.Now().Add(time.Duration(i+1)*time.Hour))
				must(t, w.Approve(w.ctx, person(tomi), yes(o)))
			}
		}, stops: "of this week's budget, €100.00, €20.00 is free", used: 120},
	} {
		t.Run(name, func(t *testing.T) {
			w, o := overCap(t)
			p, err := w.ProposeOnce(w.ctx, person(mari), o.ID, o.Digest)
			must(t, err)
			must(t, w.AllowOnce(w.ctx, person(mari), yes(o), p.Rise, nil))
			o = w.lostOne(t, w.now(t, o.ID))
			c.then(t, w)
			who := mari
			switch {
			case c.plain:
				who = tomi
			case c.stops == "":
				want(t, w.SendAgain(w.ctx, person(tomi), yes(o), true), engine.CodeDenied, "(budget)", "only an owner sends it again: @"+mari)
			}
			if c.stops != "" {
				want(t, w.SendAgain(w.ctx, person(mari), yes(o), true), engine.CodeBlocked, c.stops, "Not sent again.")
				w.wantState(t, o.ID, engine.StateUnconfirmed)
			} else {
				must(t, w.SendAgain(w.ctx, person(who), yes(o), true))
				now := w.wantState(t, o.ID, engine.StateScheduled)
				a, err := w.store.Approval(w.ctx, o.ID, now.Digest)
				must(t, err)
				if a.OverCap != (engine.Rise{Week: c.rise * engine.Unit}) || now.CostMax != 40*engine.Unit {
					t.Errorf("the new yes lets it have %+v on top, of %s", a.OverCap, now.CostMax.Format("EUR"))
				}
				before := len(w.cleared(t))
				must(t, w.rechecked())
				if after := len(w.cleared(t)); after != before {
					t.Errorf("of %d cleared pieces %d stay so", before, after)
				}
				defer func() { must(t, w.claim(now)) }()
			}
			b, err := w.store.Balance(w.ctx, first)
			must(t, err)
			if b.Used() != c.used*engine.Unit {
				t.Errorf("%s of the week is used, want %d", b.Used().Format("EUR"), c.used)
			}
			if allowed := 20 * engine.Unit; name != "an owner lets another one pass" && b.Top > allowed {
				t.Errorf("%+v has more on top than an owner allowed", b)
			}
			w.audited(t)
		})
	}
}

// A piece within its caps keeps its money while it is sent again, also beside one that an owner let cost more: it is not held for want of what it had.
func TestWhatIsSentAgainKeepsItsMoney(t *testing.T) {
	w := newWorld(t)
	w.setRules(t, func(g *engine.Guardrails) { g.Budget.Weekly = 80 * engine.Unit })
	var all []engine.Output
	for i, body := range []string{"Rye.", "Oat."} {
		o := w.piece(t, "daily-social", body, start.Add(time.Duration(2-i)*time.Hour))
		must(t, w.Approve(w.ctx, person(tomi), yes(o)))
		all = append(all, o)
	}
	w.letThrough(t, w.piece(t, "daily-social", "Spelt.", start.Add(day)))
	o := w.lostOne(t, all[1])
	must(t, w.SendAgain(w.ctx, person(tomi), yes(o), true))
	must(t, w.claim(w.wantState(t, o.ID, engine.StateScheduled)))
	b, err := w.store.Balance(w.ctx, engine.Week(start, time.UTC))
	must(t, err)
	if b.Reserved != 120*engine.Unit || b.Top != 40*engine.Unit {
		t.Errorf("the week holds %+v", b)
	}
	w.audited(t)
}

// An operator whom an owner who is away lets decide meanwhile counts as an approver, and lets nothing through again.
func TestWhoDecidesMeanwhileLetsNothingThroughAgain(t *testing.T) {
	w := newWorld(t)
	w.setRules(t, rivals)
	o := w.lostOne(t, w.letThrough(t, w.piece(t, "daily-social", "Better than Old Mill.", start.Add(time.Hour))))
	_, err := w.GoAway(w.ctx, person(mari), week(deciding(olli)))
	must(t, err)
	want(t, w.SendAgain(w.ctx, person(olli), yes(o), true), engine.CodeDenied, "only an owner sends it again")
	w.wantState(t, o.ID, engine.StateUnconfirmed)
}

// A task that was lowered since is sent again like any: it is a person's yes that lets it out.
func TestWhatWasLetThroughIsSentAgainAtALowerLevel(t *testing.T) {
	w := newWorld(t)
	w.level(t, "daily-social", engine.L4)
	w.setRules(t, rivals)
	o := w.lostOne(t, w.letThrough(t, w.piece(t, "daily-social", "Better than Old Mill.", start.Add(time.Hour))))
	_, err := w.SetLevel(w.ctx, person(mari), "daily-social", engine.L4, engine.L3)
	must(t, err)
	want(t, w.SendAgain(w.ctx, person(tomi), yes(o), true), engine.CodeDenied)
	must(t, w.SendAgain(w.ctx, person(mari), yes(o), true))
	w.wantState(t, o.ID, engine.StateScheduled)
}
