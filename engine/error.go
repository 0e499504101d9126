package engine

import (
	"errors"
	"fmt"
	"time"
)

// Code says what kind of failure an [Error] is, for programs.
type Code string

const (
	CodeInvalid  Code = "invalid"   // the input is wrong; asking again with the same input fails again
	CodeNotFound Code = "not_found" // there is no such thing; from a channel's Probe: proved absent
	CodeConflict Code = "conflict"  // somebody else was first, or what was seen has changed
	CodeDenied   Code = "denied"    // this actor, or these credentials, may not
	CodeBlocked  Code = "blocked"   // a guardrail or a limit forbids it
	CodeNotSent  Code = "not_sent"  // a channel: certainly not out, may be tried again
	CodeUpstream Code = "upstream"  // a foreign system failed; for a publish the outcome is unknown
	CodeInternal Code = "internal"  // a fault of ours
)

// Error carries a code for programs, a sentence for people and a cause for the log.
type Error struct {
	Code       Code
	Message    string        // a whole sentence that says what did not happen; never holds the cause
	RetryAfter time.Duration // with CodeNotSent: not before this has passed; 0 means not told
	Who        []string      // ids of the people whom Message names as "@id", for the surface to draw as mentions
	Field      string        // with CodeInvalid: which input is wrong ("A.body", "link"), for a window to mark; "" when there is one only
	Err        error
}

func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s: %s: %v", e.Code, e.Message, e.Err)
	}
	return fmt.Sprintf("%s: %s", e.Code, e.Message)
}

func (e *Error) Unwrap() error { return e.Err }

// Errorf returns an *Error whose message is formatted like fmt.Sprintf; it wraps nothing.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// CodeOf returns the code of the first *Error in err's chain, CodeInternal for any other error and "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return CodeInternal
}
