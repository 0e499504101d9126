package app

import (
	"context"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// TestOverTCP is the one conversation over real sockets and the machine's own clock: a stop and a resume.
func TestOverTCP(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s, _, err := newScript("", newUses())
	if err != nil {
		t.Fatal(err)
	}
	hc := &http.Client{Transport: &http.Transport{}}
	st, end := raise(t, ln, "http://"+ln.Addr().String(), hc, &websocket.Dialer{}, s.config)
	defer end()
	s.stage = st
	for _, step := range []struct{ do, until string }{
		{"venla: /koira stop", `venla sees section "Everything is stopped."`},
		{"", `exceptions: header "Everything is stopped"`},
		{"mari: /koira resume", `mari's window: section "all stays stopped"`},
		{"submit", `exceptions: header "Everything runs again"`},
	} {
		if step.do != "" {
			if err := s.begin(step.do); err != nil {
				t.Fatalf("%s: %v", step.do, err)
			}
		}
		s.until(step.until)
	}
}

// until waits for the workspace to change until an expectation holds.
func (s *script) until(expectation string) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.ctx, 30*time.Second)
	defer cancel()
	for {
		_, changed := s.space.Changes()
		err := s.begin(expectation)
		if err == nil {
			return
		}
		select {
		case <-changed:
		case <-ctx.Done():
			s.t.Fatalf("%s: %v\n%s", expectation, err, s.picture())
		}
	}
}
