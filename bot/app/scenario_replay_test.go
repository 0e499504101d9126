package app

import (
	"slices"
	"testing"
	"time"

	"koira/engine"
)

// TestThePreviewIsWhatTheGateWouldHaveSaid lets two tasks run by themselves for three weeks and keeps what the gate was shown of each piece inside
// the transaction that cleared it. Then changes of the rules are tried: the preview, which rebuilds that from what is on record, must name
// exactly the pieces that the gate would have stopped, had the new rules been in force in what it was shown.
func TestThePreviewIsWhatTheGateWouldHaveSaid(t *testing.T) {
	s := begin(t, nil)
	for _, id := range []string{"daily-social", "weekly-newsletter"} {
		s.alone(id)
	}
	was, err := s.DB.Guardrails(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	was.Frequency = []engine.FrequencyRule{{Most: 1000, Days: 31}} // so that the gate is shown what is around each piece
	if err := s.DB.SetGuardrails(t.Context(), was.Version, was, mariOwner, s.clock.Now(), "to see what is around"); err != nil {
		t.Fatal(err)
	}
	if was, err = s.DB.Guardrails(t.Context()); err != nil {
		t.Fatal(err)
	}
	shown := map[string]engine.View{}
	gate := s.Loop.Gate
	s.Loop.Gate = func(v engine.View) engine.Verdict {
		verdict := gate(v)
		if v.Stage == engine.StageApproval && verdict.Outcome != engine.Block && v.Grant != nil && !v.Grant.At.IsZero() { // no test on paper
			if _, ok := shown[v.Output.ID]; !ok || v.Output.State == engine.StateDrafted {
				shown[v.Output.ID] = v
			}
		}
		return verdict
	}
	for range 21 * 4 {
		s.tick(6 * time.Hour)
	}
	for name, change := range map[string]func(*engine.Guardrails){
		"a word":            func(g *engine.Guardrails) { g.Topics.Blocked = append(g.Topics.Blocked, "dough") },
		"two a week":        func(g *engine.Guardrails) { g.Frequency = []engine.FrequencyRule{{Most: 2, Days: 7}} },
		"repetition":        func(g *engine.Guardrails) { g.Duplicates = engine.DuplicateRule{Percent: 20, Days: 30} },
		"money a week":      func(g *engine.Guardrails) { g.Budget.Weekly = 2 * engine.Unit },
		"money a piece":     func(g *engine.Guardrails) { g.Budget.Output = engine.Unit / 2 },
		"the pace":          func(g *engine.Guardrails) { g.Budget.Pace = 20 },
		"the mornings":      func(g *engine.Guardrails) { g.Quiet = []engine.QuietRule{{From: 0, To: 12 * 60}} },
		"reach":             func(g *engine.Guardrails) { g.Blast.People = 500 },
		"a door":            func(g *engine.Guardrails) { g.Channels = map[string]bool{"newsletter": true} },
		"a line":            func(g *engine.Guardrails) { g.Lines = append(g.Lines, engine.LineRule{Text: "Leipä & Co, Turku"}) },
		"all at once, less": func(g *engine.Guardrails) { *g = engine.Guardrails{Channels: g.Channels} },
	} {
		next := was.Clone()
		change(&next)
		v, err := s.Report.Replay(t.Context(), was, next)
		if err != nil {
			t.Fatal(err)
		}
		var got, want []string
		for _, x := range slices.Concat(v.Stopped, v.Stops) {
			if _, ok := shown[x.Output.ID]; ok { // what waits for a yes anyway is no business of this test
				got = append(got, x.Output.ID)
			}
		}
		for id, view := range shown {
			if o := s.now(id); !o.State.Final() && o.PublishedAt.IsZero() { // what is ahead is held against now
				if view, err = s.DB.View(t.Context(), id, engine.StageApproval, s.clock.Now()); err != nil {
					t.Fatal(err)
				}
			}
			view.Guardrails = next
			if slices.ContainsFunc(gate(view).Blocks(), func(f engine.Finding) bool { return f.Limit == nil }) {
				want = append(want, id)
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: the preview names %q, the gate stops %q of %d", name, got, want, len(shown))
		}
	}
}

var mariOwner = engine.Actor{ID: "U0MARI0001", Role: engine.RoleOwner, Surface: engine.SurfaceSlack}

// alone lets a task run by itself, by an owner's yes, with pieces that cost.
func (s *scene) alone(id string) {
	s.t.Helper()
	task, err := s.DB.Task(s.t.Context(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	was := task.Level
	task.CostMax = engine.Unit
	mari := mariOwner
	if err := s.DB.PutTask(s.t.Context(), task, mari, s.clock.Now(), "with a price"); err != nil {
		s.t.Fatal(err)
	}
	if err := s.DB.ChangeTask(s.t.Context(), engine.TaskChange{
		Task: id, From: was, To: engine.L5, By: mari, At: s.clock.Now(), Why: "to see",
		Grant: &engine.Grant{ID: "g-" + id, Task: id, Level: engine.L5, By: mari.ID, Role: engine.RoleOwner, At: s.clock.Now(), Proof: "none"},
	}); err != nil {
		s.t.Fatal(err)
	}
}
