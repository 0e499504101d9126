package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/slack-go/slack/socketmode"

	"koira/engine"
)

type inboxStore interface {
	Receive(ctx context.Context, d engine.Delivery) (fresh bool, err error)
	PendingDeliveries(ctx context.Context, limit int) ([]engine.Delivery, error)
	CountDelivery(ctx context.Context, key string, n int) error
	FinishDelivery(ctx context.Context, key string, at time.Time, why string) error
	TrimDeliveries(ctx context.Context, t time.Time) error
}

// Slack gives three seconds in all. ackWithin is how long writing down, or handing an acknowledgement to the socket, may take; answerWithin is
// when an answer that rides on the acknowledgement comes too late.
const (
	ackWithin    = 2 * time.Second
	answerWithin = 2500 * time.Millisecond
)

// envelope writes one envelope down, then acknowledges it, then hands it to a worker. When the disk cannot commit, nothing is acknowledged
// and Slack delivers again; a redelivery of what is known is acknowledged and does nothing.
func (b *Bot) envelope(ctx context.Context, e socketmode.Event) {
	d := engine.Delivery{Kind: string(e.Type), Payload: redacted(e.Request.Payload), At: b.Wall.Now(), Attempts: 1}
	d.Key = key(d)
	wctx, cancel := context.WithTimeout(ctx, ackWithin)
	fresh, err := b.Store.Receive(wctx, d)
	cancel()
	if err != nil {
		b.Log.Error("an envelope could not be written down; Slack will deliver it again", "step", "inbox", "code", engine.CodeOf(err), "err", err)
		return
	}
	if !fresh {
		b.ack(ctx, e.Request.EnvelopeID, nil)
		return
	}
	if isSubmission(d) {
		within := answerWithin - b.Wall.Now().Sub(d.At)
		go b.ackLater(ctx, e.Request.EnvelopeID, d.Key, b.answer.expect(d.Key), within)
	} else {
		b.ack(ctx, e.Request.EnvelopeID, nil)
	}
	b.hand(d)
}

// redacted is a payload without Slack's verification token: it is a secret, nobody reads it here, and the inbox is kept for days. What is not a
// JSON object stays as it came.
func redacted(payload json.RawMessage) []byte {
	var fields map[string]json.RawMessage
	if json.Unmarshal(payload, &fields) != nil {
		return payload
	}
	if _, there := fields["token"]; !there {
		return payload
	}
	delete(fields, "token")
	clean, err := json.Marshal(fields)
	if err != nil { // raw JSON that was read always marshals
		return nil
	}
	return clean
}

// ackLater acknowledges a window's submission with what the window should say — errors at its fields — once the worker knows, and emptily
// when that takes too long: the answer then comes as a message.
func (b *Bot) ackLater(ctx context.Context, id, key string, said <-chan any, within time.Duration) {
	tctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	select {
	case payload := <-said:
		b.ack(ctx, id, payload)
	case <-tctx.Done():
		b.answer.forget(key)
		b.ack(ctx, id, nil)
	}
}

func (b *Bot) ack(ctx context.Context, id string, payload any) {
	ctx, cancel := context.WithTimeout(ctx, ackWithin)
	defer cancel()
	if err := b.Socket.AckCtx(ctx, id, payload); err != nil && ctx.Err() == nil {
		b.Log.Warn("an acknowledgement was not sent; Slack will deliver again", "step", "inbox", "err", err)
	}
}

// replayWithin is how long a start waits for what is left in the inbox: Slack may answer slowly, and approved work has its time.
const replayWithin = time.Minute

// Replay does, one after the other, what was written down before the last stop and not done: a stop that somebody pressed comes before whatever
// it was to stop. What waits for a channel, and what is not done within a minute, is handed to the workers by Run. Calling it twice is harmless.
func (b *Bot) Replay(ctx context.Context) error {
	left, err := b.Store.PendingDeliveries(ctx, backlog/2)
	if err != nil {
		return fmt.Errorf("reading the inbox: %w", err)
	}
	if left = slices.DeleteFunc(left, asks); len(left) == 0 {
		return nil
	}
	if err := b.introduce(ctx); err != nil {
		return err
	}
	for until := b.Wall.Now().Add(replayWithin); len(left) > 0 && ctx.Err() == nil && b.Wall.Now().Before(until); left = left[1:] {
		b.do(ctx, left[0])
	}
	return nil
}

// replay hands out what was written down before the last stop and not done.
func (b *Bot) replay(ctx context.Context) error {
	left, err := b.Store.PendingDeliveries(ctx, backlog/2)
	if err != nil {
		return fmt.Errorf("reading the inbox: %w", err)
	}
	for _, d := range left {
		d.Attempts++
		b.hand(d)
	}
	return nil
}

// origin is the part of any payload that tells one act from another.
type origin struct {
	Type      string `json:"type"`
	EventID   string `json:"event_id"`
	TriggerID string `json:"trigger_id"`
	User      struct {
		ID string `json:"id"`
	} `json:"user"`
	Container struct {
		MessageTS string `json:"message_ts"`
	} `json:"container"`
	View struct {
		ID         string `json:"id"`
		Hash       string `json:"hash"`
		CallbackID string `json:"callback_id"`
	} `json:"view"`
	Actions []struct {
		ActionID string `json:"action_id"`
		ActionTS string `json:"action_ts"`
	} `json:"actions"`
}

// key is the same for every redelivery of one act, whatever envelope it comes in, and differs between acts. A window that was refused and is
// sent again has the same hash, so submissions go by their trigger.
func key(d engine.Delivery) string {
	var o origin
	if err := json.Unmarshal(d.Payload, &o); err != nil {
		return "bad:" + string(engine.DigestOf(engine.Output{Variants: []engine.Variant{{Rendered: d.Payload}}}))
	}
	switch {
	case o.EventID != "":
		return "event:" + o.EventID
	case len(o.Actions) > 0:
		a := o.Actions[0]
		return fmt.Sprintf("act:%s:%s:%s:%s:%s", o.Container.MessageTS, o.View.ID, a.ActionTS, o.User.ID, a.ActionID)
	case o.View.ID != "":
		return fmt.Sprintf("%s:%s:%s:%s:%s", o.Type, o.View.ID, o.View.Hash, o.User.ID, o.TriggerID)
	}
	return "slash:" + o.TriggerID
}

func isSubmission(d engine.Delivery) bool {
	var o origin
	return json.Unmarshal(d.Payload, &o) == nil && o.Type == "view_submission"
}
