package bot

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"koira/engine"
	"koira/engine/enginetest"
)

func TestKeyTellsActsApart(t *testing.T) {
	const press = `{"type":"block_actions","user":{"id":"U1"},"container":{"message_ts":"1.1"},"actions":[{"action_id":"approve","action_ts":"9.1"}]}`
	cases := map[string]struct {
		a, b string
		same bool
	}{
		"the same press again":                  {press, press, true},
		"the same press under a new trigger":    {press, strings.Replace(press, `"type"`, `"trigger_id":"t2","type"`, 1), true},
		"another press of the same button":      {press, strings.Replace(press, "9.1", "9.2", 1), false},
		"another person":                        {press, strings.Replace(press, "U1", "U2", 1), false},
		"another button":                        {press, strings.Replace(press, "approve", "edit", 1), false},
		"another card":                          {press, strings.Replace(press, "1.1", "1.2", 1), false},
		"the same command again":                {`{"trigger_id":"a"}`, `{"trigger_id":"a","retry":1}`, true},
		"two commands":                          {`{"trigger_id":"a"}`, `{"trigger_id":"b"}`, false},
		"the same event in another envelope":    {`{"event_id":"E1"}`, `{"event_id":"E1","x":1}`, true},
		"a window sent in twice":                {`{"type":"view_submission","trigger_id":"a","view":{"id":"V1","hash":"h"}}`, `{"type":"view_submission","trigger_id":"a","view":{"id":"V1","hash":"h"}}`, true},
		"a window sent in again after an error": {`{"type":"view_submission","trigger_id":"a","view":{"id":"V1","hash":"h"}}`, `{"type":"view_submission","trigger_id":"b","view":{"id":"V1","hash":"h"}}`, false},
		"sending in and closing":                {`{"type":"view_submission","trigger_id":"a","view":{"id":"V1"}}`, `{"type":"view_closed","trigger_id":"a","view":{"id":"V1"}}`, false},
		"what cannot be read":                   {`{`, `[`, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			a, b := key(engine.Delivery{Payload: []byte(c.a)}), key(engine.Delivery{Payload: []byte(c.b)})
			if (a == b) != c.same {
				t.Errorf("%q and %q", a, b)
			}
		})
	}
}

func TestTheTokenIsNotWrittenDown(t *testing.T) {
	got := redacted(json.RawMessage(`{"token":"s3cret","team":{"id":"T1"},"n":12345678901234567890}`))
	if strings.Contains(string(got), "s3cret") || strings.Contains(string(got), "token") {
		t.Errorf("the token stays: %s", got)
	}
	if !strings.Contains(string(got), `"T1"`) || !strings.Contains(string(got), "12345678901234567890") {
		t.Errorf("more than the token is gone: %s", got)
	}
	for _, as := range []string{`{"a":1}`, `[1]`, `{`} {
		if string(redacted(json.RawMessage(as))) != as {
			t.Errorf("%s became %s", as, redacted(json.RawMessage(as)))
		}
	}
}

// fullDisk is a store that cannot commit.
type fullDisk struct{ Store }

func (fullDisk) Receive(context.Context, engine.Delivery) (bool, error) {
	return false, errors.New("the disk is full")
}

func TestNothingIsAcknowledgedThatIsNotWrittenDown(t *testing.T) {
	b := &Bot{Options: Options{Store: fullDisk{}, Wall: enginetest.NewClock(time.Unix(0, 0)), Log: slog.New(slog.DiscardHandler)}, work: make(chan engine.Delivery, 1)}
	// There is no socket: an acknowledgement would be a panic.
	b.envelope(t.Context(), socketmode.Event{Type: socketmode.EventTypeSlashCommand, Request: &socketmode.Request{Payload: json.RawMessage(`{"trigger_id":"a"}`)}})
	if len(b.work) != 0 {
		t.Error("it is worked on all the same")
	}
}

// unfinished is a store with envelopes that were written down before the last stop.
type unfinished struct {
	Store
	left []engine.Delivery
}

func (u unfinished) PendingDeliveries(_ context.Context, limit int) ([]engine.Delivery, error) {
	return u.left[:min(limit, len(u.left))], nil
}

func TestWhatWasNotDoneIsDoneAfterAStart(t *testing.T) {
	left := make([]engine.Delivery, 3)
	b := &Bot{Options: Options{Store: unfinished{left: left}, Log: slog.New(slog.DiscardHandler)}, work: make(chan engine.Delivery, 2)}
	if err := b.replay(t.Context()); err != nil || len(b.work) != 2 {
		t.Errorf("%d are handed out, %v", len(b.work), err) // and the third, for which there is no room, does not block
	}
}

// slow is a store to which each act takes half a minute of the wall's time.
type slow struct {
	unfinished
	wall *enginetest.Clock
	done *[]string
}

func (s slow) FinishDelivery(_ context.Context, key string, _ time.Time, _ string) error {
	*s.done = append(*s.done, key)
	s.wall.Advance(30 * time.Second)
	return nil
}

// A start does what is left one after the other, oldest first, before it returns; but it does not wait for ever.
func TestWhatWasNotDoneIsDoneBeforeAnythingIsDue(t *testing.T) {
	wall := enginetest.NewClock(time.Unix(0, 0))
	var done []string
	left := []engine.Delivery{{Key: "a"}, {Key: "b"}, {Key: "c"}}
	woken := 0
	b := &Bot{
		Options: Options{
			Slack: slack.New("xoxb-test", slack.OptionHTTPClient(&http.Client{Transport: agreeable{}})),
			Store: slow{unfinished{left: left}, wall, &done}, Wall: wall, Wake: func() { woken++ }, Log: slog.New(slog.DiscardHandler),
		},
		nudge: make(chan struct{}, 1), answer: answers{},
	}
	if err := b.Replay(t.Context()); err != nil {
		t.Fatal(err)
	}
	if strings.Join(done, " ") != "a b" || woken != 2 {
		t.Errorf("done: %v; the third is too late for a start, and is left to the workers", done)
	}
}

func TestTheSchedulerDoesNotWaitForeverForSlack(t *testing.T) {
	wall := enginetest.NewClock(time.Unix(0, 0))
	b := &Bot{Options: Options{Wall: wall, Log: slog.New(slog.DiscardHandler)}, nudge: make(chan struct{}, 1), met: make(chan struct{})}
	b.AwaitConnection(t.Context(), 0)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	b.AwaitConnection(ended, time.Hour)
	for range 2 {
		if err := b.event(t.Context(), socketmode.Event{Type: socketmode.EventTypeConnected}); err != nil {
			t.Fatal(err)
		}
	}
	b.AwaitConnection(t.Context(), time.Hour)
}

func TestAnAnswerIsSaidOnceAndInTime(t *testing.T) {
	var a answers
	said := a.expect("k")
	if !a.settle("k", "yes") || a.settle("k", "again") {
		t.Error("settled other than once")
	}
	if got := <-said; got != "yes" {
		t.Errorf("said %v", got)
	}
	a.expect("late")
	a.forget("late")
	if a.settle("late", "no") {
		t.Error("an answer that comes too late is taken for said")
	}
	if a.settle("never asked", nil) {
		t.Error("an answer that nobody waits for is taken for said")
	}
}
