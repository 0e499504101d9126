package desk

import (
	"fmt"
	"strings"
	"time"

	"koira/engine"
)

// notThere is how a change says that something is not part of the strategy, before it or after.
const notThere = "none"

// strategyChanges lists what differs between two versions of the strategy, old → new, in the order in which people read it. When facts were last
// looked at is no difference.
func strategyChanges(was, next engine.Strategy, zone *time.Location) []Change {
	var cs []Change
	cs = append(cs, differing("Goal", was.Goals, next.Goals, func(g engine.Goal) (string, string) {
		return g.Key, oneLine(g.Text) + " (" + string(g.Metric) + ")"
	})...)
	cs = append(cs, differing("Readers", was.Segments, next.Segments, func(x engine.Segment) (string, string) {
		return x.Key, fmt.Sprintf("%s (%d)", oneLine(x.Name), x.Size)
	})...)
	cs = append(cs, differing("Theme", was.Themes, next.Themes, func(x engine.Theme) (string, string) {
		if len(x.Facts) == 0 {
			return x.Key, oneLine(x.Text)
		}
		return x.Key, oneLine(x.Text) + " (facts: " + strings.Join(x.Facts, ", ") + ")"
	})...)
	cs = append(cs, differing("Fact", was.Facts, next.Facts, func(f engine.Fact) (string, string) { return f.Key, FactWords(f, zone) })...)
	cs = append(cs, differing("Offer", was.Offers, next.Offers, func(o engine.Offer) (string, string) {
		return o.Key, FactWords(engine.Fact{Text: o.Text, From: o.From, Until: o.Until}, zone)
	})...)
	cs = append(cs, differing("Call to action", was.CallsToAction, next.CallsToAction, func(c engine.CallToAction) (string, string) {
		return c.Key, oneLine(c.Text) + " → " + c.Link
	})...)
	return append(cs, voiceChanges(was.Voice, next.Voice)...)
}

// differing lists the things of one kind that differ, by their key.
func differing[T any](what string, was, next []T, say func(T) (key, words string)) []Change {
	find := func(all []T, key string) string {
		for _, x := range all {
			if k, words := say(x); k == key {
				return words
			}
		}
		return notThere
	}
	var cs []Change
	add := func(key, old, new string) {
		if old != new {
			cs = append(cs, Change{Rule: strings.ToLower(what) + ":" + key, Name: what + " “" + key + "”", Old: old, New: new})
		}
	}
	for _, x := range was {
		key, old := say(x)
		add(key, old, find(next, key))
	}
	for _, x := range next {
		if key, words := say(x); find(was, key) == notThere {
			add(key, notThere, words)
		}
	}
	return cs
}

// FactWords is a fact with the days between which it may be said.
func FactWords(f engine.Fact, zone *time.Location) string {
	words := oneLine(f.Text)
	if !f.From.IsZero() {
		words += ", from " + f.From.In(zone).Format("2 Jan 2006")
	}
	if !f.Until.IsZero() {
		words += ", until " + f.Until.Add(-time.Second).In(zone).Format("2 Jan 2006")
	}
	return words
}

// whatChanged is cs as a line of the history.
func whatChanged(cs []Change) string {
	return plan{changes: cs}.what()
}
