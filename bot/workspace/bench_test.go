package workspace

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

// runtimeClock is the runtime's time, which is fake within a bubble.
type runtimeClock struct{}

func (runtimeClock) Now() time.Time { return time.Now() }

func (runtimeClock) Wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

const (
	mari  = "U0MARI0001"
	tomi  = "U0TOMI0001"
	shop  = "C000000001"
	dmari = "D0MARI0001"
)

const benchManifest = `{
	"display_information": {"name": "Bench"},
	"features": {
		"app_home": {"home_tab_enabled": true},
		"bot_user": {"display_name": "bench"},
		"slash_commands": [{"command": "/bench"}]
	},
	"oauth_config": {"scopes": {"bot": ["chat:write", "commands", "files:write", "files:read", "users:read", "im:write", "channels:read", "channels:history"]}},
	"settings": {"event_subscriptions": {"bot_events": ["app_home_opened"]}, "interactivity": {"is_enabled": true}}
}`

func benchOptions() Options {
	return Options{
		Wall: runtimeClock{}, Seed: 1, Manifest: []byte(benchManifest),
		People: []Person{
			{ID: mari, Name: "mari", RealName: "Mari Leipä", Label: "owner"},
			{ID: tomi, Name: "tomi", RealName: "Tomi Leipä", Guest: true, Team: "T0OTHER001"},
		},
		Channels: []string{"shop", "news"},
	}
}

// bench is a workspace with a bot in it that talks to it through slack-go.
type bench struct {
	*Workspace
	t      *testing.T
	api    *slack.Client
	http   *http.Client
	dialer *websocket.Dialer

	mu     sync.Mutex
	got    []socketmode.Event                 // requests only
	hellos int                                // connections so far
	answer func(socketmode.Event) (any, bool) // the acknowledgement's payload, and whether to acknowledge at all
}

// inBubble runs a test against a workspace whose network is in memory and whose time is the bubble's.
func inBubble(t *testing.T, test func(t *testing.T, b *bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ln := NewPipeListener()
		b, stop := start(t, ln, PipeURL, ln.Client(), ln.Dialer(), benchOptions())
		defer stop()
		b.connect(t.Context())
		synctest.Wait()
		test(t, b)
	})
}

func start(t *testing.T, ln net.Listener, base string, hc *http.Client, dialer *websocket.Dialer, o Options) (*bench, func()) {
	t.Helper()
	w, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	w.SetBaseURL(base)
	ctx, cancel := context.WithCancel(t.Context())
	srv := &http.Server{Handler: w.API()}
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := srv.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	wg.Go(func() {
		if err := w.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	b := &bench{Workspace: w, t: t, http: hc, dialer: dialer}
	b.api = slack.New(w.BotToken(), slack.OptionAPIURL(base+"/api/"), slack.OptionAppLevelToken(w.AppToken()), slack.OptionHTTPClient(hc))
	return b, func() {
		cancel()
		srv.Close()
		hc.CloseIdleConnections()
		wg.Wait()
	}
}

// connect opens a Socket Mode connection that lives until ctx or the workspace ends, and reconnects by itself.
func (b *bench) connect(ctx context.Context) (disconnect func()) {
	ctx, cancel := context.WithCancel(ctx)
	sm := socketmode.New(b.api, socketmode.OptionDialer(b.dialer))
	var wg sync.WaitGroup
	wg.Go(func() { _ = sm.RunContext(ctx) })
	wg.Go(func() {
		for {
			select {
			case evt := <-sm.Events:
				b.take(ctx, sm, evt)
			case <-ctx.Done():
				return
			}
		}
	})
	b.t.Cleanup(func() { cancel(); wg.Wait() })
	return func() { cancel(); wg.Wait() }
}

func (b *bench) take(ctx context.Context, sm *socketmode.Client, evt socketmode.Event) {
	b.mu.Lock()
	if evt.Type == socketmode.EventTypeHello {
		b.hellos++
	}
	switch evt.Type {
	case socketmode.EventTypeInteractive, socketmode.EventTypeSlashCommand, socketmode.EventTypeEventsAPI:
		b.got = append(b.got, evt)
	default:
		b.mu.Unlock()
		return
	}
	payload, ack := any(nil), true
	if b.answer != nil {
		payload, ack = b.answer(evt)
	}
	b.mu.Unlock()
	if ack {
		_ = sm.AckCtx(ctx, evt.Request.EnvelopeID, payload) // the connection may be gone on purpose
	}
}

// requests returns what the bot got so far, once everything has come to rest.
func (b *bench) requests() []socketmode.Event {
	synctest.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.got)
}

// answering sets what the bot acknowledges with.
func (b *bench) answering(payload any, ack bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.answer = func(socketmode.Event) (any, bool) { return payload, ack }
}

func (b *bench) connections() int {
	synctest.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.hellos
}

// click is a message's last request as an interaction.
func (b *bench) lastInteraction() slack.InteractionCallback {
	b.t.Helper()
	all := b.requests()
	if len(all) == 0 {
		b.t.Fatal("the bot got nothing")
	}
	cb, ok := all[len(all)-1].Data.(slack.InteractionCallback)
	if !ok {
		b.t.Fatalf("the bot got %T", all[len(all)-1].Data)
	}
	return cb
}

func (b *bench) post(opts ...slack.MsgOption) string {
	b.t.Helper()
	_, ts, err := b.api.PostMessageContext(b.t.Context(), shop, opts...)
	if err != nil {
		b.t.Fatal(err)
	}
	return ts
}

func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// refused fails the test unless err is Slack's error code.
func (b *bench) refused(err error, code string) {
	b.t.Helper()
	if err == nil || err.Error() != code {
		b.t.Errorf("got error %v, want %s", err, code)
	}
}

// settle lets virtual time pass and everything come to rest.
func settle(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// rawBlocks makes blocks that slack-go passes on as they are.
func rawBlocks(t *testing.T, raw string) slack.MsgOption {
	t.Helper()
	var blocks slack.Blocks
	if err := json.Unmarshal([]byte(raw), &blocks); err != nil {
		t.Fatal(err)
	}
	return slack.MsgOptionBlocks(blocks.BlockSet...)
}

func button(action, value string) slack.MsgOption {
	text := slack.NewTextBlockObject(slack.PlainTextType, "Go", false, false)
	return slack.MsgOptionBlocks(slack.NewActionBlock("row", slack.NewButtonBlockElement(action, value, text)))
}
