package desk

import (
	"strings"
	"testing"
	"time"

	"koira/engine"
)

func TestUntil(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Helsinki")
	must(t, err)
	day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, zone) }
	monday := time.Date(2025, 11, 24, 10, 0, 0, 0, zone)
	for text, want := range map[string]time.Time{
		"8 Dec": day(2025, 12, 8), "8 december": day(2025, 12, 8), "Dec 8": day(2025, 12, 8), "Mon 8 Dec": day(2025, 12, 8), "8. dec.": day(2025, 12, 8),
		"8 Dec 2025": day(2025, 12, 8), "2025-12-08": day(2025, 12, 8), "Monday": day(2025, 12, 1), "mon": day(2025, 12, 1), "Sunday": day(2025, 11, 30),
		"tuesday": day(2025, 11, 25), "tomorrow": day(2025, 11, 25), "2 weeks": day(2025, 12, 8), "1 week": day(2025, 12, 1), "3 days": day(2025, 11, 27),
		"5 Jan": day(2026, 1, 5), "90 days": day(2026, 2, 22),
	} {
		got, err := ParseUntil(text, monday, zone)
		if err != nil || !got.Equal(want) {
			t.Errorf("%q: %v, %v, want %v", text, got, err, want)
		}
	}
	for text, part := range map[string]string{
		"": "Until when?", "soon": `I cannot read "soon"`, "31 Nov": "cannot read", "30 Feb": "cannot read", "8": "cannot read", "0 weeks": "cannot read",
		"-1 weeks": "cannot read", "2025-13-01": "cannot read", "8 Dec 25": "cannot read", "2025-11-24": "Mon 24 Nov 2025 is past", "24 Nov": "is past",
		"8 Nov": "Sat 8 Nov 2025 is past", "91 days": "at most 90 days", "2026-11-24": "at most 90 days", "14 weeks": "at most 90 days",
		"1000000000000000000000 weeks": "cannot read", "when hell freezes over": "cannot read",
	} {
		got, err := ParseUntil(text, monday, zone)
		want(t, err, engine.CodeInvalid, part)
		if !got.IsZero() || err.(*engine.Error).Field != "until" {
			t.Errorf("%q: %v, %+v", text, got, err)
		}
	}
	// The 90 days hold a night of 25 hours; in New York they may hold one of 23.
	if _, err := ParseUntil("90 days", time.Date(2025, 10, 1, 23, 0, 0, 0, zone), zone); err != nil {
		t.Error(err)
	}
}

func week(more ...func(*Away)) Away {
	w := Away{Until: start.Add(7 * day), MaxLevel: engine.L5}
	for _, f := range more {
		f(&w)
	}
	return w
}

func deciding(id string) func(*Away) { return func(w *Away) { w.Delegate = id } }

func TestGoingAwayIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		who   string
		away  Away
		field string
		part  string
	}{
		"not an owner":                {tomi, week(), "", "Only owners can go away and come back."},
		"until what is past":          {mari, week(func(w *Away) { w.Until = start }), "until", "past"},
		"for too long":                {mari, week(func(w *Away) { w.Until = start.AddDate(0, 0, 92) }), "until", "at most 90 days"},
		"below what koira works at":   {mari, week(func(w *Away) { w.MaxLevel = engine.L2 }), "level", "L3, L4 or L5"},
		"with less than no money":     {mari, week(func(w *Away) { w.Capped, w.Budget = true, -1 }), "budget", "negative"},
		"with oneself to decide":      {mari, week(deciding(mari)), "delegate", "cannot decide for yourself"},
		"with a viewer to decide":     {mari, week(deciding(venla)), "delegate", "no operator, approver or owner"},
		"with a stranger to decide":   {mari, week(deciding("U9UNLISTED")), "delegate", "no operator, approver or owner"},
		"with koira to decide":        {mari, week(deciding(engine.Koira.ID)), "delegate", "no operator, approver or owner"},
		"what an owner may (control)": {mari, week(deciding(olli)), "", ""},
		"with an approver (control)":  {mari, week(deciding(tomi)), "", ""},
		"to the last day (control)":   {mari, week(func(w *Away) { w.Until = start.AddDate(0, 0, 90) }), "", ""},
		"held to L3, no money at all": {mari, week(func(w *Away) { w.MaxLevel, w.Capped = engine.L3, true }), "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			_, err := w.GoAway(w.ctx, person(c.who), c.away)
			if c.part == "" {
				must(t, err)
				return
			}
			code := engine.CodeInvalid
			if c.field == "" {
				code = engine.CodeDenied
			}
			want(t, err, code, c.part)
			if e := err.(*engine.Error); e.Field != c.field {
				t.Errorf("field %q, want %q", e.Field, c.field)
			}
			if as, err := w.store.Absences(w.ctx); err != nil || len(as) > 0 {
				t.Errorf("%v %v", as, err)
			}
		})
	}
}

// What was given for a time is not given on, and nobody who is away decides.
func TestDelegationIsNeverCircular(t *testing.T) {
	const liisa = "U5LIISA" // a second owner
	w := newWorld(t)
	w.people.Owners = append(w.people.Owners, liisa)
	_, err := w.GoAway(w.ctx, person(mari), week(deciding(liisa)))
	must(t, err)
	_, err = w.GoAway(w.ctx, person(liisa), week(deciding(mari)))
	want(t, err, engine.CodeInvalid, "@"+mari+" is away too")
	_, err = w.GoAway(w.ctx, person(liisa), week(deciding(olli)))
	want(t, err, engine.CodeInvalid, "@"+mari+" asked you to decide for them")
	_, err = w.GoAway(w.ctx, person(liisa), week())
	must(t, err)
	_, err = w.Back(w.ctx, person(mari))
	must(t, err)
	_, err = w.GoAway(w.ctx, person(liisa), week(deciding(olli)))
	must(t, err)
}

// An operator whom an owner asked approves until it ends, and no longer: what the list and the owner say at that moment counts.
func TestDelegateDecidesInTheirTime(t *testing.T) {
	may := func(w *world, a Action) bool { return w.Authorize(person(olli), a, Object{}) == nil }
	for name, c := range map[string]struct {
		then func(*world)
		may  bool
	}{
		"while it holds":                        {func(*world) {}, true},
		"in its last minute":                    {func(w *world) { w.clock.Set(start.Add(7*day - time.Minute)) }, true},
		"when its time has come":                {func(w *world) { w.clock.Set(start.Add(7 * day)) }, false},
		"when the owner is back":                {func(w *world) { _, err := w.Back(w.ctx, person(mari)); must(w.t, err) }, false},
		"when the owner asks somebody else":     {func(w *world) { _, err := w.GoAway(w.ctx, person(mari), week(deciding(tomi))); must(w.t, err) }, false},
		"when the owner is none any more":       {func(w *world) { w.people.Owners = []string{"U5LIISA"} }, false},
		"when the delegate is off the list":     {func(w *world) { w.people.Operators = nil }, false},
		"when the delegate only looks any more": {func(w *world) { w.people.Operators, w.people.Viewers = nil, []string{olli} }, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			if may(w, ActionApprove) {
				t.Fatal("an operator approves")
			}
			_, err := w.GoAway(w.ctx, person(mari), week(deciding(olli)))
			must(t, err)
			c.then(w)
			for _, r := range Rules {
				if r.Least == engine.RoleApprover && !r.Loosens && may(w, r.Action) != c.may {
					t.Errorf("%s: %t, want %t", r.Action, may(w, r.Action), c.may)
				}
				if (r.Loosens || r.Least == engine.RoleOwner) && may(w, r.Action) {
					t.Errorf("%s is an owner's, or gives more room: no delegate does it", r.Action)
				}
			}
		})
	}
}

func TestDelegatesYesCounts(t *testing.T) {
	w := newWorld(t)
	o := w.piece(t, "weekly-newsletter", "Rye, out on Thursday.", start.Add(2*day))
	want(t, w.Approve(w.ctx, person(olli), yes(o)), engine.CodeDenied, "Only approvers and owners can approve.")
	_, err := w.GoAway(w.ctx, person(mari), week(deciding(olli)))
	must(t, err)
	must(t, w.Approve(w.ctx, person(olli), yes(o)))
	w.wantState(t, o.ID, engine.StateScheduled)
	a, err := w.store.Approval(w.ctx, o.ID, o.Digest)
	must(t, err)
	if a.By != olli || a.Role != engine.RoleApprover {
		t.Errorf("%+v", a)
	}
	w.clock.Set(start.Add(2 * day))
	_, v, err := w.store.Claim(w.ctx, o.ID, o.Digest, w.clock.Now(), w.gate)
	if err != nil {
		t.Errorf("%v %+v", err, v.Blocks())
	}
}

// What would go out unasked waits while its owner is away, and keeps its level.
func TestHeldToALowerLevel(t *testing.T) {
	w := newWorld(t)
	grant := engine.Grant{ID: "g", Task: "daily-social", Level: engine.L5, By: mari, Role: engine.RoleOwner, At: start, Proof: "long ago"}
	must(t, w.store.ChangeTask(w.ctx, engine.TaskChange{Task: "daily-social", From: engine.L3, To: engine.L5, By: person(mari), At: start, Grant: &grant}))
	unasked := func(body string, slot time.Time) engine.Output {
		t.Helper()
		of, err := w.store.Task(w.ctx, "daily-social")
		must(t, err)
		o := w.planned(w.ctx, of, engine.OriginKoira, slot, "planned")
		must(t, w.store.AddOutput(w.ctx, o, engine.Koira))
		o.Variants = []engine.Variant{{Name: "A", Body: body}}
		draft, err := w.render(o)
		must(t, err)
		_, err = w.store.Move(w.ctx, engine.Move{Output: o.ID, From: engine.StatePlanned, To: engine.StateDrafted, By: engine.Koira, At: start, Draft: &draft})
		must(t, err)
		_, err = w.store.Move(w.ctx, engine.Move{Output: o.ID, From: engine.StateDrafted, To: engine.StateScheduled, Digest: draft.Digest, By: engine.Koira, At: start})
		must(t, err)
		return o
	}
	soon, after := unasked("Rye bread.", start.Add(day)), unasked("Oat bread is back.", start.Add(8*day))
	_, err := w.GoAway(w.ctx, person(mari), week(func(a *Away) { a.MaxLevel = engine.L3 }))
	must(t, err)
	task, err := w.store.Task(w.ctx, "daily-social")
	must(t, err)
	if task.Level != engine.L5 || !task.LoweredAt.IsZero() {
		t.Errorf("an absence lowered the level: %+v", task)
	}
	w.wantState(t, soon.ID, engine.StateWaiting)
	w.wantState(t, after.ID, engine.StateScheduled) // the owner is back by then
	if o := w.now(t, soon.ID); !strings.Contains(o.WaitsFor, "No owner is here until Mon 1 Dec; until then Daily social goes no further than L3") {
		t.Errorf("it waits for %q", o.WaitsFor)
	}
}

func TestBackTwice(t *testing.T) {
	w := newWorld(t)
	_, err := w.Back(w.ctx, person(mari))
	want(t, err, engine.CodeConflict, "You are not away.")
	first, err := w.GoAway(w.ctx, person(mari), week())
	must(t, err)
	w.clock.Set(start.Add(day))
	longer, err := w.GoAway(w.ctx, person(mari), week(func(a *Away) { a.Until = start.Add(9 * day) }))
	must(t, err)
	if longer.ID != first.ID || !longer.From.Equal(start) || longer.Seq != first.Seq {
		t.Errorf("an absence that is prolonged is another one: %+v, %+v", first, longer)
	}
	x, err := w.Back(w.ctx, person(mari))
	must(t, err)
	if x.ID != first.ID {
		t.Errorf("%+v", x)
	}
	_, err = w.Back(w.ctx, person(mari))
	want(t, err, engine.CodeConflict, "You are not away.")
	_, err = w.Back(w.ctx, person(tomi))
	want(t, err, engine.CodeDenied, "Only owners can go away and come back.")
}
