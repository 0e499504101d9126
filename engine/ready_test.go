package engine

import (
	"slices"
	"testing"
)

func TestUnplanned(t *testing.T) {
	whole := Strategy{Goals: []Goal{{Key: "visits"}}, Segments: []Segment{{Key: "locals"}}, Themes: []Theme{{Key: "rye"}}}
	allowed := Guardrails{Channels: map[string]bool{"social": true}}
	task := Task{Channel: "social", Segment: "locals", Level: L3}
	for name, c := range map[string]struct {
		change func(*Strategy, *Guardrails, *Task)
		want   []string
	}{
		"nothing is missing":    {func(*Strategy, *Guardrails, *Task) {}, nil},
		"no goal":               {func(s *Strategy, _ *Guardrails, _ *Task) { s.Goals = nil }, []string{"the strategy has no goal"}},
		"no segment":            {func(s *Strategy, _ *Guardrails, _ *Task) { s.Segments = nil }, []string{"the strategy has no segment of readers"}},
		"none of all":           {func(s *Strategy, _ *Guardrails, _ *Task) { *s = Strategy{} }, []string{"the strategy has no goal, no segment of readers and no theme"}},
		"readers of nobody":     {func(_ *Strategy, _ *Guardrails, t *Task) { t.Segment = "tourists" }, []string{"its readers are no segment of the strategy"}},
		"channel not allowed":   {func(_ *Strategy, g *Guardrails, _ *Task) { g.Channels = nil }, []string{"Social is not on the list of allowed channels"}},
		"goal and channel":      {func(s *Strategy, g *Guardrails, _ *Task) { s.Goals, g.Channels = nil, nil }, []string{"the strategy has no goal", "Social is not on the list of allowed channels"}},
		"a level without plans": {func(s *Strategy, _ *Guardrails, t *Task) { *s, t.Level = Strategy{}, L1 }, nil},
		"kept at L1 by nature":  {func(s *Strategy, _ *Guardrails, t *Task) { s.Goals, t.Nature = nil, []Nature{NatureRelationship} }, nil},
	} {
		s, g, x := whole, allowed, task
		c.change(&s, &g, &x)
		if got := Unplanned(s, g, x, "Social"); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
