package bot

import (
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"koira/engine"
)

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestPaceKeepsConnectionsApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &Pace{Next: roundTrip(func(*http.Request) (*http.Response, error) { return &http.Response{}, nil }), Wall: ticking{}, Gap: time.Second}
		call := func(path string) time.Duration {
			begun := time.Now()
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://slack.example/api/"+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := p.RoundTrip(r); err != nil {
				t.Fatal(err)
			}
			return time.Since(begun)
		}
		var waits []time.Duration
		for range 9 {
			waits = append(waits, call("apps.connections.open"))
		}
		if waits[0] != 0 || waits[1] != time.Second || waits[2] != 2*time.Second || waits[8] != time.Minute {
			t.Errorf("the opens waited %v", waits)
		}
		if d := call("chat.postMessage"); d != 0 {
			t.Errorf("another call waited %v", d)
		}
		if err := p.Wall.Wait(t.Context(), 3*time.Minute); err != nil {
			t.Fatal(err)
		}
		if d := call("apps.connections.open"); d != 0 {
			t.Errorf("an open after a long calm waited %v", d)
		}
	})
}

func TestWhatNeverHealsEndsTheRun(t *testing.T) {
	b := &Bot{Options: Options{Log: slog.New(slog.DiscardHandler)}, nudge: make(chan struct{}, 1)}
	failed := func(code string) error {
		return b.event(t.Context(), socketmode.Event{
			Type: socketmode.EventTypeConnectionError, Data: &slack.ConnectionErrorEvent{ErrorObj: slack.SlackErrorResponse{Err: code}},
		})
	}
	for _, code := range never {
		err := failed(code)
		if engine.CodeOf(err) != engine.CodeDenied || !strings.Contains(err.Error(), "SLACK_APP_TOKEN") {
			t.Errorf("%s: %v", code, err)
		}
	}
	for _, code := range []string{"internal_error", "ratelimited", "service_unavailable"} {
		if err := failed(code); err != nil {
			t.Errorf("%s ends the run: %v", code, err)
		}
	}
	if err := b.refusal(errors.New("dial tcp: no route")); engine.CodeOf(err) != engine.CodeUpstream {
		t.Errorf("a broken line is %v", err)
	}
}
