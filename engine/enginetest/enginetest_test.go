package enginetest

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

func TestClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := NewClock(Monday)
		var mu sync.Mutex
		var woken []string
		wait := func(name string, d time.Duration) {
			go func() {
				if err := c.Wait(t.Context(), d); err != nil {
					t.Errorf("%s: %v", name, err)
				}
				mu.Lock()
				defer mu.Unlock()
				woken = append(woken, name)
			}()
			synctest.Wait()
		}
		awake := func(want ...string) {
			t.Helper()
			synctest.Wait()
			mu.Lock()
			defer mu.Unlock()
			if !slices.Equal(woken, want) {
				t.Errorf("awake are %v, want %v", woken, want)
			}
		}
		wait("an hour", time.Hour)
		wait("a minute", time.Minute)
		wait("nothing", 0)
		awake("nothing")
		c.Advance(59 * time.Second)
		awake("nothing")
		c.Advance(time.Second)
		awake("nothing", "a minute")
		c.Advance(-25 * time.Hour) // set back: an hour is still an hour away from where it began
		c.Advance(25 * time.Hour)
		awake("nothing", "a minute")
		c.Set(Monday.Add(2 * time.Hour))
		awake("nothing", "a minute", "an hour")
		if got := c.Now(); !got.Equal(Monday.Add(2 * time.Hour)) {
			t.Errorf("it is %v", got)
		}
	})
}

func TestClockWaitEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := NewClock(Monday)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- c.Wait(ctx, time.Hour) }()
		synctest.Wait()
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
		if err := c.Wait(ctx, 0); !errors.Is(err, context.Canceled) {
			t.Errorf("an ended context and nothing to wait for: %v", err)
		}
		if len(c.waits) != 0 {
			t.Errorf("%d waits are left behind", len(c.waits))
		}
	})
}

func TestIDs(t *testing.T) {
	a, again, b := IDs(1), IDs(1), IDs(2)
	seen, last := map[string]bool{}, ""
	for range 5000 {
		id := a()
		if id != again() {
			t.Fatal("the same seed gives other ids")
		}
		if len(id) != 26 || strings.Trim(id, crockford) != "" {
			t.Fatalf("%q does not look like a ULID", id)
		}
		if id <= last {
			t.Fatalf("%q comes after %q", id, last)
		}
		for _, x := range []string{id, b()} {
			if seen[x] {
				t.Fatalf("%q twice", x)
			}
			seen[x] = true
		}
		last = id
	}
}

func TestGoldenUpdate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deep", "x.json")
	Golden(t, path, []byte("rye"), true)
	Golden(t, path, []byte("rye"), false)
	if b, err := os.ReadFile(path); err != nil || string(b) != "rye" {
		t.Errorf("%q, %v", b, err)
	}
}

func TestWire(t *testing.T) {
	done := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			done++
		}
		io.WriteString(w, "ok")
	}))
	defer s.Close()
	wire := &Wire{}
	client := &http.Client{Transport: wire}
	get := func() error {
		res, err := client.Get(s.URL)
		if err == nil {
			res.Body.Close()
		}
		return err
	}
	post := func() error {
		res, err := client.Post(s.URL, "text/plain", strings.NewReader("rye"))
		if err == nil {
			res.Body.Close()
		}
		return err
	}
	for _, step := range []struct {
		name string
		arm  func()
		want error
		done int
	}{
		{"healthy", func() {}, nil, 1},
		{"request lost", wire.LoseRequest, syscall.ECONNREFUSED, 1},
		{"once only", func() {}, nil, 2},
		{"reply lost", wire.LoseReply, io.ErrUnexpectedEOF, 3},
		{"answered by the test", func() { wire.Answer(&http.Response{StatusCode: 418, Body: http.NoBody}) }, nil, 3},
	} {
		step.arm()
		if err := get(); err != nil {
			t.Errorf("%s: a request that changes nothing was spoiled: %v", step.name, err)
		}
		if err := post(); !errors.Is(err, step.want) || done != step.done {
			t.Errorf("%s: %v and %d done, want %v and %d", step.name, err, done, step.want, step.done)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	arrived := wire.Hang()
	go func() { <-arrived; cancel() }()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Do(req); !errors.Is(err, context.Canceled) {
		t.Errorf("a hanging request: %v", err)
	}
}
