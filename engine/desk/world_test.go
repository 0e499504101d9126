package desk

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"koira/engine"
	"koira/engine/enginetest"
	"koira/engine/guard"
	"koira/storage"
)

// The people of the test world.
const (
	mari  = "U1MARI"  // owner
	tomi  = "U2TOMI"  // approver
	olli  = "U3OLLI"  // operator
	venla = "U4VENLA" // viewer
	team  = "T1"
)

func person(id string) engine.Actor {
	return engine.Actor{ID: id, Team: team, Surface: engine.SurfaceSlack}
}

// world is a desk over a real store with three tasks.
type world struct {
	*Desk
	store *storage.DB
	clock *enginetest.Clock
	ids   engine.NewID
	ctx   context.Context
	t     testing.TB
	end   func() // of a world that is one of many
	about string // what a situation made, for the act that meets it: an id
}

// start is Mon 24 Nov 2025 10:00 in Helsinki.
var start = time.Date(2025, 11, 24, 8, 0, 0, 0, time.UTC)

func newWorld(t testing.TB) *world {
	t.Helper()
	w := openWorld(t, storage.Options{Path: filepath.Join(t.TempDir(), "koira.db")}, 7)
	t.Cleanup(func() { w.store.Close() })
	w.seed(t)
	return w
}

// openWorld is a world over the file that o names, which seed fills.
func openWorld(t testing.TB, o storage.Options, seed uint64) *world {
	t.Helper()
	ids := enginetest.IDs(seed)
	o.NewID = ids
	db, err := storage.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	w := &world{store: db, clock: enginetest.NewClock(start), ids: ids, ctx: t.Context(), t: t}
	doors := map[string]engine.Channel{
		"bluesky": door{engine.Traits{Name: "bluesky", Label: "Bluesky", Kind: engine.KindSocial, Limit: 60, Retract: true}},
		"news":    door{engine.Traits{Name: "news", Label: "Newsletter", Kind: engine.KindEmail, Subject: true}},
	}
	w.Desk = New(Options{
		Store:  w.store,
		People: engine.People{Owners: []string{mari}, Approvers: []string{tomi}, Operators: []string{olli}, Viewers: []string{venla}, Team: team},
		Gate:   measuredGate(guard.New(func(channel string) engine.Traits { return doors[channel].Traits() }, func(channel string) bool { return channel == "bluesky" })), Clock: w.clock, Wall: w.clock, NewID: ids, Packs: []string{"crisis", "legal"}, Metered: map[string]bool{"bluesky": true},
		Channels: doors,
	})
	return w
}

// measuredGate takes every channel for measured; see world.baseline for what the store knows of it.
func measuredGate(gate engine.Gate) engine.Gate {
	return func(v engine.View) engine.Verdict {
		v.Measured = engine.BaselinePieces
		return gate(v)
	}
}

// baseline lets pieces of a task have been posted by hand and read.
func (w *world) baseline(t testing.TB, task string) {
	t.Helper()
	for i := range engine.BaselinePieces {
		o, err := w.Posted(w.ctx, person(mari), task, fmt.Sprintf("https://bluesky.example/%d", i))
		must(t, err)
		sends, err := w.store.Sends(w.ctx, o.ID)
		must(t, err)
		must(t, w.store.SaveReadings(w.ctx, []engine.Observation{{Send: sends[0].ID, Metric: engine.Clicks, At: w.clock.Now(), Value: 14, Source: "test"}}, nil))
	}
}

func (w *world) seed(t testing.TB) {
	t.Helper()
	file := engine.Actor{ID: "file", Surface: engine.SurfaceFile}
	_, err := w.store.SetStrategy(w.ctx, engine.Strategy{
		Goals: []engine.Goal{{Key: "visits", Metric: engine.Clicks}}, Themes: []engine.Theme{{Key: "rye", Text: "rye bread"}},
		Business: engine.Business{Name: "Leipä & Co", Zone: "Europe/Helsinki", Currency: "EUR", Link: "https://leipa.example"},
		Segments: []engine.Segment{{Key: "regulars", Name: "Regulars", Size: 1240}},
	}, file, start, "first")
	must(t, err)
	must(t, w.store.SetGuardrails(w.ctx, 0, engine.Guardrails{
		Budget: engine.BudgetRule{Weekly: 100 * engine.Unit, Ceiling: 200 * engine.Unit}, Channels: map[string]bool{"bluesky": true, "news": true},
		Topics: engine.TopicRule{Blocked: []string{"politics"}}, Voice: engine.VoiceRule{Locked: true},
		Thresholds: map[string][]engine.Threshold{"daily-social": {{Metric: engine.Clicks, Floor: 6}}},
	}, file, start, "first"))
	for _, task := range []engine.Task{
		{
			ID: "daily-social", Name: "Daily social", Channel: "bluesky", Segment: "regulars", Kind: engine.KindSocial, Level: engine.L3, CostMax: 40 * engine.Unit,
			Cadence: engine.Cadence{Min: 1, Max: 7, From: 9, To: 17}, Sensitivity: engine.Low, Frequency: engine.High,
			Benchmarks: []engine.Benchmark{{Metric: engine.Clicks, Good: 12}},
		},
		{
			ID: "weekly-newsletter", Name: "Weekly newsletter", Channel: "news", Segment: "regulars", Kind: engine.KindEmail, Level: engine.L3,
			Cadence: engine.Cadence{Min: 1, Max: 1, Days: []time.Weekday{time.Thursday}, From: 7, To: 9},
		},
		{
			ID: "by-hand", Name: "By hand", Channel: "bluesky", Segment: "regulars", Kind: engine.KindSocial, Level: engine.L1,
			Cadence: engine.Cadence{Min: 1, Max: 7, From: 9, To: 17},
		},
	} {
		must(t, w.store.PutTask(w.ctx, task, file, start, "first"))
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// door is a channel that draws and does nothing else.
type door struct{ traits engine.Traits }

func (d door) Traits() engine.Traits { return d.traits }

func (d door) Render(o engine.Output) (engine.Rendering, error) {
	var r engine.Rendering
	for _, v := range o.Variants {
		if v.Body == "refuse this" {
			return r, engine.Errorf(engine.CodeInvalid, "The channel takes no such text.")
		}
		text := v.Subject + "|" + v.Body + "|" + v.CallToAction + "|" + v.Link
		r.Variants = append(r.Variants, engine.Rendered{Bytes: []byte(text), Shown: text, Count: len([]rune(v.Body))})
	}
	return r, nil
}

func (door) Prepare(context.Context, engine.Intent) (engine.Ref, error) { return engine.Ref{}, nil }
func (door) Publish(context.Context, engine.Intent, engine.Ref) (engine.Receipt, error) {
	return engine.Receipt{}, nil
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

// piece is a fresh piece of koira's of a task, in the state that the task's level sends it to, with this text and slot.
func (w *world) piece(t testing.TB, task, body string, slot time.Time) engine.Output {
	t.Helper()
	of, err := w.store.Task(w.ctx, task)
	must(t, err)
	o := w.planned(w.ctx, of, engine.OriginKoira, slot, "planned")
	must(t, w.store.AddOutput(w.ctx, o, engine.Koira))
	o.Variants = []engine.Variant{{Name: "A", Body: body}}
	if of.Kind == engine.KindEmail {
		o.Variants[0].Subject = "Rye"
	}
	draft, err := w.render(o)
	must(t, err)
	draft.Audience, draft.Writer = 1240, "built-in template writer"
	_, err = w.store.Move(w.ctx, engine.Move{Output: o.ID, From: engine.StatePlanned, To: engine.StateDrafted, By: engine.Koira, At: w.clock.Now(), Draft: &draft})
	must(t, err)
	to := engine.StateWaiting
	if !of.Level.Rung().Publishes {
		to = engine.StateHanded
	}
	_, err = w.store.Move(w.ctx, engine.Move{Output: o.ID, From: engine.StateDrafted, To: to, Digest: draft.Digest, By: engine.Koira, At: w.clock.Now()})
	must(t, err)
	return w.now(t, o.ID)
}

func (w *world) now(t testing.TB, id string) engine.Output {
	t.Helper()
	o, err := w.store.Output(w.ctx, id)
	must(t, err)
	return o
}

// level puts a task at a level with an owner's grant, past desk.
func (w *world) level(t testing.TB, task string, to engine.Level) {
	t.Helper()
	of, err := w.store.Task(w.ctx, task)
	must(t, err)
	must(t, w.store.ChangeTask(w.ctx, engine.TaskChange{
		Task: task, From: of.Level, To: to, By: person(mari), At: w.clock.Now(),
		Grant: &engine.Grant{ID: w.ids(), Task: task, Level: to, By: mari, Role: engine.RoleOwner},
	}))
}

// audited holds the log, replayed, against the tables.
func (w *world) audited(t testing.TB) {
	t.Helper()
	a, err := w.store.Audit(w.ctx)
	must(t, err)
	if a.Found > 0 {
		t.Errorf("the log has %d faults: %+v", a.Found, a.Faults)
	}
}

func edit(rule, to string) engine.RuleEdit { return engine.RuleEdit{Rule: rule, To: to} }

// tighten puts a tightening in force at once.
func (w *world) tighten(who, rule, to string) error {
	_, err := w.Tighten(w.ctx, person(who), edit(rule, to))
	return err
}

// setLevel is SetLevel, with the signature of the approver where that is needed.
func (w *world) setLevel(who, task string, from, to engine.Level) error {
	waits, err := w.SetLevel(w.ctx, person(who), task, from, to)
	if err == nil && waits != nil {
		_, err = w.Sign(w.ctx, person(tomi), waits.ID)
	}
	return err
}

// byItself is a piece scheduled under a grant, without anybody's yes.
func (w *world) byItself(t testing.TB, body string, slot time.Time) engine.Output {
	t.Helper()
	return w.goesUnasked(t, "daily-social", body, slot)
}

func (w *world) goesUnasked(t testing.TB, task, body string, slot time.Time) engine.Output {
	t.Helper()
	w.level(t, task, engine.L5)
	of, err := w.store.Task(w.ctx, task)
	must(t, err)
	o := w.planned(w.ctx, of, engine.OriginKoira, slot, "planned")
	must(t, w.store.AddOutput(w.ctx, o, engine.Koira))
	o.Variants = []engine.Variant{{Name: "A", Body: body}}
	draft, err := w.render(o)
	must(t, err)
	draft.Audience = 1240
	for _, m := range []engine.Move{
		{From: engine.StatePlanned, To: engine.StateDrafted, Draft: &draft},
		{From: engine.StateDrafted, To: engine.StateScheduled, Digest: draft.Digest},
	} {
		m.Output, m.By, m.At = o.ID, engine.Koira, w.clock.Now()
		_, err = w.store.Move(w.ctx, m)
		must(t, err)
	}
	return w.now(t, o.ID)
}

// unsure is a piece that was approved and sent, with an unknown outcome.
func (w *world) unsure(t testing.TB, quiet time.Duration) engine.Output {
	t.Helper()
	o := w.piece(t, "daily-social", "Rye bread sells out.", w.clock.Now().Add(time.Hour))
	must(t, w.Approve(w.ctx, person(tomi), Click{Output: o.ID, Digest: o.Digest, Audience: o.Audience, Whole: true}))
	w.clock.Advance(time.Hour)
	intents, _, err := w.store.Claim(w.ctx, o.ID, o.Digest, w.clock.Now(), w.gate)
	must(t, err)
	must(t, w.store.Apply(w.ctx, engine.Result{
		Send: intents[0].Send, Fence: intents[0].Fence, State: engine.SendUnconfirmed, At: w.clock.Now(), By: engine.Koira, QuietUntil: w.clock.Now().Add(quiet),
	}))
	return w.now(t, o.ID)
}

func yes(o engine.Output) Click {
	return Click{Output: o.ID, Digest: o.Digest, Audience: o.Audience, Looked: 9 * time.Second, Whole: true}
}

// want fails t unless err has this code, and its message holds each of the given parts.
func want(t testing.TB, err error, code engine.Code, parts ...string) {
	t.Helper()
	if got := engine.CodeOf(err); got != code {
		t.Fatalf("code %q, want %q (%v)", got, code, err)
	}
	for _, p := range parts {
		if !strings.Contains(sentence(err), p) {
			t.Errorf("message %q lacks %q", sentence(err), p)
		}
	}
}

func (w *world) wantState(t testing.TB, id string, s engine.State) engine.Output {
	t.Helper()
	o := w.now(t, id)
	if o.State != s {
		t.Fatalf("the piece is %s, want %s", o.State, s)
	}
	return o
}

const day = 24 * time.Hour
