// Package bot is Slack in, Slack out: it writes down what people click and type, has desk do it, and draws notices as messages. It decides
// nothing and runs no SQL. The tour: socket.go receives, inbox.go writes down and acknowledges, work.go finds the command, click or window
// in their tables and runs it: commands.go, clicks.go, submissions.go, with bound.go between a button and the card that it belongs to;
// reply.go answers. outbox.go sends what there is to tell, deliver.go message by message; draws.go says how each kind of notice looks, hours.go
// when it may ring, refused.go and rooms.go what becomes of what Slack does not take.
package bot

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
	"golang.org/x/sync/errgroup"

	"koira/engine"
	"koira/engine/desk"
	"koira/engine/report"
)

// Rooms are the Slack channels, by id, that cards go to.
type Rooms struct{ Drafts, Exceptions, Reports string }

// Options is everything that a Bot is built from; all fields but Hurry and Crash are required.
type Options struct {
	Slack  *slack.Client
	Socket *socketmode.Client
	Store  Store
	Desk   *desk.Desk
	Report *report.Reader
	People engine.People
	Rooms  Rooms
	Clock  engine.Clock // the business's
	Wall   engine.Clock
	Wake   func() // asks the loop to look at what is due; never blocks
	Log    *slog.Logger
	Crash  func(string) // told the name of each point at which a crash must do no harm; nil where nobody crashes koira on purpose
	Hurry  int          // sends so many times faster than Slack allows: for an embedded workspace on a fast clock; 0 keeps to Slack's limits
}

// Store is what bot itself keeps: envelopes that came in, notices to send, the cards that were posted, and who was refused.
type Store interface {
	inboxStore
	outboxStore
	Act(ctx context.Context, name string, answer any, do func(context.Context) error) error
	Record(ctx context.Context, e engine.Event) error
}

// Bot connects koira to one Slack workspace.
type Bot struct {
	Options
	api     messenger
	nudge   chan struct{}
	work    chan engine.Delivery
	asked   chan engine.Delivery // apart from it: what waits for a channel
	faces   *faces
	paced   *pacer
	answer  answers
	homes   homes
	stepped stepped
	nags    nags
	closed  shutRooms
	next    time.Duration // until the outbox looks by itself; only the outbox touches it
	met     chan struct{} // closed once Slack is connected
	meet    sync.Once
}

// New returns a Bot that has not connected.
func New(o Options) *Bot {
	b := &Bot{
		Options: o, api: o.Slack, nudge: make(chan struct{}, 1), work: make(chan engine.Delivery, backlog), asked: make(chan engine.Delivery, backlog), paced: newPacer(o.Hurry), answer: answers{}, next: idle,
		met: make(chan struct{}),
	}
	b.faces = newFaces(o.Slack, o.Wall)
	return b
}

// Nudge asks the outbox to look for notices now. It never blocks.
func (b *Bot) Nudge() {
	select {
	case b.nudge <- struct{}{}:
	default:
	}
}

// introduce asks Slack whether the token is taken.
func (b *Bot) introduce(ctx context.Context) error {
	if _, err := b.Slack.AuthTestContext(ctx); err != nil {
		return b.refusal(err)
	}
	return nil
}

// AwaitConnection returns once Slack is connected, when d has passed on the wall's clock, or when ctx ends.
func (b *Bot) AwaitConnection(ctx context.Context, d time.Duration) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	late := make(chan error, 1)
	go func() { late <- b.Wall.Wait(ctx, d) }()
	select {
	case <-b.met:
	case <-late:
	}
}

// Run receives and sends until ctx ends; it returns early with the reason when Slack will never let it in. What was written down but not
// done when the program last stopped is done first.
func (b *Bot) Run(ctx context.Context) error {
	if err := b.introduce(ctx); err != nil {
		return err
	}
	if err := b.visit(ctx); err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	b.employ(ctx, g)
	g.Go(func() error { return b.receive(ctx) })
	g.Go(func() error { return b.connect(ctx) })
	g.Go(func() error { return b.send(ctx) })
	g.Go(func() error { return b.sweep(ctx) })
	err := g.Wait()
	if ctx.Err() != nil && context.Cause(ctx) == context.Canceled {
		return nil
	}
	return err
}

// employ starts the workers of both lanes.
func (b *Bot) employ(ctx context.Context, g *errgroup.Group) {
	for range workers {
		g.Go(func() error { return b.labour(ctx, b.work) })
	}
	for range askers {
		g.Go(func() error { return b.labour(ctx, b.asked) })
	}
}

// messenger is the part of *slack.Client that sends.
type messenger interface {
	PostMessageContext(ctx context.Context, channelID string, o ...slack.MsgOption) (channel, ts string, err error)
	UpdateMessageContext(ctx context.Context, channelID, ts string, o ...slack.MsgOption) (channel, newTS, text string, err error)
	PostEphemeralContext(ctx context.Context, channelID, userID string, o ...slack.MsgOption) (ts string, err error)
	OpenViewContext(ctx context.Context, triggerID string, v slack.ModalViewRequest) (*slack.ViewResponse, error)
	UpdateViewContext(ctx context.Context, v slack.ModalViewRequest, externalID, hash, viewID string) (*slack.ViewResponse, error)
	PublishViewContext(ctx context.Context, r slack.PublishViewContextRequest) (*slack.ViewResponse, error)
	UploadFileContext(ctx context.Context, p slack.UploadFileParameters) (*slack.FileSummary, error)
	GetFileInfoContext(ctx context.Context, id string, count, page int) (*slack.File, []slack.Comment, *slack.Paging, error)
}

var _ messenger = (*slack.Client)(nil)

// keep is how long envelopes that are done are remembered, so that a late redelivery is known: Slack repeats for minutes.
const keep = 7 * 24 * time.Hour

// sweep forgets old envelopes, once a day.
func (b *Bot) sweep(ctx context.Context) error {
	for {
		if err := b.Store.TrimDeliveries(ctx, b.Wall.Now().Add(-keep)); err != nil && ctx.Err() == nil {
			b.Log.Warn("old envelopes could not be forgotten", "code", engine.CodeOf(err), "err", err)
		}
		if err := b.Wall.Wait(ctx, 24*time.Hour); err != nil {
			return err
		}
	}
}
