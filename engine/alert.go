package engine

import (
	"strconv"
	"strings"
	"time"
)

// AlertAt are the shares of a cap, in percent, at which people hear of it.
var AlertAt = []int{80, 100}

// Life is the period of a campaign's budget.
const Life = "life"

// Alert is one telling of a cap that is nearly used, or used up.
type Alert struct {
	Period  string // an ISO week, or Life
	Cap     string // "week", "model", "task:daily-social", "campaign:advent"
	Percent int    // one of AlertAt
	Limit   Money  // of the cap then
	Used    Money
	At      time.Time
}

// Subject names a for a notice: "2025-W47/week/80".
func (a Alert) Subject() string { return a.Period + "/" + a.Cap + "/" + strconv.Itoa(a.Percent) }

// ParseAlert reads what Subject wrote: Period, Cap and Percent. Code invalid for anything else.
func ParseAlert(s string) (Alert, error) {
	parts := strings.Split(s, "/")
	if len(parts) == 3 {
		if n, err := strconv.Atoi(parts[2]); err == nil && parts[0] != "" && parts[1] != "" {
			return Alert{Period: parts[0], Cap: parts[1], Percent: n}, nil
		}
	}
	return Alert{}, Errorf(CodeInvalid, "There is no such alert.")
}
