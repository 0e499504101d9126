package guard

import (
	"fmt"
	"slices"
	"time"

	"koira/engine"
)

// quiet keeps pieces from going out while people want silence. At the claim it waits where the quiet ends before it is too late; before, and
// where it does not, the remedy is the next time that is free of it. Nobody waives it.
func quiet(v engine.View) []engine.Finding {
	zone, t := v.Strategy.Business.Location(), goesOut(v)
	rule, until, ok := Quiet(v.Guardrails.Quiet, v.Output.Channel, v.Output.Segment, t, zone)
	if !ok {
		return nearlyQuiet(v, zone, t)
	}
	f := engine.Finding{Outcome: engine.Block, Remedy: "Ask an owner to change the quiet hours: they leave no time free."}
	f.Evidence = fmt.Sprintf("%s is in your quiet hours, %s.", t.In(zone).Format("Mon 2 Jan 15:04"), hoursOf(rule))
	if !until.IsZero() {
		f.Remedy = fmt.Sprintf("Give it another time: from %s on.", until.In(zone).Format("Mon 2 Jan 15:04"))
	}
	if v.Stage == engine.StageClaim && !until.IsZero() && until.Before(v.Output.Expires) {
		f.Later, f.Remedy = true, fmt.Sprintf("Nothing: it goes out at %s.", until.In(zone).Format("15:04"))
	}
	return []engine.Finding{f}
}

// nearlyQuiet warns of a piece whose time is so close to quiet hours that being a little late would stop it: use is the share of its
// tolerance that the quiet takes.
func nearlyQuiet(v engine.View, zone *time.Location, t time.Time) []engine.Finding {
	spare := v.Output.Expires.Sub(v.Output.Slot)
	if spare <= 0 || v.Stage == engine.StageClaim || len(v.Guardrails.Quiet) == 0 {
		return nil
	}
	last := t.Add(time.Duration(float64(spare) * (1 - engine.NearMiss)))
	if rule, _, ok := Quiet(v.Guardrails.Quiet, v.Output.Channel, v.Output.Segment, last, zone); ok {
		return []engine.Finding{{
			Outcome: engine.Warn, Use: engine.NearMiss,
			Evidence: fmt.Sprintf("Quiet hours, %s, begin soon after its time: a little late, and it does not go out.", hoursOf(rule)),
		}}
	}
	return nil
}

// Quiet returns the quiet hours that hold at t on channel for segment, and the first moment after it at which none do; that is zero where
// there is none within eight days. Hours are those that a clock on the business's wall shows: of an hour that a daylight-saving change repeats,
// both count; one that it skips does not exist.
func Quiet(rules []engine.QuietRule, channel, segment string, t time.Time, zone *time.Location) (rule engine.QuietRule, until time.Time, ok bool) {
	in := func(t time.Time) (engine.QuietRule, bool) {
		i := slices.IndexFunc(rules, func(r engine.QuietRule) bool {
			return (r.Channel == "" || r.Channel == channel) && (r.Segment == "" || r.Segment == segment) && quietAt(r, t.In(zone))
		})
		if i < 0 {
			return engine.QuietRule{}, false
		}
		return rules[i], true
	}
	if rule, ok = in(t); !ok {
		return rule, until, false
	}
	for until = t; until.Before(t.AddDate(0, 0, 8)); {
		r, still := in(until)
		if !still {
			return rule, until, true
		}
		until = endOf(r, until, zone)
	}
	return rule, time.Time{}, true
}

// quietAt reports whether r holds at what the wall's clock shows at l.
func quietAt(r engine.QuietRule, l time.Time) bool {
	m := l.Hour()*60 + l.Minute()
	begins := func(d time.Weekday) bool { return len(r.Days) == 0 || slices.Contains(r.Days, d) }
	if r.From < r.To {
		return begins(l.Weekday()) && r.From <= m && m < r.To
	}
	return begins(l.Weekday()) && m >= r.From || begins((l.Weekday()+6)%7) && m < r.To
}

// endOf is the moment at which r, which holds at t, ends; always later than t.
func endOf(r engine.QuietRule, t time.Time, zone *time.Location) time.Time {
	l := t.In(zone)
	for d := range 2 {
		if end := time.Date(l.Year(), l.Month(), l.Day()+d, 0, r.To, 0, 0, zone); end.After(t) {
			return end.UTC()
		}
	}
	return t.Add(time.Minute) // a clock that was set back
}

func hoursOf(r engine.QuietRule) string {
	s := fmt.Sprintf("%02d:%02d to %02d:%02d", r.From/60, r.From%60, r.To/60, r.To%60)
	if r.Why != "" {
		s += " (" + r.Why + ")"
	}
	return s
}
