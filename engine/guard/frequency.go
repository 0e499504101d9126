package guard

import (
	"fmt"
	"slices"
	"time"

	"koira/engine"
)

// frequency keeps people from hearing too much: a piece is counted with those that went out or are cleared to, in every span of days that would
// hold it. An owner may let one through.
func frequency(v engine.View) []engine.Finding {
	zone := v.Strategy.Business.Location()
	var found []engine.Finding
	top := 0.0
	for _, r := range v.Guardrails.Frequency {
		if !r.Covers(v.Output.Channel, v.Output.Segment) {
			continue
		}
		others := counted(r, v.Near)
		n := Crowd(r, goesOut(v), others, zone)
		use := 2.0 // of a limit of nothing
		if r.Most > 0 {
			use = float64(n) / float64(r.Most)
		}
		f := engine.Finding{Outcome: engine.Warn, Use: use, Evidence: fmt.Sprintf("With it, %d of at most %d %s %s.", n, r.Most, inSpan(r), counts(r))}
		switch {
		case n > r.Most:
			f.Outcome, f.Waivable = engine.Block, true
			f.What, f.Bar = fmt.Sprintf("%q %q %d", r.Channel, r.Segment, max(r.Days, 1)), float64(r.Most)
			f.Evidence = fmt.Sprintf("It would be number %d %s %s; your limit is %d.", n, inSpan(r), counts(r), r.Most)
			f.Remedy = freeDay(r, goesOut(v), others, zone)
		case use < engine.NearMiss || r.Most == 1: // one of one is as it should be
			top = max(top, use)
			continue
		}
		found = append(found, f)
	}
	if len(found) == 0 && top > 0 {
		found = []engine.Finding{{Outcome: engine.Pass, Use: top}}
	}
	return found
}

// counted are the moments of the pieces that r counts.
func counted(r engine.FrequencyRule, near []engine.Neighbour) []time.Time {
	var at []time.Time
	for _, n := range near {
		if r.Covers(n.Channel, n.Segment) {
			at = append(at, n.At)
		}
	}
	return at
}

// Crowd is how many pieces r counts in the fullest span of its days that holds t, one at t included. Days are the business's.
func Crowd(r engine.FrequencyRule, t time.Time, others []time.Time, zone *time.Location) int {
	own, span := dayNumber(t, zone), max(r.Days, 1)
	days := make([]int, len(others))
	for i, o := range others {
		days[i] = dayNumber(o, zone)
	}
	most := 0
	for last := own; last < own+span; last++ {
		n := 1
		for _, d := range days {
			if d > last-span && d <= last {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

// dayNumber counts the business's days: neighbours differ by one, however many hours they have.
func dayNumber(t time.Time, zone *time.Location) int {
	y, m, d := t.In(zone).Date()
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
}

// freeDay names the next day on which a piece would fit.
func freeDay(r engine.FrequencyRule, t time.Time, others []time.Time, zone *time.Location) string {
	l := t.In(zone)
	for i := 1; i <= 2*max(r.Days, 7); i++ {
		day := time.Date(l.Year(), l.Month(), l.Day()+i, 12, 0, 0, 0, zone)
		if Crowd(r, day, others, zone) <= r.Most {
			return fmt.Sprintf("Give it a time on %s, or an owner lets this one pass.", day.Format("Mon 2 Jan"))
		}
	}
	return "An owner lets this one pass, or raises the limit."
}

func inSpan(r engine.FrequencyRule) string {
	if r.Days <= 1 {
		return "in a day"
	}
	return fmt.Sprintf("in %d days", r.Days)
}

func counts(r engine.FrequencyRule) string {
	switch {
	case r.Channel != "" && r.Segment != "":
		return fmt.Sprintf("on %s to %s", r.Channel, r.Segment)
	case r.Channel != "":
		return "on " + r.Channel
	case r.Segment != "":
		return "to " + r.Segment
	}
	return "on all channels together"
}

// Free reports whether a piece at t would stand in no quiet hours and within every frequency cap, given when and where the others are.
func Free(g engine.Guardrails, channel, segment string, t time.Time, others []engine.Neighbour, zone *time.Location) bool {
	if _, _, ok := Quiet(g.Quiet, channel, segment, t, zone); ok {
		return false
	}
	return !slices.ContainsFunc(g.Frequency, func(r engine.FrequencyRule) bool {
		return r.Covers(channel, segment) && Crowd(r, t, counted(r, others), zone) > r.Most
	})
}
