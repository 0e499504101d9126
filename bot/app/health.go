package app

import (
	"fmt"
	"os"
	"strings"
	"time"

	"koira/engine"
)

// Pulse is what the heartbeat beside the store says.
type Pulse struct {
	Alive bool
	Words string // one line
}

// Health reads the heartbeat of a running koira. Code not_found when there is none: koira has never run on this store.
func Health(c Config, now time.Time) (Pulse, error) {
	b, err := os.ReadFile(heartbeat(c.Storage.Path))
	if err != nil {
		return Pulse{}, &engine.Error{Code: engine.CodeNotFound, Message: fmt.Sprintf("There is no heartbeat beside %s: koira has not run on this store.", c.Storage.Path), Err: err}
	}
	last, err := time.Parse(time.RFC3339, strings.TrimSpace(string(b)))
	if err != nil {
		return Pulse{}, &engine.Error{Code: engine.CodeInternal, Message: "The heartbeat cannot be read.", Err: err}
	}
	age := now.Sub(last).Round(time.Second)
	// Three ticks, and the longest that one tick may take.
	limit := 3*time.Duration(c.Schedule.Tick) + 2*publishTimeout
	if age < -limit {
		return Pulse{Words: fmt.Sprintf("the last look at what is due is %s ahead of this machine's clock", -age)}, nil
	}
	return Pulse{Alive: age <= limit, Words: fmt.Sprintf("last look at what is due: %s ago (limit %s)", age, limit)}, nil
}
