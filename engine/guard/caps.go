package guard

import (
	"fmt"
	"strings"

	"koira/engine"
)

// caps lets what is about to go out unasked wait for a yes where something caps its task below L5: a cap wins over any grant, at every stage, so
// also when it came to be after the grant. So does what its owner allowed less of; near that money it is pointed out, once the piece is written: how sure
// koira is of a text does not hang on it.
func caps(v engine.View) []engine.Finding {
	if !unattended(v) {
		return nil
	}
	waits := func(evidence string) []engine.Finding {
		return []engine.Finding{{Outcome: engine.Block, Held: engine.StateWaiting, Evidence: evidence, Remedy: "Say yes to it."}}
	}
	m := v.Grant.Terms
	top, why := v.Cap()
	switch {
	case top < engine.L5:
		return waits("Each piece of this task waits for a yes, because " + strings.Join(why, " and ") + ".")
	case m.PerWeek > 0 && v.Unasked >= m.PerWeek:
		return waits(fmt.Sprintf("Its owner allowed %d a week without a yes, and there are %d already.", m.PerWeek, v.Unasked))
	case m.Money > 0 && v.Output.CostMax > 0:
		sum, cur := v.TaskWeek.Used()-v.Reserved-v.Spent+v.Output.CostMax, v.Strategy.Business.Currency
		use := float64(sum) / float64(m.Money)
		switch {
		case sum > m.Money:
			return waits("Its owner allowed " + m.Money.Format(cur) + " a week without a yes, and with this piece it would be more.")
		case use >= engine.NearMiss && v.Stage != engine.StageDraft:
			return []engine.Finding{{
				Outcome: engine.Warn, Use: use, Evidence: fmt.Sprintf("With it, %s of the %s a week that its owner allowed without a yes.", sum.Format(cur), m.Money.Format(cur)),
				Remedy: "Nothing for this one: what comes after it in that week waits for a yes.",
			}}
		}
	}
	return nil
}
