package app

import (
	"strings"
	"testing"
	"time"

	"koira/engine"
	"koira/engine/desk"
)

// approveAll approves whatever of a task waits.
func (s *scene) approveAll(task string) {
	s.t.Helper()
	mari := engine.Actor{ID: "U0MARI0001", Team: "T0KOIRA01", Surface: engine.SurfaceSlack}
	for _, o := range s.outputs(engine.OutputFilter{Task: task, States: []engine.State{engine.StateWaiting}}) {
		if err := s.Desk.Approve(s.t.Context(), mari, desk.Click{Output: o.ID, Digest: o.Digest, Audience: o.Audience, Whole: true}); err != nil && engine.CodeOf(err) != engine.CodeBlocked {
			s.t.Fatal(err)
		}
	}
}

// limit sets the one threshold of a task.
func (s *scene) limit(task string, x engine.Threshold) {
	s.t.Helper()
	g, err := s.DB.Guardrails(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	g.Thresholds = map[string][]engine.Threshold{task: {x}}
	if err := s.DB.SetGuardrails(s.t.Context(), g.Version, g, engine.Actor{ID: "U0MARI0001"}, s.clock.Now(), "threshold"); err != nil {
		s.t.Fatal(err)
	}
}

// live lets a task run for that many days with every piece approved, and reports the day on which it was paused, 0 when it was not.
func (s *scene) live(task string, days int) int {
	s.t.Helper()
	for i := range days * 8 {
		s.approveAll(task)
		s.tick(3 * time.Hour)
		t, err := s.DB.Task(s.t.Context(), task)
		if err != nil {
			s.t.Fatal(err)
		}
		if t.Paused != nil {
			return i/8 + 1
		}
	}
	return 0
}

// A task whose pieces bring less than its minimum is paused with an exception, resumes one level lower, and is not paused again by what it
// was paused for.
func TestATaskBelowItsMinimumIsPausedOnce(t *testing.T) {
	s := begin(t, nil)
	s.limit("daily-social", engine.Threshold{Metric: engine.Clicks, Floor: 500})
	day := s.live("daily-social", 21)
	if day == 0 || day > 14 {
		t.Fatalf("paused on day %d, want within two weeks", day)
	}
	task, err := s.DB.Task(t.Context(), "daily-social")
	if err != nil {
		t.Fatal(err)
	}
	if task.Paused.By != engine.Koira.ID || !strings.Contains(task.Paused.Why, "your minimum is 500") {
		t.Errorf("paused by %s: %s", task.Paused.By, task.Paused.Why)
	}
	if s.open(engine.ExceptionTask) != 1 {
		t.Errorf("%d exceptions about the task, want 1", s.open(engine.ExceptionTask))
	}
	if n := s.live("weekly-newsletter", 1); n != 0 {
		t.Error("a task without a threshold was paused")
	}
	mari := engine.Actor{ID: "U0MARI0001", Team: "T0KOIRA01", Surface: engine.SurfaceSlack}
	if err := s.Desk.ResumeTask(t.Context(), mari, "daily-social"); err != nil {
		t.Fatal(err)
	}
	if task, _ = s.DB.Task(t.Context(), "daily-social"); task.Level != engine.L1 || task.Paused != nil {
		t.Errorf("it resumed at %s, paused %v; want L1", task.Level, task.Paused)
	}
	if day := s.live("daily-social", 3); day != 0 {
		t.Errorf("paused again on day %d after it was resumed, by results that it was paused for", day)
	}
}

// Within its limits it runs on, and says how it stands.
func TestATaskWithinItsLimitsRunsOn(t *testing.T) {
	s := begin(t, nil)
	s.limit("daily-social", engine.Threshold{Metric: engine.Clicks, Floor: 1, Ceiling: 5000})
	if day := s.live("daily-social", 14); day != 0 {
		t.Fatalf("paused on day %d", day)
	}
	st, err := s.DB.Standings(t.Context(), "daily-social")
	if err != nil || len(st) != 1 || st[0].Verdict != engine.StandingFine {
		t.Errorf("standings %+v, %v", st, err)
	}
}

// Too little data pauses nothing.
func TestTooLittleDataPausesNothing(t *testing.T) {
	s := begin(t, nil)
	s.limit("daily-social", engine.Threshold{Metric: engine.Clicks, Floor: 500, Sample: 40})
	if day := s.live("daily-social", 14); day != 0 {
		t.Fatalf("paused on day %d", day)
	}
}
