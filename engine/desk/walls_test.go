package desk

import (
	"slices"
	"strings"
	"testing"
	"time"

	"koira/engine"
)

// confirmed is a change of the rules as people make it: shown, turned on, and what gives more room confirmed and signed.
func (w *world) confirmed(t testing.TB, rule, to string) (told []engine.Fall, done Done) {
	t.Helper()
	want, err := w.Want(w.ctx, person(mari), engine.RuleEdit{Rule: rule, To: to})
	must(t, err)
	if want.Tightens() {
		done, err = w.TurnOn(w.ctx, person(mari), want.ID)
	} else {
		done, err = w.Confirm(w.ctx, person(mari), want.ID, "")
	}
	must(t, err)
	if done.Waits != nil {
		done, err = w.Sign(w.ctx, person(tomi), done.Waits.ID)
		must(t, err)
	}
	return want.Lowers, done
}

// begunAnew holds that of each task whose record began anew people were told before, and of no other.
func (w *world) begunAnew(t testing.TB, told []engine.Fall) {
	t.Helper()
	tasks, err := w.store.Tasks(w.ctx)
	must(t, err)
	for _, k := range tasks {
		said := slices.ContainsFunc(told, func(f engine.Fall) bool { return f.Task == k.ID && f.Anew })
		if is := k.RenewedAt.Equal(w.clock.Now()) || k.LoweredAt.Equal(w.clock.Now()); is != said {
			t.Errorf("the record of %s began anew: %t; people were told: %t", k.ID, is, said)
		}
	}
}

// Whichever of the five a person takes away, the task that ran on it falls to where each piece waits, at once, told beforehand and written down; what
// it had proved stays.
func TestAWallTakenAway(t *testing.T) {
	for name, c := range map[string]struct {
		take    func(t *testing.T, w *world) (told []engine.Fall)
		missing string
		cause   engine.Cause
		gives   func(t *testing.T, w *world)
	}{
		"the budget's ceiling": {func(t *testing.T, w *world) []engine.Fall { // the config file's alone
			g := w.rules(t)
			g.Budget.Ceiling = 0
			must(t, w.store.SetGuardrails(w.ctx, g.Version, g, person(mari), w.clock.Now(), "imported"))
			return []engine.Fall{{From: engine.L5}}
		}, "a budget cap", engine.CauseWalls, func(t *testing.T, w *world) {
			g := w.rules(t)
			g.Budget.Ceiling = 200 * engine.Unit
			must(t, w.store.SetGuardrails(w.ctx, g.Version, g, person(mari), w.clock.Now(), "imported"))
		}},
		"the voice lock": {func(t *testing.T, w *world) []engine.Fall {
			told, _ := w.confirmed(t, "voice.lock", "off")
			return told
		}, "a voice lock", engine.CauseLapse, nil},
		"the channel": {func(t *testing.T, w *world) []engine.Fall {
			told, done := w.confirmed(t, "channel:bluesky", "off")
			if len(done.Lowered) != 1 {
				t.Errorf("the answer names %d lowered tasks", len(done.Lowered))
			}
			return told
		}, "its channel on the allow-list", engine.CauseWalls, func(t *testing.T, w *world) { w.confirmed(t, "channel:bluesky", "on") }},
		"the only minimum": {func(t *testing.T, w *world) []engine.Fall {
			told, _ := w.confirmed(t, "threshold:daily-social:clicks:floor", "off")
			return told
		}, "a performance threshold", engine.CauseWalls, func(t *testing.T, w *world) { w.confirmed(t, "threshold:daily-social:clicks:floor", "6") }},
		"the only benchmark": {func(t *testing.T, w *world) []engine.Fall {
			asked, err := w.WishBenchmarks(w.ctx, person(mari), "daily-social", GoodEdit{Metric: engine.Clicks, To: "off"})
			must(t, err)
			if is, _ := w.store.Task(w.ctx, "daily-social"); !asked.Asked || is.Level != engine.L5 || len(is.Benchmarks) != 1 {
				t.Fatalf("what is typed was not asked about: %+v", asked)
			}
			set, err := w.SetBenchmarks(w.ctx, person(mari), "daily-social", GoodEdit{Metric: engine.Clicks, To: "off"})
			must(t, err)
			if set.Task.Level != engine.L3 {
				t.Errorf("the answer says %s", set.Task.Level)
			}
			return []engine.Fall{*asked.Falls}
		}, "what you call good", engine.CauseWalls, func(t *testing.T, w *world) {
			_, err := w.SetBenchmarks(w.ctx, person(mari), "daily-social", GoodEdit{Metric: engine.Clicks, To: "12"})
			must(t, err)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.level(t, "daily-social", engine.L5)
			o := w.piece(t, "daily-social", "Rye bread sells out.", start.Add(day))
			must(t, w.Approve(w.ctx, person(tomi), yes(o)))
			w.clock.Advance(time.Hour)
			told := c.take(t, w)
			if falls := slices.DeleteFunc(slices.Clone(told), func(f engine.Fall) bool { return f.From == f.To }); len(falls) != 1 || falls[0].Anew != (c.cause == engine.CauseLapse) {
				t.Errorf("told beforehand of %+v", told)
			}
			w.begunAnew(t, told)
			is, err := w.store.Task(w.ctx, "daily-social")
			must(t, err)
			if is.Level != engine.L3 {
				t.Fatalf("it runs on at %s", is.Level)
			}
			if g, _ := w.store.Grant(w.ctx, "daily-social"); g != nil {
				t.Errorf("its grant is in force: %+v", g)
			}
			ls, err := w.store.Lowerings(w.ctx, "daily-social", start)
			must(t, err)
			if len(ls) != 1 || ls[0].Cause != c.cause || ls[0].From != engine.L5 || ls[0].To != engine.L3 {
				t.Fatalf("written down: %+v", ls)
			}
			ds, err := w.store.Decisions(w.ctx, "daily-social", start, 9)
			must(t, err)
			if d := ds[0]; d.ID != ls[0].Decision || !strings.Contains(d.Signal, c.missing) {
				t.Errorf("decided: %+v", d)
			}
			due, err := w.store.DueNotices(w.ctx, w.clock.Now().Add(day), 99)
			must(t, err)
			cards := 0
			for _, n := range due {
				if n.Kind == engine.NoticeLevel && n.Subject == ls[0].Decision {
					cards++
				}
			}
			if cards != 1 {
				t.Errorf("%d cards say so", cards)
			}
			p, err := w.ProposeLevel(w.ctx, person(mari), "daily-social", engine.L4)
			must(t, err)
			if len(p.Missing) == 0 || !strings.Contains(strings.Join(p.Missing, "; "), c.missing) {
				t.Errorf("what earns it back: %v", p.Missing)
			}
			if c.gives == nil {
				return
			}
			c.gives(t, w)
			if p, err = w.ProposeLevel(w.ctx, person(mari), "daily-social", engine.L4); err != nil || len(p.Missing) > 0 || p.Record.Reviewed == 0 {
				t.Errorf("with the wall back: %v %v, %d reviews", err, p.Missing, p.Record.Reviewed)
			}
			if is, _ = w.store.Task(w.ctx, "daily-social"); is.Level != engine.L3 {
				t.Errorf("it rose to %s by itself", is.Level)
			}
		})
	}
}

// What was cleared on the strength of a level waits once the level is gone.
func TestWhatRanOnAWallWaits(t *testing.T) {
	w := newWorld(t)
	o := w.byItself(t, "Rye bread sells out.", start.Add(day))
	_, err := w.SetBenchmarks(w.ctx, person(mari), "daily-social", GoodEdit{Metric: engine.Clicks, To: "off"})
	must(t, err)
	if now, _ := w.store.Output(w.ctx, o.ID); now.State != engine.StateWaiting {
		t.Errorf("it is %s", now.State)
	}
}

// A task that koira paused and that then loses a wall has paid for its pause: it resumes where it fell to, and no lower.
func TestAWallTakenFromAPausedTaskIsPaidOnce(t *testing.T) {
	for _, walled := range []bool{true, false} {
		w := newWorld(t)
		w.level(t, "daily-social", engine.L4)
		why := "The last 12 pieces brought 2 link visits each; your minimum is 6."
		must(t, w.store.ChangeTask(w.ctx, engine.TaskChange{
			Task: "daily-social", From: engine.L4, To: engine.L4, By: engine.Koira, At: w.clock.Now(), Why: why,
			Pause: &engine.Pause{By: engine.Koira.ID, At: w.clock.Now(), Why: why},
		}))
		w.clock.Advance(time.Hour)
		k, err := w.store.Task(w.ctx, "daily-social")
		must(t, err)
		p, err := w.proposal(w.ctx, k, engine.L5)
		must(t, err)
		if !strings.Contains(strings.Join(p.Missing, "; "), "it is paused: "+why+" Resume it first") {
			t.Errorf("a raise of what is paused lacks %v", p.Missing)
		}
		if walled {
			w.confirmed(t, "threshold:daily-social:clicks:floor", "off")
		}
		must(t, w.ResumeTask(w.ctx, person(mari), "daily-social"))
		k, err = w.store.Task(w.ctx, "daily-social")
		must(t, err)
		if k.Paused != nil || k.Level != engine.L3 {
			t.Errorf("with a wall gone %v: it resumes at %s", walled, k.Level)
		}
		ds, err := w.store.Decisions(w.ctx, "daily-social", time.Time{}, 1)
		must(t, err)
		said := map[bool]string{true: "L3 → L3, resumed by " + mari + "; it went from L4 to L3 while it was paused, and goes no lower", false: "L4 → L3, resumed by " + mari}
		if got := ds[0].From + " → " + ds[0].To + ", " + ds[0].Signal; got != said[walled] {
			t.Errorf("with a wall gone %v it is told as %q", walled, got)
		}
	}
}
