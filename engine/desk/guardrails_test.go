package desk

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"koira/engine"
)

func TestCompute(t *testing.T) {
	w := newWorld(t)
	g := engine.Guardrails{
		Version: 4, Budget: engine.BudgetRule{Weekly: 100 * engine.Unit, Ceiling: 200 * engine.Unit},
		Channels: map[string]bool{"bluesky": true, "gone": true}, Topics: engine.TopicRule{Blocked: []string{"Politics"}},
	}
	for name, c := range map[string]struct {
		rule, to string
		want     Change
		code     engine.Code
		part     string
	}{
		"less money":                {"budget", "€ 99,50", Change{Rule: "budget", Old: "100.00", New: "99.50", From: 4}, "", ""},
		"no money":                  {"budget", "0", Change{Rule: "budget", Old: "100.00", New: "0.00", From: 4}, "", ""},
		"more money":                {"budget", "150", Change{Rule: "budget", Old: "100.00", New: "150.00", Loosens: true, From: 4}, "", ""},
		"the same money":            {"budget", "100.00", Change{}, engine.CodeConflict, "That is so already (100.00)."},
		"no sum":                    {"budget", "four hundred", Change{}, engine.CodeInvalid, `must be a sum like 400 or 399.50; you wrote "four hundred". Nothing changed.`},
		"a negative sum":            {"budget", "-5", Change{}, engine.CodeInvalid, "must be a sum"},
		"a topic blocked":           {"topic: Big  SALE ", "blocked", Change{Rule: "topic:big sale", Old: "allowed", New: "blocked", From: 4}, "", ""},
		"a topic blocked already":   {"topic:POLITICS", "blocked", Change{}, engine.CodeConflict, "so already"},
		"a topic allowed":           {"topic:politics", "allowed", Change{Rule: "topic:politics", Old: "blocked", New: "allowed", Loosens: true, From: 4}, "", ""},
		"a topic that is not there": {"topic:politcs", "allowed", Change{}, engine.CodeNotFound, "Did you mean Politics?"},
		"a topic of no letters":     {"topic:!!", "blocked", Change{}, engine.CodeInvalid, "needs a letter"},
		"no topic":                  {"topic:", "blocked", Change{}, engine.CodeInvalid, "The topic is empty"},
		"a topic maybe":             {"topic:sale", "maybe", Change{}, engine.CodeInvalid, "blocked or allowed"},
		"a channel off":             {"channel:bluesky", "off", Change{Rule: "channel:bluesky", Old: "on", New: "off", From: 4}, "", ""},
		"a channel that left off":   {"channel:gone", "off", Change{Rule: "channel:gone", Old: "on", New: "off", From: 4}, "", ""},
		"a channel that left on":    {"channel:gone", "on", Change{}, engine.CodeNotFound, "There is no channel"},
		"a channel on":              {"channel:news", "on", Change{Rule: "channel:news", Old: "off", New: "on", Loosens: true, From: 4}, "", ""},
		"a channel misspelt":        {"channel:bluesy", "off", Change{}, engine.CodeNotFound, "Did you mean bluesky?"},
		"a channel half on":         {"channel:news", "yes", Change{}, engine.CodeInvalid, "on or off"},
		"another rule":              {"ceiling", "900", Change{}, engine.CodeNotFound, `no limit "ceiling"`},
	} {
		t.Run(name, func(t *testing.T) {
			before := g.Clone()
			got, next, err := w.compute(g, c.rule, c.to)
			want(t, err, c.code, c.part)
			if d := cmp.Diff(before, g); d != "" {
				t.Fatalf("it changed what is in force:\n%s", d)
			}
			if c.code == "" {
				if d := cmp.Diff(c.want, got); d != "" {
					t.Error(d)
				}
				if cmp.Equal(before, next) {
					t.Error("the new guardrails are the old ones")
				}
			}
		})
	}
}

func TestTightenIsInForceAtOnce(t *testing.T) {
	w := newWorld(t)
	_, err := w.BudgetWeekly(w.ctx, person(venla), "50")
	want(t, err, engine.CodeDenied, "Only operators")
	c, err := w.BudgetWeekly(w.ctx, person(olli), "50")
	must(t, err)
	if !c.Applied || c.Loosens {
		t.Errorf("change %+v", c)
	}
	_, err = w.BlockTopic(w.ctx, person(olli), "sale")
	must(t, err)
	_, err = w.ChannelOff(w.ctx, person(olli), "news")
	must(t, err)
	g, err := w.store.Guardrails(w.ctx)
	must(t, err)
	if g.Version != 4 || g.Budget.Weekly != 50*engine.Unit || !slices.Contains(g.Topics.Blocked, "sale") || g.Channels["news"] {
		t.Errorf("in force: %+v", g)
	}
}

func TestLoosenIsConfirmedByAnOwner(t *testing.T) {
	w := newWorld(t)
	_, err := w.BudgetWeekly(w.ctx, person(tomi), "150")
	want(t, err, engine.CodeDenied, "Only owners can raise or lift a limit. Owners here: @"+mari)
	c, err := w.BudgetWeekly(w.ctx, person(mari), "150")
	must(t, err)
	if !c.Loosens || c.Applied || c.From != 1 {
		t.Fatalf("change %+v", c)
	}
	if g, _ := w.store.Guardrails(w.ctx); g.Version != 1 {
		t.Fatal("asking alone put it in force")
	}
	_, err = w.Confirm(w.ctx, person(tomi), c)
	want(t, err, engine.CodeDenied)
	done, err := w.Confirm(w.ctx, person(mari), c)
	must(t, err)
	if g, _ := w.store.Guardrails(w.ctx); !done.Applied || g.Version != 2 || g.Budget.Weekly != 150*engine.Unit {
		t.Errorf("in force: %+v", g)
	}
	_, err = w.Confirm(w.ctx, person(mari), c)
	want(t, err, engine.CodeConflict, "You changed the rules at 10:00 (budget: 100.00 → 150.00), after you looked.")
	for _, ask := range []func() (Change, error){
		func() (Change, error) { return w.UnblockTopic(w.ctx, person(mari), "politics") },
		func() (Change, error) { return w.ChannelOn(w.ctx, person(mari), "bluesky") },
	} {
		if c, err := ask(); err == nil && c.Applied {
			t.Errorf("in force without a confirmation: %+v", c)
		}
	}
}

func TestCeilingHolds(t *testing.T) {
	w := newWorld(t)
	_, err := w.BudgetWeekly(w.ctx, person(mari), "200.01")
	want(t, err, engine.CodeDenied, "The ceiling in the config file is 200.00")
	// A forged confirmation is computed anew: what it claims of itself is not believed.
	_, err = w.Confirm(w.ctx, person(mari), Change{Rule: "budget", Old: "300.00", New: "250", From: 1})
	want(t, err, engine.CodeDenied, "ceiling")
	if g, _ := w.store.Guardrails(w.ctx); g.Version != 1 {
		t.Errorf("in force: %+v", g)
	}
	c, err := w.BudgetWeekly(w.ctx, person(mari), "200")
	must(t, err)
	_, err = w.Confirm(w.ctx, person(mari), c)
	must(t, err)
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
	c, err := w.BudgetWeekly(w.ctx, person(olli), "50")
	must(t, err)
	w.wantState(t, all[0].ID, engine.StateScheduled)
	w.wantState(t, all[1].ID, engine.StateHeld)
	w.wantState(t, waits.ID, engine.StateHeld)
	b, err := w.store.Balance(w.ctx, engine.Week(start, time.UTC))
	if err != nil || b.Reserved != 40*engine.Unit || !c.Applied {
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
		"its topic":       {func(w *world) error { _, err := w.BlockTopic(w.ctx, person(olli), "rye"); return err }, engine.StateHeld},
		"another topic":   {func(w *world) error { _, err := w.BlockTopic(w.ctx, person(olli), "oat"); return err }, engine.StateScheduled},
		"its channel":     {func(w *world) error { _, err := w.ChannelOff(w.ctx, person(olli), "bluesky"); return err }, engine.StateHeld},
		"another channel": {func(w *world) error { _, err := w.ChannelOff(w.ctx, person(olli), "news"); return err }, engine.StateScheduled},
		"down to where people publish": {
			func(w *world) error { return w.SetLevel(w.ctx, person(olli), "daily-social", engine.L3, engine.L1) }, engine.StateHanded,
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
