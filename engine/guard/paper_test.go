package guard_test

import (
	"fmt"
	"testing"
	"time"

	"koira/engine"
	"koira/engine/guard"
)

// What a level does on paper is what it does: for each level, kind, door and draw, the test on paper lets out what the loop would let out without a
// person, and waits for the same reason.
func TestPaperIsWhatTheLoopDoes(t *testing.T) {
	pass := func(engine.View) engine.Verdict { return engine.Verdict{} }
	now := time.Date(2025, 11, 24, 8, 0, 0, 0, time.UTC)
	var said []engine.Review
	for i := range 120 { // enough for any level's record
		said = append(said, engine.Review{Output: fmt.Sprint(i), Verdict: engine.ReviewApproved, By: "mari", At: now.Add(time.Duration(i-200) * time.Hour), Whole: true, Looked: time.Minute})
	}
	sent := map[engine.Level]int{}
	for level := engine.L0; level <= engine.L5; level++ {
		for _, kind := range []engine.Kind{engine.KindSocial, engine.KindEmail, engine.KindBlog} {
			for _, door := range []engine.Traits{{}, {Retract: true}, {Halt: true}} {
				for _, sampled := range []bool{false, true} {
					for _, waits := range []string{"", "taken back"} {
						v := engine.View{
							Now: now, Stage: engine.StageDraft, Reviews: said, Traits: door,
							Task:   engine.Task{ID: "t", Level: level, Kind: kind, Sensitivity: engine.Low},
							Grant:  &engine.Grant{Task: "t", Level: level, By: "mari", Role: engine.RoleOwner},
							Output: engine.Output{ID: "o", Task: "t", Kind: kind, Origin: engine.OriginKoira, Digest: "0123456789abcdef01", WaitsFor: waits},
						}
						v.Guardrails.Review.Sample = 1 << 40
						if sampled {
							v.Guardrails.Review.Sample = 1
						}
						p := guard.Passage(v)
						for held := engine.L0; held <= engine.L5; held++ { // wherever the task stands
							on := v
							on.Task.Level = held
							s, ok := engine.ShadowAt(pass, on, level)
							alone := p.Way == engine.WayAlone || p.Way == engine.WayWindow
							if !ok || s.Sends != alone || s.Why != p.Why {
								t.Errorf("%s at %s, %s, %+v, sampled %t, %q: on paper %t %q, in fact %s %q", held, level, kind, door, sampled, waits, s.Sends, s.Why, p.Way, p.Why)
							}
							if s.Sends {
								sent[level]++
							}
						}
					}
				}
			}
		}
	}
	// By hand: at L5 all that nobody took back, of 3 kinds, 3 doors and 2 draws; at L4 two kinds through two doors, undrawn; each from 6 levels.
	if sent[engine.L5] != 3*3*2*6 || sent[engine.L4] != 2*2*6 || len(sent) != 2 {
		t.Errorf("went out: %v", sent)
	}
}

// A piece that waits by its own level is not held to that at another.
func TestPaperForgetsItsOwnLevel(t *testing.T) {
	pass := func(engine.View) engine.Verdict { return engine.Verdict{} }
	v := engine.View{
		Task: engine.Task{ID: "t", Level: engine.L3}, Traits: engine.Traits{Retract: true},
		Output: engine.Output{ID: "o", Task: "t", Origin: engine.OriginKoira, Digest: "0123456789abcdef01", WaitsFor: "each waits for your yes (L3)"},
	}
	if s, _ := engine.ShadowAt(pass, v, engine.L5); !s.Sends {
		t.Errorf("at L5 it waits: %q", s.Why)
	}
}
