package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"koira/engine"
)

const (
	workers = 4    // acts done at the same time; each is a few store calls
	backlog = 2048 // envelopes written down and waiting for a worker
)

// hand gives an envelope to a worker. It never blocks, since the socket waits: with a full backlog the envelope stays in the inbox, from where
// the next start takes it.
func (b *Bot) hand(d engine.Delivery) {
	select {
	case b.work <- d:
	default:
		b.Log.Error("too much was pressed at once; the rest is done after the next start", "step", "inbox")
	}
}

func (b *Bot) labour(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case d := <-b.work:
			b.do(ctx, d)
		}
	}
}

// do carries one envelope out and marks it as done, whether it worked or not: its effect is guarded by the store's compare-and-set, and the
// person was told. A stop of the program lets it finish.
func (b *Bot) do(ctx context.Context, d engine.Delivery) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	err := b.guarded(ctx, d)
	b.answer.settle(d.Key, nil)
	why := ""
	if err != nil {
		why = string(engine.CodeOf(err))
	}
	if err := b.Store.FinishDelivery(ctx, d.Key, b.Wall.Now(), why); err != nil {
		b.Log.Error("an act was done but could not be marked as done", "step", "work", "code", engine.CodeOf(err), "err", err)
	}
	b.homes.outdate()
	b.Nudge()
	b.Wake()
}

// guarded turns a panic into an error: one bad payload must not end the program.
func (b *Bot) guarded(ctx context.Context, d engine.Delivery) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
			b.Log.Error("an act panicked", "step", "work", "err", err, "stack", string(debug.Stack()))
		}
	}()
	switch socketmode.EventType(d.Kind) {
	case socketmode.EventTypeSlashCommand:
		var c slack.SlashCommand
		if err := json.Unmarshal(d.Payload, &c); err != nil {
			return fmt.Errorf("reading a command: %w", err)
		}
		return b.command(ctx, c)
	case socketmode.EventTypeInteractive:
		var c slack.InteractionCallback
		if err := json.Unmarshal(d.Payload, &c); err != nil {
			return fmt.Errorf("reading a click: %w", err)
		}
		return b.interaction(ctx, d.Key, c)
	case socketmode.EventTypeEventsAPI:
		return b.happened(ctx, d.Payload)
	}
	return nil
}

// answers carries what a window should say from the worker that knows to the acknowledgement that says it.
type answers struct {
	mu   sync.Mutex
	wait map[string]chan any
}

func (a *answers) expect(key string) <-chan any {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.wait == nil {
		a.wait = map[string]chan any{}
	}
	c := make(chan any, 1)
	a.wait[key] = c
	return c
}

// settle gives the answer, once; nil means that the window closes. It reports whether it is still in time to be said.
func (a *answers) settle(key string, payload any) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	c, ok := a.wait[key]
	if ok {
		delete(a.wait, key)
		c <- payload
	}
	return ok
}

// forget ends the wait for an answer that comes too late.
func (a *answers) forget(key string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.wait, key)
}
