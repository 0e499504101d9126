package engine_test

import (
	"testing"

	"koira/engine"
)

// TestShadows says by hand what the levels above a task's own would have done with its draft.
func TestShadows(t *testing.T) {
	door := engine.Traits{Retract: true}
	draft := engine.Output{ID: "o1", Task: "t", Origin: engine.OriginKoira, Digest: "d1"}
	with := func(change func(*engine.Output)) engine.Output {
		o := draft
		change(&o)
		return o
	}
	finding := func(f engine.Finding) engine.Gate {
		return func(v engine.View) engine.Verdict {
			if v.Grant == nil || v.Grant.Level != v.Task.Level || v.Approval != nil || v.Stage != engine.StageApproval {
				t.Errorf("the gate was asked about %s with grant %v at %s", v.Task.Level, v.Grant, v.Stage)
			}
			return engine.Verdict{Findings: []engine.Finding{f}}
		}
	}
	pass := finding(engine.Finding{Outcome: engine.Pass})
	blocks := engine.Finding{Rule: "blast", Outcome: engine.Block, Evidence: "It may reach 900 people."}
	smaller := blocks
	smaller.Limit = &engine.Limit{Audience: 500}
	for name, c := range map[string]struct {
		held   engine.Level
		nature []engine.Nature
		o      engine.Output
		tr     engine.Traits
		gate   engine.Gate
		want   []engine.Shadow // of Level, Sends, Rule and Why
	}{
		"L5 sends what nothing stops; L4 is the task's own": {engine.L4, nil, draft, door, pass, []engine.Shadow{{Level: engine.L5, Sends: true}}},
		"nothing stands above L5":                           {engine.L5, nil, draft, door, pass, nil},
		"what its nature bars is not tried":                 {engine.L4, []engine.Nature{engine.NaturePricing}, draft, door, pass, nil},
		"people's own words are not koira's":                {engine.L4, nil, with(func(o *engine.Output) { o.Origin = engine.OriginCopy }), door, pass, nil},
		"nor is what people changed":                        {engine.L4, nil, with(func(o *engine.Output) { o.EditedBy = "mari" }), door, pass, nil},
		"what people asked for is taken as koira's":         {engine.L4, nil, with(func(o *engine.Output) { o.Origin = engine.OriginAsked }), door, pass, []engine.Shadow{{Level: engine.L5, Sends: true}}},
		"what somebody took back waits": {
			engine.L4, nil, with(func(o *engine.Output) { o.WaitsFor = "taken back by mari" }), door, pass, []engine.Shadow{{Level: engine.L5, Why: "taken back by mari"}},
		},
		"a rule stops it": {engine.L4, nil, draft, door, finding(blocks), []engine.Shadow{{Level: engine.L5, Rule: "blast", Why: blocks.Evidence}}},
		"what would be made smaller goes": {
			engine.L4, nil, draft, door, finding(smaller), []engine.Shadow{{Level: engine.L5, Sends: true, Why: blocks.Evidence}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			v := engine.View{Output: c.o, Task: engine.Task{ID: "t", Level: c.held, Nature: c.nature}, Traits: c.tr, Approval: &engine.Approval{}}
			got := engine.Shadows(c.gate, v)
			if len(got) != len(c.want) {
				t.Fatalf("%d tests on paper, want %d: %+v", len(got), len(c.want), got)
			}
			for i, w := range c.want {
				g := got[i]
				if g.Level != w.Level || g.Sends != w.Sends || g.Rule != w.Rule || g.Why != w.Why || g.Held != c.held || g.Digest != "d1" {
					t.Errorf("%+v, want %+v", g, w)
				}
			}
		})
	}
	v := engine.View{Output: draft, Task: engine.Task{ID: "t", Level: engine.L3}, Traits: door}
	if got := engine.Shadows(pass, v); len(got) != 2 || got[0].Level != engine.L4 || got[1].Level != engine.L5 {
		t.Errorf("at L3 both levels above are tried: %+v", got)
	}
}
