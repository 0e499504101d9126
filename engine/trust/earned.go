package trust

import (
	"fmt"

	"koira/engine"
)

// Lacks says in words what a task's record needs before its pieces may go out unasked at L4: so many reviewed cycles, and the bar. "" means nothing.
func Lacks(t engine.Task, r Record, rule engine.TrustRule) string {
	switch need, bar, proven := rule.Needed(t), rule.Bar(t), r.Proven(); {
	case r.Effective() < need:
		return fmt.Sprintf("%d of %d reviewed", r.Effective(), need)
	case proven < bar:
		return fmt.Sprintf("at least %d in 100 are proven to pass unchanged; you asked for %d", int(proven*100), int(bar*100+.5))
	}
	return ""
}
