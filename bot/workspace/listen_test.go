package workspace

import (
	"context"
	"errors"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

func TestOverTCP(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b, stop := start(t, ln, "http://"+ln.Addr().String(), &http.Client{Timeout: 10 * time.Second}, &websocket.Dialer{}, benchOptions())
	defer stop()
	got := make(chan socketmode.Event, 1)
	b.answer = func(evt socketmode.Event) (any, bool) {
		got <- evt
		return map[string]string{"text": "woof"}, true
	}
	b.connect(t.Context())

	if err := b.Command(t.Context(), mari, shop, "/bench hello"); err != nil {
		t.Fatal(err)
	}
	evt := receive(t, got)
	if cmd := evt.Data.(slack.SlashCommand); cmd.Text != "hello" {
		t.Errorf("got %+v", cmd)
	}
	content := "png"
	if _, err := b.api.UploadFileContext(t.Context(), slack.UploadFileParameters{Filename: "a.png", FileSize: len(content), Content: content, Channel: shop}); err != nil {
		t.Error(err)
	}
	b.until(func() bool { return len(b.Ephemerals(mari, shop)) == 1 && len(b.Messages(shop)) == 1 })
}

func receive[T any](t *testing.T, from <-chan T) T {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	select {
	case v := <-from:
		return v
	case <-ctx.Done():
		t.Fatal("nothing came")
		panic("unreachable")
	}
}

// until waits for the workspace to change into a state.
func (b *bench) until(state func() bool) {
	b.t.Helper()
	for {
		_, changed := b.Changes()
		if state() {
			return
		}
		receive(b.t, changed)
	}
}

func TestClosedPipeListener(t *testing.T) {
	ln := NewPipeListener()
	if err := errors.Join(ln.Close(), ln.Close()); err != nil {
		t.Error(err)
	}
	if _, err := ln.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("Accept: %v", err)
	}
	if _, err := ln.Dial(t.Context(), "tcp", "x:80"); !errors.Is(err, net.ErrClosed) {
		t.Errorf("Dial: %v", err)
	}
}

func TestDialGivesUpWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := NewPipeListener().Dial(ctx, "tcp", "x:80"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
