package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"koira/bot/workspace"
	"koira/engine"
	"koira/engine/channel/sandbox"
	"koira/engine/writer"
)

// DemoOptions chooses how the demo runs.
type DemoOptions struct {
	Addr     string
	Speed    float64 // simulated seconds a second
	Seed     uint64
	DB       string
	Days     int // 0 means until ctx ends
	Headless bool
	Story    bool   // the scripted story instead of an open end; see story
	Config   string // a config file whose [model] writes instead of the template writer, from the moment the page opens; "" means none
	Env      Env    // for that model's key
	Wall     engine.Clock
	Out      io.Writer
}

// demoStart is the Monday morning on which the page opens, just as cards may ring; the weeks before it are played before that, by the same engine.
var demoStart = time.Date(2025, 11, 24, 6, 0, 0, 0, time.UTC)

const demoTeam = "T0KOIRA01"

// Demo shows koira at work: an embedded workspace, the bot connected to it by slack-go's own client, a real store, and a simulated audience
// on a fast clock. It says what is simulated. It returns when ctx ends, or after Days.
func Demo(ctx context.Context, o DemoOptions) error {
	if o.Story && (o.DB != "" || o.Days != 0) {
		return engine.Errorf(engine.CodeInvalid, "--story begins anew each time and is 90 days long: leave --db and --days away.")
	}
	if o.Headless && !o.Story && o.Days < 1 {
		return engine.Errorf(engine.CodeInvalid, "--headless needs --days: how many simulated days to run.")
	}
	if o.Speed < 1 || o.Speed > 1e6 {
		return engine.Errorf(engine.CodeInvalid, "--speed must be between 1 (as slow as life) and 1000000.")
	}
	d, err := newDemo(ctx, o)
	if err != nil {
		return err
	}
	defer d.close()
	if o.Headless && o.Story {
		return d.told(ctx)
	}
	if o.Headless {
		return d.headless(ctx)
	}
	return d.serve(ctx)
}

// demo is one demo under way.
type demo struct {
	o      DemoOptions
	config Config
	dir    string // to be removed, "" when the file is kept
	path   string
	clock  *SimClock
	world  *sandbox.World
	core   *Core
	w      World
	space  *workspace.Workspace
	began  time.Time    // on the simulated clock
	goesOn bool         // over a file that was kept
	said   func(string) // shows a line of the story
}

func newDemo(ctx context.Context, o DemoOptions) (*demo, error) {
	name, text := "demo.toml", demoConfig
	if o.Story {
		name, text = "story", storyConfig()
	}
	c, err := Parse(name, text)
	if err != nil {
		return nil, err
	}
	d := &demo{o: o, config: c, path: o.DB, clock: NewSimClock(demoStart)}
	if d.path == "" {
		if d.dir, err = os.MkdirTemp(memoryDir(""), "koira-demo-"); err != nil {
			return nil, fmt.Errorf("making a folder: %w", err)
		}
		d.path = filepath.Join(d.dir, "demo.db")
	}
	if err := d.open(ctx); err != nil {
		d.close()
		return nil, err
	}
	return d, nil
}

// open builds koira over the file; a new file gets weeks of history first, an old one goes on where it stopped.
func (d *demo) open(ctx context.Context) error {
	saved, err := d.saved()
	if err != nil {
		return err
	}
	start := demoStart.Add(-historyLength)
	if d.o.Story {
		start = storyStart
	}
	if saved != nil {
		start = saved.Now
	}
	d.clock = NewSimClock(start)
	channels, meters, world, err := d.config.doors(nil, d.clock, d.o.Seed)
	if err != nil {
		return err
	}
	d.world = world
	if _, err := os.Stat(d.path); errors.Is(err, os.ErrNotExist) {
		os.Remove(headFile(d.path)) // of a demo that was thrown away
	}
	if saved != nil {
		if err := world.Restore(saved.World); err != nil {
			return fmt.Errorf("bringing the simulated audience back: %w", err)
		}
	}
	wall := d.o.Wall
	if d.o.Story {
		wall = storyWall{d.clock, wall}
	}
	d.w = World{
		Clock: d.clock, Wall: wall, NewID: IDs(d.clock, d.o.Seed^uint64(start.Unix())), Dice: rand.New(rand.NewPCG(d.o.Seed, uint64(start.Unix()))),
		Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})), Writer: writer.Template{},
		Channels: channels, Meters: meters, Team: demoTeam,
	}
	if d.core, err = Open(ctx, d.config, d.path, d.w); err != nil {
		return err
	}
	d.goesOn = saved != nil
	if saved == nil && !d.o.Story {
		if err := d.history(ctx); err != nil {
			return fmt.Errorf("playing the weeks before: %w", err)
		}
	}
	d.began = d.clock.Now()
	return d.hire(ctx)
}

// hire lets a configured model write from here on; the weeks before are the template writer's, since calls cost money.
func (d *demo) hire(ctx context.Context) error {
	if d.o.Config == "" {
		return nil
	}
	c, err := Load(d.o.Config)
	if err != nil || c.Model.Name == "" {
		return err
	}
	d.config.Model = c.Model
	w, j, err := d.config.writer(d.o.Env, d.o.Wall, rand.New(rand.NewPCG(d.o.Seed, 0x6d6f64656c)))
	if err != nil {
		return err
	}
	if err := d.core.Close(); err != nil {
		return err
	}
	d.w.Writer, d.w.Judge = w, j
	d.core, err = Open(ctx, d.config, d.path, d.w)
	return err
}

func (d *demo) close() {
	if d.core != nil {
		if err := d.keep(); err != nil {
			fmt.Fprintln(d.o.Out, "The demo's state was not saved:", err)
		}
		d.core.Close()
	}
	if d.dir != "" {
		os.RemoveAll(d.dir)
	}
}

// notices are what the page always says of itself.
func (d *demo) notices() []string {
	all := []string{"simulated audience", "simulated clock", d.w.Writer.Name()}
	if d.o.Story {
		all = append(all, "scripted story: what Mari and Tomi press is written down, what koira does is not")
	}
	return all
}

func (d *demo) newSpace(controls workspace.Controls) (*workspace.Workspace, error) {
	return workspace.New(workspace.Options{
		Wall: d.o.Wall, Stamp: d.clock.Now, Zone: d.config.zone(), Seed: d.o.Seed, TeamID: demoTeam, Manifest: Manifest(),
		People: []workspace.Person{
			{ID: "U0MARI0001", Name: "mari", RealName: "Mari Laine", Label: "owner"},
			{ID: "U0TOMI0001", Name: "tomi", RealName: "Tomi Aalto", Label: "approver"},
			{ID: "U0EVE00001", Name: "eve", RealName: "Eve Saari", Label: "outsider: on no list"},
		},
		Channels: []string{"drafts", "needs-you", "reports"}, Controls: controls, Notices: d.notices(),
	})
}

// serve opens the page and lets the clock run.
func (d *demo) serve(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	l, err := listen(d.o.Addr)
	if err != nil {
		return err
	}
	base := "http://" + l.Addr().String()
	pump := newPump(d, cancel)
	if d.space, err = d.newSpace(pump); err != nil {
		l.Close()
		return err
	}
	d.space.SetBaseURL(base)
	if d.goesOn {
		if err := d.tellAgain(ctx); err != nil {
			l.Close()
			return err
		}
	}
	s := connect(d.core, d.config, d.w, Line{
		Bot: engine.Secret(d.space.BotToken()), App: engine.Secret(d.space.AppToken()), URL: base + "/api/",
	}, pump.wake, hurry)
	pump.nudge = s.Bot.Nudge
	if d.o.Story {
		pump.story, d.said = newPlayer(d), pump.say
		pump.story.nudge, pump.story.pause = s.Bot.Nudge, storyPause
		d.o.Days = storyDays
	}

	mux := http.NewServeMux()
	api := d.space.API()
	for _, path := range []string{"/api/", "/link", "/link/", "/reply/", "/upload/", "/files/"} {
		mux.Handle(path, api)
	}
	mux.Handle("/", d.space.Page())
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second, BaseContext: func(net.Listener) context.Context { return ctx }}

	fmt.Fprintf(d.o.Out, "koira's demo: open %s\n%s. Ctrl-C ends it.\n", base, strings.Join(d.notices(), " · "))
	if d.o.Story {
		d.preface()
	}
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serving the page: %w", err)
		}
		return nil
	})
	g.Go(func() error { <-gctx.Done(); return server.Close() })
	g.Go(func() error { return d.space.Run(gctx) })
	g.Go(func() error { return s.Bot.Run(gctx) })
	g.Go(func() error { return pump.run(gctx) })
	err = g.Wait()
	if ctx.Err() != nil { // asked to stop, or the days are over
		return nil
	}
	return err
}

// hurry: the embedded workspace has no rate limits, and a simulated day passes in seconds.
const hurry = 50

// listen refuses every address but this machine's own: the page lets whoever reaches it be the owner.
func listen(addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	ip := net.ParseIP(host)
	if err != nil || host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, engine.Errorf(engine.CodeInvalid, "--addr must be on this machine, such as 127.0.0.1:8321, not %q: whoever reaches the page can be the owner.", addr)
	}
	l, err := net.Listen("tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, &engine.Error{Code: engine.CodeInvalid, Message: fmt.Sprintf("%s is taken. Choose another with --addr 127.0.0.1:8322.", addr), Err: err}
	}
	if err != nil {
		return nil, &engine.Error{Code: engine.CodeInvalid, Message: fmt.Sprintf("Nothing can be served at %q. Choose another address, such as --addr 127.0.0.1:8322.", addr), Err: err}
	}
	return l, nil
}

// headless runs the days with simulated reviewers, as fast as it goes, and prints what came of them.
func (d *demo) headless(ctx context.Context) error {
	end := d.began.AddDate(0, 0, d.o.Days)
	staff := newStaff(d)
	for d.clock.Now().Before(end) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := d.core.Loop.Tick(ctx); err != nil {
			return err
		}
		if err := staff.review(ctx); err != nil {
			return err
		}
		if err := d.forget(ctx); err != nil {
			return err
		}
		d.clock.Advance(time.Hour)
	}
	return d.print(ctx)
}

func (d *demo) print(ctx context.Context) error {
	n, err := d.core.DB.CountOutputs(ctx, engine.OutputFilter{Since: demoStart.Add(-historyLength), Until: d.clock.Now()})
	if err != nil {
		return err
	}
	fmt.Fprintf(d.o.Out, "%s, with simulated reviewers. The clock stands at %s.\n", strings.Join(d.notices(), " · "), d.clock.Now().In(d.config.zone()).Format("Mon 2 Jan 2006 15:04"))
	for _, s := range engine.States {
		if n[s] > 0 {
			fmt.Fprintf(d.o.Out, "  %6d  %s\n", n[s], s)
		}
	}
	tasks, err := d.core.DB.Tasks(ctx)
	if err != nil {
		return err
	}
	for _, t := range tasks {
		if err := d.printTask(ctx, t); err != nil {
			return err
		}
	}
	b, err := d.core.DB.Balance(ctx, engine.Week(d.clock.Now(), d.config.zone()))
	if err != nil {
		return err
	}
	events, err := d.core.DB.VerifyEvents(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(d.o.Out, "  This week %s spent and %s set aside; %d events, and the log verifies.\n", b.Spent.Format("EUR"), b.Reserved.Format("EUR"), events)
	return nil
}

// printTask is how a task stood at its level: what of it went out, what is set to, and what asks for somebody.
func (d *demo) printTask(ctx context.Context, t engine.Task) error {
	n, err := d.core.DB.CountOutputs(ctx, engine.OutputFilter{Task: t.ID})
	if err != nil {
		return err
	}
	fmt.Fprintf(d.o.Out, "  %s, %s (%s): %d went out, %d set to, %d wait for somebody\n", t.Name, t.Level, t.Level.Words(),
		n[engine.StatePublished]+n[engine.StateSettled], n[engine.StateScheduled], n[engine.StateWaiting]+n[engine.StateHeld]+n[engine.StateHanded])
	return nil
}
