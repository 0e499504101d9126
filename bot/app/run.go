package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
	"golang.org/x/sync/errgroup"

	"koira/bot"
	"koira/engine"
	"koira/engine/schedule"
	"koira/engine/writer"
)

// Machine is what main gives: clocks, a seed, the environment and the log. Nothing else in the program reads them from the system.
type Machine struct {
	Clock engine.Clock // the business's; on a real machine the same as Wall
	Wall  engine.Clock
	Seed  uint64
	Env   Env
	Log   *slog.Logger
	Slack Line // where Slack is; its tokens come from Env, and the zero Line is Slack's own
}

// Line is how Slack is reached. The zero URL and Dialer are Slack's own.
type Line struct {
	Bot, App engine.Secret
	URL      string // of the Web API, with a slash at the end; "" means Slack
	HTTP     http.RoundTripper
	Dialer   *websocket.Dialer
}

// slackCall is how long one call to Slack may take; slack-go's own client has no limit.
const slackCall = 30 * time.Second

// clients makes slack-go's two clients on one line.
func (l Line) clients(wall engine.Clock) (*slack.Client, *socketmode.Client) {
	next := l.HTTP
	if next == nil {
		next = http.DefaultTransport
	}
	opts := []slack.Option{
		slack.OptionAppLevelToken(l.App.Reveal()),
		slack.OptionHTTPClient(&http.Client{Timeout: slackCall, Transport: &bot.Pace{Next: next, Wall: wall, Gap: time.Second}}),
	}
	if l.URL != "" {
		opts = append(opts, slack.OptionAPIURL(l.URL))
	}
	api := slack.New(l.Bot.Reveal(), opts...)
	var sock []socketmode.Option
	if l.Dialer != nil {
		sock = append(sock, socketmode.OptionDialer(l.Dialer))
	}
	return api, socketmode.New(api, sock...)
}

// Service is a Core with its bot: koira as it runs in a workspace.
type Service struct {
	*Core
	Bot *bot.Bot
}

// connect builds the bot over k. wake is called after every act; hurry is bot.Options.Hurry.
func connect(k *Core, c Config, w World, l Line, wake func(), hurry int) *Service {
	api, socket := l.clients(w.Wall)
	return &Service{k, bot.New(bot.Options{
		Slack: api, Socket: socket, Store: k.DB, Desk: k.Desk, Report: k.Report, People: k.People,
		Rooms: c.rooms(),
		Clock: w.Clock, Wall: w.Wall, Wake: wake, Log: w.Log, Crash: w.Crash, Hurry: hurry,
	})}
}

// Run runs koira until ctx ends; then what is on the wire is finished. It returns early, with what to do, when Slack refuses the app or all of the
// channels that cards go to.
func Run(ctx context.Context, c Config, m Machine) error {
	line, err := m.line()
	if err != nil {
		return err
	}
	w, err := m.world(c)
	if err != nil {
		return err
	}
	api, _ := line.clients(m.Wall)
	me, err := api.AuthTestContext(ctx)
	if err != nil {
		return &engine.Error{Code: engine.CodeUpstream, Message: "Slack does not let the bot in. Run `koira doctor` to see which part fails.", Err: err}
	}
	if _, err := c.rooms().Look(ctx, api); err != nil {
		return err
	}
	w.Team = me.TeamID
	k, err := Open(ctx, c, c.Storage.Path, w)
	if err != nil {
		return err
	}
	defer func() {
		if err := k.Close(); err != nil {
			w.Log.Error("the store could not be closed in order", "err", err)
		}
	}()
	differences, err := k.difference(ctx, c)
	if err != nil {
		return err
	}
	for _, d := range differences {
		w.Log.Warn("the config file differs from the store, which counts; `koira import` applies the file", "difference", d)
	}
	return serve(ctx, k, c, w, line)
}

// slackFirst is how long the scheduler waits for Slack at a start. Approved work goes out all the same when Slack is away.
const slackFirst = 20 * time.Second

// heapGrowth is after how much growth, in percent of what was left, the service collects what it no longer needs: it mostly waits, so memory is worth
// more than a processor's time.
const heapGrowth = 50

// serve runs bot and schedule over an open core, in the order that start gives. A run that ends here was no crash.
func serve(ctx context.Context, k *Core, c Config, w World, l Line) error {
	if os.Getenv("GOGC") == "" {
		defer debug.SetGCPercent(debug.SetGCPercent(heapGrowth))
	}
	begun, err := k.start(ctx, w)
	if err != nil {
		return err
	}
	err = k.serve(ctx, c, w, l)
	return errors.Join(err, k.DB.End(context.WithoutCancel(ctx), begun.Epoch, w.Wall.Now()))
}

func (k *Core) serve(ctx context.Context, c Config, w World, l Line) error {
	var wakeups *schedule.Schedule
	var s *Service
	var one sync.Mutex // the jobs share the loop and the heartbeat's file
	tick := func(ctx context.Context) error {
		one.Lock()
		defer one.Unlock()
		err := k.Tick(ctx)
		s.Bot.Nudge()
		return errors.Join(err, beat(c.Storage.Path, w.Wall.Now())) // a step that fails is in the log; the loop itself is alive
	}
	wakeups = schedule.New(schedule.Options{Zone: c.zone(), Drain: 2 * publishTimeout, Log: w.Log},
		schedule.Job{Name: "tick", Every: time.Duration(c.Schedule.Tick), Run: tick},
		schedule.Job{Name: "morning note", Cron: "30 8 * * *", Run: tick},
		schedule.Job{Name: "weekly report", Cron: "0 9 * * 1", Run: tick},
	)
	s = connect(k, c, w, l, func() { wakeups.Wake("tick") }, 0)
	if err := s.Bot.Replay(ctx); err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return s.Bot.Run(ctx) })
	g.Go(func() error {
		s.Bot.AwaitConnection(ctx, slackFirst)
		return wakeups.Run(ctx)
	})
	return g.Wait()
}

func (m Machine) line() (Line, error) {
	botToken, err := m.Env.Secret(SlackBotToken)
	if err != nil {
		return Line{}, err
	}
	l := m.Slack
	l.Bot = botToken
	l.App, err = m.Env.Secret(SlackAppToken)
	return l, err
}

// rooms are the Slack channels that cards go to.
func (c Config) rooms() bot.Rooms {
	return bot.Rooms{Drafts: c.Slack.Drafts, Exceptions: c.Slack.Exceptions, Reports: c.Slack.Reports}
}

// world builds the outside of a config: channels, meters and the writer.
func (m Machine) world(c Config) (World, error) {
	channels, meters, _, err := c.doors(m.Env, m.Clock, m.Seed)
	if err != nil {
		return World{}, err
	}
	dice := rand.New(rand.NewPCG(m.Seed, 0x6c6f6f70))
	w, j, err := c.writer(m.Env, m.Wall, dice)
	if err != nil {
		return World{}, err
	}
	return World{
		Clock: m.Clock, Wall: m.Wall, NewID: IDs(m.Clock, m.Seed), Dice: dice, Log: c.veiled(m.Log, m.Env), Writer: w, Judge: j, Channels: channels, Meters: meters,
	}, nil
}

// writer is who writes, and who judges what is written: the configured model, or the built-in template writer, and nobody, without one.
func (c Config) writer(env Env, wall engine.Clock, dice *rand.Rand) (engine.Writer, engine.Judge, error) {
	if c.Model.Name == "" {
		return writer.Template{}, nil, nil
	}
	key, err := c.modelKey(env)
	if err != nil {
		return nil, nil, err
	}
	o := writer.Options{
		BaseURL: c.Model.BaseURL, Model: c.Model.Name, Key: key, Timeout: time.Duration(c.Model.Timeout), Clock: wall,
		Rand:   rand.New(rand.NewPCG(dice.Uint64(), 0x77726974)),
		Prices: writer.Prices{InPerMillion: sum(c.Model.PriceIn), OutPerMillion: sum(c.Model.PriceOut)},
	}
	w, err := writer.NewOpenAI(o)
	if err != nil || !c.Model.Judge {
		return w, nil, err
	}
	o.Rand = rand.New(rand.NewPCG(dice.Uint64(), 0x6a756467))
	j, err := writer.NewJudge(o)
	return w, j, err
}

// modelKey is the model server's key, empty where none is set and the server is one of one's own, which may need none. A key that is set and cannot be
// read is an error.
func (c Config) modelKey(env Env) (engine.Secret, error) {
	if !env.Has(ModelKey) && !strings.Contains(c.Model.BaseURL, "openai.com") {
		return "", nil
	}
	return env.Secret(ModelKey)
}

// beat notes beside the store that the loop ran; health reads it, since the store itself belongs to the running process.
func beat(store string, now time.Time) error {
	path := heartbeat(store)
	if err := os.WriteFile(path+".new", []byte(now.UTC().Format(time.RFC3339)+"\n"), 0o600); err != nil {
		return fmt.Errorf("noting the heartbeat: %w", err)
	}
	return os.Rename(path+".new", path)
}

func heartbeat(store string) string { return filepath.Clean(store) + ".heartbeat" }
