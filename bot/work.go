package bot

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"koira/blocks"
	"koira/engine"
)

const (
	workers = 4    // acts done at the same time; each is a few store calls
	askers  = 2    // the same, of acts that wait for a channel's answer: a stop never waits behind them
	backlog = 2048 // envelopes written down and waiting for a worker
)

// askChannels are the windows of which the act asks a channel, which may take half a minute to answer.
var askChannels = map[blocks.Callback]bool{blocks.CallbackResend: true}

// asks reports whether the act of a delivery waits for a channel.
func asks(d engine.Delivery) bool {
	var o origin
	return json.Unmarshal(d.Payload, &o) == nil && o.Type == string(slack.InteractionTypeViewSubmission) && askChannels[blocks.Callback(o.View.CallbackID)]
}

// hand gives an envelope to a worker. It never blocks, since the socket waits: with a full backlog the envelope stays in the inbox, from where
// the next start takes it.
func (b *Bot) hand(d engine.Delivery) {
	lane := b.work
	if asks(d) {
		lane = b.asked
	}
	select {
	case lane <- d:
	default:
		b.Log.Error("too much was pressed at once; the rest is done after the next start", "step", "inbox")
	}
}

// labour does what comes in one lane, one after the other.
func (b *Bot) labour(ctx context.Context, lane <-chan engine.Delivery) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case d := <-lane:
			b.do(ctx, d)
		}
	}
}

// tries is how often a delivery is begun. What is begun again ended with the program the times before.
const tries = 3

// pointDone lies between what an act changed and the mark that its delivery is done.
const pointDone = "bot: an act is done, and not yet marked"

// do carries one envelope out and marks it as done, whether it worked or not: what it changes is marked in the same transaction, so that a second
// try changes nothing more, and the person was told. A stop of the program lets it finish.
func (b *Bot) do(ctx context.Context, d engine.Delivery) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	if d.Attempts > 1 {
		if err := b.Store.CountDelivery(ctx, d.Key, d.Attempts); err != nil {
			b.Log.Error("an act cannot be begun again; it stays in the inbox", "step", "work", "code", engine.CodeOf(err), "err", err)
			return
		}
	}
	err := b.begin(ctx, d)
	b.answer.settle(d.Key, nil)
	if b.Crash != nil {
		b.Crash(pointDone)
	}
	why := ""
	if err != nil {
		why = string(engine.CodeOf(err))
	}
	if err := b.Store.FinishDelivery(ctx, d.Key, b.Wall.Now(), why); err != nil {
		b.Log.Error("an act was done but could not be marked as done", "step", "work", "code", engine.CodeOf(err), "err", err)
	}
	b.homes.outdate()
	b.stepped.seen.Store(false)
	b.Nudge()
	b.Wake()
}

// begin does what was asked for, unless the program never survived that.
func (b *Bot) begin(ctx context.Context, d engine.Delivery) error {
	if d.Attempts > tries {
		err := engine.Errorf(engine.CodeInternal, "It was begun %d times and never came to its end.", tries)
		b.Log.Error("an act is left, since the program did not survive it", "step", "work", "key", d.Key, "err", err)
		b.excuse(ctx, d, blocks.Say(givenUp))
		return err
	}
	act := &engine.Act{Key: d.Key}
	if d.Attempts > 1 {
		act.Change() // an earlier try may have
	}
	return b.guarded(engine.WithAct(ctx, act), d)
}

// guarded turns a panic into an error: one bad payload must not end the program. Its stack is logged, and the person is told.
func (b *Bot) guarded(ctx context.Context, d engine.Delivery) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
			b.Log.Error("an act panicked", "step", "work", "err", err, "stack", string(debug.Stack()))
			b.excuse(ctx, d, sorry(ctx, err))
		}
	}()
	switch socketmode.EventType(d.Kind) {
	case socketmode.EventTypeSlashCommand:
		var c slack.SlashCommand
		if err := json.Unmarshal(d.Payload, &c); err != nil {
			return b.unread(ctx, d, fmt.Errorf("reading a command: %w", err))
		}
		return b.acted(ctx, d, b.command(ctx, c))
	case socketmode.EventTypeInteractive:
		var c slack.InteractionCallback
		if err := json.Unmarshal(d.Payload, &c); err != nil {
			return b.unread(ctx, d, fmt.Errorf("reading a click: %w", err))
		}
		return b.acted(ctx, d, b.interaction(ctx, d, c))
	case socketmode.EventTypeEventsAPI:
		return b.happened(ctx, d.Payload)
	}
	return nil
}

// acted is err, after what follows from somebody's having done something.
func (b *Bot) acted(ctx context.Context, d engine.Delivery, err error) error {
	a := askerOf(d)
	if b.People.Role(a.actor.ID) < engine.RoleOwner {
		return err
	}
	if err == nil {
		b.stillAway(ctx, a)
	}
	return errors.Join(err, b.Desk.Seen(ctx, a.actor.ID))
}

// unread is where the error of a payload stops that is not what Slack's library expects.
func (b *Bot) unread(ctx context.Context, d engine.Delivery, err error) error {
	b.Log.Error("an act could not be read", "step", "work", "err", err)
	b.excuse(ctx, d, sorry(ctx, err))
	return err
}

// excuse says m to whoever is behind a delivery. It reads as little of it as it can, since what went wrong once may go wrong again.
func (b *Bot) excuse(ctx context.Context, d engine.Delivery, m blocks.Message) {
	defer func() {
		if p := recover(); p != nil {
			b.Log.Error("a person could not be told that their act failed", "step", "work", "err", fmt.Errorf("panic: %v", p))
		}
	}()
	a := askerOf(d)
	if a.actor.ID == "" {
		return
	}
	if err := b.whisper(ctx, a, m); err != nil {
		b.Log.Warn("a person could not be told that their act failed", "step", "work", "user", a.actor.ID, "err", err)
	}
}

// askerOf is who is behind a command, a press or a window, as far as an answer to them needs it; nobody for anything else.
func askerOf(d engine.Delivery) asker {
	var p struct {
		UserID      string `json:"user_id"`
		ChannelID   string `json:"channel_id"`
		ResponseURL string `json:"response_url"`
		User        struct {
			ID string `json:"id"`
		} `json:"user"`
		Channel struct {
			ID string `json:"id"`
		} `json:"channel"`
	}
	if socketmode.EventType(d.Kind) == socketmode.EventTypeEventsAPI || json.Unmarshal(d.Payload, &p) != nil {
		return asker{}
	}
	return asker{actor: engine.Actor{ID: cmp.Or(p.UserID, p.User.ID)}, channel: cmp.Or(p.ChannelID, p.Channel.ID), reply: p.ResponseURL}
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
