// Package loop is what koira does by itself: plan, create, publish, measure, iterate. It is level-triggered: a tick asks the store what is
// due, so running any step twice is harmless and a crash between any two statements loses nothing. It never raises a level, a cap or a limit.
package loop

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"koira/engine"
	"koira/engine/trust"
)

// Store is everything that the steps ask for; each step takes only its own part.
type Store interface {
	planStore
	createStore
	confidenceStore
	shadowStore
	publishStore
	audienceStore
	measureStore
	watchStore
	lowerStore
	anomalyStore
	rereadStore
	iterateStore
	offerStore
	baselineStore
	recheckStore
	expireStore
	alertStore
	remindStore
	summariseStore
	startStore
	haltStore
	newsStore
	awayStore
	welcomeStore
}

// basics is what nearly every step reads.
type basics interface {
	Strategy(ctx context.Context) (engine.Strategy, error)
	Guardrails(ctx context.Context) (engine.Guardrails, error)
	Tasks(ctx context.Context) ([]engine.Task, error)
	Task(ctx context.Context, id string) (engine.Task, error)
	CountOutputs(ctx context.Context, f engine.OutputFilter) (map[engine.State]int, error)
	Output(ctx context.Context, id string) (engine.Output, error)
	Outputs(ctx context.Context, f engine.OutputFilter) ([]engine.Output, error)
	Move(ctx context.Context, m engine.Move) (engine.Verdict, error)
	Flush(ctx context.Context) error // makes durable whatever came before it
}

// Options is everything that a Loop is built from. All fields are required but for Judge, Closing and Crash.
type Options struct {
	Store    Store
	Gate     engine.Gate
	Writer   engine.Writer
	Judge    engine.Judge // of drafts' voice; nil where none is asked
	Channels map[string]engine.Channel
	Meters   map[string]engine.Meter                                              // by channel; a channel without one is not measured
	Link     func(base string, o engine.Output, v engine.Variant) (string, error) // koira's UTM tags
	Recheck  func(ctx context.Context) error                                      // holds scheduled work that a changed rule would not let pass, and lets go on what is held for none
	Release  func(ctx context.Context) error                                      // the latter alone
	Clock    engine.Clock                                                         // the business's
	Wall     engine.Clock
	NewID    engine.NewID
	Dice     *rand.Rand
	Log      *slog.Logger
	Timeout  time.Duration // of one call to a channel, wall time
	Closing  bool          // nothing new is planned: what there is comes to its end
	IdleDays int           // after how many days without a piece a level lapses; 0 means the 60 of the ladder

	// Crash, when set, is called at named points of the publish machine: a simulation ends the run there.
	Crash func(point string)
}

// Loop runs the steps. One Tick runs at a time; callers wait for each other.
type Loop struct {
	Options
	mu      sync.Mutex
	due     map[engine.State]int         // how many outputs are due in this tick, by state: what is empty costs no look
	looked  map[string]time.Time         // when a step last looked at a task; forgotten at a stop, since looking twice is harmless
	known   map[string]string            // settings as they were last read or written: nobody else writes them
	stood   map[string][]engine.Standing // how each task stood when that was last written down; likewise
	news    news
	glances map[string]glance     // when a step last looked at a task, and what it knew then; likewise
	cases   map[string]trust.Case // as each task stood when offer last looked
	short   map[string]bool       // tasks whose record was too short when it was last weighed
	calls   bool                  // whether what a stop cut off at the model is settled
	freed   int64                 // the ledger's mark when release last looked
	mark    int64                 // of the ledger, when alert last looked; −1 makes it look again

	rereadBy int       // the version of the strategy by which what is out was last read again; 0 at a start
	rereadTo time.Time // until when it was
}

// New returns a Loop that has not begun anything.
func New(o Options) *Loop {
	if o.Crash == nil {
		o.Crash = func(string) {}
	}
	return &Loop{
		Options: o, looked: map[string]time.Time{}, known: map[string]string{}, stood: map[string][]engine.Standing{},
		news: noNews(), glances: map[string]glance{}, cases: map[string]trust.Case{}, short: map[string]bool{}, mark: -1, freed: -1,
	}
}

// steps run in this order in every tick. To add one: a file named after it, and a row.
var steps = []struct {
	name string
	run  func(*Loop, context.Context) error
}{
	{"halt", (*Loop).halt},
	{"recover", (*Loop).recover},
	{"return", (*Loop).comeBack},
	{"recheck", (*Loop).recheck},
	{"expire", (*Loop).expire},
	{"remind", (*Loop).remind},
	{"publish", (*Loop).publish},
	{"measure", (*Loop).measure},
	{"watch", (*Loop).watch},
	{"lower", (*Loop).lower},
	{"anomaly", (*Loop).anomaly},
	{"reread", (*Loop).reread},
	{"iterate", (*Loop).iterate},
	{"baseline", (*Loop).baseline},
	{"offer", (*Loop).offer},
	{"calibrate", (*Loop).calibrate},
	{"plan", (*Loop).plan},
	{"create", (*Loop).create},
	{"alert", (*Loop).alert},
	{"summarise", (*Loop).summarise},
	{"silence", (*Loop).silence},
	{"welcome", (*Loop).welcome},
}

// Tick does everything that is due now, and makes it durable. A step that fails does not keep the others from running; the error joins all
// failures.
func (l *Loop) Tick(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	err := l.run(ctx)
	if ferr := l.Store.Flush(context.WithoutCancel(ctx)); ferr != nil {
		err = errors.Join(err, fmt.Errorf("making it durable: %w", ferr))
	}
	return err
}

func (l *Loop) run(ctx context.Context) error {
	due, err := l.Store.CountOutputs(ctx, engine.OutputFilter{DueBy: l.Clock.Now()})
	if err != nil {
		return fmt.Errorf("looking for what is due: %w", err)
	}
	l.due = due
	if err := l.hear(ctx); err != nil {
		return fmt.Errorf("reading what was written down: %w", err)
	}
	var errs []error
	for _, s := range steps {
		if err := ctx.Err(); err != nil {
			return errors.Join(append(errs, err)...)
		}
		if err := s.run(l, ctx); err != nil {
			l.Log.ErrorContext(ctx, "a step failed", "step", s.name, "code", engine.CodeOf(err), "err", err)
			errs = append(errs, fmt.Errorf("%s: %w", s.name, err))
		}
	}
	return errors.Join(errs...)
}

// setting reads one of the loop's own settings; keep writes it.
func (l *Loop) setting(ctx context.Context, key string) (string, error) {
	if v, ok := l.known[key]; ok {
		return v, nil
	}
	v, err := l.Store.Setting(ctx, key)
	if err == nil {
		l.known[key] = v
	}
	return v, err
}

func (l *Loop) keep(ctx context.Context, key, value string) error {
	err := l.Store.SetSetting(ctx, key, value)
	if err == nil {
		l.known[key] = value
	}
	return err
}

// each runs fn for every item and joins the failures: one bad output never holds up the others. A conflict is no failure: somebody else
// was first, and the next tick looks again.
func each[T any](ctx context.Context, items []T, fn func(context.Context, T) error) error {
	var errs []error
	for _, it := range items {
		if ctx.Err() != nil {
			return errors.Join(append(errs, ctx.Err())...)
		}
		if err := fn(ctx, it); err != nil && engine.CodeOf(err) != engine.CodeConflict {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// dueIn runs fn for every output that is due in one of these states, and looks at none when none was.
func (l *Loop) dueIn(ctx context.Context, fn func(context.Context, engine.Output) error, states ...engine.State) error {
	n := 0
	for _, s := range states {
		n += l.due[s]
	}
	if n == 0 {
		return nil
	}
	outputs, err := l.Store.Outputs(ctx, engine.OutputFilter{States: states, DueBy: l.Clock.Now()})
	if err != nil {
		return err
	}
	return each(ctx, outputs, fn)
}

// every reports whether step has not looked at task for a while, and that it does so now. A change of the rules makes plan look at once.
func (l *Loop) every(step, task string, while time.Duration) bool {
	key, now := lookedAt(step, task), l.Clock.Now()
	if last, ok := l.looked[key]; ok && now.Sub(last) < while {
		return false
	}
	l.looked[key] = now
	return true
}

func lookedAt(step, task string) string { return step + " " + task }

// move is store.Move as koira, now.
func (l *Loop) move(ctx context.Context, o engine.Output, m engine.Move) (engine.Verdict, error) {
	m.Output, m.From, m.Digest, m.By, m.At = o.ID, o.State, o.Digest, engine.Koira, l.Clock.Now()
	return l.Store.Move(ctx, m)
}

func (l *Loop) exception(o engine.Output, kind engine.ExceptionKind, trouble engine.Trouble, reason, evidence, remedy string) *engine.Exception {
	return &engine.Exception{
		ID: l.NewID(), Kind: kind, Output: o.ID, Task: o.Task, Subject: o.ID, Trouble: trouble,
		Reason: reason, Evidence: evidence, Remedy: remedy, OpenedAt: l.Clock.Now(), Due: o.Expires,
	}
}
