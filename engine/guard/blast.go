package guard

import (
	"fmt"

	"koira/engine"
)

// blast holds back what would go out unasked and touch too much: people, people for good, money. Where the channel can send to fewer people, or
// the piece may cost less, it is brought down while drafting; else it waits for a person's yes, at any level, and that yes lets it through.
func blast(v engine.View) []engine.Finding {
	r := v.Guardrails.Blast
	if r == (engine.BlastRule{}) || !unattended(v) {
		return nil
	}
	cur := v.Strategy.Business.Currency
	var found []engine.Finding
	top := 0.0
	people := func(most int, kind string) {
		if most <= 0 {
			return
		}
		use := float64(v.Output.Audience) / float64(most)
		top = max(top, use)
		f := engine.Finding{
			Use: use, Evidence: fmt.Sprintf("It may reach %d people%s; without a person's yes at most %d.", v.Output.Audience, kind, most),
			Remedy: fmt.Sprintf("Say yes to it, or let it reach at most %d people.", most),
		}
		if v.Output.Audience <= 0 {
			f.Use, f.Evidence = 0, fmt.Sprintf("It is not known how many people it may reach%s; without a person's yes at most %d.", kind, most)
		}
		var limit *engine.Limit
		if v.Traits.Part {
			limit = &engine.Limit{Audience: most}
		}
		found = append(found, reaching(v, f, v.Output.Audience <= 0 || use > 1, limit)...)
	}
	people(r.People, "")
	if !v.Traits.Retract && !v.Traits.Halt {
		people(r.Permanent, " for good")
	}
	if cost := v.Output.CostMax; r.Money > 0 && cost > 0 {
		use := float64(cost) / float64(r.Money)
		top = max(top, use)
		found = append(found, reaching(v, engine.Finding{
			Use: use, Evidence: fmt.Sprintf("It may cost %s; without a person's yes at most %s.", cost.Format(cur), r.Money.Format(cur)),
			Remedy: fmt.Sprintf("Say yes to it, or let it cost at most %s.", r.Money.Format(cur)),
		}, use > 1, &engine.Limit{CostMax: r.Money})...)
	}
	if len(found) == 0 && top > 0 {
		found = []engine.Finding{{Outcome: engine.Pass, Use: top}}
	}
	return found
}

// reaching is f as the outcome that its use asks for; nothing where it is well within.
func reaching(v engine.View, f engine.Finding, beyond bool, limit *engine.Limit) []engine.Finding {
	switch {
	case beyond:
		f.Outcome, f.Held, f.Limit = engine.Block, engine.StateWaiting, limit
		if v.Stage == engine.StageDraft && limit != nil {
			f.Outcome, f.Held = engine.Clamp, ""
		}
	case f.Use >= engine.NearMiss:
		f.Outcome, f.Remedy = engine.Warn, ""
	default:
		return nil
	}
	return []engine.Finding{f}
}

// unattended reports whether the level lets a piece go out without anybody's yes to it. That it waits until the task's record is long enough, or for
// want of time, is no yes.
func unattended(v engine.View) bool {
	if v.Output.State == engine.StateWaiting || Approved(v) || !v.Grant.Allows(v.Task.Level) {
		return false
	}
	w := engine.Ships(v.Task.Acting(), v.Output, v.Traits, "", v.Guardrails.Review).Way
	return w == engine.WayAlone || w == engine.WayWindow
}
