package workspace

import (
	"context"
	"encoding/json"
	"slices"
	"time"
)

const (
	ackTime = 3 * time.Second
	maxAck  = 20_480 // bytes; Slack drops longer acknowledgements without a word
	idle    = time.Minute
)

// envelope is something that the app must acknowledge.
type envelope struct {
	id         string
	kind       string
	payload    json.RawMessage
	answerable bool // the acknowledgement may carry an answer

	attempt int // 0, then the number of the retry
	due     time.Time
	sent    bool
	handed  time.Time // to a socket, the last time
	ackBy   time.Time // when this attempt counts as missed
	late    bool      // the first attempt was missed: the person knows, and an answer is ignored

	acked  func(answer json.RawMessage) // may be nil
	missed func()                       // runs at the first miss; may be nil
}

// deferred is something that the workspace does by itself a little later.
type deferred struct {
	at time.Time
	do func()
}

func (w *Workspace) after(d time.Duration, do func()) {
	w.later = append(w.later, deferred{w.o.Wall.Now().Add(d), do})
	w.nudge()
}

// enqueue sends an envelope at once if there is a socket, and otherwise as soon as there is one.
func (w *Workspace) enqueue(e *envelope) {
	now := w.o.Wall.Now()
	e.id, e.due, e.ackBy = w.envelopeID(), now, now.Add(ackTime)
	w.outbox = append(w.outbox, e)
	w.attempt(e, now)
	w.nudge()
}

// attempt hands an envelope that is due to a socket.
func (w *Workspace) attempt(e *envelope, now time.Time) {
	if e.sent || now.Before(e.due) || !w.hand(e) {
		return
	}
	e.sent, e.handed, e.ackBy = true, now, now.Add(ackTime)
	if w.faults.DeliverTwice {
		w.hand(e)
	}
}

// hand gives an envelope to any socket.
func (w *Workspace) hand(e *envelope) bool {
	var ready []*socket
	for _, s := range w.sockets {
		if !s.leaving {
			ready = append(ready, s)
		}
	}
	if len(ready) == 0 {
		return false
	}
	frame := result{"envelope_id": e.id, "type": e.kind, "payload": e.payload, "accepts_response_payload": e.answerable}
	if e.attempt > 0 {
		frame["retry_attempt"], frame["retry_reason"] = e.attempt, "timeout"
	}
	return w.send(ready[w.dice.IntN(len(ready))], frame)
}

// miss counts an attempt as failed and plans the next one, or gives the envelope up.
func (w *Workspace) miss(e *envelope, now time.Time) (gone bool) {
	if !e.late {
		e.late = true
		if e.missed != nil {
			e.missed()
		}
	}
	pauses := w.faults.redelivery()
	if e.attempt >= len(pauses) {
		return true
	}
	e.due = now.Add(pauses[e.attempt])
	if !e.sent && e.attempt > 0 {
		e.due = now // it waited for a socket until the next attempt's time
	}
	e.attempt++
	e.sent = false
	e.ackBy = e.due.Add(ackTime)
	if e.attempt < len(pauses) {
		e.ackBy = e.ackBy.Add(pauses[e.attempt])
	}
	if w.faults.NewEnvelopeOnRetry {
		e.id = w.envelopeID()
	}
	return false
}

// acknowledge takes a frame from the app.
func (w *Workspace) acknowledge(frame []byte) {
	var ack struct {
		EnvelopeID string          `json:"envelope_id"`
		Payload    json.RawMessage `json:"payload"`
	}
	if len(frame) >= maxAck || json.Unmarshal(frame, &ack) != nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	i := slices.IndexFunc(w.outbox, func(e *envelope) bool { return e.id == ack.EnvelopeID })
	if i < 0 {
		return
	}
	e := w.outbox[i]
	w.outbox = slices.Delete(w.outbox, i, i+1)
	if w.o.Acked != nil {
		w.o.Acked(w.o.Wall.Now().Sub(e.handed))
	}
	if string(ack.Payload) == "null" || !e.answerable {
		ack.Payload = nil
	}
	if e.acked != nil && !e.late {
		e.acked(ack.Payload)
	}
	w.bump() // Quiet may have changed
}

// Run does what the workspace does by itself: PINGs, timeouts, redelivery, the end of sockets. It returns nil when ctx ends, after
// cutting every socket; call it once.
func (w *Workspace) Run(ctx context.Context) error {
	defer w.stop()
	for ctx.Err() == nil {
		pause, sleep, wake := w.turn(ctx)
		// The error only says that somebody woke us, or that ctx ended, which the loop looks at.
		_ = w.o.Wall.Wait(sleep, pause)
		wake()
	}
	return nil
}

// turn does everything that is due, and returns how long nothing more is, with a context that ends as soon as that is no longer true.
func (w *Workspace) turn(ctx context.Context) (time.Duration, context.Context, context.CancelFunc) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.o.Wall.Now()
	next := now.Add(idle)
	soonest := func(t time.Time) {
		if t.Before(next) {
			next = t
		}
	}
	w.runLater(now)
	for _, d := range w.later {
		soonest(d.at)
	}
	w.deliverDue(now)
	for _, e := range w.outbox {
		soonest(e.ackBy)
		if !e.sent && now.Before(e.due) {
			soonest(e.due)
		}
	}
	for _, s := range slices.Clone(w.sockets) {
		soonest(w.tend(s, now))
	}
	sleep, wake := context.WithCancel(ctx)
	w.wake = wake
	return next.Sub(now), sleep, wake
}

func (w *Workspace) runLater(now time.Time) {
	due := slices.DeleteFunc(slices.Clone(w.later), func(d deferred) bool { return d.at.After(now) })
	w.later = slices.DeleteFunc(w.later, func(d deferred) bool { return !d.at.After(now) })
	for _, d := range due {
		d.do()
	}
	if len(due) > 0 {
		w.bump()
	}
}

func (w *Workspace) deliverDue(now time.Time) {
	for _, e := range slices.Clone(w.outbox) {
		gone := false
		for !gone && !now.Before(e.ackBy) {
			gone = w.miss(e, now)
		}
		if gone {
			w.outbox = slices.DeleteFunc(w.outbox, func(o *envelope) bool { return o == e })
			w.bump()
			continue
		}
		w.attempt(e, now)
	}
}

// nudge makes Run look again.
func (w *Workspace) nudge() {
	if w.wake != nil {
		w.wake()
	}
}
