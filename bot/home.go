package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"koira/blocks"
	"koira/engine"
	"koira/engine/desk"
	"koira/engine/report"
)

// lately is how long after it was opened an App Home is kept up to date.
const lately = 30 * time.Minute

// homes knows who opened App Home lately, and whether somebody did something since it was last drawn.
type homes struct {
	mu     sync.Mutex
	opened map[string]viewer // by user id
	stale  bool
}

type viewer struct {
	actor engine.Actor
	at    time.Time
}

// event is an Events API payload, of which one kind matters.
type event struct {
	TeamID string `json:"team_id"`
	Event  struct {
		Type string `json:"type"`
		User string `json:"user"`
		Tab  string `json:"tab"`
	} `json:"event"`
}

// happened takes an event: somebody opened App Home.
func (b *Bot) happened(ctx context.Context, payload []byte) error {
	var e event
	if err := json.Unmarshal(payload, &e); err != nil {
		return fmt.Errorf("reading an event: %w", err)
	}
	if e.Event.Type != "app_home_opened" || e.Event.Tab != "home" {
		return nil
	}
	a, _ := b.actor(ctx, e.Event.User, e.TeamID)
	b.homes.open(viewer{a, b.Wall.Now()})
	if err := b.publishHome(ctx, a); err != nil {
		b.Log.Warn("an App Home could not be published", "user", a.ID, "code", engine.CodeOf(err), "err", err)
		return err
	}
	return nil
}

// publishHome draws a's App Home. Who may not look sees nothing of the business, whatever list they stand on.
func (b *Bot) publishHome(ctx context.Context, a engine.Actor) error {
	role, v := engine.RoleNone, report.Home{}
	if b.Desk.Authorize(a, desk.ActionLook, desk.Object{ID: "home"}) == nil {
		var err error
		if v, err = b.Report.Home(ctx); err != nil {
			return err
		}
		role = b.Desk.Role(a.ID)
	}
	ctx, cancel := context.WithTimeout(ctx, slackCall)
	defer cancel()
	_, err := b.api.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: a.ID, View: blocks.Home(v, role)})
	return err
}

// refreshHomes draws anew what people opened lately, after somebody did something. It runs beside the outbox only, so that many acts at once
// are one drawing.
func (b *Bot) refreshHomes(ctx context.Context) {
	for _, a := range b.homes.due(b.Wall.Now()) {
		if err := b.publishHome(ctx, a); err != nil && ctx.Err() == nil {
			b.Log.Warn("an App Home could not be brought up to date", "user", a.ID, "code", engine.CodeOf(err), "err", err)
		}
	}
}

func (h *homes) open(v viewer) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.opened == nil {
		h.opened = map[string]viewer{}
	}
	h.opened[v.actor.ID] = v
}

// outdate says that somebody did something.
func (h *homes) outdate() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.stale = true
}

// due returns whose App Home is to be drawn anew, in a fixed order, and forgets those who have not opened it lately.
func (h *homes) due(now time.Time) []engine.Actor {
	h.mu.Lock()
	defer h.mu.Unlock()
	maps.DeleteFunc(h.opened, func(_ string, v viewer) bool { return now.Sub(v.at) > lately })
	if !h.stale {
		return nil
	}
	h.stale = false
	var all []engine.Actor
	for _, id := range slices.Sorted(maps.Keys(h.opened)) {
		all = append(all, h.opened[id].actor)
	}
	return all
}
