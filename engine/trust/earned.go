package trust

import (
	"fmt"

	"koira/engine"
)

// Lacks says in words what a task's record needs before its pieces may go out unasked at L4: so many reviewed cycles, and the bar. "" means nothing.
func Lacks(t engine.Task, r Record) string {
	switch need, proven := Needed(t), r.Proven(); {
	case r.Reviewed < need:
		return fmt.Sprintf("%d of %d reviewed", r.Reviewed, need)
	case proven < Bar(t):
		return fmt.Sprintf("at least %d in 100 are proven to pass unchanged; you asked for %d", int(proven*100), int(Bar(t)*100))
	}
	return ""
}
