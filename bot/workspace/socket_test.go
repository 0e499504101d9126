package workspace

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/websocket"
)

func TestSocketsReconnect(t *testing.T) {
	cases := map[string]func(*bench){
		"after a warning":          func(b *bench) { b.RefreshSockets("warning") },
		"after a refresh":          func(b *bench) { b.RefreshSockets("refresh_requested") },
		"after a cut":              func(b *bench) { b.CutSockets() },
		"at the end of their life": func(*bench) { settle(socketLife) },
		"without any PING":         func(b *bench) { b.SilencePings(true); settle(65 * time.Second); b.SilencePings(false) },
	}
	for name, end := range cases {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, b *bench) {
				if n := b.connections(); n != 1 {
					t.Fatalf("%d connections at first", n)
				}
				end(b)
				settle(time.Second)
				if n := b.connections(); n < 2 {
					t.Errorf("%d connections in all", n)
				}
				b.must(b.Command(t.Context(), mari, shop, "/bench"))
				if n := len(b.requests()); n != 1 {
					t.Errorf("%d requests", n)
				}
				if n := b.open(); n != 1 {
					t.Errorf("%d sockets are open", n)
				}
			})
		})
	}
}

func (b *bench) open() int {
	b.Workspace.mu.Lock()
	defer b.Workspace.mu.Unlock()
	return len(b.sockets)
}

func TestPingsKeepAConnection(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		settle(time.Hour)
		if n := b.connections(); n != 1 {
			t.Errorf("%d connections within an hour", n)
		}
	})
}

func TestLinkDisabledRefusesNewSockets(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.RefreshSockets("link_disabled")
		settle(time.Minute)
		if n := b.open(); n != 0 {
			t.Errorf("%d sockets are open", n)
		}
		_, _, err := b.api.StartSocketModeContext(t.Context())
		b.refused(err, "link_disabled")
	})
}

// dial opens a socket by hand and returns its first frame.
func (b *bench) dial() (*websocket.Conn, map[string]any) {
	b.t.Helper()
	_, address, err := b.api.StartSocketModeContext(b.t.Context())
	b.must(err)
	conn, _, err := b.dialer.DialContext(b.t.Context(), address, http.Header{"Origin": {"https://api.slack.com"}})
	b.must(err)
	b.t.Cleanup(func() { conn.Close() })
	var first map[string]any
	b.must(conn.ReadJSON(&first))
	return conn, first
}

func TestAtMostTenSockets(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		for n := 2; n <= maxSockets; n++ {
			_, hello := b.dial()
			if hello["type"] != "hello" || hello["num_connections"] != float64(n) {
				t.Fatalf("socket %d got %v", n, hello)
			}
		}
		conn, frame := b.dial()
		if frame["type"] != "disconnect" {
			t.Errorf("the eleventh got %v", frame)
		}
		if _, _, err := conn.ReadMessage(); err == nil {
			t.Error("the eleventh stays open")
		}
	})
}

func TestTicketsWorkOnceAndForAMinute(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		try := func(address string) error {
			conn, resp, err := b.dialer.DialContext(t.Context(), address, nil)
			if err == nil {
				conn.Close()
			} else if resp != nil && resp.StatusCode != http.StatusForbidden {
				t.Errorf("status %d", resp.StatusCode)
			}
			return err
		}
		_, address, err := b.api.StartSocketModeContext(t.Context())
		b.must(err)
		b.must(try(address))
		if try(address) == nil {
			t.Error("a used ticket opened a second socket")
		}
		_, address, err = b.api.StartSocketModeContext(t.Context())
		b.must(err)
		settle(ticketLife)
		if try(address) == nil {
			t.Error("an old ticket opened a socket")
		}
		if try(strings.ReplaceAll(PipeURL, "http", "ws")+"/link/?ticket=guessed") == nil {
			t.Error("a guessed ticket opened a socket")
		}
	})
}

func TestOnlyLocalWebsocketsAreLetIn(t *testing.T) {
	cases := map[string]bool{"127.0.0.1:5000": true, "[::1]:5000": true, "pipe": true, "192.0.2.7:5000": false, "": false}
	for from, want := range cases {
		r := httptest.NewRequest(http.MethodGet, "/link", nil)
		r.RemoteAddr = from
		if got := local(r); got != want {
			t.Errorf("%q: got %v", from, got)
		}
	}
}

func TestDebugReconnectsAnnouncesAShortLife(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		_, address, err := b.api.StartSocketModeContext(t.Context())
		b.must(err)
		u, err := url.Parse(address)
		b.must(err)
		u.RawQuery += "&debug_reconnects=true"
		conn, _, err := b.dialer.DialContext(t.Context(), u.String(), nil)
		b.must(err)
		defer conn.Close()
		var hello struct {
			Info struct {
				Life int `json:"approximate_connection_time"`
			} `json:"debug_info"`
		}
		b.must(conn.ReadJSON(&hello))
		if hello.Info.Life != 360 {
			t.Errorf("got %d s", hello.Info.Life)
		}
	})
}

func TestSocketThatStaysIsSentAwayInSteps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := benchOptions()
		o.PingEvery = time.Hour // so that nothing but the steps themselves wakes the workspace
		ln := NewPipeListener()
		b, stop := start(t, ln, PipeURL, ln.Client(), ln.Dialer(), o)
		defer stop()
		conn, _ := b.dial()
		b.RefreshSockets("warning")
		b.must(b.Command(t.Context(), mari, shop, "/bench still here"))
		began := time.Now()
		read := func() (kind, reason string) {
			var frame struct{ Type, Reason string }
			if conn.ReadJSON(&frame) != nil {
				return "end", ""
			}
			return frame.Type, frame.Reason
		}
		var got []string
		for len(got) == 0 || !strings.HasSuffix(got[len(got)-1], "end ") {
			kind, reason := read()
			if reason == "refresh_requested" {
				b.must(b.Command(t.Context(), mari, shop, "/bench for the next one"))
			}
			got = append(got, fmt.Sprint(time.Since(began).Truncate(time.Second), " ", kind, " ", reason))
		}
		want := []string{
			"0s disconnect warning", "0s slash_commands ", "3s slash_commands ", "10s disconnect refresh_requested", "20s end ",
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
	})
}

func TestSocketThatStaysIsCutThoughAskedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := benchOptions()
		o.PingEvery = time.Hour
		ln := NewPipeListener()
		b, stop := start(t, ln, PipeURL, ln.Client(), ln.Dialer(), o)
		defer stop()
		conn, _ := b.dial()
		synctest.Wait()
		b.RefreshSockets("refresh_requested")
		began := time.Now()
		_, _, err := conn.ReadMessage()
		b.must(err)
		settle(stepTime / 2)
		b.RefreshSockets("refresh_requested")
		if _, frame, err := conn.ReadMessage(); err == nil {
			t.Errorf("got another frame: %s", frame)
		}
		if took := time.Since(began); took != stepTime {
			t.Errorf("cut after %v", took)
		}
	})
}

func TestSocketThatNobodyReadsIsCut(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.CutSockets()
		b.SetFaults(Faults{LinkDisabled: true})
		settle(time.Second)
		b.SetFaults(Faults{})
		conn, _ := b.dial()
		synctest.Wait()
		b.SetFaults(Faults{LinkDisabled: true}) // so that slack-go does not come back
		before := b.open()
		for range 2*maxQueue + 2 {
			b.must(b.Command(t.Context(), mari, shop, "/bench"))
		}
		if after := b.open(); before == 0 || after >= before {
			t.Errorf("%d sockets before, %d after", before, after)
		}
		conn.Close()
	})
}
