package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"koira/engine"
)

// never are the answers of apps.connections.open that no waiting heals; slack-go gives up on some of them and repeats the others for ever.
var never = []string{
	"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "missing_scope", "link_disabled",
	"not_allowed_token_type", "team_access_not_granted", "no_permission", "org_login_required", "ekm_access_denied",
}

// refusal turns an error of Slack's into what the operator should do, when it is one that will not heal by itself.
func (b *Bot) refusal(err error) error {
	var r slack.SlackErrorResponse
	if errors.As(err, &r) && slices.Contains(never, r.Err) {
		return &engine.Error{Code: engine.CodeDenied, Err: err, Message: fmt.Sprintf(
			"Slack refuses the app: %s. Check SLACK_BOT_TOKEN (xoxb-…) and SLACK_APP_TOKEN (xapp-…, scope connections:write), and that Socket Mode is on; then start again.", r.Err)}
	}
	return &engine.Error{Code: engine.CodeUpstream, Message: "Slack cannot be reached.", Err: err}
}

// connect keeps the socket open. slack-go reconnects by itself; this ends the program's run when that can never work.
func (b *Bot) connect(ctx context.Context) error {
	err := b.Socket.RunContext(ctx)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return b.refusal(err)
}

// receive drains the socket's events: slack-go stops reading, and then reconnects, when they pile up.
func (b *Bot) receive(ctx context.Context) error {
	if err := b.replay(ctx); err != nil {
		return err
	}
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case e := <-b.Socket.Events:
			if err := b.event(ctx, e); err != nil {
				return err
			}
		}
	}
}

func (b *Bot) event(ctx context.Context, e socketmode.Event) error {
	switch e.Type {
	case socketmode.EventTypeSlashCommand, socketmode.EventTypeInteractive, socketmode.EventTypeEventsAPI:
		b.envelope(ctx, e)
	case socketmode.EventTypeConnectionError:
		if c, ok := e.Data.(*slack.ConnectionErrorEvent); ok {
			if slices.ContainsFunc(never, func(code string) bool { return strings.Contains(c.Error(), code) }) {
				return b.refusal(c.ErrorObj)
			}
			b.Log.Warn("no connection to Slack", "step", "connect", "attempt", c.Attempt, "err", c.ErrorObj)
		}
	case socketmode.EventTypeConnected:
		b.Log.Info("connected to Slack", "step", "connect")
		b.meet.Do(func() { close(b.met) })
		b.Nudge()
	}
	return nil
}

// Pace is an http.RoundTripper that keeps calls of apps.connections.open apart: slack-go opens a new connection at once after every one that
// ends, and forgets to wait once a dial succeeds.
type Pace struct {
	Next http.RoundTripper
	Wall engine.Clock
	Gap  time.Duration // between two opens; doubled with each that follows closely, up to a minute

	mu   sync.Mutex
	last time.Time
	wait time.Duration
}

// RoundTrip waits where needed; other calls pass at once.
func (p *Pace) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, "/apps.connections.open") {
		if err := p.Wall.Wait(r.Context(), p.turn()); err != nil {
			return nil, err
		}
	}
	return p.Next.RoundTrip(r)
}

// turn is how long this call waits, and books its place.
func (p *Pace) turn() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.Wall.Now()
	if p.last.IsZero() || now.Sub(p.last) > 2*time.Minute {
		p.last, p.wait = now, p.Gap
		return 0
	}
	at := p.last.Add(p.wait)
	p.wait = min(2*p.wait, time.Minute)
	if at.Before(now) {
		at = now
	}
	p.last = at
	return at.Sub(now)
}
