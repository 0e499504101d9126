package trust

import (
	"fmt"

	"koira/engine"
)

// Walls says which of the four walls, and which instrument, a task has.
type Walls struct {
	Budget, Voice, Channels, Thresholds bool
	Meter                               bool // something reads the channel's results
}

// WallsOf reads a task's walls from what people have set.
func WallsOf(t engine.Task, g engine.Guardrails, metered bool) Walls {
	w := Walls{Budget: g.Budget.Ceiling > 0, Voice: g.Voice.Locked, Channels: g.Channels[t.Channel], Meter: metered}
	for _, x := range g.Thresholds[t.ID] {
		w.Thresholds = w.Thresholds || x.Floor > 0 || x.Ceiling > 0
	}
	return w
}

// Needed is how many reviewed cycles a task needs before L5: 50 where highly sensitive or broadcast e-mail, 20 for frequent social, else 30.
func Needed(t engine.Task) int {
	switch {
	case t.Sensitivity == engine.High || t.Kind == engine.KindEmail:
		return 50
	case t.Kind == engine.KindSocial && t.Frequency == engine.High:
		return 20
	}
	return 30
}

// Bar is the share that must be proven before L5.
func Bar(t engine.Task) float64 {
	switch t.Sensitivity {
	case engine.High:
		return .90
	case engine.Low:
		return .80
	}
	return .85
}

// Missing lists, in words, what stands between t and the level to; empty means that an owner may allow it. Caps are engine.Cap's.
func Missing(t engine.Task, to engine.Level, r Record, w Walls) []string {
	var m []string
	if to >= engine.L3 && r.Severe > 0 {
		m = append(m, fmt.Sprintf("%s counted as serious", count(r.Severe, "reject", "rejects")))
	}
	m = append(m, regain(t, to, r)...)
	if to >= engine.L4 {
		for _, wall := range []struct {
			there bool
			name  string
		}{{w.Budget, "a budget cap"}, {w.Voice, "a voice lock"}, {w.Channels, "its channel on the allow-list"}, {w.Thresholds, "a performance threshold"}} {
			if !wall.there {
				m = append(m, wall.name)
			}
		}
	}
	if to >= engine.L5 {
		if n := Needed(t) - r.Reviewed; n > 0 {
			m = append(m, fmt.Sprintf("%s more (%d of %d)", count(n, "reviewed piece", "reviewed pieces"), r.Reviewed, Needed(t)))
		}
		if p := r.Proven(); p < Bar(t) {
			m = append(m, fmt.Sprintf("proof that %d in 100 pass unchanged (now at least %d)", int(Bar(t)*100), int(p*100)))
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
