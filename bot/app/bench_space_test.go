package app

import (
	"context"
	"errors"
	"net"
	"net/http"
	"testing"
	"time"

	"koira/bot/workspace"
	"koira/engine"
)

// space is a workspace on this machine's loopback, as another process or a client of the same one reaches it.
type space struct {
	*workspace.Workspace
	line Line
	took chan time.Duration // of every acknowledgement
}

// openSpace lets a workspace with the demo's people and rooms run until the benchmark ends.
func openSpace(b *testing.B) space {
	b.Helper()
	s := space{took: make(chan time.Duration, 16)}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	s.Workspace, err = workspace.New(workspace.Options{
		Wall: machine{}, Seed: 7, TeamID: demoTeam, Manifest: Manifest(), Channels: []string{"drafts", "needs-you", "reports"},
		People: []workspace.Person{{ID: mari, Name: "mari"}, {ID: "U0TOMI0001", Name: "tomi"}},
		Acked:  func(took time.Duration) { s.took <- took },
	})
	if err != nil {
		b.Fatal(err)
	}
	base := "http://" + l.Addr().String()
	s.SetBaseURL(base)
	s.line = Line{Bot: engine.Secret(s.BotToken()), App: engine.Secret(s.AppToken()), URL: base + "/api/"}
	server := &http.Server{Handler: s.API(), ReadHeaderTimeout: time.Second}
	inBackground(b, func(ctx context.Context) error { return s.Run(ctx) })
	inBackground(b, func(context.Context) error {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	b.Cleanup(func() { server.Close() })
	return s
}

const (
	mari    = "U0MARI0001" // the demo's owner
	drafts  = "C000000001"
	reports = "C000000003"
)

// inBackground lets run go on until the benchmark ends, and waits for its end then. What it returns once it was told to end is nobody's concern.
func inBackground(b *testing.B, run func(context.Context) error) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := run(ctx); err != nil && ctx.Err() == nil {
			b.Error(err)
		}
	}()
	b.Cleanup(func() { cancel(); <-done })
}

// await returns once the workspace shows what is waited for.
func (s space) await(b *testing.B, what string, shown func() bool) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), time.Minute)
	defer cancel()
	for {
		_, changed := s.Changes()
		if shown() {
			return
		}
		select {
		case <-changed:
		case <-ctx.Done():
			b.Fatal("it never came: ", what)
		}
	}
}
