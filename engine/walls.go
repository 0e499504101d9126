package engine

import "strings"

// Walls says which of the things stand without which nothing of a task goes out unasked: the four walls, and what people call good.
type Walls struct {
	Budget, Voice, Channels, Thresholds bool
	Benchmarks                          bool // people have said what good is
}

// WallsOf reads a task's walls from what people have set.
func WallsOf(t Task, g Guardrails) Walls {
	w := Walls{Budget: g.Budget.Ceiling > 0, Voice: g.Voice.Locked, Channels: g.Channels[t.Channel], Benchmarks: len(t.Benchmarks) > 0}
	for _, x := range g.Thresholds[t.ID] {
		w.Thresholds = w.Thresholds || x.Floor > 0 || x.Ceiling > 0
	}
	return w
}

// WallGood is the key of the window in which people say what good is for a task; it is no limit.
const WallGood = "good"

// Wall is one thing that must stand before a task may run with less asking, and the limit by whose window people set it.
type Wall struct {
	Name string
	Key  string // of a report.Rule, or WallGood; "" where only the config file sets it
}

// Missing lists what of w does not stand.
func (w Walls) Missing() []Wall {
	var m []Wall
	for _, x := range []struct {
		there bool
		wall  Wall
	}{
		{w.Budget, Wall{"a budget cap, whose ceiling the config file holds", ""}},
		{w.Voice, Wall{"a voice lock", "voice"}},
		{w.Channels, Wall{"its channel on the allow-list", "channels"}},
		{w.Thresholds, Wall{"a performance threshold", "minimums"}},
		{w.Benchmarks, Wall{"what you call good", WallGood}},
	} {
		if !x.there {
			m = append(m, x.wall)
		}
	}
	return m
}

// Fall is a task that may not stay at its level, as people have set things.
type Fall struct {
	Task, Name string
	From, To   Level  // equal where nothing but its record is lost
	Why        string // as a sentence without its full stop
	Anew       bool   // its record begins anew: what people approved before was something else
}

// Words says f before it happens, as a whole sentence.
func (f Fall) Words() string {
	if f.From == f.To {
		return "The record of " + f.Name + " begins anew: " + f.Why + "."
	}
	anew := ": then "
	if f.Anew {
		anew = ", and its record begins anew: "
	}
	return "This lowers " + f.Name + " from " + f.From.String() + " to " + f.To.String() + " (" + f.To.Words() + ")" + anew + f.Why + "."
}

// FallOf holds t against its walls: with one of them gone it falls to the highest level that needs none, where each piece waits for a yes. It is false
// where t may stay. It is the one place that decides so, whichever wall it is and whoever took it away.
func FallOf(t Task, g Guardrails) (Fall, bool) {
	to := t.Level
	for to.Rung().Unasked {
		to, _ = to.Below()
	}
	missing := WallsOf(t, g).Missing()
	if to == t.Level || len(missing) == 0 {
		return Fall{}, false
	}
	var names []string
	for _, w := range missing {
		names = append(names, w.Name)
	}
	return Fall{Task: t.ID, Name: t.Name, From: t.Level, To: to, Why: "it lacks what lets a task go out unasked: " + strings.Join(names, "; ")}, true
}

// FallOn is FallOf for t once what its level was allowed for has changed as changed says, "" for not at all: see Footing.Changed. Above L3, where pieces go
// out unasked, that alone costs a level.
func FallOn(t Task, changed string, g Guardrails) (Fall, bool) {
	f, falls := FallOf(t, g)
	switch {
	case changed == "" || t.Level <= L3:
		return f, falls
	case falls:
		f.Why, f.Anew = changed+", and "+f.Why, true
		return f, true
	}
	below, falls := t.Level.Below()
	return Fall{t.ID, t.Name, t.Level, below, changed, true}, falls
}

// CostOf is what it costs t that s and g come into force: a fall, or its record alone. was is what its level was allowed for.
func CostOf(t Task, was Footing, s Strategy, g Guardrails) (Fall, bool) {
	changed := was.Changed(FootingOf(t, s, g, was.Writer))
	f, falls := FallOn(t, changed, g)
	if changed != "" && !falls {
		return Fall{t.ID, t.Name, t.Level, t.Level, changed, true}, true
	}
	return f, falls
}
