package bot

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"koira/blocks"
	"koira/engine"
	"koira/engine/enginetest"
)

// desktop is the part of a store that working on a delivery uses.
type desktop struct {
	Store
	counted  []int
	finished []string
}

func (d *desktop) CountDelivery(_ context.Context, _ string, n int) error {
	d.counted = append(d.counted, n)
	return nil
}

func (d *desktop) FinishDelivery(_ context.Context, key string, _ time.Time, why string) error {
	d.finished = append(d.finished, key+" "+why)
	return nil
}

// mouth is a Slack that remembers what was said.
type mouth struct {
	messenger
	said []string
	deaf bool // it panics
}

func (m *mouth) PostMessageContext(_ context.Context, channel string, o ...slack.MsgOption) (string, string, error) {
	if m.deaf {
		panic("no Slack")
	}
	_, values, err := slack.UnsafeApplyMsgOptions("token", channel, "", o...)
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
