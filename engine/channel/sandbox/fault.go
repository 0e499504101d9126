package sandbox

import (
	"context"
	"time"

	"koira/engine"
)

// FaultKind is what goes wrong in one call.
type FaultKind string

const (
	Healthy     FaultKind = ""
	Refuse      FaultKind = "refuse"       // refused before a byte was sent: not_sent
	Deny        FaultKind = "deny"         // the credentials are refused: denied
	Reject      FaultKind = "reject"       // this piece is refused for what it is, for good: invalid
	ServerError FaultKind = "server-error" // nothing was done, and the caller cannot know: upstream
	LoseReply   FaultKind = "lose-reply"   // done, and the answer is lost: upstream
	LandLate    FaultKind = "land-late"    // the answer is lost, and a publish is done only after Late: upstream
)

// Fault is what goes wrong in one call; the zero Fault is nothing.
type Fault struct {
	Kind       FaultKind
	RetryAfter time.Duration // with Refuse
	Late       time.Duration // with LandLate; cut to the door's Flight, where that is known
	Beyond     bool          // with LandLate: Late is not cut, so the door breaks its own bound
}

// Fault sets what is asked before each call: op is prepare, publish, probe, retract, halt, read or count, key the intent's, the receipt's id, or
// "" for read and count. It may call the world. nil ends all faults.
func (w *World) Fault(f func(op, key string) Fault) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fault = f
}

// enter begins a call: an ended context or a fault that stops it before anything is done is the error.
func (w *World) enter(ctx context.Context, op, key string) (Fault, error) {
	if err := ctx.Err(); err != nil {
		return Fault{}, &engine.Error{Code: engine.CodeNotSent, Message: "The time was up before anything was sent.", Err: err}
	}
	w.mu.Lock()
	ask := w.fault
	w.mu.Unlock()
	if ask == nil {
		return Fault{}, nil
	}
	f := ask(op, key)
	switch f.Kind {
	case Refuse:
		return f, &engine.Error{Code: engine.CodeNotSent, Message: "The channel could not be reached.", RetryAfter: f.RetryAfter}
	case Deny:
		return f, engine.Errorf(engine.CodeDenied, "The channel refuses the credentials.")
	case Reject:
		return f, engine.Errorf(engine.CodeInvalid, "The channel does not take this piece.")
	case ServerError:
		return f, engine.Errorf(engine.CodeUpstream, "The channel answered with an error of its own.")
	}
	return f, nil
}

// leave ends a call that was carried out: its answer may still be lost.
func (f Fault) leave() error {
	if f.Kind == LoseReply || f.Kind == LandLate {
		return engine.Errorf(engine.CodeUpstream, "The line broke before an answer came.")
	}
	return nil
}

// landing is when a request that was sent at now lands.
func (f Fault) landing(now time.Time, flight time.Duration) time.Time {
	if f.Kind != LandLate {
		return now
	}
	if flight > 0 && !f.Beyond {
		return now.Add(min(f.Late, flight))
	}
	return now.Add(f.Late)
}
