// Package app builds every part of koira from a config and runs them. run, demo, simulate, conversation scripts and benchmarks share it, so
// that what is shown and tested is what runs. It holds the config file's meaning.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"time"

	"koira/engine"
	"koira/engine/desk"
	"koira/engine/guard"
	"koira/engine/loop"
	"koira/engine/render"
	"koira/engine/report"
	"koira/storage"
)

// World is what a Core stands in: clocks, dice and ids from main, and the doors to the outside.
type World struct {
	Clock    engine.Clock // the business's
	Wall     engine.Clock
	NewID    engine.NewID
	Dice     *rand.Rand
	Log      *slog.Logger
	Writer   engine.Writer
	Judge    engine.Judge // of drafts' voice; nil where none is asked
	Channels map[string]engine.Channel
	Meters   map[string]engine.Meter
	Team     string       // the Slack workspace whose members count, unless the config file names one
	Crash    func(string) // see loop.Options and bot.Options
	Alone    bool         // see storage.Options
	Closing  bool         // see loop.Options
	IdleDays int          // see loop.Options
	Proof    Proof        // looks at the store at each start; nil looks at nothing
}

// Core is koira without Slack: the store, and the loop, desk and report over it.
type Core struct {
	DB     *storage.DB
	Gate   engine.Gate
	Loop   *loop.Loop
	Desk   *desk.Desk
	Report *report.Reader
	People engine.People
	watch  *watch
}

// publishTimeout is how long one call to a channel may take.
const publishTimeout = 30 * time.Second

// Open opens the store at path, seeds it from c when it is new, and builds the parts over it. The caller closes it.
func Open(ctx context.Context, c Config, path string, w World) (*Core, error) {
	db, err := storage.Open(ctx, storage.Options{Path: path, NewID: w.NewID, Alone: w.Alone, Owners: c.people().Owners})
	if err != nil {
		return nil, err
	}
	k := &Core{DB: db, People: c.people()}
	if k.People.Team == "" {
		k.People.Team = w.Team
	}
	k.watch = &watch{k: k, path: path, zone: c.zone(), clock: w.Clock, wall: w.Wall, log: w.Log}
	if err := k.watch.begin(ctx); err != nil {
		db.Close()
		return nil, err
	}
	if err := k.seed(ctx, c, w); err != nil {
		db.Close()
		return nil, err
	}
	traits, metered := map[string]engine.Traits{}, map[string]bool{}
	for name, ch := range w.Channels {
		traits[name], metered[name] = ch.Traits(), w.Meters[name] != nil
	}
	k.Gate = guard.New(func(channel string) engine.Traits { return traits[channel] }, func(channel string) bool { return metered[channel] })
	k.Desk = desk.New(desk.Options{
		Store: db, People: k.People, Gate: k.Gate, Channels: w.Channels, Metered: metered, Clock: w.Clock, Wall: w.Wall, NewID: w.NewID,
		Packs: packNames(), Timeout: publishTimeout, Preview: k.preview(w.Log), Facts: k.previewFacts(w.Log),
	})
	k.Report = report.New(db, report.Options{
		People: k.People, Clock: w.Clock, Channels: traits, Metered: metered, Packs: packNames(), Gate: k.Gate, Writer: w.Writer.Name(),
	})
	k.Loop = loop.New(loop.Options{
		Store: db, Gate: k.Gate, Writer: w.Writer, Judge: w.Judge, Channels: w.Channels, Meters: w.Meters, Link: render.Link,
		Recheck: func(ctx context.Context) error { _, err := k.Desk.Recheck(ctx, ""); return err },
		Release: func(ctx context.Context) error { _, err := k.Desk.Release(ctx, ""); return err },
		Clock:   w.Clock, Wall: w.Wall, NewID: w.NewID, Dice: w.Dice, Log: w.Log, Timeout: publishTimeout, Closing: w.Closing, IdleDays: w.IdleDays, Crash: w.Crash,
	})
	return k, nil
}

// preview tries a change of the rules on what is on record. A failure is said and logged: nothing is guessed.
func (k *Core) preview(log *slog.Logger) desk.Preview {
	return func(ctx context.Context, was, next engine.Guardrails) engine.Tried {
		t, err := k.Report.Preview(ctx, was, next)
		return orSay(ctx, log, "the rules", t, err)
	}
}

// previewFacts is the same for a change of the facts.
func (k *Core) previewFacts(log *slog.Logger) desk.PreviewFacts {
	return func(ctx context.Context, was, next engine.Strategy) engine.Tried {
		t, err := k.Report.PreviewFacts(ctx, was, next)
		return orSay(ctx, log, "the facts", t, err)
	}
}

func orSay(ctx context.Context, log *slog.Logger, what string, t engine.Tried, err error) engine.Tried {
	if err != nil {
		log.ErrorContext(ctx, "trying a change of "+what, "err", err)
		return engine.Tried{Lines: []string{"It could not be tried on what was: something failed on my side; the log has the details."}}
	}
	return t
}

// Tick does everything that is due now, and looks after the log.
func (k *Core) Tick(ctx context.Context) error {
	return errors.Join(k.Loop.Tick(ctx), k.watch.after(ctx))
}

// Close notes that nothing more comes to the log, and closes the store. Nobody else may use it any more.
func (k *Core) Close() error {
	return errors.Join(k.watch.note(context.Background(), true), k.DB.Close())
}

// seed writes what the store lacks of the config file's strategy, tasks and rules. The rules are written last and say that it is complete: a
// first start that broke off is finished by the next one, and once there are rules the store wins.
func (k *Core) seed(ctx context.Context, c Config, w World) error {
	_, err := k.DB.Guardrails(ctx)
	if err == nil {
		return k.DB.PutShares(ctx, file, w.Clock.Now())
	}
	if engine.CodeOf(err) != engine.CodeNotFound {
		return err
	}
	s, err := k.DB.Strategy(ctx)
	if engine.CodeOf(err) == engine.CodeNotFound {
		s, err = c.strategy(), nil
	}
	if err != nil {
		return err
	}
	there, err := k.DB.Tasks(ctx)
	if err != nil {
		return err
	}
	missing := slices.DeleteFunc(c.tasks(), func(t engine.Task) bool {
		return slices.ContainsFunc(there, func(x engine.Task) bool { return x.ID == t.ID })
	})
	if err := k.DB.Import(ctx, s, missing, c.guardrails(), file, w.Clock.Now(), "the first version, from the config file"); err != nil {
		return fmt.Errorf("writing the first version of everything: %w", err)
	}
	return nil
}

var file = engine.Actor{ID: "config file", Surface: engine.SurfaceFile}
