package loop

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"koira/engine"
	"koira/engine/desk"
	"koira/engine/enginetest"
	"koira/engine/trust"
	"koira/storage"
)

// sequences is how many random sequences TestOnlyAnOwnersYesRaisesALevel runs; KOIRA_SEQUENCES asks for another number.
const sequences = 1_000

// The people of the bakery, and who else tries.
const (
	mari, tomi, olli = "U1MARI", "U2TOMI", "U3OLLI" // owner, approver, operator
	team             = "T1"
)

func person(id string) engine.Actor {
	return engine.Actor{ID: id, Team: team, Surface: engine.SurfaceSlack}
}

// strangers are those who may not raise anything, whatever they say they are.
var strangers = []engine.Actor{
	person(tomi), person(olli), person("U9UNLISTED"), engine.Koira, {ID: mari, Team: team, Bot: true, Surface: engine.SurfaceSlack},
	{ID: mari, Team: team, Guest: true, Surface: engine.SurfaceSlack}, {ID: mari, Team: "T9", Surface: engine.SurfaceSlack, Role: engine.RoleOwner},
}

// town is a shop whose people act too, with two tasks, one of which has a record.
type town struct {
	*shop
	*desk.Desk
	raised string // who confirmed the raise that the last act was, "" where it was none
	asked  string // the request that waits for a signature
	ctx    context.Context
}

var tasksOfTown = []string{"daily", "weekly"}

// deed is one thing that may happen. It names what came of it.
type deed struct {
	name string
	do   func(*town, *rapid.T) (string, error)
}

var deeds = []deed{
	{"the program looks", (*town).looks},
	{"an owner raises", func(w *town, rt *rapid.T) (string, error) { return "", w.raise(rt, person(mari)) }},
	{"a stranger raises", func(w *town, rt *rapid.T) (string, error) {
		return "", w.raise(rt, rapid.SampledFrom(strangers).Draw(rt, "who"))
	}},
	{"somebody types a level", func(w *town, rt *rapid.T) (string, error) {
		_, _, err := w.WishLevel(w.ctx, w.somebody(rt), w.task(rt).ID, engine.Level(rapid.IntRange(0, 5).Draw(rt, "to")))
		return "", err
	}},
	{"somebody signs", func(w *town, rt *rapid.T) (string, error) {
		a := w.somebody(rt)
		_, err := w.Sign(w.ctx, a, w.asked)
		if err == nil {
			w.raised = mari
		}
		return "", err
	}},
	{"not now", func(w *town, rt *rapid.T) (string, error) {
		live, err := w.db.LiveOffers(w.ctx, "")
		w.must(err)
		if len(live) == 0 {
			return "", nil
		}
		o := rapid.SampledFrom(live).Draw(rt, "offer")
		return string(o.State), w.Snooze(w.ctx, w.somebody(rt), o.ID)
	}},
	{"pause", func(w *town, rt *rapid.T) (string, error) {
		return "", w.PauseTask(w.ctx, w.somebody(rt), w.task(rt).ID, "x")
	}},
	{"resume", func(w *town, rt *rapid.T) (string, error) {
		return "", w.ResumeTask(w.ctx, w.somebody(rt), w.task(rt).ID)
	}},
	{"a serious no", func(w *town, rt *rapid.T) (string, error) {
		waiting := w.all(engine.StateWaiting)
		if len(waiting) == 0 {
			return "", nil
		}
		o := rapid.SampledFrom(waiting).Draw(rt, "piece")
		return "", w.Reject(w.ctx, w.somebody(rt), desk.No{Output: o.ID, Digest: o.Digest, Reason: "tone", Severe: true})
	}},
	{"a minimum is missed", func(w *town, rt *rapid.T) (string, error) {
		t := w.task(rt)
		if t.Paused != nil {
			return "", nil
		}
		s := engine.Standing{Task: t.ID, Metric: engine.Clicks, Verdict: engine.StandingBeyond, Value: 1, High: 2, Pieces: 9, At: w.clock.Now()}
		return "", w.db.ChangeTask(w.ctx, trust.Breach(t, s, engine.Threshold{Metric: engine.Clicks, Floor: 6}, "EUR", w.clock.Now(), w.ids))
	}},
	{"the voice is unlocked, or locked", func(w *town, _ *rapid.T) (string, error) {
		w.set(func(g *engine.Guardrails) { g.Voice.Locked = !g.Voice.Locked })
		return "", nil
	}},
	{"the file names a level", func(w *town, rt *rapid.T) (string, error) {
		t := w.task(rt)
		t.Level, t.Name = engine.L5, fmt.Sprint("Named ", rapid.IntRange(0, 9).Draw(rt, "name"))
		return "", w.db.PutTask(w.ctx, t, file, w.clock.Now(), "import")
	}},
	{"its nature is another", func(w *town, rt *rapid.T) (string, error) {
		t := w.task(rt)
		t.Nature = rapid.SampledFrom([][]engine.Nature{nil, nil, {engine.NaturePricing}, {engine.NatureRelationship}}).Draw(rt, "nature")
		return "", w.db.PutTask(w.ctx, t, file, w.clock.Now(), "import")
	}},
}

func (w *town) somebody(rt *rapid.T) engine.Actor {
	return rapid.SampledFrom(append(slices.Clone(strangers), person(mari), person(mari), person(mari))).Draw(rt, "who")
}

func (w *town) task(rt *rapid.T) engine.Task {
	t, err := w.db.Task(w.ctx, rapid.SampledFrom(tasksOfTown).Draw(rt, "task"))
	w.must(err)
	return t
}

// looks lets time pass and koira do what it does by itself: now and then all of it, else only what looks at levels.
func (w *town) looks(rt *rapid.T) (string, error) {
	w.clock.Advance(time.Duration(rapid.IntRange(1, 400).Draw(rt, "hours")) * time.Hour)
	if rapid.IntRange(0, 5).Draw(rt, "everything") == 0 {
		return "everything", w.Tick(w.ctx)
	}
	for _, step := range []func(*Loop, context.Context) error{(*Loop).recheck, (*Loop).watch, (*Loop).iterate, (*Loop).offer} {
		if err := step(w.Loop, w.ctx); err != nil {
			return "", err
		}
	}
	return "", nil
}

// raise is a click in the window of a raise, mostly of the next rung.
func (w *town) raise(rt *rapid.T, a engine.Actor) error {
	t := w.task(rt)
	to, ok := t.Level.Above()
	if !ok || rapid.IntRange(0, 5).Draw(rt, "any level") == 0 {
		to = engine.Level(rapid.IntRange(0, 5).Draw(rt, "to"))
	}
	waits, err := w.SetLevel(w.ctx, a, t.ID, t.Level, to)
	switch {
	case err != nil || to < t.Level:
	case waits != nil:
		w.asked = waits.ID
	case a == person(mari):
		w.raised = a.ID
	}
	return err
}

func (w *town) levels() map[string]engine.Task {
	all, err := w.db.Tasks(w.ctx)
	w.must(err)
	m := map[string]engine.Task{}
	for _, t := range all {
		m[t.ID] = t
	}
	return m
}

// check holds that no level rose but by an owner's confirmed click, one rung and within what caps it, and that what fell by itself has a decision.
func (w *town) check(rt *rapid.T, d deed, before map[string]engine.Task) (rose bool) {
	for id, t := range w.levels() {
		was := before[id].Level
		switch {
		case t.Level > was:
			rose = true
			g, err := w.db.Grant(w.ctx, id)
			w.must(err)
			if next, _ := was.Above(); w.raised != mari || t.Level != next && t.Level != engine.L2 || g == nil || g.By != mari || g.Role != engine.RoleOwner || g.Level != t.Level {
				rt.Fatalf("%s: %s rose from %s to %s, confirmed by %q, grant %+v", d.name, id, was, t.Level, w.raised, g)
			}
			if t.Level > t.Acting() || !before[id].LoweredAt.IsZero() && w.clock.Now().Before(before[id].LoweredAt.Add(trust.Cooldown)) {
				rt.Fatalf("%s: %s rose to %s within what forbids it", d.name, id, t.Level)
			}
		case t.Level < was:
			ds, err := w.db.Decisions(w.ctx, id, time.Time{}, 1)
			w.must(err)
			if len(ds) == 0 || !strings.HasSuffix(ds[0].To, t.Level.String()) || ds[0].Signal == "" {
				rt.Fatalf("%s: %s fell to %s without a decision: %+v", d.name, id, t.Level, ds)
			}
		}
		live, err := w.db.LiveOffers(w.ctx, id)
		w.must(err)
		if next, ok := t.Level.Above(); len(live) > 1 || len(live) == 1 && (!ok || live[0].From != t.Level || live[0].To != next) {
			rt.Fatalf("%s: %s at %s is offered %+v", d.name, id, t.Level, live)
		}
	}
	return rose
}

// TestOnlyAnOwnersYesRaisesALevel: whatever people, strangers, the file and the program do in whatever order, no level rises but by an owner's
// confirmed click, signed where that is asked for; what falls has a decision; and at most the next rung is offered, once.
func TestOnlyAnOwnersYesRaisesALevel(t *testing.T) {
	n := sequences
	if s := os.Getenv("KOIRA_SEQUENCES"); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	checks := flag.Lookup("rapid.checks")
	defer checks.Value.Set(checks.Value.String())
	if err := checks.Value.Set(strconv.Itoa(n)); err != nil {
		t.Fatal(err)
	}
	seed := townFile(t)
	reached := map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		w := openTown(t, seed, rapid.Bool().Draw(rt, "alone"))
		defer os.RemoveAll(filepath.Dir(w.path))
		defer w.db.Close()
		for range rapid.IntRange(3, 10).Draw(rt, "deeds") {
			d := rapid.SampledFrom(append(slices.Clone(deeds), deeds[0], deeds[1], deeds[1], deeds[4])).Draw(rt, "deed")
			before := w.levels()
			w.raised = ""
			what, err := d.do(w, rt)
			if engine.CodeOf(err) == engine.CodeInternal {
				rt.Fatalf("%s: %v", d.name, err)
			}
			reached[d.name+" "+what+string(engine.CodeOf(err))]++
			if w.check(rt, d, before) {
				reached["rose"]++
			}
		}
		live, err := w.db.LiveOffers(w.ctx, "")
		w.must(err)
		for _, o := range live {
			reached["offer "+string(o.State)]++
		}
	})
	if n < sequences {
		return
	}
	for _, what := range []string{
		"rose", "an owner raises ", "an owner raises blocked", "a stranger raises denied", "somebody signs ", "somebody types a level ", "not now open", "not now opendenied",
		"offer open", "offer snoozed", "offer withdrawn", "a serious no ", "resume ", "the program looks everything",
	} {
		if reached[what] == 0 {
			t.Errorf("%q was never reached: the test proves nothing of it; reached %v", what, reached)
		}
	}
}

// townFile is the file of a town whose daily task has thirty pieces behind it, made once.
func townFile(t *testing.T) []byte {
	t.Helper()
	s := newShop(t, func(g *engine.Guardrails) {
		g.Voice.Locked = true
		g.Thresholds = map[string][]engine.Threshold{"daily": {{Metric: engine.Clicks, Floor: 6}}}
	}, func(t *engine.Task) {
		t.Sensitivity, t.Frequency, t.CostMax, t.Benchmarks = engine.Low, engine.High, 0, []engine.Benchmark{{Metric: engine.Clicks, Good: 12}}
	})
	s.must(s.db.PutTask(t.Context(), engine.Task{
		ID: "weekly", Name: "Weekly", Channel: "social", Segment: "locals", Kind: engine.KindSocial, Level: engine.L1, Cadence: engine.Cadence{Min: 1, Max: 1, From: 9, To: 18},
	}, file, start, "first"))
	for i := range 30 {
		at := start.Add(-time.Duration(90-i) * time.Hour)
		o := engine.Output{
			ID: fmt.Sprint("old", i), Task: "daily", Origin: engine.OriginKoira, State: engine.StatePlanned, Level: engine.L1, Channel: "social", Segment: "locals",
			Kind: engine.KindSocial, Slot: at, Expires: at.Add(time.Hour), CreatedAt: at, Variants: []engine.Variant{{Name: "A", Body: "Rye."}},
		}
		s.must(s.db.AddOutput(t.Context(), o, engine.Koira))
		o.Variants[0].Rendered, o.Variants[0].Shown = []byte("Rye."), "Rye."
		o.Digest = engine.DigestOf(o)
		for _, m := range []engine.Move{
			{From: engine.StatePlanned, To: engine.StateDrafted, Draft: &o, By: engine.Koira},
			{From: engine.StateDrafted, To: engine.StateHanded, Digest: o.Digest, By: engine.Koira},
			{From: engine.StateHanded, To: engine.StatePublished, Digest: o.Digest, By: person(tomi), URL: "https://social.example/" + o.ID},
		} {
			m.Output, m.At = o.ID, at
			_, err := s.db.Move(t.Context(), m)
			s.must(err)
		}
		sends, err := s.db.Sends(t.Context(), o.ID)
		s.must(err)
		s.must(s.db.SaveReadings(t.Context(), []engine.Observation{{Send: sends[0].ID, Metric: engine.Clicks, Value: 14, At: at, Source: "test"}}, nil))
	}
	s.must(s.db.Close())
	b, err := os.ReadFile(s.path)
	s.must(err)
	return b
}

// openTown is a town over a copy of that file, in memory where the machine has such a place.
func openTown(t *testing.T, file []byte, alone bool) *town {
	t.Helper()
	dir, err := os.MkdirTemp(memory(), "koira-loop-")
	if err != nil {
		t.Fatal(err)
	}
	s := &shop{t: t, path: filepath.Join(dir, "koira.db"), clock: enginetest.NewClock(start), ids: enginetest.IDs(8), door: socialDoor}
	s.must(os.WriteFile(s.path, file, 0o600))
	s.db, err = storage.Open(t.Context(), storage.Options{Path: s.path, NewID: s.ids})
	s.must(err)
	s.build()
	people := engine.People{Owners: []string{mari}, Operators: []string{olli}, Team: team}
	if !alone {
		people.Approvers = []string{tomi}
	}
	w := &town{shop: s, ctx: t.Context(), asked: "none"}
	w.Loop.Meters = map[string]engine.Meter{"social": silent{}}
	w.Desk = desk.New(desk.Options{
		Store: s.db, People: people, Gate: s.Loop.Gate, Channels: w.Loop.Channels, Metered: map[string]bool{"social": true}, Clock: s.clock, Wall: s.clock, NewID: s.ids,
	})
	w.Loop.Recheck = func(ctx context.Context) error { _, err := w.Desk.Recheck(ctx, ""); return err }
	w.Loop.Release = func(ctx context.Context) error { _, err := w.Desk.Release(ctx, ""); return err }
	return w
}

func memory() string {
	if _, err := os.Stat("/dev/shm"); err == nil {
		return "/dev/shm"
	}
	return ""
}

// silent is a meter that reads nothing.
type silent struct{}

func (silent) Name() string { return "silent" }
func (silent) Read(context.Context, time.Time, []engine.Ref) ([]engine.Observation, error) {
	return nil, nil
}
