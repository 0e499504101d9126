package engine

import "time"

// Control is the state of the whole program that people set: stopped or not.
type Control struct {
	Stopped   bool
	StoppedBy string // user id, or "koira" when it stopped itself
	StoppedAt time.Time
	Why       string
}
