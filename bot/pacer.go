package bot

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// pacer keeps to Slack's limits: one new message a second in a channel, about fifty edits a minute in all, and nothing at all while Slack
// has asked to wait.
type pacer struct {
	gap   time.Duration // between two messages in a channel
	mu    sync.Mutex
	rooms map[string]*rate.Limiter
	edits *rate.Limiter
	until time.Time
}

// Slack's own limits: a message a second in a channel, and about fifty edits a minute.
const (
	postGap = time.Second
	editGap = 1200 * time.Millisecond
)

// newPacer keeps to Slack's limits; hurry divides them, for a workspace that has none. 0 is Slack.
func newPacer(hurry int) *pacer {
	n := time.Duration(max(hurry, 1))
	return &pacer{gap: postGap / n, rooms: map[string]*rate.Limiter{}, edits: rate.NewLimiter(rate.Every(editGap/n), 20)}
}

func (p *pacer) post(ctx context.Context, room string) error {
	p.mu.Lock()
	l, ok := p.rooms[room]
	if !ok {
		l = rate.NewLimiter(rate.Every(p.gap), 3)
		p.rooms[room] = l
	}
	p.mu.Unlock()
	return l.Wait(ctx)
}

func (p *pacer) edit(ctx context.Context, _ string) error { return p.edits.Wait(ctx) }

// hold is told when Slack wants quiet until t.
func (p *pacer) hold(t time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if t.After(p.until) {
		p.until = t
	}
}

// quiet is how long Slack still wants nothing.
func (p *pacer) quiet(now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.until.Sub(now)
}
