package trust

import (
	"fmt"

	"koira/engine"
)

// Lacks says in words what a task's record needs before its pieces may go out unasked at L4: so many reviewed cycles, and the bar. "" means nothing.
func Lacks(t engine.Task, r Record, rule engine.TrustRule) string {
	says := ""
	switch need, bar, proven := rule.Needed(t), rule.Bar(t), r.Proven(); {
	case r.Effective() < need:
		says = fmt.Sprintf("%d of %d reviewed", r.Effective(), need)
	case proven < bar:
		says = fmt.Sprintf("no proof yet that %d in 100 pass unchanged (so far %s)", int(bar*100+.5), AtLeast(int(proven*100)))
	default:
		return ""
	}
	if unknown := r.NotKnown(); unknown != "" {
		says += "; " + unknown
	}
	return says
}
