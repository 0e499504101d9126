package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"koira/blocks"
	"koira/engine"
	"koira/engine/report"
)

type outboxStore interface {
	DueNotices(ctx context.Context, t time.Time, limit int) ([]engine.Notice, error)
	SentNotice(ctx context.Context, n engine.Notice, cards ...engine.Card) error
	DelayNotice(ctx context.Context, n engine.Notice, due time.Time, why string) error
	Cards(ctx context.Context, kind engine.NoticeKind, subject string) ([]engine.Card, error)
	SaveCard(ctx context.Context, c engine.Card) error
	AddNotice(ctx context.Context, n engine.Notice) error
}

const (
	// idle is how often the outbox looks by itself; after every act and every tick it is nudged.
	idle = time.Minute
	// horizon is how many notices are read at once, batch how many of them are sent before it is looked again for something more urgent.
	horizon = 500
	batch   = 20
	// slackCall is how long one call to Slack may take.
	slackCall = 20 * time.Second
)

// parcel is one message to post, or to bring up to date when Card says where it stands.
type parcel struct {
	Room    string        // Slack channel id; a user's id means their direct messages
	Thread  string        // ts of the message under which it goes, "" for none
	Day     *report.Frame // set: a new message waits for the day of this business; an edit rings nobody and never waits
	Card    engine.Card
	Message blocks.Message
	Under   []blocks.Message // put into the thread of a new card, each alone
	File    *attachment      // the same
}

// attachment is the whole text of a piece that does not fit on its card.
type attachment struct{ Name, Title, Text string }

// send posts what there is to tell until ctx ends. Notices are drawn at the moment of sending, so that a card which waited an hour for Slack
// still tells the truth; one that fails is put off and never dropped.
func (b *Bot) send(ctx context.Context) error {
	for {
		left, err := b.flush(ctx)
		if err != nil && ctx.Err() == nil {
			b.Log.Error("the outbox could not be read", "step", "outbox", "code", engine.CodeOf(err), "err", err)
		}
		b.refreshHomes(ctx)
		if left {
			continue
		}
		wctx, cancel := context.WithTimeout(ctx, b.next)
		b.next = idle
		select {
		case <-b.nudge:
		case <-wctx.Done():
		}
		cancel()
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// urgency is the order in which notices are sent when several are due: what somebody must act on does not wait behind readings.
var urgency = []engine.NoticeKind{
	engine.NoticeControl, engine.NoticeRequest, engine.NoticeException, engine.NoticeOutput, engine.NoticeLevel, engine.NoticeDaily, engine.NoticeWeekly, engine.NoticeResult,
}

// flush sends the most urgent of what is due, and reports whether more is.
func (b *Bot) flush(ctx context.Context) (more bool, err error) {
	due, err := b.Store.DueNotices(ctx, b.Clock.Now(), horizon)
	if err != nil {
		return false, err
	}
	slices.SortStableFunc(due, func(x, y engine.Notice) int { return slices.Index(urgency, x.Kind) - slices.Index(urgency, y.Kind) })
	for _, n := range due[:min(batch, len(due))] {
		if err := b.Wall.Wait(ctx, b.paced.quiet(b.Wall.Now())); err != nil {
			return false, err
		}
		if err := b.tell(ctx, n); err != nil {
			if ctx.Err() != nil {
				return false, err
			}
			if err := b.putOff(ctx, n, err); err != nil {
				return false, err
			}
		}
	}
	return len(due) > batch, nil
}

// tell draws one notice and sends its messages. A crash between a post and the store's knowing of it posts the card twice; both copies lead
// to the same single decision.
func (b *Bot) tell(ctx context.Context, n engine.Notice) error {
	draw, ok := draws[n.Kind]
	if !ok {
		return engine.Errorf(engine.CodeInternal, "Nobody knows how to draw a notice of kind %q.", n.Kind)
	}
	about := n
	about.Subject = strings.TrimSuffix(n.Subject, overnight)
	parcels, err := draw(b, ctx, about)
	if engine.CodeOf(err) == engine.CodeNotFound {
		b.Log.Warn("a notice is about nothing that there is, so it is dropped", "step", "outbox", "kind", n.Kind, "subject", n.Subject, "err", err)
		return b.Store.SentNotice(ctx, n)
	}
	if err != nil {
		return fmt.Errorf("drawing: %w", err)
	}
	var wait time.Duration
	for _, p := range parcels {
		if later := untilDay(b.Clock.Now(), p.Day); later > 0 && p.Card.TS == "" {
			wait = later
			continue
		}
		if err := b.handOver(ctx, p); err != nil {
			return err
		}
	}
	if wait > 0 {
		morrow := engine.Notice{Kind: n.Kind, Subject: about.Subject + overnight, Due: b.Clock.Now().Add(wait)}
		if err := b.Store.AddNotice(ctx, morrow); err != nil {
			return err
		}
	}
	return b.Store.SentNotice(ctx, n)
}

// overnight marks the subject of a notice that waits for the morning. It is a notice of its own, so that what happens meanwhile, such as the end
// of a stop, is told on the cards that stand already.
const overnight = "|morning"

// handOver sends one parcel and remembers its card at once: what follows may fail, and a known card is edited, not posted again.
func (b *Bot) handOver(ctx context.Context, p parcel) error {
	c, err := b.deliver(ctx, p)
	if isGone(err) { // somebody removed the card: it is drawn anew, where it asks for anybody
		c.Version = retired
		return errors.Join(err, b.Store.SaveCard(ctx, c))
	}
	if err != nil {
		return err
	}
	if err := b.Store.SaveCard(ctx, c); err != nil {
		return err
	}
	if p.Card.TS != "" {
		return nil
	}
	for _, m := range p.Under {
		if _, err := b.deliver(ctx, parcel{Room: c.Channel, Thread: c.TS, Message: m}); err != nil {
			b.Log.Warn("a text could not be put into its card's thread", "output", c.Subject, "step", "outbox", "err", err)
		}
	}
	if p.File != nil {
		b.attach(ctx, c, *p.File)
	}
	return nil
}

// isGone reports whether Slack says that a message cannot be edited any more.
func isGone(err error) bool {
	var r slack.SlackErrorResponse
	return errors.As(err, &r) && slices.Contains([]string{"message_not_found", "cant_update_message", "edit_window_closed"}, r.Err)
}

// deliver posts or edits one message, at Slack's pace.
func (b *Bot) deliver(ctx context.Context, p parcel) (engine.Card, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	opts := options(p.Message)
	if p.Card.TS != "" {
		if err := b.paced.edit(ctx, p.Card.Channel); err != nil {
			return p.Card, err
		}
		cctx, done := context.WithTimeout(ctx, slackCall)
		defer done()
		_, _, _, err := b.api.UpdateMessageContext(cctx, p.Card.Channel, p.Card.TS, opts...)
		return p.Card, err
	}
	if err := b.paced.post(ctx, p.Room); err != nil {
		return p.Card, err
	}
	if p.Thread != "" {
		opts = append(opts, slack.MsgOptionTS(p.Thread))
	}
	cctx, done := context.WithTimeout(ctx, slackCall)
	defer done()
	channel, ts, err := b.api.PostMessageContext(cctx, p.Room, opts...)
	if err != nil {
		return p.Card, err
	}
	p.Card.Channel, p.Card.TS, p.Card.PostedAt = channel, ts, b.Wall.Now()
	return p.Card, nil
}

// attach puts the whole text into the card's thread. A card without its file still opens the whole text in its window, so a failure is logged.
func (b *Bot) attach(ctx context.Context, c engine.Card, a attachment) {
	_, err := b.api.UploadFileContext(ctx, slack.UploadFileParameters{
		Filename: a.Name, Title: a.Title, Content: a.Text, FileSize: len(a.Text), Channel: c.Channel, ThreadTimestamp: c.TS,
	})
	if err != nil {
		b.Log.Warn("a piece's whole text could not be put into its thread", "output", c.Subject, "step", "outbox", "err", err)
	}
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

// putOff keeps a notice that could not be sent: for as long as Slack asks, else longer and longer, at most half an hour.
func (b *Bot) putOff(ctx context.Context, n engine.Notice, cause error) error {
	wait := min(10*time.Second<<min(n.Attempts, 8), 30*time.Minute)
	var limited *slack.RateLimitedError
	if errors.As(cause, &limited) {
		wait = limited.RetryAfter
		b.paced.hold(b.Wall.Now().Add(wait))
	}
	b.next = min(b.next, wait)
	b.Log.Warn("a notice could not be sent; it is tried again", "step", "outbox", "kind", n.Kind, "subject", n.Subject, "wait", wait, "err", cause)
	return b.Store.DelayNotice(ctx, n, b.Clock.Now().Add(wait), "Slack did not take it.")
}
