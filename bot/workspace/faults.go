package workspace

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// Faults are what a workspace does wrong on purpose. The maps go by Web API method ("chat.postMessage"), by "response_url" and "upload"
// for those two doors, or by "*" for every call; their counts run down by one with each call that they spoil.
type Faults struct {
	DeliverTwice       bool            // each envelope goes out twice
	NewEnvelopeOnRetry bool            // a retry has another envelope_id than the first attempt
	Redelivery         []time.Duration // pauses between a missed attempt and its retry; nil means at once, 1 min, 5 min; empty means no retry
	RateLimit          map[string]int  // 429, with RetryAfter
	RetryAfter         time.Duration   // whole seconds; default 1 s
	Refuse             map[string]int  // {"ok":false}, with RefuseWith; the call is not carried out
	RefuseWith         string          // Slack's word for why: "invalid_blocks"
	ServerError        map[string]int  // 503 with a page of HTML; the call is not carried out
	DropReply          map[string]int  // the call is carried out, then the connection is cut
	Slow               map[string]time.Duration
	SilentPings        bool // sockets get no PING
	LinkDisabled       bool // Socket Mode is switched off: no socket can be opened
}

// Faults returns the faults in force, with the counts that are left.
func (w *Workspace) Faults() Faults {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.faults.clone()
}

// SetFaults replaces the faults in force. The zero Faults is a workspace without any.
func (w *Workspace) SetFaults(f Faults) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults = f.clone()
	w.nudge()
}

// SilencePings stops or resumes the PINGs to all sockets.
func (w *Workspace) SilencePings(silent bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults.SilentPings = silent
	w.nudge()
}

func (f Faults) clone() Faults {
	f.RateLimit, f.ServerError, f.DropReply = maps.Clone(f.RateLimit), maps.Clone(f.ServerError), maps.Clone(f.DropReply)
	f.Refuse = maps.Clone(f.Refuse)
	f.Slow, f.Redelivery = maps.Clone(f.Slow), slices.Clone(f.Redelivery)
	return f
}

func (f Faults) redelivery() []time.Duration {
	if f.Redelivery == nil {
		return []time.Duration{0, time.Minute, 5 * time.Minute}
	}
	return f.Redelivery
}

// spoil takes one from the count for a call, if there is any left.
func spoil(counts map[string]int, call string) bool {
	for _, key := range []string{call, "*"} {
		if counts[key] > 0 {
			counts[key]--
			return true
		}
	}
	return false
}

// door wraps a handler in the faults for one call.
func (w *Workspace) door(call string, serve http.HandlerFunc) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		slow := max(w.faults.Slow[call], w.faults.Slow["*"])
		limited, broken := spoil(w.faults.RateLimit, call), false
		if !limited {
			broken = spoil(w.faults.ServerError, call)
		}
		refused := !limited && !broken && spoil(w.faults.Refuse, call)
		why := w.faults.RefuseWith
		cut := !limited && !broken && !refused && spoil(w.faults.DropReply, call)
		after := max(1, int(w.faults.RetryAfter/time.Second))
		w.mu.Unlock()

		if slow > 0 && w.o.Wall.Wait(r.Context(), slow) != nil {
			return
		}
		switch {
		case limited:
			rw.Header().Set("Retry-After", strconv.Itoa(after))
			answer(rw, http.StatusTooManyRequests, map[string]any{"ok": false, "error": "ratelimited"})
		case refused:
			answer(rw, http.StatusOK, failed(refuse(why)))
		case broken:
			http.Error(rw, "<html><body>upstream is unwell</body></html>", http.StatusServiceUnavailable)
		case cut:
			serve(nowhere{http.Header{}}, r)
			panic(http.ErrAbortHandler) // how net/http is told to cut the connection
		default:
			serve(rw, r)
		}
	}
}

// nowhere swallows the answer to a call that was carried out.
type nowhere struct{ header http.Header }

func (n nowhere) Header() http.Header       { return n.header }
func (nowhere) Write(b []byte) (int, error) { return len(b), nil }
func (nowhere) WriteHeader(int)             {}
