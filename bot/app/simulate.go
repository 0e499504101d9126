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
	sky     *weather
	newID   engine.NewID
	core    *Core
	crowd   *crowd
	oracle  *oracle
	step    string
	log     []engine.Event       // as far as it was read; its line n stands at n-1
	seen    int64                // events checked so far
	starts  []time.Time          // that have not ended by themselves
	opened  int                  // how often the store was
	closing bool                 // nothing new is planned any more
	unsure  bool                 // an outcome became unknown since the last pause
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
	s.sky = newWeather(o.Seed)
	s.oracle = newOracle(s)
	s.crowd = newCrowd(s)
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
	k, err := Open(ctx, s.config, s.path, World{
		Clock: s.clock, Wall: s.clock, NewID: s.newID, Dice: rand.New(rand.NewPCG(s.o.Seed, uint64(s.clock.Now().Unix()))),
		Log: slog.New(slog.DiscardHandler), Writer: s.writer, Channels: channels, Meters: meters, Team: "T0KOIRA01", Crash: s.crash,
		Alone: s.opened%readThrough != readThrough-1, Closing: s.closing,
	})
	s.opened++
	s.core = k
	if err != nil {
		return err
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

// rest lets time pass without people until whatever existed has run past its last deadline: some hours at a time while pieces may still go out,
// then about a day, since what is left is only read. In every fourth history koira goes on planning for nobody for as long as pieces may go out; in the
// others the program is started once more, at once, to bring to its end what there is.
func (s *simulation) rest(ctx context.Context) error {
	left, err := s.core.DB.Outputs(ctx, engine.OutputFilter{States: unfinished, Limit: 100_000, Bare: true})
	if err != nil {
		return err
	}
	until := s.clock.Now()
	for _, o := range left {
		if end := o.Expires.Add(o.Kind.SettledAfter()); end.After(until) {
			until = end
		}
	}
	busy := s.clock.Now()
	for _, o := range left {
		if o.Expires.After(busy) {
			busy = o.Expires
		}
	}
	busy = busy.Add(36 * time.Hour)
	if s.o.Seed%4 != 0 {
		if err := s.close(ctx); err != nil {
			return err
		}
	}
	for until = until.Add(7 * 24 * time.Hour); s.clock.Now().Before(until); {
		step := 7 * time.Hour
		if s.o.Letters { // what goes in parts needs somebody to look between them
			step = time.Hour
		}
		if s.clock.Now().After(busy) {
			step = 23 * time.Hour
			if err := s.close(ctx); err != nil {
				return err
			}
		}
		s.clock.Advance(step)
		if err := s.tick(ctx); err != nil {
			return err
		}
	}
	s.at("rest")
	if err := s.oracle.quiescent(ctx, left); err != nil {
		return err
	}
	return s.oracle.everything(ctx, true)
}

// close starts the program once more, so that nothing new is planned.
func (s *simulation) close(ctx context.Context) error {
	if s.closing {
		return nil
	}
	s.clock.Advance(2 * engine.CrashWindow) // a start of one's own choice, which must not look like one more crash in a row
	s.closing, s.starts = true, nil
	return s.restart(ctx)
}

func (s *simulation) at(what string) {
	s.step = s.clock.Now().Format("2006-01-02 15:04") + " " + what
}

// pause is the time until the loop looks again: some hours when nothing comes due before, since looking without a cause changes nothing; else until
// then, from both sides of it; soon after an outcome became unknown, while the request can still land. Now and then the program does not run at all.
func (s *simulation) pause(ctx context.Context) (time.Duration, error) {
	n, unsure := s.dice.IntN(400), s.unsure
	s.unsure = false
	minutes := func(least, most int) time.Duration { return time.Duration(least+s.dice.IntN(most-least)) * time.Minute }
	switch {
	case unsure && n > 200:
		return minutes(1, 20), nil
	case n < 3 && !s.o.Calm:
		s.count("absence")
		return minutes(3*60, 42*60), nil
	case n < 20:
		return minutes(1, 20), nil
	}
	now, idle := s.clock.Now(), minutes(2*60, 7*60)
	if h := now.In(s.config.zone()).Hour(); h >= 21 || h < 5 { // nobody does anything until the morning
		idle = time.Duration((31-h)%24)*time.Hour + minutes(0, 60)
	}
	due, err := s.core.DB.NextDue(ctx, now)
	if err != nil {
		return 0, err
	}
	wait := due.Sub(now)
	switch {
	case due.IsZero() || wait > idle:
		return idle, nil
	case n < 80 && wait > time.Second:
		return wait - time.Second, nil
	case n < 160:
		return wait, nil
	}
	return wait + minutes(1, 25), nil
}

// crashed is thrown by a crash point and caught by tick.
type crashed struct{ point string }

// tick runs the loop once. A crash ends it where it stands; the program then starts again on the same file, and ticks at its start.
func (s *simulation) tick(ctx context.Context) error {
	s.at("tick")
	s.writer.wake()
	s.sky.turn(s.clock.Now())
	s.sky.people(s.world, "newsletter")
	for over := false; !over; {
		var err error
		if over, err = s.attempt(ctx); err != nil {
			return err
		}
	}
	if err := s.drain(ctx); err != nil {
		return err
	}
	return s.oracle.touched(ctx)
}

// attempt reports whether the tick came to its end.
func (s *simulation) attempt(ctx context.Context) (over bool, err error) {
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		c, ok := p.(crashed)
		if !ok {
			panic(p)
		}
		s.count("crash " + c.point)
		s.result.Crashes++
		if err = s.restart(ctx); err == nil { // people may act before the first tick
			err = s.crowd.act(ctx)
		}
	}()
	if err := s.core.Loop.Tick(ctx); err != nil {
		return true, s.tolerate(err)
	}
	return true, nil
}

// tolerate passes what a fault of the world may cause; anything else is a breach: a step must not fail.
func (s *simulation) tolerate(err error) error {
	if s.o.Calm || engine.CodeOf(err) == engine.CodeInternal {
		return s.breach("a step failed: %v", err)
	}
	s.count("step failed " + string(engine.CodeOf(err)))
	return nil
}

func (s *simulation) restart(ctx context.Context) error {
	if err := s.core.Close(); err != nil {
		return fmt.Errorf("closing after a crash: %w", err)
	}
	s.hire()
	return s.open(ctx)
}

// drain takes the notices that are due, as a working Slack would.
func (s *simulation) drain(ctx context.Context) error {
	for {
		due, err := s.core.DB.DueNotices(ctx, s.clock.Now(), 100)
		if err != nil {
			return err
		}
		for _, n := range due {
			cards, later, err := s.show(ctx, n)
			if err != nil {
				return err
			}
			if !later.IsZero() {
				s.late[string(n.Kind)+" "+n.Subject] = later
				if err := s.core.DB.DelayNotice(ctx, n, later, "Slack is down"); err != nil {
					return err
				}
				continue
			}
			s.count("notice " + string(n.Kind))
			s.told[string(n.Kind)+" "+n.Subject] = true
			if err := s.core.DB.SentNotice(ctx, n, cards...); err != nil {
				return err
			}
		}
		if len(due) < 100 { // telling makes nothing new to tell
			return nil
		}
	}
}

// show is the card of what goes out unless stopped, which people get in the day, and now and then hours late or never: what is told later, and when.
func (s *simulation) show(ctx context.Context, n engine.Notice) (cards []engine.Card, later time.Time, err error) {
	if n.Kind != engine.NoticeOutput {
		return nil, later, nil
	}
	v, err := s.core.Report.Piece(ctx, n.Subject)
	if err != nil || !v.Window {
		return nil, later, err
	}
	now, version := s.clock.Now(), string(v.Output.Digest)
	if _, shown := s.oracle.shown[n.Subject+" "+version]; shown {
		return nil, later, nil
	}
	if h := now.In(s.config.zone()).Hour(); h < 8 || h >= 20 || s.dice.IntN(12) == 0 {
		s.count("card comes late")
		return nil, now.Add(time.Duration(1+s.dice.IntN(9)) * time.Hour), nil
	}
	s.oracle.shown[n.Subject+" "+version] = now
	return []engine.Card{{Kind: n.Kind, Subject: n.Subject, Version: version, Channel: "C0DRAFTS", TS: n.ID, PostedAt: now, ShownAt: now}}, later, nil
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
