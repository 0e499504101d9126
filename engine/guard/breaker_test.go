package guard

import (
	"testing"

	"koira/engine"
)

func TestInterrupted(t *testing.T) {
	paused := engine.Breaker{Failed: engine.BreakAfter, Pause: &engine.Pause{Why: "x"}}
	for name, c := range map[string]struct {
		stage engine.Stage
		b     engine.Breaker
		want  engine.Outcome
	}{
		"it works":                   {engine.StageApproval, engine.Breaker{}, engine.Pass},
		"one attempt failed":         {engine.StageApproval, engine.Breaker{Failed: 1, Unconfirmed: 1}, engine.Pass},
		"one more pauses it":         {engine.StageApproval, engine.Breaker{Failed: engine.BreakAfter - 1}, engine.Warn},
		"one more unknown pauses it": {engine.StageApproval, engine.Breaker{Failed: 1, Unconfirmed: engine.BreakAfter - 1}, engine.Warn},
		"nearly, at the claim":       {engine.StageClaim, engine.Breaker{Failed: engine.BreakAfter - 1}, engine.Pass},
		"nearly, while drafting":     {engine.StageDraft, engine.Breaker{Failed: engine.BreakAfter - 1}, engine.Pass},
		"paused, asked for a yes":    {engine.StageApproval, paused, engine.Warn},
		"paused, while drafting":     {engine.StageDraft, paused, engine.Pass},
		"paused, at the claim":       {engine.StageClaim, paused, engine.Block},
	} {
		v := clean()
		v.Stage, v.Breaker = c.stage, c.b
		got := engine.Pass
		for _, f := range interrupted(v) {
			got = worse(got, f.Outcome)
			if f.Evidence == "" || f.Remedy == "" || f.Later != (f.Outcome == engine.Block) {
				t.Errorf("%s: %+v", name, f)
			}
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
