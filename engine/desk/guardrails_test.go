package desk

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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

// A floor and a ceiling that are moved past each other make no sense one by one: what tightens of them is no half of its own, and comes into force with the
// other, by an owner's confirmation. What else tightens is in force at once.
func TestAFloorAndACeilingMovedPastEachOther(t *testing.T) {
	const floor, ceiling = "threshold:daily-social:clicks:floor", "threshold:daily-social:clicks:ceiling"
	for name, c := range map[string]struct {
		was  engine.Threshold
		to   [2]string // floor and ceiling
		with string    // which of them tightens
	}{
		"up":               {engine.Threshold{Floor: 3, Ceiling: 5}, [2]string{"8", "10"}, floor},
		"down":             {engine.Threshold{Floor: 8, Ceiling: 10}, [2]string{"3", "5"}, ceiling},
		"a floor instead":  {engine.Threshold{Ceiling: 5}, [2]string{"8", "off"}, floor},
		"a ceiling now":    {engine.Threshold{Floor: 8}, [2]string{"off", "5"}, ceiling},
		"each by itself":   {engine.Threshold{Floor: 3, Ceiling: 10}, [2]string{"8", "12"}, ""},
		"to the very same": {engine.Threshold{Floor: 3, Ceiling: 5}, [2]string{"5", "7"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			c.was.Metric = engine.Clicks
			w.setRules(t, func(g *engine.Guardrails) { g.Thresholds["daily-social"] = []engine.Threshold{c.was} })
			both := []engine.RuleEdit{edit(floor, c.to[0]), edit(ceiling, c.to[1])}
			if c.with != "" {
				_, err := w.Want(w.ctx, person(olli), both...)
				want(t, err, engine.CodeDenied, "Only owners")
			}
			r := w.asked(t, mari, both...)
			for _, ch := range r.Changes {
				if ch.Together != (ch.Rule == c.with) || ch.Together && ch.Loosens {
					t.Errorf("shown as %+v", ch)
				}
			}
			if r.Tightens() != (c.with == "") || !r.Loosens() {
				t.Errorf("tightens %t, loosens %t", r.Tightens(), r.Loosens())
			}
			done, err := w.Tighten(w.ctx, person(mari), append(both, edit("topic:sale", blockedWord))...)
			must(t, err)
			n := 1 // the subject
			if c.with == "" {
				n++
			}
			if len(done.Changes) != n || done.Rest == nil || len(done.Rest.Changes) != 3-n || len(w.rules(t).Topics.Blocked) != 2 {
				t.Fatalf("in force %+v, the rest %+v", done.Changes, done.Rest)
			}
			then, err := w.Confirm(w.ctx, person(mari), done.Rest.ID, "")
			must(t, err)
			_, err = w.Sign(w.ctx, person(tomi), then.Waits.ID)
			must(t, err)
			g := w.rules(t)
			if [2]string{ValueOf(g, floor), ValueOf(g, ceiling)} != c.to {
				t.Errorf("in force: %+v", g.Thresholds)
			}
		})
	}
}

// Where a list is full, what is new on it comes into force with what makes room for it.
func TestOnAFullList(t *testing.T) {
	w := newWorld(t)
	w.setRules(t, func(g *engine.Guardrails) {
		for i := range mostTimes - 1 {
			g.Quiet = append(g.Quiet, engine.QuietRule{From: i, To: i + 1})
		}
	})
	done, err := w.Tighten(w.ctx, person(mari), edit("quiet:00:00–00:01", offWord), edit("quiet:20:00–21:00", onWord), edit("quiet:21:00–22:00", onWord))
	must(t, err)
	if len(done.Changes) != 1 || done.Rest == nil || len(done.Rest.Changes) != 2 || len(w.rules(t).Quiet) != mostTimes {
		t.Fatalf("in force %+v, the rest %+v", done.Changes, done.Rest)
	}
	then, err := w.Confirm(w.ctx, person(mari), done.Rest.ID, "")
	must(t, err)
	_, err = w.Sign(w.ctx, person(tomi), then.Waits.ID)
	must(t, err)
	if g := w.rules(t); len(g.Quiet) != mostTimes || g.Quiet[mostTimes-1].From != 21*60 {
		t.Errorf("in force: %+v", g.Quiet)
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

// What an earlier version says of something that is gone is left out of going back to it, and named: before, after, and where nothing else differs.
func TestRevertLeavesOutWhatIsGone(t *testing.T) {
	w := newWorld(t)
	w.setRules(t, func(g *engine.Guardrails) { // 2
		g.Channels["telegram"] = true
		g.Topics.Packs = []string{"old-pack"}
		g.Budget.Tasks, g.Budget.Campaigns = map[string]engine.Money{"old-task": 5 * engine.Unit}, map[string]engine.Money{"xmas": 9 * engine.Unit}
		g.Thresholds["old-task"] = []engine.Threshold{{Metric: engine.Clicks, Floor: 2}}
		g.Quiet = []engine.QuietRule{{From: 21 * 60, To: 8 * 60, Channel: "telegram"}, {From: 12 * 60, To: 13 * 60}}
		g.Frequency = []engine.FrequencyRule{{Most: 2, Days: 1, Segment: "vips"}}
		g.Lines = []engine.LineRule{{Channel: "telegram", Text: "#ad"}}
		g.Topics.Blocked = nil
	})
	left := []string{
		"Money a week of old-task: €5.00", "Money in all of the campaign xmas: €9.00", "The pack of subjects “old-pack”: on", "The channel telegram: on",
		"The least clicks a piece of old-task: 2", "Quiet hours 21:00–08:00 for telegram: on", "Pieces a day to vips: at most 2", "The line “#ad” in every piece on telegram: on",
	}
	old := w.rules(t)
	w.setRules(t, func(g *engine.Guardrails) { *g, _ = w.store.GuardrailsAt(w.ctx, 1) }) // 3: all of it is gone
	r, err := w.Revert(w.ctx, person(mari), old.Version)
	must(t, err)
	if d := cmp.Diff(left, r.Left); d != "" || len(r.Changes) != 2 {
		t.Errorf("shown: %+v\n%s", r.Changes, d)
	}
	done, err := w.TurnOn(w.ctx, person(mari), r.ID)
	must(t, err)
	if len(done.Changes) != 1 || done.Rest == nil || !slices.Equal(done.Left, left) || !slices.Equal(done.Rest.Left, left) {
		t.Errorf("turned on: %+v", done)
	}
	again, err := w.Reopen(w.ctx, person(mari), done.Rest.ID)
	must(t, err)
	then, err := w.Confirm(w.ctx, person(mari), done.Rest.ID, "")
	must(t, err)
	signed, err := w.Sign(w.ctx, person(tomi), then.Waits.ID)
	must(t, err)
	if !slices.Equal(again.Left, left) || !slices.Equal(then.Waits.Left, left) || !slices.Equal(signed.Left, left) {
		t.Errorf("before: %v; waits: %+v; signed: %+v", again.Left, then.Waits, signed)
	}
	if g := w.rules(t); len(g.Topics.Blocked) > 0 || len(g.Quiet) != 1 || g.Channels["telegram"] {
		t.Errorf("in force: %+v", g)
	}
	_, err = w.Revert(w.ctx, person(mari), old.Version)
	want(t, err, engine.CodeConflict, "Version 2 differs only in what names something that is gone, which is left out: ", "The channel telegram: on; ")

	// What is gone and stands now too is taken off as ever.
	w.setRules(t, func(g *engine.Guardrails) { *g = old })
	r, err = w.Revert(w.ctx, person(mari), 1)
	must(t, err)
	if len(r.Left) > 0 || len(r.Changes) != len(left)+2 {
		t.Errorf("left %v, changes %+v", r.Left, r.Changes)
	}
}

// What one campaign may cost in all has a ceiling of its own in the file, and where the file names none, that of a week.
func TestACampaignsCeilingHolds(t *testing.T) {
	for name, c := range map[string]struct {
		file       engine.Money
		fits, says string
	}{
		"as the file says":     {300 * engine.Unit, "300", "at most €300.00, by the config file; nobody"},
		"where it says naught": {0, "200", "at most €200.00, by the config file (it names no campaign_ceiling, so that of a week holds); nobody"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			s := w.strategy(t).Clone()
			s.Offers = []engine.Offer{{Key: "advent", Text: "Advent box"}}
			_, err := w.store.SetStrategy(w.ctx, s, person(mari), start, "test")
			must(t, err)
			w.setRules(t, func(g *engine.Guardrails) { g.Budget.PerCampaign = c.file })
			must(t, w.tighten(mari, "budget.campaign:advent", "1"))
			over := fmt.Sprint(c.fits, ".01")
			_, err = w.Want(w.ctx, person(mari), edit("budget.campaign:advent", over))
			want(t, err, engine.CodeDenied, c.says)
			_, err = w.Sign(w.ctx, person(tomi), w.pending(t, edit("budget.campaign:advent", c.fits)).ID)
			must(t, err)
			version := w.rules(t).Version

			// The file says less: a version from before is not gone back to, and the ceiling itself is never reverted.
			w.setRules(t, func(g *engine.Guardrails) {
				g.Budget.PerCampaign, g.Budget.Campaigns = 50*engine.Unit, map[string]engine.Money{"advent": 40 * engine.Unit}
			})
			_, err = w.Revert(w.ctx, person(mari), version)
			want(t, err, engine.CodeDenied, "at most €50.00, by the config file")
			if is := w.rules(t).Budget; is.PerCampaign != 50*engine.Unit || is.Campaigns["advent"] != 40*engine.Unit {
				t.Errorf("in force %+v", is)
			}
		})
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
