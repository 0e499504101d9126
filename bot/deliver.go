package bot

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/slack-go/slack"

	"koira/blocks"
	"koira/engine"
	"koira/engine/report"
)

// parcel is one message to post, or to bring up to date when Card says where it stands.
type parcel struct {
	Room    string        // Slack channel id; a user's id means their direct messages
	Thread  string        // ts of the message under which it goes, "" for none
	Day     *report.Frame // set: a new message waits for the day of this business; an edit rings nobody and never waits
	Hold    time.Time     // set: a new message waits until then, whatever the day
	Card    engine.Card
	Message blocks.Message
	File    *attachment     // instead of Message, in a thread
	Follow  []engine.Notice // queued once a new card stands
}

// attachment is the whole text of a piece that does not fit on its card.
type attachment struct{ Name, Title, Text string }

// handOver sends one parcel and remembers its card at once: what follows may fail, and a known card is edited, not posted again.
func (b *Bot) handOver(ctx context.Context, p parcel) error {
	c, err := b.place(ctx, p)
	if p.Card.TS != "" && (isGone(err) || isShut(err)) { // nobody can change it there: it is drawn anew, where it asks for anybody
		c.Version = retired
		return errors.Join(err, b.Store.SaveCard(ctx, c))
	}
	if err != nil {
		return err
	}
	return b.Store.SaveCard(ctx, c, p.Follow...)
}

// place edits a card where it stands, adds to a thread, or posts to the parcel's room, and where that is shut to the next one that is open.
func (b *Bot) place(ctx context.Context, p parcel) (engine.Card, error) {
	if p.Card.TS != "" || p.Thread != "" {
		c, err := b.deliver(ctx, p)
		if isShut(err) {
			b.shut(ctx, cmp.Or(p.Card.Channel, p.Room), err)
		}
		if !isThreadGone(err) || p.File != nil {
			return c, err
		}
		p.Thread = "" // what was above it was deleted: better in the room than nowhere
	}
	var err error
	for _, room := range b.openRooms(p.Room) {
		q := p
		q.Room = room
		if room != p.Room {
			q.Message = blocks.Elsewhere(p.Message, p.Room)
		}
		var c engine.Card
		if c, err = b.post(ctx, q); !isShut(err) {
			if err == nil {
				b.open(ctx, room)
			}
			return c, err
		}
		b.shut(ctx, room, err)
	}
	return p.Card, err
}

// post is deliver of a new card, which is written down before, so that it is known again when Slack's answer is lost.
func (b *Bot) post(ctx context.Context, p parcel) (engine.Card, error) {
	p.Card.Channel = p.Room
	if len(p.Message.Metadata.EventPayload) > 0 {
		var err error
		if p.Card.Post, err = b.Store.Posting(ctx, p.Card, b.Wall.Now()); err != nil {
			return p.Card, err
		}
		p.Message = p.Message.Bearing(p.Card.Post)
	}
	return b.deliver(ctx, p)
}

// deliver posts or edits one message, as plainly as Slack wants it.
func (b *Bot) deliver(ctx context.Context, p parcel) (engine.Card, error) {
	c, err := b.call(ctx, p)
	for _, plainer := range []func(blocks.Message) blocks.Message{blocks.Plainer, blocks.Plainest} {
		if !isUnfit(err) || p.File != nil {
			break
		}
		b.Log.Error("Slack does not take a message as it is drawn; it goes more plainly", "step", "outbox", "kind", p.Card.Kind, "subject", p.Card.Subject, "err", unfitness(err))
		q := p
		q.Message = plainer(p.Message)
		c, err = b.call(ctx, q)
	}
	return c, err
}

// call is one call, at Slack's pace.
func (b *Bot) call(ctx context.Context, p parcel) (engine.Card, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	if p.Card.TS != "" {
		if err := b.paced.edit(ctx, p.Card.Channel); err != nil {
			return p.Card, err
		}
		cctx, done := context.WithTimeout(ctx, slackCall)
		defer done()
		_, _, _, err := b.api.UpdateMessageContext(cctx, p.Card.Channel, p.Card.TS, options(p.Message)...)
		return p.Card, err
	}
	if err := b.paced.post(ctx, p.Room); err != nil {
		return p.Card, err
	}
	cctx, done := context.WithTimeout(ctx, slackCall)
	defer done()
	if p.File != nil {
		f, err := b.api.UploadFileContext(cctx, slack.UploadFileParameters{
			Filename: p.File.Name, Title: p.File.Title, Content: p.File.Text, FileSize: len(p.File.Text), Channel: p.Room, ThreadTimestamp: p.Thread,
		})
		if err != nil {
			return p.Card, err
		}
		p.Card.Channel, p.Card.TS, p.Card.PostedAt, p.Card.ShownAt = p.Room, f.ID, b.Wall.Now(), b.Clock.Now() // Slack does not say where in the thread it stands
		return p.Card, nil
	}
	opts := options(p.Message)
	if p.Thread != "" {
		opts = append(opts, slack.MsgOptionTS(p.Thread))
	}
	channel, ts, err := b.api.PostMessageContext(cctx, p.Room, opts...)
	if err != nil {
		return p.Card, err
	}
	p.Card.Channel, p.Card.TS, p.Card.PostedAt, p.Card.ShownAt = channel, ts, b.Wall.Now(), b.Clock.Now()
	return p.Card, nil
}

// options are a message's parts as slack-go sends them: nothing is unfurled, and no name is linked.
func options(m blocks.Message) []slack.MsgOption {
	opts := []slack.MsgOption{
		slack.MsgOptionText(m.Text, false), slack.MsgOptionBlocks(m.Blocks...), slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(),
	}
	if len(m.Metadata.EventPayload) > 0 {
		opts = append(opts, slack.MsgOptionMetadata(m.Metadata))
	}
	return opts
}
