package report

import (
	"testing"

	"koira/engine"
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
