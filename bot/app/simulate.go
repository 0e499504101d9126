package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"time"

	"koira/engine"
	"koira/engine/channel/sandbox"
	"koira/storage"
)

// SimulateOptions chooses one simulated history.
type SimulateOptions struct {
	Days    int
	Seed    uint64
	Dir     string // where the store's file is made; "" means memory-backed where there is such a folder
	Letters bool   // its newsletter goes out daily, and by itself from the first day
	Moves   bool   // tasks move from one social channel to another, as in one of eight histories
	Slack   bool   // the real outbox tells of everything, as in one of 32 histories
	Calm    bool   // no faults, no crashes: for benchmarks of the loop itself

	study *study // a small world in which one question is asked; nil for the whole
}

// Simulated is what came of a history. The same options and build give the same Hash.
type Simulated struct {
	Seed      uint64         `json:"seed"`
	Days      int            `json:"days"`
	Outputs   int            `json:"outputs"`
	Published int            `json:"published"`
	Cycles    int            `json:"cycles"` // outputs that were measured to their end
	Events    int64          `json:"events"`
	Crashes   int            `json:"crashes"`
	Reached   map[string]int `json:"reached"` // how often each move, fault, crash point and act happened
	Offered   map[string]int `json:"offered"` // on which day each task was first offered to run by itself, the first day being 1
	Hash      string         `json:"hash"`    // of the event log's head
	Breach    string         `json:"breach,omitempty"`
	Step      string         `json:"step,omitempty"`    // at which step it broke
	History   []string       `json:"history,omitempty"` // the last events before the breach
}

// simStart is the Monday on which every simulated history begins: the 90 days hold a change from summer time.
var simStart = time.Date(2025, 9, 1, 4, 0, 0, 0, time.UTC)

// Simulate runs the real engine, desk and store for some days, against a simulated audience whose channels fail and people who approve,
// edit, reject, come late or stay away, and holds design's invariants after every step. A breach is in the result, not in the error.
func Simulate(ctx context.Context, o SimulateOptions) (Simulated, error) {
	ctx = context.WithoutCancel(ctx) // a history is short, and a context that can end costs the database driver a goroutine a query
	c, err := Parse("demo.toml", demoConfig)
	if err != nil {
		return Simulated{}, err
	}
	dir, err := os.MkdirTemp(memoryDir(o.Dir), "koira-simulate-")
	if err != nil {
		return Simulated{}, fmt.Errorf("making a folder: %w", err)
	}
	defer os.RemoveAll(dir)
	empty, err := blank()
	if err != nil {
		return Simulated{}, fmt.Errorf("making an empty store: %w", err)
	}
	if o.keen() {
		c.soonTrusted()
	}
	if o.Letters {
		c.manyLetters()
	}
	if o.moves() {
		c.twoDoors()
	}
	o.stage(&c)
	s := newSimulation(o, c, filepath.Join(dir, "koira.db"))
	if err := os.WriteFile(s.path, empty, 0o600); err != nil {
		return Simulated{}, fmt.Errorf("making an empty store: %w", err)
	}
	if err := s.open(ctx); err != nil {
		return Simulated{}, err
	}
	defer func() { s.core.Close() }()
	err = s.run(ctx)
	var b *breach
	if errors.As(err, &b) {
		s.result.Breach, s.result.Step = b.what, s.step
		s.result.History = s.history(ctx)
		err = nil
	}
	if err != nil {
		return s.result, fmt.Errorf("seed %d, %s: %w", o.Seed, s.step, err)
	}
	return s.result, nil
}

// blank is an empty store, made once for all histories.
var blank = sync.OnceValues(func() ([]byte, error) { return storage.Blank(context.Background()) })

// keen is every second history: its owner lets tasks run by themselves as soon as they may, which is soon.
func (o SimulateOptions) keen() bool { return o.Seed%2 == 0 && !o.Calm && o.study == nil }

// soonTrusted is a file whose owner asks for little before a task runs by itself, so that short histories come to what goes out unless stopped, and by
// itself.
func (c *Config) soonTrusted() {
	t := &c.Trust
	t.Reviews.Often, t.Reviews.Usual, t.Reviews.Sensitive = 5, 5, 5
	t.Bar.Low, t.Bar.Normal, t.Bar.High = 30, 30, 30
}

// idleDays is after how many days without a piece a level lapses; 0 is the ladder's own number.
func (s *simulation) idleDays() int {
	if s.o.keen() {
		return shortIdle
	}
	return 0
}

// memoryDir is dir, or a folder in memory, or the system's own for temporary files: the simulation tests logic, not the disk.
func memoryDir(dir string) string {
	const shm = "/dev/shm"
	if dir != "" {
		return dir
	}
	if i, err := os.Stat(shm); err == nil && i.IsDir() {
		return shm
	}
	return ""
}

// simulation is one history under way.
type simulation struct {
	o       SimulateOptions
	config  Config
	path    string
	clock   *SimClock
	dice    *rand.Rand // people and faults
	world   *sandbox.World
	writer  *moody
	judge   engine.Judge // nil in histories without one
	sky     *weather
	newID   engine.NewID
	core    *Core
	crowd   *crowd
	oracle  *oracle
	board   *board // nil in histories in which nobody draws what is told
	step    string
	log     []engine.Event       // as far as it was read; its line n stands at n-1
	seen    int64                // events checked so far
	starts  []time.Time          // that have not ended by themselves
	opened  int                  // how often the store was
	closing bool                 // nothing new is planned any more
	unsure  bool                 // an outcome became unknown since the last pause
	soon    int                  // so many looks come within minutes: a delivery is to be stopped
	told    map[string]bool      // what people have heard of: kind and subject
	late    map[string]time.Time // until when what is to be told waits: for the day, or because a card comes late
	result  Simulated
}

func newSimulation(o SimulateOptions, c Config, path string) *simulation {
	s := &simulation{
		o: o, config: c, path: path, clock: NewSimClock(simStart), dice: rand.New(rand.NewPCG(o.Seed, 0x73696d)),
		told: map[string]bool{}, late: map[string]time.Time{}, result: Simulated{Seed: o.Seed, Days: o.Days, Reached: map[string]int{}, Offered: map[string]int{}},
	}
	s.newID = IDs(s.clock, o.Seed)
	s.world = s.outside()
	s.writer = &moody{s: s}
	if o.judges() {
		s.judge = newFickle(s)
	}
	s.sky = newWeather(o.Seed)
	s.oracle = newOracle(s)
	s.crowd = newCrowd(s)
	if o.speaks() {
		s.board = newBoard(s)
	}
	if !o.Calm {
		s.world.Fault(s.fault)
	}
	return s
}

// readThrough is at which starts, each so many, the whole file is read, and the pool of readers used as in a program that many people use.
const readThrough = 8

// open builds koira over the file, as a start of the program does; after a crash it is the restart.
func (s *simulation) open(ctx context.Context) error {
	channels, meters := map[string]engine.Channel{}, map[string]engine.Meter{}
	for _, ch := range s.config.Channels {
		channels[ch.Name], meters[ch.Name] = s.oracle.watch(s.world.Channel(ch.Name)), s.world.Meter()
	}
	w := World{
		Clock: s.clock, Wall: s.clock, NewID: s.newID, Dice: rand.New(rand.NewPCG(s.o.Seed, uint64(s.clock.Now().Unix()))),
		Log: slog.New(slog.DiscardHandler), Writer: s.writer, Judge: s.judge, Channels: channels, Meters: meters, Team: "T0KOIRA01", Crash: s.crash,
		Alone: s.opened%readThrough != readThrough-1, Closing: s.closing, IdleDays: s.idleDays(),
	}
	k, err := Open(ctx, s.config, s.path, w)
	s.opened++
	s.core = k
	if err != nil {
		return err
	}
	if s.board != nil {
		s.board.plug(k, w)
	}
	return s.begin(ctx)
}

// run goes from one thing that is due to the next: people act, the loop ticks, the oracle looks. At the end the people go, and time alone must bring everything to its
// end or before somebody.
func (s *simulation) run(ctx context.Context) error {
	if err := s.oracle.learn(ctx); err != nil {
		return err
	}
	if s.o.Letters {
		if err := s.allowLetters(ctx); err != nil {
			return err
		}
	}
	end := simStart.AddDate(0, 0, s.o.Days)
	for day := 0; s.clock.Now().Before(end) && !s.answered(); {
		if err := s.tick(ctx); err != nil {
			return err
		}
		if err := s.crowd.act(ctx); err != nil {
			return err
		}
		if d := int(s.clock.Now().Sub(simStart) / (24 * time.Hour)); d > day {
			day = d
			s.at("midnight")
			if err := s.drain(ctx); err != nil {
				return err
			}
			if err := s.oracle.everything(ctx, day%7 == 0); err != nil {
				return err
			}
		}
		wait, err := s.pause(ctx)
		if err != nil {
			return err
		}
		s.clock.Advance(wait)
	}
	if err := s.tick(ctx); err != nil {
		return err
	}
	s.at("end")
	if err := s.oracle.everything(ctx, true); err != nil {
		return err
	}
	if err := s.summarise(ctx); err != nil || s.o.study != nil {
		return err
	}
	return s.rest(ctx)
}

func (s *simulation) at(what string) {
	s.step = s.clock.Now().Format("2006-01-02 15:04") + " " + what
}

func (s *simulation) count(what string) { s.result.Reached[what]++ }

func (s *simulation) summarise(ctx context.Context) error {
	n, err := s.core.DB.CountOutputs(ctx, engine.OutputFilter{})
	if err != nil {
		return err
	}
	for state, k := range n {
		s.result.Outputs += k
		switch state {
		case engine.StatePublished, engine.StateRetracting, engine.StateRetracted:
			s.result.Published += k
		case engine.StateSettled:
			s.result.Published += k
			s.result.Cycles += k
		}
	}
	s.result.Events, s.result.Hash, err = s.core.DB.Head(ctx)
	return err
}

// events is the log after a line. Whoever asks for it reads on what nobody has read before.
func (s *simulation) events(ctx context.Context, after int64) ([]engine.Event, error) {
	for {
		more, err := s.core.DB.Events(ctx, int64(len(s.log)), 200)
		if err != nil {
			return nil, err
		}
		for _, e := range more {
			if e.Seq != int64(len(s.log))+1 {
				return nil, s.breach("the log has line %d after line %d", e.Seq, len(s.log))
			}
			s.log = append(s.log, e)
		}
		if len(more) < 200 {
			return s.log[after:], nil
		}
	}
}

// history is the tail of the event log, for whoever has to understand a breach.
func (s *simulation) history(ctx context.Context) []string {
	head, _, err := s.core.DB.Head(ctx)
	if err != nil {
		return []string{err.Error()}
	}
	events, err := s.core.DB.Events(ctx, max(head-40, 0), 40)
	if err != nil {
		return []string{err.Error()}
	}
	lines := make([]string, len(events))
	for i, e := range events {
		lines[i] = fmt.Sprintf("%d %s %s %s %s %s", e.Seq, e.At.Format("01-02 15:04:05"), e.Actor, e.Action, e.Subject, e.DetailJSON())
	}
	return lines
}

// breach is an invariant that did not hold.
type breach struct{ what string }

func (b *breach) Error() string { return b.what }

func (s *simulation) breach(format string, args ...any) error {
	return &breach{fmt.Sprintf(format, args...)}
}
