package guard

import (
	"fmt"

	"koira/engine"
)

// performance lets nothing out without a person's yes while its task stands beyond one of its thresholds. The loop pauses such a task; this is
// the wall behind that, and holds by the limits in force now, until the loop has looked by them. A task near a limit is warned of, and one without enough data passes: silence is neither good nor bad.
func performance(v engine.View) []engine.Finding {
	var found []engine.Finding
	for _, s := range v.Standings {
		limit, ok := limitOf(v.Guardrails, s)
		if !ok {
			continue
		}
		verdict, cur := limit.Judge(s), v.Strategy.Business.Currency
		says := fmt.Sprintf("%s brings %s %s a piece (%s to %s, from %d pieces); %s.", v.Task.Name, s.Metric.Amount(s.Value, cur), s.Metric.Words(2),
			s.Metric.Amount(s.Low, cur), s.Metric.Amount(s.High, cur), s.Pieces, bounds(limit, cur))
		switch {
		case verdict == engine.StandingBeyond && v.Approval == nil && v.Stage != engine.StageDraft:
			found = append(found, engine.Finding{Outcome: engine.Block, Held: engine.StateWaiting, Evidence: says, Remedy: "A person looks at it and approves it."})
		case verdict == engine.StandingBeyond, verdict == engine.StandingNear:
			found = append(found, engine.Finding{Outcome: engine.Warn, Evidence: says, Remedy: "Nothing yet: look at what the last pieces had in common."})
		}
	}
	return found
}

// limitOf returns the threshold in force of what s is of, false when there is none any more.
func limitOf(g engine.Guardrails, s engine.Standing) (engine.Threshold, bool) {
	for _, x := range g.Thresholds[s.Task] {
		if x.Metric == s.Metric && (x.Floor > 0 || x.Ceiling > 0) {
			return x, true
		}
	}
	return engine.Threshold{}, false
}

func bounds(x engine.Threshold, currency string) string {
	least, most := "your minimum is "+x.Metric.Amount(x.Floor, currency), "your maximum is "+x.Metric.Amount(x.Ceiling, currency)
	switch {
	case x.Floor > 0 && x.Ceiling > 0:
		return least + ", " + most
	case x.Floor > 0:
		return least
	}
	return most
}
