package trust

import (
	"fmt"

	"koira/engine"
)

// Walls says what people have set for a task: its walls, which instrument reads its channel, and what they ask of its record.
type Walls struct {
	engine.Walls
	Meter bool // something reads the channel's results
	Trust engine.TrustRule
}

// WallsOf reads a task's walls from what people have set.
func WallsOf(t engine.Task, g engine.Guardrails, metered bool) Walls {
	return Walls{engine.WallsOf(t, g), metered, g.Trust}
}

// Opens lists the keys of the limits by whose windows people set what is missing of w for the level to.
func (w Walls) Opens(to engine.Level) []string {
	var keys []string
	for _, x := range w.Missing() {
		if to >= engine.L4 && x.Key != "" {
			keys = append(keys, x.Key)
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
	back := regain(t, to, r)
	if to >= engine.L5 {
		if w.Trust.Needed(t) > r.Effective() {
			back = nil // the level's own count, below, holds it: one number is asked for, the larger
		}
	}
	m = append(m, back...)
	if to >= engine.L4 {
		for _, x := range w.Walls.Missing() {
			m = append(m, x.Name)
		}
	}
	if to >= engine.L5 {
		needed, bar := w.Trust.Needed(t), w.Trust.Bar(t)
		if n := needed - r.Effective(); n > 0 {
			if !t.LoweredAt.IsZero() {
				n = max(n, lacks(r))
			}
			gap := fmt.Sprintf("%s more (%d of %d)", count(n, "reviewed piece", "reviewed pieces"), r.Effective(), needed)
			if r.Light > 0 {
				gap = fmt.Sprintf("%s more (%d of %d; %d of the %d reviews were too quick or too many at once to count whole)",
					count(n, "reviewed piece", "reviewed pieces"), r.Effective(), needed, r.Light, r.Reviewed)
			}
			if u := RegainUnchanged - r.Unchanged; !t.LoweredAt.IsZero() && u > 0 {
				gap += fmt.Sprintf(", %d of them unchanged", u)
			}
			m = append(m, gap)
		}
		if p := r.Proven(); p < bar {
			m = append(m, fmt.Sprintf("proof that %d in 100 pass unchanged (so far %s)", int(bar*100+.5), AtLeast(int(p*100))))
		}
		if sign := r.Sign(); sign != "" && (needed > r.Effective() || r.Proven() < bar) {
			m = append(m, sign)
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
