package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime/debug"
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
	CardAt(ctx context.Context, channel, ts string) (engine.Card, error)
	Posting(ctx context.Context, c engine.Card, at time.Time) (id string, err error)
	FoundPost(ctx context.Context, id, channel, ts string, at time.Time) (engine.Card, error)
	SaveCard(ctx context.Context, c engine.Card, follow ...engine.Notice) error
	AddNotice(ctx context.Context, n engine.Notice) error
	OpenException(ctx context.Context, e engine.Exception) error
	OpenExceptions(ctx context.Context) ([]engine.Exception, error)
	CloseException(ctx context.Context, id string, by engine.Actor, at time.Time, outcome string) error
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
	File    *attachment     // instead of Message, in a thread
	Follow  []engine.Notice // queued once a new card stands
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
	engine.NoticeControl, engine.NoticeRequest, engine.NoticeException, engine.NoticeStorm, engine.NoticeReminder, engine.NoticeOutput, engine.NoticeThread, engine.NoticeBudget,
	engine.NoticeLevel, engine.NoticeDaily, engine.NoticeLog, engine.NoticeWeekly, engine.NoticeResult,
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
		if err := b.told(ctx, n); err != nil {
			if ctx.Err() != nil {
				return false, err
			}
			if err := b.untold(ctx, n, err); err != nil {
				return false, err
			}
		}
	}
	return len(due) > batch, nil
}

// told is tell, and turns a panic into an error: one thing that cannot be drawn must not keep the rest from being told.
func (b *Bot) told(ctx context.Context, n engine.Notice) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
			b.Log.Error("drawing a notice panicked", "step", "outbox", "kind", n.Kind, "subject", n.Subject, "err", err, "stack", string(debug.Stack()))
		}
	}()
	return b.tell(ctx, n)
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
		return c, err
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
		p.Card.Channel, p.Card.TS, p.Card.PostedAt = p.Room, f.ID, b.Wall.Now() // Slack does not say where in the thread it stands
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
	p.Card.Channel, p.Card.TS, p.Card.PostedAt = channel, ts, b.Wall.Now()
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

// untold is told why a notice could not be: what Slack will not take however often it is asked becomes an exception, the rest is tried again.
func (b *Bot) untold(ctx context.Context, n engine.Notice, cause error) error {
	if !hopeless(cause) || n.Attempts+1 < patience || n.Kind == engine.NoticeException || n.Kind == engine.NoticeThread {
		return b.putOff(ctx, n, cause)
	}
	b.Log.Error("a notice is left, since Slack does not take it", "step", "outbox", "kind", n.Kind, "subject", n.Subject, "err", cause)
	if err := b.Store.OpenException(ctx, engine.Exception{
		Kind: engine.ExceptionSystem, Subject: "Slack card " + string(n.Kind) + " " + n.Subject, Reason: "Slack does not take a card of mine", OpenedAt: b.Clock.Now(),
		Evidence: fmt.Sprintf("It is the %s card of %s. %s", n.Kind, n.Subject, slackSays(cause)),
		Remedy:   "Look at what it is about with /koira queue or /koira log.",
	}); err != nil {
		return err
	}
	return b.Store.SentNotice(ctx, n)
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
	log := b.Log.Warn
	if hopeless(cause) {
		log = b.Log.Error
	}
	log("a notice could not be sent; it is tried again", "step", "outbox", "kind", n.Kind, "subject", n.Subject, "wait", wait, "err", cause)
	return b.Store.DelayNotice(ctx, n, b.Clock.Now().Add(wait), slackSays(cause))
}
