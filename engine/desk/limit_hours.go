package desk

import (
	"cmp"
	"fmt"
	"strings"

	"koira/engine"
)

// setLookHours changes the hours of the day in which people's time to look at a piece counts: "8–20", or "usual".
func setLookHours(_ scene, g *engine.Guardrails, _, to string) (Change, error) {
	next := g.Review
	if strings.EqualFold(to, usualWord) {
		next.From, next.To = 0, 0
	} else {
		m := hours.FindStringSubmatch(strings.ToLower(to) + " ")
		var from, until int
		ok := m != nil && strings.TrimSpace(m[0]) == strings.ToLower(to)
		if ok {
			var known [2]bool
			from, known[0] = minutes(m[1], m[2])
			until, known[1] = minutes(m[3], m[4])
			ok = known[0] && known[1] && from < until && from%60 == 0 && until%60 == 0
		}
		if !ok {
			return Change{}, engine.Errorf(engine.CodeInvalid, `The hours run from one full hour of a day to a later one, like 8–20, or "usual"; you wrote %q. Nothing changed.`, cut(to))
		}
		next.From, next.To = from/60, until/60
	}
	c := Change{Rule: "review.hours", To: lookHours(next), Name: "Hours in which people look at pieces", Old: lookHoursWords(g.Review), New: lookHoursWords(next)}
	wasFrom, wasTo := g.Review.Hours()
	from, until := next.Hours()
	c.Loosens = from < wasFrom || until > wasTo // an hour that counts now, in which nobody may be there to look
	g.Review = next
	return c, nil
}

func lookHours(r engine.ReviewRule) string {
	if r.From == 0 && r.To == 0 {
		return usualWord
	}
	return fmt.Sprintf("%d–%d", r.From, r.To)
}

func lookHoursWords(r engine.ReviewRule) string {
	from, until := r.Hours()
	words := fmt.Sprintf("%02d:00–%02d:00", from, until)
	if r.From == 0 && r.To == 0 {
		words += " (" + usualWord + ")"
	}
	return words
}

func allLookHours(g engine.Guardrails) []engine.RuleEdit {
	return []engine.RuleEdit{{Rule: "review.hours", To: lookHours(g.Review)}}
}

// setLookZone changes the zone of these hours: "Europe/Lisbon", or "usual" for the business's.
func setLookZone(s scene, g *engine.Guardrails, _, to string) (Change, error) {
	next := g.Review
	if next.Zone = to; strings.EqualFold(to, usualWord) {
		next.Zone = ""
	} else if _, err := engine.LoadZone(to); err != nil {
		return Change{}, engine.Errorf(engine.CodeInvalid, `The zone is a time zone such as Europe/Lisbon, or "usual" for the business's; you wrote %q. Nothing changed.`, cut(to))
	}
	c := Change{Rule: "review.zone", To: lookZone(next), Name: "Time zone of the hours in which people look at pieces", Old: lookZoneWords(s, g.Review), New: lookZoneWords(s, next)}
	c.Loosens = cmp.Or(g.Review.Zone, s.zone) != cmp.Or(next.Zone, s.zone) // each moves the hours, so that some count now that did not before
	g.Review = next
	return c, nil
}

func lookZone(r engine.ReviewRule) string { return cmp.Or(r.Zone, usualWord) }

func lookZoneWords(s scene, r engine.ReviewRule) string {
	if r.Zone == "" {
		return cmp.Or(s.zone, "the business's") + " (" + usualWord + ")"
	}
	return r.Zone
}

func allLookZones(g engine.Guardrails) []engine.RuleEdit {
	return []engine.RuleEdit{{Rule: "review.zone", To: lookZone(g.Review)}}
}
