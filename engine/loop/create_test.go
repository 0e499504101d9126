package loop

import (
	"testing"
	"time"

	"koira/engine"
)

// A draft says which strategy and which rules it was checked against, from its first moment on and after each further look.
func TestADraftNamesWhatItWasCheckedAgainst(t *testing.T) {
	s := newShop(t, func(*engine.Guardrails) {}, same)
	s.crash = "drafted" // and before it goes to a queue, somebody changes the rules
	func() {
		defer func() { _ = recover() }()
		s.tick()
	}()
	drafted := s.all(engine.StateDrafted)
	if len(drafted) != 1 || drafted[0].StrategyVersion != 1 || drafted[0].GuardrailVersion != 1 {
		t.Fatalf("drafted: %+v", drafted)
	}
	s.set(func(g *engine.Guardrails) { g.Mentions = []string{"turku"} })
	s.build()
	s.tick()
	waiting := s.all(engine.StateWaiting)
	if len(waiting) < 2 {
		t.Fatalf("%d wait", len(waiting))
	}
	for _, o := range waiting {
		if o.StrategyVersion != 1 || o.GuardrailVersion != 2 {
			t.Errorf("%s waits, checked against strategy %d and rules %d", o.ID, o.StrategyVersion, o.GuardrailVersion)
		}
	}
}

// How long a piece stays is for who publishes it when it is written, whoever that was when it was planned.
func TestAPieceStaysForWhoPublishesIt(t *testing.T) {
	for name, c := range map[string]struct {
		planned, written engine.Level
		in               engine.State
		days             bool
	}{
		"its task rose": {engine.L1, engine.L3, engine.StateWaiting, false},
		"its task fell": {engine.L3, engine.L1, engine.StateHanded, true},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t, func(*engine.Guardrails) {}, func(t *engine.Task) { t.Level = c.written })
			of, err := s.db.Task(t.Context(), "daily")
			s.must(err)
			of.Level = c.planned
			o := s.newOutput(engine.Strategy{}, of, start.Add(3*time.Hour), engine.OriginAsked)
			s.must(s.db.AddOutput(t.Context(), o, file))
			s.tick()
			if o, err = s.db.Output(t.Context(), o.ID); err != nil || o.State != c.in || (o.Expires.Sub(o.Slot) > 24*time.Hour) != c.days {
				t.Errorf("it is %s, and ends %s after its time, %v", o.State, o.Expires.Sub(o.Slot), err)
			}
		})
	}
}
