package app

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"koira/bot/workspace"
	"koira/engine"
	"koira/engine/channel/sandbox"
	"koira/engine/enginetest"
	"koira/engine/writer"
)

// scriptStart is when every conversation begins: a Monday, 10:00 in Helsinki.
var scriptStart = time.Date(2025, 11, 24, 8, 0, 0, 0, time.UTC)

// cast is who speaks in scripts; eve is on no list, and gus is a guest whom the file lists by mistake.
var cast = []workspace.Person{
	{ID: "U0MARI0001", Name: "mari", Label: "owner"},
	{ID: "U0TOMI0001", Name: "tomi", Label: "approver"},
	{ID: "U0OLLI0001", Name: "olli", Label: "operator"},
	{ID: "U0VENLA001", Name: "venla", Label: "viewer"},
	{ID: "U0EVE00001", Name: "eve", Label: "outsider"},
	{ID: "U0GUS00001", Name: "gus", Label: "guest", Guest: true},
}

var rooms = []string{"drafts", "exceptions", "reports"}

// machine is the bubble's clock, for both clocks.
type machine struct{}

func (machine) Now() time.Time { return time.Now() }

func (machine) Wait(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// stage is koira as it runs, in a workspace, with a simulated audience.
type stage struct {
	t     *testing.T
	ctx   context.Context
	space *workspace.Workspace
	core  *Core
	world *sandbox.World
	line  Line
	deaf  *deafness
	kill  *killing
	lacks string // a channel that is left out of the config when koira starts
	start func() // starts koira
	halt  func() // ends it, as a stop of the program does
}

// TestScripts runs every conversation of ../testdata/scripts: slack-go's own clients, the real store, loop, desk and report, an embedded
// workspace. Then it asks of the tables whether every command, button and window was used.
func TestScripts(t *testing.T) {
	files, err := filepath.Glob("../testdata/scripts/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("there are no scripts", err)
	}
	used := newUses()
	ok := t.Run("conversation", func(t *testing.T) {
		for i, f := range files {
			if !enginetest.Sampled(i, 3) {
				used.partial = true
				continue
			}
			t.Run(strings.TrimSuffix(filepath.Base(f), ".txt"), func(t *testing.T) {
				t.Parallel()
				text, err := os.ReadFile(f)
				if err != nil {
					t.Fatal(err)
				}
				synctest.Test(t, func(t *testing.T) { play(t, string(text), used, false) })
			})
		}
	})
	if !ok {
		used.partial = true
	}
	t.Run("every command, button and window is used", used.complete)
}

// play runs one script in the bubble, crashing koira after every act or not.
func play(t *testing.T, text string, used *uses, crashing bool) {
	if err := (machine{}).Wait(t.Context(), time.Until(scriptStart)); err != nil {
		t.Fatal(err)
	}
	s, steps, err := newScript(text, used)
	if err != nil {
		t.Fatal(err)
	}
	ln := workspace.NewPipeListener()
	st, end := raise(t, ln, workspace.PipeURL, ln.Client(), ln.Dialer(), s.config, func(w *World) { w.Judge = s.judge })
	defer end()
	s.stage = st
	s.settle()
	s.kill.crashing = crashing
	for _, step := range steps {
		s.kill.arm(!s.slackIsDown)
		s.kill.told = len(s.told())
		if err := s.do(step.text); err != nil {
			t.Fatalf("line %d: %s\n%v\n%s", step.line, step.text, err, s.picture())
		}
	}
}

// raise opens a workspace behind ln and runs koira in it until end is called.
func raise(t *testing.T, ln net.Listener, base string, hc *http.Client, dialer *websocket.Dialer, c Config, more ...func(*World)) (*stage, func()) {
	t.Helper()
	clock := machine{}
	space, err := workspace.New(workspace.Options{Wall: clock, Zone: c.zone(), Seed: 7, TeamID: "T0KOIRA01", Manifest: Manifest(), People: cast, Channels: rooms})
	if err != nil {
		t.Fatal(err)
	}
	space.SetBaseURL(base)
	for i, to := range []*string{&c.Slack.Drafts, &c.Slack.Exceptions, &c.Slack.Reports} {
		*to = space.Channels()[i].ID
	}
	dir, err := os.MkdirTemp(memoryDir(""), "koira-script-") // a script tests the conversation, not the disk
	if err != nil {
		t.Fatal(err)
	}
	c.Storage.Path = filepath.Join(dir, "koira.db")
	channels, meters, world, err := c.doors(nil, clock, 7)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	if testing.Verbose() {
		log = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	}
	w := World{
		Clock: clock, Wall: clock, NewID: IDs(clock, 7), Dice: rand.New(rand.NewPCG(7, 7)), Log: log, Writer: writer.Template{},
		Channels: channels, Meters: meters, Team: "T0KOIRA01",
	}
	st := &stage{t: t, ctx: t.Context(), space: space, world: world, deaf: &deafness{}, kill: &killing{}}
	w.Crash = st.kill.point
	for _, change := range more {
		change(&w)
	}
	dialer.NetDialContext = st.deaf.dial(dialer.NetDialContext)
	st.line = Line{Bot: engine.Secret(space.BotToken()), App: engine.Secret(space.AppToken()), URL: base + "/api/", HTTP: hc.Transport, Dialer: dialer}
	st.start = func() {
		c, w := c, w
		c.Channels = slices.DeleteFunc(slices.Clone(c.Channels), func(x ChannelConfig) bool { return x.Name == st.lacks })
		w.Channels = maps.Clone(w.Channels)
		maps.DeleteFunc(w.Channels, func(name string, _ engine.Channel) bool { return name == st.lacks })
		st.halt = st.open(c, w)
	}
	st.start()

	ctx, cancel := context.WithCancel(t.Context())
	srv := &http.Server{Handler: space.API()}
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := srv.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	wg.Go(func() {
		if err := space.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	return st, func() {
		st.halt()
		cancel()
		srv.Close()
		hc.CloseIdleConnections()
		wg.Wait()
		hc.CloseIdleConnections()
		os.RemoveAll(dir)
	}
}

// open runs koira over its file until the returned function is called.
func (s *stage) open(c Config, w World) (halt func()) {
	k, err := Open(s.ctx, c, c.Storage.Path, w)
	s.must(err)
	s.core = k
	ctx, cancel := context.WithCancel(s.ctx)
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, k, c, w, s.line) }()
	return func() {
		cancel()
		if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
			s.t.Error(err)
		}
		s.must(k.Close())
	}
}

// deafness swallows what the bot says on its websocket, as a line that broke in one direction: acknowledgements are lost, and Slack repeats.
type deafness struct {
	mu sync.Mutex
	on bool
}

func (d *deafness) set(on bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.on = on
}

type dialing = func(ctx context.Context, network, addr string) (net.Conn, error)

func (d *deafness) dial(next dialing) dialing {
	if next == nil {
		next = (&net.Dialer{}).DialContext
	}
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		c, err := next(ctx, network, addr)
		return deafConn{c, d}, err
	}
}

type deafConn struct {
	net.Conn
	d *deafness
}

func (c deafConn) Write(b []byte) (int, error) {
	c.d.mu.Lock()
	on := c.d.on
	c.d.mu.Unlock()
	if on {
		return len(b), nil
	}
	return c.Conn.Write(b)
}

// settle waits until nothing is left to do: every envelope acknowledged and done, nothing due in the outbox or for the loop.
func (s *stage) settle() {
	s.t.Helper()
	for range 600 {
		synctest.Wait()
		if s.kill.struck() {
			s.rise()
		}
		if s.settled() {
			return
		}
		s.wait(time.Second)
	}
	s.t.Fatal("it never settles")
}

func (s *stage) wait(d time.Duration) {
	if err := (machine{}).Wait(s.ctx, d); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) settled() bool {
	now := time.Now()
	inbox, err := s.core.DB.PendingDeliveries(s.ctx, 1)
	s.must(err)
	outbox, err := s.core.DB.DueNotices(s.ctx, now, 1)
	s.must(err)
	due, err := s.core.DB.Outputs(s.ctx, engine.OutputFilter{DueBy: now, States: []engine.State{engine.StatePlanned, engine.StateDrafted, engine.StatePublishing}})
	s.must(err)
	return len(inbox)+len(outbox)+len(due) == 0 && s.space.Quiet()
}

func (s *stage) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}
