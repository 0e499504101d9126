package loop

import (
	"testing"

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
