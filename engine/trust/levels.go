package trust

import (
	"fmt"

	"koira/engine"
)

// Walls says which of the four walls, which benchmarks and which instrument a task has, and what people ask of its record.
type Walls struct {
	Budget, Voice, Channels, Thresholds bool
	Benchmarks                          bool // people have said what good is
	Meter                               bool // something reads the channel's results
	Trust                               engine.TrustRule
}

// WallsOf reads a task's walls from what people have set.
func WallsOf(t engine.Task, g engine.Guardrails, metered bool) Walls {
	w := Walls{
		Budget: g.Budget.Ceiling > 0, Voice: g.Voice.Locked, Channels: g.Channels[t.Channel], Benchmarks: len(t.Benchmarks) > 0, Meter: metered, Trust: g.Trust,
	}
	for _, x := range g.Thresholds[t.ID] {
		w.Thresholds = w.Thresholds || x.Floor > 0 || x.Ceiling > 0
	}
	return w
}

// WallGood is the key of the window in which people say what good is for a task; it is no limit.
const WallGood = "good"

// wall is one thing that must stand before a task may run with less asking, and the limit by whose window people set it.
type wall struct {
	there bool
	name  string
	key   string // of a report.Rule, or WallGood; "" where only the config file sets it
}

func (w Walls) all() []wall {
	return []wall{
		{w.Budget, "a budget cap, whose ceiling the config file holds", ""}, {w.Voice, "a voice lock", "voice"}, {w.Channels, "its channel on the allow-list", "channels"},
		{w.Thresholds, "a performance threshold", "minimums"}, {w.Benchmarks, "what you call good", WallGood},
	}
}

// Opens lists the keys of the limits by whose windows people set what is missing of w for the level to.
func (w Walls) Opens(to engine.Level) []string {
	var keys []string
	for _, x := range w.all() {
		if to >= engine.L4 && !x.there && x.key != "" {
			keys = append(keys, x.key)
		}
	}
	return keys
}

// Missing lists, in words, what of its record and walls stands between t and the level to. A Case knows the rest.
func Missing(t engine.Task, to engine.Level, r Record, w Walls) []string {
	var m []string
	if to >= engine.L3 && r.Severe > 0 {
		m = append(m, fmt.Sprintf("%s counted as serious", count(r.Severe, "reject", "rejects")))
	}
	m = append(m, regain(t, to, r)...)
	if to >= engine.L4 {
		for _, x := range w.all() {
			if !x.there {
				m = append(m, x.name)
			}
		}
	}
	if to >= engine.L5 {
		needed, bar := w.Trust.Needed(t), w.Trust.Bar(t)
		if n := needed - r.Effective(); n > 0 {
			gap := fmt.Sprintf("%s more (%d of %d)", count(n, "reviewed piece", "reviewed pieces"), r.Effective(), needed)
			if r.Light > 0 {
				gap = fmt.Sprintf("%s more (%d of %d; %d of the %d reviews were too quick or too many at once to count whole)",
					count(n, "reviewed piece", "reviewed pieces"), r.Effective(), needed, r.Light, r.Reviewed)
			}
			m = append(m, gap)
		}
		if p := r.Proven(); p < bar {
			m = append(m, fmt.Sprintf("proof that %d in 100 pass unchanged (now at least %d)", int(bar*100+.5), int(p*100)))
		}
		if !w.Meter {
			m = append(m, "a meter that reads its channel")
		}
	}
	return m
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
