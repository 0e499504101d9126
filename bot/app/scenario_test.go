package app

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"koira/engine"
	"koira/engine/channel/sandbox"
	"koira/engine/desk"
	"koira/engine/writer"
)

// scene is the loop over a real store, a simulated world and a clock that the test moves.
type scene struct {
	*Core
	t     *testing.T
	clock *SimClock
	world *sandbox.World
	write scriptedWriter
	path  string
	start func() (*Core, error) // opens the store, as a start of the program does
}

// scriptedWriter is the template writer with what a test wants of it: a price, and an error.
type scriptedWriter struct {
	writer.Template
	cost  *engine.Money
	err   *error
	calls *int
}

func (w scriptedWriter) Write(ctx context.Context, b engine.Brief) (engine.Copy, engine.Usage, error) {
	c, u, err := w.Template.Write(ctx, b)
	*w.calls++
	u.Model, u.Cost = "scripted", *w.cost
	if *w.err != nil {
		err = *w.err
	}
	return c, u, err
}

func (w scriptedWriter) Ceiling(engine.Brief) engine.Money { return *w.cost }

// begin opens the demo's business on the Monday morning of every simulated history; change alters the traits of the social door.
func begin(t *testing.T, change func(*engine.Traits)) *scene {
	t.Helper()
	c, err := Parse("demo.toml", demoConfig)
	if err != nil {
		t.Fatal(err)
	}
	s := &scene{t: t, clock: NewSimClock(simStart), write: scriptedWriter{cost: new(engine.Money), err: new(error), calls: new(int)}}
	var doors []sandbox.Door
	for _, ch := range c.Channels {
		d := sandbox.Door{Name: ch.Name, Label: ch.Label, Kind: engine.Kind(ch.Kind), Audience: ch.Audience}
		if d.Kind == engine.KindSocial {
			d.Change = change
		}
		d.Counts = d.Kind == engine.KindEmail
		doors = append(doors, d)
	}
	s.world = sandbox.New(sandbox.Options{Seed: 1, Clock: s.clock, Zone: c.zone(), Doors: doors})
	channels, meters := map[string]engine.Channel{}, map[string]engine.Meter{}
	for _, ch := range c.Channels {
		channels[ch.Name], meters[ch.Name] = s.world.Channel(ch.Name), s.world.Meter()
	}
	s.path = filepath.Join(t.TempDir(), "koira.db")
	w := World{
		Clock: s.clock, Wall: s.clock, NewID: IDs(s.clock, 1), Dice: rand.New(rand.NewPCG(1, 1)), Log: slog.New(slog.DiscardHandler),
		Writer: s.write, Channels: channels, Meters: meters, Team: "T0KOIRA01",
	}
	s.start = func() (*Core, error) { return Open(t.Context(), c, s.path, w) }
	if s.Core, err = s.start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// reopen ends the program and starts it again on the same file.
func (s *scene) reopen() (err error) {
	if err := s.Close(); err != nil {
		return err
	}
	s.Core, err = s.start()
	return err
}

// tick moves the clock and runs the loop once.
func (s *scene) tick(after time.Duration) {
	s.t.Helper()
	s.clock.Advance(after)
	if err := s.Loop.Tick(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

func (s *scene) outputs(f engine.OutputFilter) []engine.Output {
	s.t.Helper()
	all, err := s.DB.Outputs(s.t.Context(), f)
	if err != nil {
		s.t.Fatal(err)
	}
	return all
}

func (s *scene) state(id string) engine.State {
	s.t.Helper()
	o, err := s.DB.Output(s.t.Context(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	return o.State
}

// approved approves the first waiting piece of the daily social task and moves the clock to its slot.
func (s *scene) approved() engine.Output {
	s.t.Helper()
	s.tick(0)
	o := s.outputs(engine.OutputFilter{Task: "daily-social", States: []engine.State{engine.StateWaiting}})[0]
	mari := engine.Actor{ID: "U0MARI0001", Team: "T0KOIRA01", Surface: engine.SurfaceSlack}
	if err := s.Desk.Approve(s.t.Context(), mari, desk.Click{Output: o.ID, Digest: o.Digest, Audience: o.Audience, Whole: true}); err != nil {
		s.t.Fatal(err)
	}
	s.clock.Advance(o.Slot.Sub(s.clock.Now()))
	return o
}

func (s *scene) open(kind engine.ExceptionKind) int {
	s.t.Helper()
	list, err := s.DB.OpenExceptions(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	n := 0
	for _, e := range list {
		if e.Kind == kind {
			n++
		}
	}
	return n
}

func TestPlanningTwicePlansOnce(t *testing.T) {
	s := begin(t, nil)
	s.tick(0)
	first := len(s.outputs(engine.OutputFilter{}))
	for range 10 {
		s.tick(2 * time.Minute)
	}
	s.tick(planAgain)
	if got := len(s.outputs(engine.OutputFilter{})); got != first || first == 0 {
		t.Errorf("%d pieces, then %d", first, got)
	}
	week := s.outputs(engine.OutputFilter{Task: "daily-social", SlotFrom: simStart.AddDate(0, 0, 7), SlotTo: simStart.AddDate(0, 0, 14)})
	if len(week) != 6 {
		t.Errorf("next week has %d pieces, want the cadence's 6", len(week))
	}
}

// planAgain is longer than plan waits between two looks.
const planAgain = 4 * time.Hour

func TestAWriterThatFailsIsAskedLaterAndLater(t *testing.T) {
	s := begin(t, nil)
	*s.write.err = engine.Errorf(engine.CodeUpstream, "The model does not answer.")
	s.tick(0)
	id := s.outputs(engine.OutputFilter{Task: "daily-social", Limit: 1})[0].ID
	per := *s.write.calls
	s.tick(time.Minute)
	if *s.write.calls != per {
		t.Error("asked again at once")
	}
	for _, wait := range []time.Duration{5, 10, 20, 40} {
		if s.open(engine.ExceptionSystem) != 0 {
			t.Fatal("a person was asked before five attempts had failed")
		}
		s.tick(wait * time.Minute)
	}
	if s.state(id) != engine.StatePlanned || s.open(engine.ExceptionSystem) != 1 {
		t.Errorf("%s after 5 attempts, %d exceptions about the system; want one for all pieces, and the piece still planned", s.state(id), s.open(engine.ExceptionSystem))
	}
	*s.write.err = nil
	s.tick(time.Hour)
	if s.state(id) == engine.StatePlanned {
		t.Error("not written once the model answers again")
	}
}

func TestAPieceThatIsNotWrittenInTimeIsAQuestion(t *testing.T) {
	s := begin(t, nil)
	*s.write.err = engine.Errorf(engine.CodeUpstream, "The model does not answer.")
	s.tick(0)
	first := s.outputs(engine.OutputFilter{Task: "daily-social", Limit: 1})[0]
	for s.clock.Now().Before(first.Slot) {
		s.tick(30 * time.Minute)
	}
	if s.state(first.ID) != engine.StateFailed || s.open(engine.ExceptionMissed) == 0 {
		t.Errorf("%s at its time, %d exceptions", s.state(first.ID), s.open(engine.ExceptionMissed))
	}
}

func TestAModelIsNotAskedOnceTheBudgetIsGone(t *testing.T) {
	s := begin(t, nil)
	g, err := s.DB.Guardrails(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	g.Budget.Model, g.Budget.Pace = 0, 0 // only the week's limit
	if err := s.DB.SetGuardrails(t.Context(), g.Version, g, engine.Actor{ID: "U0MARI0001"}, s.clock.Now(), "test"); err != nil {
		t.Fatal(err)
	}
	*s.write.cost = 39 * engine.Unit
	s.tick(0)
	b, err := s.DB.Balance(t.Context(), engine.Week(simStart, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	if *s.write.calls != 1 || b.Model != 39*engine.Unit {
		t.Errorf("%d calls, %s charged; a second call could cross the limit of 40", *s.write.calls, b.Model.Format("EUR"))
	}
}

func TestRefusedCredentialsAreOneQuestionAChannel(t *testing.T) {
	s := begin(t, nil)
	s.world.Fault(func(op, _ string) sandbox.Fault {
		if op == "publish" {
			return sandbox.Fault{Kind: sandbox.Deny}
		}
		return sandbox.Fault{}
	})
	for range 2 {
		o := s.approved()
		s.tick(0)
		if s.state(o.ID) != engine.StateScheduled {
			t.Errorf("%s; it is tried again until its time passes", s.state(o.ID))
		}
	}
	if n := s.open(engine.ExceptionSystem); n != 1 {
		t.Errorf("%d exceptions about the system, want 1", n)
	}
}

// TestUnknownOutcome: what becomes of a lost reply, by what the door can do.
func TestUnknownOutcome(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*engine.Traits)
		want   engine.State
		asks   int
	}{
		"a door that can be asked finds it":                {nil, engine.StatePublished, 0},
		"a door that tells keys apart sends it again":      {func(tr *engine.Traits) { tr.Probe, tr.Dedupe = false, true }, engine.StatePublished, 0},
		"a door that can do neither leaves it to a person": {func(tr *engine.Traits) { tr.Probe = false }, engine.StateUnconfirmed, 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := begin(t, c.change)
			o := s.approved()
			lost := false
			s.world.Fault(func(op, _ string) sandbox.Fault {
				if op == "publish" && !lost {
					lost = true
					return sandbox.Fault{Kind: sandbox.LoseReply}
				}
				return sandbox.Fault{}
			})
			s.tick(0)
			if got := s.state(o.ID); got != engine.StateUnconfirmed {
				t.Fatalf("%s right after the reply was lost", got)
			}
			for range 40 {
				s.tick(3 * time.Minute)
			}
			if got := s.state(o.ID); got != c.want || s.open(engine.ExceptionUnsure) != c.asks {
				t.Errorf("%s with %d questions, want %s with %d", got, s.open(engine.ExceptionUnsure), c.want, c.asks)
			}
			if n := s.world.Live(o.ID + "-A"); n != 1 {
				t.Errorf("%d copies", n)
			}
		})
	}
}

// TestNobodySendsAgainWhatCanStillLand was found by the simulation, seed 4: a person who looked at once saw nothing, sent it again, and both landed.
func TestNobodySendsAgainWhatCanStillLand(t *testing.T) {
	s := begin(t, func(tr *engine.Traits) { tr.Probe, tr.Flight = false, 20*time.Minute })
	o := s.approved()
	s.world.Fault(func(op, _ string) sandbox.Fault { return sandbox.Fault{Kind: sandbox.LandLate, Late: 15 * time.Minute} })
	s.tick(0)
	mari := engine.Actor{ID: "U0MARI0001", Team: "T0KOIRA01", Surface: engine.SurfaceSlack}
	again := func() engine.Code {
		return engine.CodeOf(s.Desk.SendAgain(t.Context(), mari, desk.Click{Output: o.ID, Digest: o.Digest, Audience: o.Audience, Whole: true}, true))
	}
	if got := again(); got != engine.CodeBlocked {
		t.Errorf("sent again at once: %q", got)
	}
	s.tick(21 * time.Minute)
	if got := again(); got != "" {
		t.Errorf("refused after the last moment at which it can land: %q", got)
	}
}

func TestAfterALongAbsenceNothingGoesOutLate(t *testing.T) {
	s := begin(t, nil)
	o := s.approved()
	s.tick(3 * 24 * time.Hour)
	if s.state(o.ID) != engine.StateExpired || s.world.Live(o.ID+"-A") != 0 || s.open(engine.ExceptionMissed) == 0 {
		t.Errorf("%s, %d copies, %d exceptions", s.state(o.ID), s.world.Live(o.ID+"-A"), s.open(engine.ExceptionMissed))
	}
}

func TestSummariesComeOnce(t *testing.T) {
	s := begin(t, nil)
	count := map[engine.NoticeKind]int{}
	drain := func() {
		due, err := s.DB.DueNotices(t.Context(), s.clock.Now(), 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range due {
			count[n.Kind]++
			if err := s.DB.SentNotice(t.Context(), n); err != nil {
				t.Fatal(err)
			}
		}
	}
	for range 14 * 24 {
		s.tick(time.Hour)
		drain()
	}
	if count[engine.NoticeDaily] != 14 || count[engine.NoticeWeekly] != 2 {
		t.Errorf("%d morning notes and %d weekly reports in 14 days, want 14 and 2", count[engine.NoticeDaily], count[engine.NoticeWeekly])
	}
	clear(count)
	s.tick(5*24*time.Hour + 6*time.Hour) // ten in the morning there
	drain()
	if count[engine.NoticeDaily] != 1 {
		t.Errorf("%d morning notes after an absence of five days, want 1", count[engine.NoticeDaily])
	}
}

func TestAPieceSettlesAfterItsLastReading(t *testing.T) {
	s := begin(t, nil)
	o := s.approved()
	s.tick(0)
	for range 6 {
		s.tick(24 * time.Hour)
	}
	if got := s.state(o.ID); got != engine.StatePublished {
		t.Fatalf("%s after 6 days", got)
	}
	s.tick(24 * time.Hour)
	if got := s.state(o.ID); got != engine.StateSettled {
		t.Errorf("%s after 7 days", got)
	}
}
