package report

import (
	"testing"

	"koira/engine"
	"koira/engine/guard"
)

// TestNearMisses lists what passed within a tenth of a limit, by rule.
func TestNearMisses(t *testing.T) {
	f := bakery()
	piece := func(id, slot string, fs ...engine.Finding) {
		o := post(id, slot)
		o.Findings = fs
		f.outputs = append(f.outputs, o)
	}
	finding := func(rule string, outcome engine.Outcome, use float64) engine.Finding {
		return engine.Finding{Rule: rule, Outcome: outcome, Use: use, Evidence: "So much."}
	}
	piece("a", "2025-11-18 09:10", finding("limits", engine.Pass, .93), finding("frequency", engine.Warn, 1), finding("budget", engine.Pass, .89))
	piece("b", "2025-11-19 09:10", finding("limits", engine.Pass, .97), finding("limits", engine.Warn, .95))
	piece("c", "2025-11-20 09:10", finding("blast", engine.Block, 1), finding("pace", engine.Warn, 1.2), engine.Finding{Rule: "frequency", Outcome: engine.Pass, Use: 1})
	piece("the week before", "2025-11-16 09:10", finding("limits", engine.Pass, .99))
	v := view(reader(f, today).Weekly(t.Context(), "2025-W47"))(t)
	var got []string
	for _, n := range v.Near {
		for _, p := range n.Pieces {
			got = append(got, n.Rule+" "+p.Output)
		}
	}
	same(t, "near misses", []string{"limits b", "limits a", "frequency a"}, got)
}

// TestWhyNotOfWhatIsCleared asks the gate itself: that the time of a piece has not come is no rule that stops it, and what stands still waits.
func TestWhyNotOfWhatIsCleared(t *testing.T) {
	for name, c := range map[string]struct {
		stopped bool
		answer  string
		waits   int
	}{
		"nothing wrong":      {false, "Nothing stops it; it goes out {at}.", 0},
		"everything stopped": {true, "No rule stops it, but it waits: stopped.", 1},
	} {
		f := bakery()
		o := in(engine.StateScheduled, post("cleared", "2025-11-25 09:10"))
		o.Variants[0].Body = "Rye bread is warm."
		f.outputs = append(f.outputs, o)
		f.view = func(v engine.View) engine.View {
			v.Control.Stopped = c.stopped
			v.Task.Level = engine.L3
			v.Guardrails.Channels = map[string]bool{"bluesky": true}
			v.Approval = &engine.Approval{Output: o.ID, Digest: o.Digest, Role: engine.RoleApprover}
			return v
		}
		r := reader(f, today)
		r.o.Gate = guard.New(func(string) engine.Traits { return engine.Traits{Name: "bluesky", Retract: true} }, func(string) bool { return true })
		v := view(r.WhyNot(t.Context(), "cleared"))(t)
		if v.Answer != c.answer || len(v.Blocks) != 0 || len(v.Waits) != c.waits {
			t.Errorf("%s: %q, %+v, waits for %+v", name, v.Answer, v.Blocks, v.Waits)
		}
	}
}

// TestWhyNotNamesTheNearestLimit of a piece that nothing stops.
func TestWhyNotNamesTheNearestLimit(t *testing.T) {
	f := bakery()
	o := post("out", "2025-11-18 09:10")
	o.Findings = []engine.Finding{
		{Rule: "limits", Outcome: engine.Pass, Use: .5, Evidence: "It has 150 characters; Bluesky takes 300."},
		{Rule: "frequency", Outcome: engine.Warn, Use: .92, Evidence: "With it, 11 of at most 12 in 7 days on bluesky.", Remedy: "Nothing yet."},
		{Rule: "topics", Outcome: engine.Pass},
	}
	f.outputs = append(f.outputs, o)
	v := view(reader(f, today).WhyNot(t.Context(), "out"))(t)
	same(t, "nearest", &o.Findings[1], v.Nearest)
	f.outputs[0].Findings = []engine.Finding{{Rule: "topics", Outcome: engine.Pass}}
	v = view(reader(f, today).WhyNot(t.Context(), "out"))(t)
	if v.Nearest != nil {
		t.Errorf("nearest to %s, which measures nothing", v.Nearest.Rule)
	}
}
