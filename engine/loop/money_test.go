package loop

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"koira/engine"
	"koira/engine/enginetest"
	"koira/engine/guard"
	"koira/storage"
)

const unit = engine.Unit

var file = engine.Actor{ID: "file", Surface: engine.SurfaceFile}

// scribe writes the same each time, for a price.
type scribe struct{ most, cost engine.Money }

func (scribe) Name() string                        { return "scribe" }
func (s scribe) Ceiling(engine.Brief) engine.Money { return s.most }
func (s scribe) Write(context.Context, engine.Brief) (engine.Copy, engine.Usage, error) {
	return engine.Copy{Variants: []engine.Variant{{Name: "A", Body: "Rye bread."}}}, engine.Usage{Model: "scribe", Cost: s.cost}, nil
}

// door publishes everything and bills nothing.
type door struct{ traits engine.Traits }

func (d door) Traits() engine.Traits { return d.traits }
func (d door) Render(o engine.Output) (engine.Rendering, error) {
	text := o.Variants[0].Body
	return engine.Rendering{Variants: []engine.Rendered{{Bytes: []byte(text), Shown: text, Count: len(text)}}}, nil
}
func (door) Prepare(context.Context, engine.Intent) (engine.Ref, error) { return engine.Ref{}, nil }
func (door) Publish(_ context.Context, i engine.Intent, _ engine.Ref) (engine.Receipt, error) {
	return engine.Receipt{Ref: engine.Ref{ID: i.Key}}, nil
}
func (door) Probe(context.Context, engine.Intent, engine.Ref) (engine.Receipt, error) {
	return engine.Receipt{}, engine.Errorf(engine.CodeNotFound, "It is not there.")
}
func (door) Halt(context.Context, engine.Receipt) (engine.Progress, error) {
	return engine.Progress{}, nil
}
func (door) Retract(context.Context, engine.Receipt) (engine.Removal, error) {
	return engine.Removal{}, nil
}

// shop is a loop over a real store with one task, on Mon 24 Nov 2025 08:00 in UTC.
type shop struct {
	*Loop
	t      *testing.T
	db     *storage.DB
	path   string
	clock  *enginetest.Clock
	ids    engine.NewID
	door   engine.Traits
	pen    scribe
	critic *critic
	crash  string // where the next run ends
}

var start = time.Date(2025, 11, 24, 8, 0, 0, 0, time.UTC)

var socialDoor = engine.Traits{Name: "social", Label: "Social", Kind: engine.KindSocial, Retract: true}

func newShop(t *testing.T, rules func(*engine.Guardrails), task func(*engine.Task)) *shop {
	t.Helper()
	s := &shop{
		t: t, path: filepath.Join(t.TempDir(), "koira.db"), clock: enginetest.NewClock(start), ids: enginetest.IDs(7),
		door: socialDoor,
	}
	s.open()
	_, err := s.db.SetStrategy(t.Context(), engine.Strategy{
		Business: engine.Business{Name: "Leipä & Co", Zone: "UTC", Currency: "EUR"},
		Goals:    []engine.Goal{{Key: "visits"}}, Segments: []engine.Segment{{Key: "locals", Size: 1240}}, Themes: []engine.Theme{{Key: "rye"}},
	}, file, start, "first")
	s.must(err)
	g := engine.Guardrails{
		Budget: engine.BudgetRule{Weekly: 100 * unit, Ceiling: 200 * unit}, Channels: map[string]bool{"social": true}, Voice: engine.VoiceRule{Locked: true},
		Thresholds: map[string][]engine.Threshold{"daily": {{Metric: engine.Clicks, Floor: 1}}},
	}
	rules(&g)
	s.must(s.db.SetGuardrails(t.Context(), 0, g, file, start, "first"))
	of := engine.Task{
		ID: "daily", Name: "Daily social", Channel: "social", Segment: "locals", Kind: engine.KindSocial, Level: engine.L3, CostMax: 5 * unit,
		Cadence: engine.Cadence{Min: 7, Max: 7, From: 9, To: 18}, Benchmarks: []engine.Benchmark{{Metric: engine.Clicks, Good: 4}},
	}
	task(&of)
	alone := of.Level == engine.L5
	of.Level = min(of.Level, engine.L4)
	s.must(s.db.PutTask(t.Context(), of, file, start, "first"))
	if alone {
		s.must(s.db.ChangeTask(t.Context(), engine.TaskChange{
			Task: "daily", From: engine.L4, To: engine.L5, By: file, At: start,
			Grant: &engine.Grant{ID: "g", Task: "daily", Level: engine.L5, By: "U1", Role: engine.RoleOwner},
		}))
	}
	return s
}

func (s *shop) open() {
	db, err := storage.Open(s.t.Context(), storage.Options{Path: s.path, NewID: s.ids})
	s.must(err)
	s.t.Cleanup(func() { db.Close() })
	s.db = db
	s.build()
}

// build is a start of the program over the store.
func (s *shop) build() {
	ch := door{s.door}
	var judge engine.Judge
	if s.critic != nil {
		judge = s.critic
	}
	s.Loop = New(Options{
		Judge: judge,
		Store: s.db, Writer: s.pen, Channels: map[string]engine.Channel{"social": ch}, Clock: s.clock, Wall: s.clock, NewID: s.ids,
		Gate: func(v engine.View) engine.Verdict {
			v.Traits, v.Metered, v.Measured = s.door, true, engine.BaselinePieces
			return guard.Check(v)
		},
		Link:    func(base string, _ engine.Output, _ engine.Variant) (string, error) { return base, nil },
		Recheck: func(context.Context) error { return nil }, Dice: rand.New(rand.NewPCG(1, 2)), Log: slog.New(slog.DiscardHandler), Timeout: time.Second,
		Crash: func(p string) {
			if p == s.crash {
				s.crash = ""
				panic(p)
			}
		},
	})
}

func (s *shop) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) tick() {
	s.t.Helper()
	s.must(s.Tick(s.t.Context()))
}

func (s *shop) all(states ...engine.State) []engine.Output {
	s.t.Helper()
	o, err := s.db.Outputs(s.t.Context(), engine.OutputFilter{States: states})
	s.must(err)
	return o
}

func (s *shop) set(f func(*engine.Guardrails)) {
	s.t.Helper()
	g, err := s.db.Guardrails(s.t.Context())
	s.must(err)
	from := g.Version
	f(&g)
	s.must(s.db.SetGuardrails(s.t.Context(), from, g, file, s.clock.Now(), "changed"))
}

func (s *shop) balance() engine.Balance {
	s.t.Helper()
	b, err := s.db.Balance(s.t.Context(), "2025-W48")
	s.must(err)
	return b
}

func same(*engine.Task) {}

func clampOf(o engine.Output) *engine.Finding {
	for _, f := range o.Findings {
		if f.Outcome == engine.Clamp {
			return &f
		}
	}
	return nil
}

// A draft that is too dear is brought down before its digest is made, and its card can say so.
func TestADraftIsBroughtDownToWhatIsFree(t *testing.T) {
	s := newShop(t, func(g *engine.Guardrails) { g.Budget.Output = 2 * unit }, same)
	s.tick()
	waiting := s.all(engine.StateWaiting)
	if len(waiting) == 0 {
		t.Fatal("nothing waits")
	}
	for _, o := range waiting {
		if f := clampOf(o); o.CostMax != 2*unit || o.Digest != engine.DigestOf(o) || f == nil || f.Limit.CostMax != 2*unit {
			t.Errorf("%s costs at most %d: %+v", o.ID, o.CostMax, f)
		}
	}
	s = newShop(t, func(g *engine.Guardrails) { g.Budget.Weekly = 0 }, same) // nothing is free: it is held, and nobody is asked for less
	s.tick()
	if len(s.all(engine.StateWaiting)) > 0 || len(s.all(engine.StateHeld)) == 0 {
		t.Error("it waits although nothing is free")
	}
}

// What would go out unasked to too many waits for a person, or goes to fewer where the channel can.
func TestTooFarUnaskedWaitsOrGoesToFewer(t *testing.T) {
	alone := func(t *engine.Task) { t.Level, t.CostMax = engine.L5, 0 }
	s := newShop(t, func(g *engine.Guardrails) { g.Blast.People = 1000 }, alone)
	s.tick()
	waiting := s.all(engine.StateWaiting)
	if len(waiting) == 0 || len(s.all(engine.StateScheduled)) > 0 || !strings.Contains(waiting[0].WaitsFor, "It may reach 1240 people; without a person's yes at most 1000.") {
		t.Fatalf("%d wait", len(waiting))
	}
	s = newShop(t, func(g *engine.Guardrails) { g.Blast.People = 1000 }, alone)
	s.door.Part = true
	s.build()
	s.tick()
	scheduled := s.all(engine.StateScheduled)
	if len(scheduled) == 0 || scheduled[0].Audience != 1000 || clampOf(scheduled[0]) == nil {
		t.Fatalf("%d are scheduled", len(scheduled))
	}
}

// What a piece was brought down by while it was drafted stays with it, wherever a rule sends it later: else it went to all after all, or its readers
// seemed to have changed.
func TestWhatAPieceWasBroughtDownByStays(t *testing.T) {
	for name, c := range map[string]struct {
		stop func(*shop)
		want engine.State
	}{
		"it waits for a yes": {func(s *shop) {
			s.must(s.db.SetStandings(t.Context(), "daily", []engine.Standing{{Task: "daily", Metric: engine.Clicks, Verdict: engine.StandingBeyond, High: .5, Pieces: 9, At: start}}))
		}, engine.StateWaiting},
		"it is held": {func(s *shop) { s.set(func(g *engine.Guardrails) { g.Topics.Blocked = []string{"rye"} }) }, engine.StateHeld},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t, func(g *engine.Guardrails) { g.Blast.People = 1000 }, func(t *engine.Task) { t.Level, t.CostMax = engine.L5, 0 })
			s.door.Part = true
			s.build()
			s.tick()
			o := s.all(engine.StateScheduled)[0]
			c.stop(s)
			s.clock.Set(o.Slot)
			s.tick()
			o, err := s.db.Output(t.Context(), o.ID)
			s.must(err)
			if o.State != c.want || o.Audience != 1000 || o.Most() != 1000 {
				t.Errorf("it is %s, for %d people, brought down to %d", o.State, o.Audience, o.Most())
			}
		})
	}
}

func TestPlansKeepOutOfQuietHoursAndWithinFrequency(t *testing.T) {
	s := newShop(t, func(g *engine.Guardrails) {
		g.Quiet = []engine.QuietRule{{From: 12 * 60, To: 9 * 60}, {Days: []time.Weekday{time.Sunday}, From: 0, To: 23*60 + 59}}
		g.Frequency = []engine.FrequencyRule{{Channel: "social", Most: 2, Days: 3}}
	}, same)
	s.must(s.db.PutTask(t.Context(), engine.Task{
		ID: "other", Name: "Other", Channel: "social", Segment: "locals", Kind: engine.KindSocial, Level: engine.L3,
		Cadence: engine.Cadence{Min: 7, Max: 7, From: 9, To: 18},
	}, file, start, "first"))
	s.tick()
	g, err := s.db.Guardrails(t.Context())
	s.must(err)
	planned := s.all()
	if len(planned) < 6 {
		t.Errorf("%d are planned", len(planned))
	}
	for _, o := range planned {
		var others []engine.Neighbour
		for _, x := range planned {
			if x.ID != o.ID {
				others = append(others, neighbour(x))
			}
		}
		if h := o.Slot.Hour(); h < 9 || h >= 12 || o.Slot.Weekday() == time.Sunday || !guard.Free(g, o.Channel, o.Segment, o.Slot, others, time.UTC) {
			t.Errorf("a piece is planned for %s", o.Slot)
		}
	}
}

// The model's worst case is set aside before it is asked, its bill takes its place, and its own limit holds it.
func TestTheModelKeepsToItsLimit(t *testing.T) {
	s := newShop(t, func(g *engine.Guardrails) { g.Budget.Model = 5 * unit }, func(t *engine.Task) { t.CostMax = 0 })
	s.pen = scribe{most: 2 * unit, cost: unit}
	s.build()
	s.tick()
	if b := s.balance(); b != (engine.Balance{Spent: 4 * unit, Model: 4 * unit}) { // a fifth might cost 2, of which 1 is free
		t.Errorf("the week holds %+v", b)
	}
	if len(s.all(engine.StateWaiting)) != 4 || len(s.all(engine.StatePlanned)) == 0 {
		t.Errorf("%d are written", len(s.all(engine.StateWaiting)))
	}
}

// A call that a stop cuts off may have cost all that was set aside: the next start charges it, once.
func TestACallThatWasCutOffIsCharged(t *testing.T) {
	s := newShop(t, func(*engine.Guardrails) {}, func(t *engine.Task) { t.CostMax = 0 })
	s.pen, s.crash = scribe{most: 2 * unit, cost: unit}, "asked"
	s.build()
	func() {
		defer func() {
			if recover() == nil {
				t.Error("it did not stop there")
			}
		}()
		s.Tick(t.Context())
	}()
	if b := s.balance(); b != (engine.Balance{Reserved: 2 * unit}) {
		t.Errorf("the week holds %+v", b)
	}
	s.must(s.db.Close())
	s.pen = scribe{}
	for range 2 {
		s.open()
		s.tick()
		if b := s.balance(); b != (engine.Balance{Spent: 2 * unit, Model: 2 * unit}) {
			t.Errorf("after a start the week holds %+v", b)
		}
		s.must(s.db.Close())
	}
}

func TestPeopleHearOfALimitOnce(t *testing.T) {
	s := newShop(t, func(g *engine.Guardrails) {
		g.Budget.Model, g.Budget.Tasks = 10*unit, map[string]engine.Money{"daily": 4 * unit}
	}, func(t *engine.Task) { t.CostMax = 0 })
	s.clock.Set(start.AddDate(0, 0, 6)) // Sunday: little is left to plan
	told := func() (all []string) {
		for _, period := range []string{"2025-W48", engine.Life} {
			alerts, err := s.db.Alerts(t.Context(), period)
			s.must(err)
			for _, a := range alerts {
				all = append(all, a.Subject())
			}
		}
		return all
	}
	want := func(step string, subjects ...string) {
		t.Helper()
		s.tick()
		s.tick()
		if got := told(); strings.Join(got, " ") != strings.Join(subjects, " ") {
			t.Errorf("%s: told of %v, want %v", step, got, subjects)
		}
	}
	charge := func(sum engine.Money) {
		s.must(s.db.Charge(t.Context(), engine.Entry{At: s.clock.Now(), Task: "daily", Spent: sum}))
	}
	want("nothing is spent")
	charge(3 * unit)
	want("three of four")
	charge(unit / 5)
	want("80 % of the task's", "2025-W48/task:daily/80")
	charge(unit)
	want("all of it", "2025-W48/task:daily/80", "2025-W48/task:daily/100")
	s.clock.Advance(time.Minute)
	charge(4 * unit)
	want("80 % of the model's", "2025-W48/task:daily/80", "2025-W48/task:daily/100", "2025-W48/model/80")
	s.clock.Advance(time.Minute)
	s.set(func(g *engine.Guardrails) { g.Budget.Weekly = 8 * unit }) // below what is used
	want("a lowered limit", "2025-W48/task:daily/80", "2025-W48/task:daily/100", "2025-W48/model/80", "2025-W48/week/100")
}

// What the file allows one campaign in all is told of too, where nobody gave the campaign a limit of its own.
func TestPeopleHearOfTheFilesCeilingOfACampaign(t *testing.T) {
	s := newShop(t, func(g *engine.Guardrails) { g.Budget.PerCampaign = 10 * unit }, func(t *engine.Task) { t.CostMax = 0 })
	s.clock.Set(start.AddDate(0, 0, 6))
	is, err := s.db.Strategy(t.Context())
	s.must(err)
	is.Offers = []engine.Offer{{Key: "advent", Text: "Advent box"}}
	_, err = s.db.SetStrategy(t.Context(), is, engine.Koira, s.clock.Now(), "an offer")
	s.must(err)
	s.must(s.db.Charge(t.Context(), engine.Entry{At: s.clock.Now(), Task: "daily", Campaign: "advent", Spent: 8 * unit}))
	s.tick()
	alerts, err := s.db.Alerts(t.Context(), engine.Life)
	s.must(err)
	if len(alerts) != 1 || alerts[0].Subject() != "life/campaign:advent/80" {
		t.Errorf("told of %+v", alerts)
	}
}

// A piece whose time falls into quiet hours that end in time goes out then, and not before.
func TestAPieceWaitsForTheEndOfQuiet(t *testing.T) {
	s := newShop(t, func(*engine.Guardrails) {}, func(t *engine.Task) { t.Level, t.CostMax = engine.L5, 0 })
	s.tick()
	first := s.all(engine.StateScheduled)[0]
	from := first.Slot.Hour() * 60
	s.set(func(g *engine.Guardrails) { g.Quiet = []engine.QuietRule{{From: from, To: from + 90}} })
	for _, c := range []struct {
		after time.Duration
		want  engine.State
	}{{0, engine.StateScheduled}, {89 * time.Minute, engine.StateScheduled}, {90 * time.Minute, engine.StatePublished}} {
		s.clock.Set(first.Slot.Add(c.after))
		s.tick()
		o, err := s.db.Output(t.Context(), first.ID)
		s.must(err)
		if o.State != c.want {
			t.Errorf("%s after its slot it is %s", c.after, o.State)
		}
	}
}
