package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"koira/bot/workspace"
	"koira/engine"
)

// told plays the story without a page, as fast as it goes: koira runs in the embedded workspace as it does on a page, over slack-go's Socket Mode,
// on lines within the program.
func (d *demo) told(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ln := workspace.NewPipeListener()
	var err error
	if d.space, err = d.newSpace(nil); err != nil {
		return err
	}
	d.space.SetBaseURL(workspace.PipeURL)
	p, client := newPlayer(d), ln.Client()
	s := connect(d.core, d.config, d.w, Line{
		Bot: engine.Secret(d.space.BotToken()), App: engine.Secret(d.space.AppToken()), URL: workspace.PipeURL + "/api/",
		HTTP: client.Transport, Dialer: ln.Dialer(),
	}, p.wake, 100*hurry)
	p.nudge = s.Bot.Nudge
	d.preface()
	server := &http.Server{Handler: d.space.API(), ReadHeaderTimeout: 10 * time.Second}
	defer client.CloseIdleConnections()
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		if err := server.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serving the workspace: %w", err)
		}
		return nil
	})
	g.Go(func() error { return d.space.Run(gctx) })
	g.Go(func() error { return s.Bot.Run(gctx) })
	var played error
	g.Go(func() error {
		s.Bot.AwaitConnection(gctx, slackFirst)
		played = p.run(gctx)
		cancel()
		client.CloseIdleConnections()
		server.Close()
		return played
	})
	if err := g.Wait(); played != nil || ctx.Err() == nil {
		return errors.Join(played, err)
	}
	return nil
}

// preface says what is simulated.
func (d *demo) preface() {
	fmt.Fprintf(d.o.Out, "%d days with koira, at %s. %s.\nScripted are what the people type and press, and how the audience feels. What koira does is its own.\n",
		storyDays, d.config.Business.Name, strings.Join(d.notices(), " · "))
}

// caption is shown on the page.
func (d *demo) caption(text string) {
	if d.said != nil {
		d.said(text)
	}
}
