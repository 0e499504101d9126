package bot

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"golang.org/x/sync/errgroup"

	"koira/blocks"
	"koira/engine"
	"koira/engine/enginetest"
)

// desktop is the part of a store that working on a delivery uses.
type desktop struct {
	Store
	mu       sync.Mutex // workers of both lanes write to it
	counted  []int
	finished []string
}

func (d *desktop) CountDelivery(_ context.Context, _ string, n int) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.counted = append(d.counted, n)
	return nil
}

func (d *desktop) FinishDelivery(_ context.Context, key string, _ time.Time, why string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.finished = append(d.finished, key+" "+why)
	return nil
}

// mouth is a Slack that remembers what was said.
type mouth struct {
	messenger
	mu   sync.Mutex
	said []string
	deaf bool // it panics
}

func (m *mouth) PostMessageContext(_ context.Context, channel string, o ...slack.MsgOption) (string, string, error) {
	if m.deaf {
		panic("no Slack")
	}
	_, values, err := slack.UnsafeApplyMsgOptions("token", channel, "", o...)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.said = append(m.said, channel+": "+values.Get("text"))
	return channel, "1.0", err
}

func TestWhatGoesWrongInAnActIsTold(t *testing.T) {
	const command = `{"command":"/koira","text":"boom","user_id":"U1","trigger_id":"t"}`
	ran := 0
	for name, c := range map[string]struct {
		run      func(ctx context.Context) error
		delivery engine.Delivery
		deaf     bool
		said     []string
		counted  []int
		ran      int
		logged   string
	}{
		"a panic before anything changed": {
			run:      func(context.Context) error { panic("nil map") },
			delivery: engine.Delivery{Attempts: 1}, said: []string{"U1: " + untouched}, ran: 1, logged: "an act panicked",
		},
		"a panic after something changed": {
			run:      func(ctx context.Context) error { engine.ActOf(ctx).Change(); panic("nil map") },
			delivery: engine.Delivery{Attempts: 1}, said: []string{"U1: " + unexplained}, ran: 1, logged: "an act panicked",
		},
		"a panic in a second try": {
			run:      func(context.Context) error { panic("nil map") },
			delivery: engine.Delivery{Attempts: 2}, said: []string{"U1: " + unexplained}, counted: []int{2}, ran: 1, logged: "an act panicked",
		},
		"a fault before anything changed": {
			run:      func(context.Context) error { return engine.Errorf(engine.CodeInternal, "The store could not do that.") },
			delivery: engine.Delivery{Attempts: 1}, said: []string{"U1: " + untouched}, ran: 1, logged: "an act came to nothing",
		},
		"a panic, and nobody can be told": {
			run:      func(context.Context) error { panic("nil map") },
			delivery: engine.Delivery{Attempts: 1}, deaf: true, ran: 1, logged: "could not be told",
		},
		"the last try": {
			run:      func(context.Context) error { return engine.Errorf(engine.CodeConflict, "Done.") },
			delivery: engine.Delivery{Attempts: tries}, said: []string{"U1: Done."}, counted: []int{tries}, ran: 1, logged: "",
		},
		"what the program never survived": {
			run:      func(context.Context) error { panic("not again") },
			delivery: engine.Delivery{Attempts: tries + 1}, said: []string{"U1: " + givenUp}, counted: []int{tries + 1}, logged: "did not survive",
		},
		"a press that cannot be read": {
			delivery: engine.Delivery{
				Attempts: 1, Kind: "interactive",
				Payload: []byte(`{"type":"block_actions","user":{"id":"U1"},"message":{"blocks":[{"type":"actions","elements":[{"type":"hologram"}]}]}}`),
			},
			said: []string{"U1: " + untouched}, logged: "could not be read",
		},
		"what nobody is behind": {delivery: engine.Delivery{Attempts: 1, Kind: "interactive", Payload: []byte(`[`)}, logged: "could not be read"},
	} {
		t.Run(name, func(t *testing.T) {
			old := commands
			defer func() { commands = old }()
			ran = 0
			commands = append(slices.Clone(old), boom(func(ctx context.Context) error { ran++; return c.run(ctx) }))
			var log bytes.Buffer
			store, api := &desktop{}, &mouth{deaf: c.deaf}
			b := &Bot{Options: Options{
				Store: store, Clock: enginetest.NewClock(time.Unix(0, 0)), Wall: enginetest.NewClock(time.Unix(0, 0)), Wake: func() {}, Log: slog.New(slog.NewTextHandler(&log, nil)),
			}, api: api}
			d := c.delivery
			d.Key = "press"
			if d.Kind == "" {
				d.Kind, d.Payload = "slash_commands", []byte(command)
			}
			b.do(t.Context(), d)
			if d := cmp.Diff(c.said, api.said); d != "" {
				t.Errorf("said: %s", d)
			}
			if d := cmp.Diff(c.counted, store.counted); d != "" || ran != c.ran || len(store.finished) != 1 {
				t.Errorf("counted %v, ran %d times, finished %v", store.counted, ran, store.finished)
			}
			if !strings.Contains(log.String(), c.logged) || strings.Count(log.String(), "stack=") > 1 || strings.Contains(name, "panic") != strings.Contains(log.String(), "stack=") {
				t.Errorf("the log: %s", log.String())
			}
		})
	}
}

// boom is a command of its own.
func boom(do func(context.Context) error) command {
	return command{"/koira", "boom", "", "for a test", engine.RoleViewer, func(_ *Bot, ctx context.Context, _ asker, _ []string) (blocks.Message, error) {
		return blocks.Message{}, do(ctx)
	}}
}

// Channels that take half a minute to answer keep nobody from stopping everything, however many people send something again meanwhile.
func TestNobodyWaitsBehindAChannel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		old, sends := commands, submissions[blocks.CallbackResend]
		defer func() { commands, submissions[blocks.CallbackResend] = old, sends }()
		ctx, cancel := context.WithCancel(t.Context())
		var answered atomic.Int32
		began, stopped := time.Now(), time.Duration(-1)
		submissions[blocks.CallbackResend] = func(_ *Bot, ctx context.Context, _ submission) (blocks.Message, error) {
			time.Sleep(30 * time.Second) // of the bubble: a channel that says nothing
			answered.Add(1)
			return blocks.Message{}, nil
		}
		commands = append(slices.Clone(old), boom(func(context.Context) error { stopped = time.Since(began); return nil }))
		clock := enginetest.NewClock(time.Unix(0, 0))
		b := New(Options{
			Store: &desktop{}, Clock: clock, Wall: clock, Wake: func() {}, Log: slog.New(slog.DiscardHandler), People: engine.People{Team: "T1", Owners: []string{"U1"}},
		})
		b.api = &mouth{}
		g, ctx := errgroup.WithContext(ctx)
		b.employ(ctx, g)
		for i := range 6 {
			b.hand(engine.Delivery{Key: fmt.Sprint(i), Attempts: 1, Kind: "interactive", Payload: fmt.Appendf(nil,
				`{"type":"view_submission","team":{"id":"T1"},"user":{"id":"U2"},"view":{"type":"modal","callback_id":%q,"private_metadata":%q}}`, blocks.CallbackResend, blocks.Meta{ID: "o1"}.String())})
		}
		synctest.Wait()
		b.hand(engine.Delivery{Key: "stop", Attempts: 1, Kind: "slash_commands", Payload: []byte(`{"command":"/koira","text":"boom","user_id":"U2","trigger_id":"t"}`)})
		synctest.Wait()
		if stopped != 0 {
			t.Errorf("the stop was done after %s", stopped)
		}
		time.Sleep(100 * time.Second)
		if answered := answered.Load(); answered != 6 {
			t.Errorf("%d of 6 came to their end", answered)
		}
		cancel()
		_ = g.Wait()
	})
}
