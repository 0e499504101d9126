package workspace

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func (s *steered) Holding(window bool, deadline time.Time) {
	until := "nothing"
	if !deadline.IsZero() {
		until = deadline.UTC().Format("15:04")
	}
	s.held <- fmt.Sprintf("window %v, until %s", window, until)
}

// stream is the answer to a live request, read while it is written.
type stream struct {
	mu   sync.Mutex
	head http.Header
	got  bytes.Buffer
}

func (s *stream) Header() http.Header { return s.head }
func (s *stream) WriteHeader(int)     {}
func (s *stream) Flush()              {}
func (s *stream) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.got.Write(b)
}

// next gives what came since it was last asked.
func (s *stream) next() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.got.Reset()
	return s.got.String()
}

// watching opens a live stream; leave ends it.
func watching(t *testing.T, h http.Handler) (s *stream, leave func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	s = &stream{head: http.Header{}}
	r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:8080/live?as=U0MARI0001&channel=C000000001", nil).WithContext(ctx)
	done := make(chan struct{})
	go func() { defer close(done); h.ServeHTTP(s, r) }()
	synctest.Wait()
	return s, func() { cancel(); <-done }
}

func TestLiveTellsOfChangesAndOfTheClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clock := &steered{state: ControlState{Now: time.Now(), Speed: "real time"}, held: make(chan string, 9)}
		w, h := pageOf(t, func(o *Options) { o.Wall, o.Controls = runtimeClock{}, clock }, nil)
		s, leave := watching(t, h)
		version, _ := w.Changes()
		if got, want := s.next(), fmt.Sprintf("event: hello\ndata: 1\n\nevent: tick\ndata: %d\n\n", version); got != want {
			t.Fatalf("the stream begins with %q, want %q", got, want)
		}
		w.put("C000000001", Message{Text: "news"})
		synctest.Wait()
		if got, want := s.next(), fmt.Sprintf("event: tick\ndata: %d\n\n", version+1); got != want {
			t.Errorf("after a message came %q, want %q", got, want)
		}
		time.Sleep(pulse)
		synctest.Wait()
		if got := s.next(); !strings.HasPrefix(got, "event: clock\ndata: {") || strings.Count(got, "\n") != 3 {
			t.Errorf("after a pulse came %q, want the clock in one line", got)
		}
		time.Sleep(3 * pulse)
		synctest.Wait()
		if got := s.next(); got != "" {
			t.Errorf("the clock stands, but %q came", got)
		}
		leave()
	})
}

func TestControlsHearWhatIsLookedAt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		now := time.Date(2025, 11, 24, 9, 0, 0, 0, time.UTC)
		var passed atomic.Int64 // hours since then
		clock := &steered{held: make(chan string, 99)}
		w, h := pageOf(t, func(o *Options) {
			o.Wall, o.Controls, o.Stamp = runtimeClock{}, clock, func() time.Time { return now.Add(time.Duration(passed.Load()) * time.Hour) }
		}, nil)
		due := func(at time.Time) string {
			return w.put("C000000001", Message{Text: "draft", Metadata: json.RawMessage(fmt.Sprintf(`{"event_type":"d","event_payload":{"deadline":%d}}`, at.Unix()))})
		}
		noon, ten, gone, plain := due(now.Add(3*time.Hour)), due(now.Add(time.Hour)), due(now.Add(-time.Hour)), w.put("C000000001", Message{Text: "x"})
		_, leave := watching(t, h)
		_, leaveToo := watching(t, h)
		saw := func(viewer string, window bool, ts ...string) {
			body := encode(map[string]any{"as": "U0MARI0001", "channel": "C000000001", "viewer": viewer, "window": window, "seen": ts})
			if rec := perform(h, "seen", string(body)); rec.Code != http.StatusNoContent {
				t.Fatal(rec.Code, rec.Body)
			}
		}
		heard := func(want ...string) {
			t.Helper()
			synctest.Wait()
			var got []string
			for len(clock.held) > 0 {
				got = append(got, <-clock.held)
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("the clock heard %q, want %q", got, want)
			}
		}
		heard()
		saw("1", false, plain, gone)
		heard()
		saw("1", false, noon, gone)
		heard("window false, until 12:00")
		saw("1", false, noon)
		heard()
		saw("2", true, ten)
		heard("window true, until 10:00")
		passed.Store(2)
		time.Sleep(pulse)
		heard("window true, until 12:00")
		saw("7", false, ten)
		heard()
		leaveToo()
		heard("window false, until 12:00")
		leave()
		heard("window false, until nothing")
		saw("1", true, noon)
		heard()
	})
}
