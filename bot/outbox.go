package bot

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"koira/engine"
)

type outboxStore interface {
	DueNotices(ctx context.Context, t time.Time, limit int) ([]engine.Notice, error)
	SentNotice(ctx context.Context, n engine.Notice, cards ...engine.Card) error
	DelayNotice(ctx context.Context, n engine.Notice, due time.Time, why string) error
	Cards(ctx context.Context, kind engine.NoticeKind, subject string) ([]engine.Card, error)
	CardAt(ctx context.Context, channel, ts string) (engine.Card, error)
	Posting(ctx context.Context, c engine.Card, at time.Time) (id string, err error)
	FoundPost(ctx context.Context, id, channel, ts string, at, shown time.Time) (engine.Card, error)
	SaveCard(ctx context.Context, c engine.Card, follow ...engine.Notice) error
	AddNotice(ctx context.Context, n engine.Notice) error
	JoinWeek(ctx context.Context, pieces []engine.WeekPiece, at time.Time) error
	WeekPieces(ctx context.Context, week string) ([]engine.WeekPiece, error)
	InWeek(ctx context.Context, output string) (engine.WeekPiece, error)
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

// send posts what there is to tell until ctx ends. Notices are drawn at the moment of sending, so that a card which waited an hour for Slack
// still tells the truth; one that fails is put off and never dropped.
func (b *Bot) send(ctx context.Context) error {
	for {
		left, err := b.flush(ctx)
		if err != nil && ctx.Err() == nil {
			b.Log.Error("the outbox could not be read", "step", "outbox", "code", engine.CodeOf(err), "err", err)
		}
		b.refreshHomes(ctx)
		b.refreshSteps(ctx)
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

// SendDue sends everything that is due by now, and returns: Run's outbox for whoever has no socket to listen on.
func (b *Bot) SendDue(ctx context.Context) error {
	for {
		due, err := b.Store.DueNotices(ctx, b.Clock.Now(), 1)
		if err != nil || len(due) == 0 {
			return err
		}
		if _, err := b.flush(ctx); err != nil {
			return err
		}
	}
}

// urgency is the order in which notices are sent when several are due: what somebody must act on does not wait behind readings.
var urgency = []engine.NoticeKind{
	engine.NoticeControl, engine.NoticeRequest, engine.NoticeException, engine.NoticeStorm, engine.NoticeReminder, engine.NoticeOutput, engine.NoticeThread, engine.NoticeWeek, engine.NoticeBudget,
	engine.NoticeAway, engine.NoticeReturn,
	engine.NoticeLevel, engine.NoticeRenewed, engine.NoticeOffer, engine.NoticeLook, engine.NoticeDaily, engine.NoticeLog, engine.NoticeWeekly, engine.NoticeNear, engine.NoticeMonthly, engine.NoticeBaseline,
	engine.NoticeResult, engine.NoticeWelcome,
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
	about.Subject = strings.TrimSuffix(strings.TrimSuffix(n.Subject, overnight), engine.SubjectNeeded)
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
		if later := p.later(b.Clock.Now()); later > 0 && p.Card.TS == "" {
			wait = later
			continue
		}
		if err := b.handOver(ctx, p); err != nil {
			return err
		}
	}
	if wait > 0 {
		morrow := engine.Notice{Kind: n.Kind, Subject: about.Subject + overnight, Due: b.Clock.Now().Add(wait)}
		if n.Subject == morrow.Subject { // it missed its day; merged into itself it would be due on
			return b.Store.DelayNotice(ctx, n, morrow.Due, "it waits for the day")
		}
		if err := b.Store.AddNotice(ctx, morrow); err != nil {
			return err
		}
	}
	return b.Store.SentNotice(ctx, n)
}

// overnight marks the subject of a notice that waits for the morning. It is a notice of its own, so that what happens meanwhile, such as the end
// of a stop, is told on the cards that stand already.
const overnight = "|morning"

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
