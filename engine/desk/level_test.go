package desk

import (
	"slices"
	"strings"
	"testing"
	"time"

	"koira/engine"
	"koira/engine/guard"
)

// reviewed gives a task n pieces that were approved unchanged.
func (w *world) reviewed(t testing.TB, task string, n int) {
	t.Helper()
	for i := range n {
		o := w.piece(t, task, "Piece "+strings.Repeat("a", i+1)+".", start.Add(time.Duration(i+1)*14*day))
		must(t, w.Approve(w.ctx, person(tomi), yes(o)))
		w.clock.Advance(time.Minute) // so that it is not in bulk
	}
}

func TestSetLevel(t *testing.T) {
	for name, c := range map[string]struct {
		before   func(t *testing.T, w *world)
		who      string
		task     string
		from, to engine.Level
		code     engine.Code
		parts    []string
	}{
		"an operator lowers":               {nil, olli, "daily-social", engine.L3, engine.L1, "", nil},
		"an operator lowers to by hand":    {nil, olli, "daily-social", engine.L3, engine.L0, "", nil},
		"a viewer does not lower":          {nil, venla, "daily-social", engine.L3, engine.L1, engine.CodeDenied, []string{"Only operators"}},
		"an approver does not raise":       {nil, tomi, "by-hand", engine.L1, engine.L3, engine.CodeDenied, []string{"Only owners can raise", "@" + mari}},
		"an owner raises one rung":         {nil, mari, "by-hand", engine.L1, engine.L3, "", nil},
		"an owner chooses L2 from L1":      {nil, mari, "by-hand", engine.L1, engine.L2, "", nil},
		"not two rungs":                    {nil, mari, "by-hand", engine.L1, engine.L4, engine.CodeInvalid, []string{"From L1 the next step is L3"}},
		"not to where it stands":           {nil, mari, "by-hand", engine.L1, engine.L1, engine.CodeConflict, []string{"at L1 (I draft, you publish) already"}},
		"not beyond the ladder":            {nil, mari, "by-hand", engine.L1, 9, engine.CodeInvalid, []string{"L0 to L5"}},
		"not when it moved since":          {nil, mari, "daily-social", engine.L4, engine.L1, engine.CodeConflict, []string{"is at L3", "since you looked"}},
		"no such task":                     {nil, mari, "daily-socal", engine.L1, engine.L3, engine.CodeNotFound, []string{"Did you mean daily-social"}},
		"L4 without a record is an option": {nil, mari, "daily-social", engine.L3, engine.L4, "", nil},
		"L4 without walls": {func(t *testing.T, w *world) {
			g := w.rules(t)
			g.Voice.Locked = false
			must(t, w.store.SetGuardrails(w.ctx, g.Version, g, person(mari), start, "no lock"))
		}, mari, "daily-social", engine.L3, engine.L4, engine.CodeBlocked, []string{"a voice lock", "Nothing changed."}},
		"L5 without a record": {func(t *testing.T, w *world) {
			w.level(t, "daily-social", engine.L4)
		}, mari, "daily-social", engine.L4, engine.L5, engine.CodeBlocked, []string{"(0 of 20)", "proof that 80 in 100"}},
		"L5 for what cannot be taken back": {func(t *testing.T, w *world) {
			w.level(t, "weekly-newsletter", engine.L4)
		}, mari, "weekly-newsletter", engine.L4, engine.L5, engine.CodeBlocked, []string{"may not stand above L4", "neither be taken back, nor stopped"}},
		"L3 after a serious rejection": {func(t *testing.T, w *world) {
			o := w.piece(t, "daily-social", "Rye.", start.Add(day))
			must(t, w.Reject(w.ctx, person(tomi), No{Output: o.ID, Digest: o.Digest, Reason: "untrue", Severe: true}))
		}, mari, "daily-social", engine.L1, engine.L3, engine.CodeBlocked, []string{"not raised before Mon 8 Dec 10:00"}},
		"L3 when the cooldown has passed": {func(t *testing.T, w *world) {
			o := w.piece(t, "daily-social", "Rye.", start.Add(day))
			must(t, w.Reject(w.ctx, person(tomi), No{Output: o.ID, Digest: o.Digest, Reason: "untrue", Severe: true}))
			w.clock.Advance(Cooldown)
		}, mari, "daily-social", engine.L1, engine.L3, "", nil},
		"a choice to lower starts no cooldown": {func(t *testing.T, w *world) {
			must(t, w.setLevel(olli, "daily-social", engine.L3, engine.L1))
		}, mari, "daily-social", engine.L1, engine.L3, "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			if c.before != nil {
				c.before(t, w)
			}
			was, _ := w.store.Task(w.ctx, c.task)
			want(t, w.setLevel(c.who, c.task, c.from, c.to), c.code, c.parts...)
			is, _ := w.store.Task(w.ctx, c.task)
			if c.code != "" {
				if is.Level != was.Level {
					t.Errorf("it moved to %s all the same", is.Level)
				}
				return
			}
			if is.Level != c.to {
				t.Errorf("level %s, want %s", is.Level, c.to)
			}
			g, err := w.store.Grant(w.ctx, c.task)
			must(t, err)
			if raised := c.to > c.from; raised != (g != nil) || raised && (g.By != mari || g.Level != c.to || g.Proof == "" || g.Role != engine.RoleOwner) {
				t.Errorf("grant %+v", g)
			}
		})
	}
}

func TestRaiseToL5OnItsRecord(t *testing.T) {
	w := newWorld(t)
	w.baseline(t, "daily-social")
	w.reviewed(t, "daily-social", 20)
	w.level(t, "daily-social", engine.L4)
	p, err := w.ProposeLevel(w.ctx, person(mari), "daily-social", engine.L5)
	must(t, err)
	if len(p.Missing) != 3 || !strings.Contains(p.Missing[2], "@"+tomi+" has approved 20 and changed or turned down none") {
		t.Fatalf("before anything shows that they are read, missing %q", p.Missing)
	}
	want(t, w.setLevel(mari, "daily-social", engine.L4, engine.L5), engine.CodeBlocked, "a sign that these were read")
	o := w.piece(t, "weekly-newsletter", "Rye.", w.clock.Now().Add(day)) // of another task: it is the person who reads
	_, _, err = w.Edit(w.ctx, person(tomi), o.ID, o.Digest, []engine.Variant{{Name: "A", Subject: "Rye", Body: "Rye bread."}})
	must(t, err)
	p, err = w.ProposeLevel(w.ctx, person(mari), "daily-social", engine.L5)
	must(t, err)
	if !p.Raises || len(p.Missing) != 0 || p.Record.Reviewed != 20 || !strings.HasPrefix(p.Proof, "20 reviewed, 20 unchanged, at least 86") {
		t.Fatalf("proposal: missing %v, proof %q", p.Missing, p.Proof)
	}
	if task, _ := w.store.Task(w.ctx, "daily-social"); task.Level != engine.L4 {
		t.Fatalf("a proposal alone moved it to %s", task.Level)
	}
	must(t, w.setLevel(mari, "daily-social", engine.L4, engine.L5))
	g, err := w.store.Grant(w.ctx, "daily-social")
	if err != nil || g == nil || g.Proof != p.Proof {
		t.Errorf("grant %+v, %v", g, err)
	}
	want(t, w.setLevel(mari, "daily-social", engine.L4, engine.L5), engine.CodeConflict)
	_, err = w.ProposeLevel(w.ctx, person(tomi), "by-hand", engine.L3)
	want(t, err, engine.CodeDenied)
}

// What was rejected as serious costs the record and two weeks where there is no level to lose, and never bars a task for ever.
func TestASeriousRejectIsPaidForAtAnyLevel(t *testing.T) {
	serious := func(t *testing.T, w *world) {
		t.Helper()
		o := w.piece(t, "daily-social", "Rye.", w.clock.Now().Add(day))
		must(t, w.Reject(w.ctx, person(tomi), No{Output: o.ID, Digest: o.Digest, Reason: "untrue", Severe: true}))
	}
	for name, c := range map[string]struct {
		before   func(t *testing.T, w *world)
		from, to engine.Level
	}{
		"at L1": {func(t *testing.T, w *world) {
			must(t, w.setLevel(olli, "daily-social", engine.L3, engine.L1))
			before, err := w.store.Decisions(w.ctx, "daily-social", time.Time{}, 100)
			must(t, err)
			serious(t, w)
			after, err := w.store.Decisions(w.ctx, "daily-social", time.Time{}, 100)
			must(t, err)
			due, err := w.store.DueNotices(w.ctx, w.clock.Now(), 100)
			must(t, err)
			if d := after[0]; len(after) != len(before)+1 || d.From != "L1" || d.To != "L1" || !slices.ContainsFunc(due, func(n engine.Notice) bool { return n.Kind == engine.NoticeLevel && n.Subject == d.ID }) {
				t.Errorf("nobody is told: %+v", after)
			}
		}, engine.L1, engine.L3},
		"at an L1 that an owner had allowed": {func(t *testing.T, w *world) {
			must(t, w.setLevel(olli, "daily-social", engine.L3, engine.L0))
			must(t, w.setLevel(mari, "daily-social", engine.L0, engine.L1))
			w.audited(t)
			serious(t, w)
			w.audited(t)
			if g, err := w.store.Grant(w.ctx, "daily-social"); err != nil || g != nil {
				t.Errorf("the yes holds: %+v, %v", g, err)
			}
		}, engine.L1, engine.L3},
		"again where the first left it": {func(t *testing.T, w *world) {
			serious(t, w)
			w.clock.Advance(day)
			serious(t, w)
		}, engine.L1, engine.L3},
		"the second pauses, and then a wall goes": {func(t *testing.T, w *world) {
			w.level(t, "daily-social", engine.L5)
			serious(t, w)
			w.clock.Advance(day)
			serious(t, w)
			w.clock.Advance(time.Hour)
			w.confirmed(t, "threshold:daily-social:clicks:floor", "off")
			must(t, w.ResumeTask(w.ctx, person(mari), "daily-social"))
		}, engine.L3, engine.L4},
		"the second pauses, and then somebody lowers it": {func(t *testing.T, w *world) {
			w.level(t, "daily-social", engine.L4)
			serious(t, w)
			w.clock.Advance(day)
			serious(t, w)
			w.clock.Advance(time.Hour)
			must(t, w.setLevel(olli, "daily-social", engine.L3, engine.L1))
			must(t, w.ResumeTask(w.ctx, person(mari), "daily-social"))
		}, engine.L1, engine.L3},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			c.before(t, w)
			w.clock.Advance(Cooldown - time.Minute)
			want(t, w.setLevel(mari, "daily-social", c.from, c.to), engine.CodeBlocked, "is not raised before")
			w.clock.Advance(time.Minute)
			p, err := w.ProposeLevel(w.ctx, person(mari), "daily-social", c.to)
			must(t, err)
			for _, m := range p.Missing {
				if strings.Contains(m, "serious") || strings.Contains(m, "time: ") {
					t.Errorf("two weeks later still: %s", m)
				}
			}
		})
	}
}

// passes is how a fresh piece of daily-social would leave, once n more of it were approved unchanged.
func (w *world) passes(t *testing.T, n int) engine.Passage {
	t.Helper()
	of, err := w.store.Task(w.ctx, "daily-social")
	must(t, err)
	of.CostMax = 0
	must(t, w.store.PutTask(w.ctx, of, person(mari), w.clock.Now(), "free"))
	if n > 0 { // something shows that who says yes reads
		read := w.piece(t, "weekly-newsletter", "Rye.", w.clock.Now().Add(day))
		_, _, err = w.Edit(w.ctx, person(tomi), read.ID, read.Digest, []engine.Variant{{Name: "A", Subject: "Rye", Body: "Rye bread."}})
		must(t, err)
	}
	for i := range n {
		w.clock.Advance(3 * time.Hour)
		letter := string(rune('a' + i)) // no two alike
		o := w.piece(t, "daily-social", strings.Repeat(letter, 5)+" "+strings.Repeat(letter+"o", 4)+".", w.clock.Now().Add(time.Hour))
		must(t, w.Approve(w.ctx, person(tomi), yes(o)))
	}
	w.clock.Advance(time.Minute)
	o := w.piece(t, "daily-social", "Rye.", w.clock.Now().Add(30*time.Hour))
	v, err := w.store.View(w.ctx, o.ID, engine.StageDraft, w.clock.Now())
	must(t, err)
	v.Traits, v.Output.WaitsFor, v.Output.State, v.Output.Digest = engine.Traits{Retract: true}, "", engine.StateDrafted, "1"
	return guard.Passage(v)
}

// Who allowed L5 allowed L4: one rung down, pieces go out unless stopped as soon as the record is there. Below that each waits until an owner says yes anew.
func TestAYesToL5IsAYesToL4(t *testing.T) {
	back := func(t *testing.T, w *world) { must(t, w.setLevel(mari, "daily-social", engine.L5, engine.L4)) }
	serious := func(t *testing.T, w *world) {
		o := w.piece(t, "daily-social", "Bad.", w.clock.Now().Add(time.Hour))
		must(t, w.Reject(w.ctx, person(tomi), No{Output: o.ID, Digest: o.Digest, Reason: "tone", Severe: true}))
	}
	for name, c := range map[string]struct {
		down func(t *testing.T, w *world)
		n    int
		way  engine.Way
		why  string
	}{
		"an owner goes back, the record is there": {back, 20, engine.WayWindow, ""},
		"an owner goes back before it is":         {back, 5, engine.WayYes, "5 of 20 reviewed"},
		"it falls":                                {serious, 5, engine.WayYes, "5 of 20 reviewed"},
		"it falls, and earns it again":            {serious, 20, engine.WayWindow, ""},
		"below L4 and back, as no click can": {func(t *testing.T, w *world) {
			must(t, w.setLevel(mari, "daily-social", engine.L5, engine.L3))
			if g, err := w.store.Grant(w.ctx, "daily-social"); err != nil || g != nil {
				t.Errorf("at L3: %+v, %v", g, err)
			}
			must(t, w.store.ChangeTask(w.ctx, engine.TaskChange{Task: "daily-social", From: engine.L3, To: engine.L4, By: person(mari), At: w.clock.Now()}))
		}, 20, engine.WayYes, "no owner's yes to L4 is in force"},
		"one down and up again, as no click can": {func(t *testing.T, w *world) {
			back(t, w)
			must(t, w.store.ChangeTask(w.ctx, engine.TaskChange{Task: "daily-social", From: engine.L4, To: engine.L5, By: person(mari), At: w.clock.Now()}))
		}, 20, engine.WayYes, "no owner's yes to L5 is in force"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.level(t, "daily-social", engine.L5)
			c.down(t, w)
			if p := w.passes(t, c.n); p.Way != c.way || !strings.Contains(p.Why, c.why) {
				t.Errorf("it leaves by %s: %s", p.Way, p.Why)
			}
		})
	}
}

// A wish for the level that a task has says how that level stands.
func TestAlreadyThere(t *testing.T) {
	w := newWorld(t)
	w.level(t, "daily-social", engine.L5)
	must(t, w.setLevel(mari, "daily-social", engine.L5, engine.L4))
	want(t, w.setLevel(mari, "daily-social", engine.L4, engine.L4), engine.CodeConflict, "already. Nothing left to do.")
	must(t, w.setLevel(mari, "daily-social", engine.L4, engine.L3))
	must(t, w.store.ChangeTask(w.ctx, engine.TaskChange{Task: "daily-social", From: engine.L3, To: engine.L4, By: person(mari), At: w.clock.Now()}))
	want(t, w.setLevel(mari, "daily-social", engine.L4, engine.L4), engine.CodeConflict, "no owner's yes to it is in force", "Lower it to L3", "Nothing changed.")
}

func TestPauseAndResume(t *testing.T) {
	w := newWorld(t)
	want(t, w.PauseTask(w.ctx, person(venla), "daily-social", ""), engine.CodeDenied)
	must(t, w.PauseTask(w.ctx, person(olli), "daily-social", "holiday"))
	want(t, w.PauseTask(w.ctx, person(tomi), "daily-social", ""), engine.CodeConflict, "@"+olli+" paused Daily social at 10:00.")
	want(t, w.ResumeTask(w.ctx, person(tomi), "daily-social"), engine.CodeDenied)
	must(t, w.ResumeTask(w.ctx, person(mari), "daily-social"))
	if task, _ := w.store.Task(w.ctx, "daily-social"); task.Paused != nil || task.Level != engine.L3 {
		t.Errorf("after a person's pause: %+v at %s", task.Paused, task.Level)
	}
	want(t, w.ResumeTask(w.ctx, person(mari), "daily-social"), engine.CodeConflict, "is not paused")

	must(t, w.store.ChangeTask(w.ctx, engine.TaskChange{
		Task: "daily-social", From: engine.L3, To: engine.L3, Pause: &engine.Pause{By: "koira", Why: "below your minimum"}, By: engine.Koira, At: start,
		Open: &engine.Exception{ID: w.ids(), Kind: engine.ExceptionTask, Subject: "daily-social", Reason: "It brought too little."},
	}))
	must(t, w.ResumeTask(w.ctx, person(mari), "daily-social"))
	task, _ := w.store.Task(w.ctx, "daily-social")
	if task.Paused != nil || task.Level != engine.L1 || task.LoweredAt.IsZero() {
		t.Errorf("after koira's pause: %+v at %s", task.Paused, task.Level)
	}
	if open, err := w.store.OpenExceptions(w.ctx); err != nil || len(open) != 0 {
		t.Errorf("still open: %+v, %v", open, err)
	}
}

func TestStopAndResume(t *testing.T) {
	w := newWorld(t)
	want(t, w.Resume(w.ctx, person(mari)), engine.CodeConflict, "Nothing is stopped")
	want(t, w.Stop(w.ctx, person("U9UNLISTED"), "no"), engine.CodeDenied)
	must(t, w.Stop(w.ctx, person(venla), strings.Repeat("!", 5000)))
	want(t, w.Stop(w.ctx, person(mari), "again"), engine.CodeConflict, "Already stopped: @"+venla+" stopped everything at 10:00.")
	want(t, w.Resume(w.ctx, person(tomi)), engine.CodeDenied, "Only owners can resume.")
	must(t, w.Resume(w.ctx, person(mari)))
	if c, err := w.store.Control(w.ctx); err != nil || c.Stopped {
		t.Errorf("control %+v, %v", c, err)
	}
}
