package enginetest

import (
	"io"
	"net"
	"net/http"
	"sync"
	"syscall"
)

// Wire is an [http.RoundTripper] that spoils one request when told to. It stands between an adapter and a fake or a real server alike.
// It is safe for concurrent use.
type Wire struct {
	Base http.RoundTripper        // nil means http.DefaultTransport
	Only func(*http.Request) bool // which requests may be spoiled; nil means those that change something: neither GET nor HEAD

	mu   sync.Mutex
	next func(*http.Request) (*http.Response, error)
}

// LoseRequest makes the next such request fail as if the connection was refused: not a byte arrives.
func (w *Wire) LoseRequest() {
	w.arm(func(*http.Request) (*http.Response, error) {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	})
}

// LoseReply lets the next such request be carried out and cuts its answer.
func (w *Wire) LoseReply() {
	w.arm(func(r *http.Request) (*http.Response, error) {
		res, err := w.base().RoundTrip(r)
		if err != nil {
			return nil, err
		}
		defer res.Body.Close()
		if _, err := io.Copy(io.Discard, res.Body); err != nil {
			return nil, err
		}
		return nil, io.ErrUnexpectedEOF
	})
}

// Hang makes the next such request wait for an answer that never comes. The channel is closed when the request is there.
func (w *Wire) Hang() <-chan struct{} {
	arrived := make(chan struct{})
	w.arm(func(r *http.Request) (*http.Response, error) {
		close(arrived)
		<-r.Context().Done()
		return nil, r.Context().Err()
	})
	return arrived
}

// Answer makes the next such request be answered with res, without reaching the server.
func (w *Wire) Answer(res *http.Response) {
	w.arm(func(r *http.Request) (*http.Response, error) {
		res.Request = r
		return res, nil
	})
}

// Faults returns the suite's hooks; live tells which keys the world shows.
func (w *Wire) Faults(live func() []string) Faults {
	return Faults{LoseRequest: w.LoseRequest, LoseReply: w.LoseReply, Hang: w.Hang, Live: live}
}

func (w *Wire) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	spoil := w.next
	if spoil != nil && w.maySpoil(r) {
		w.next = nil
	} else {
		spoil = nil
	}
	w.mu.Unlock()
	if spoil == nil {
		return w.base().RoundTrip(r)
	}
	return spoil(r)
}

func (w *Wire) arm(f func(*http.Request) (*http.Response, error)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.next = f
}

func (w *Wire) maySpoil(r *http.Request) bool {
	if w.Only != nil {
		return w.Only(r)
	}
	return r.Method != http.MethodGet && r.Method != http.MethodHead
}

func (w *Wire) base() http.RoundTripper {
	if w.Base != nil {
		return w.Base
	}
	return http.DefaultTransport
}
