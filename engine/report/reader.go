// Package report is the read side: what people ask to see, as plain values. It knows neither Slack nor SQL, and it changes nothing.
package report

import (
	"context"
	"fmt"
	"slices"
	"time"

	"koira/engine"
)

// pieces is what is read of outputs.
type pieces interface {
	Output(ctx context.Context, id string) (engine.Output, error)
	Outputs(ctx context.Context, f engine.OutputFilter) ([]engine.Output, error)
	CountOutputs(ctx context.Context, f engine.OutputFilter) (map[engine.State]int, error)
	View(ctx context.Context, id string, stage engine.Stage, now time.Time) (engine.View, error)
	Sends(ctx context.Context, output string) ([]engine.Send, error)
	Halts(ctx context.Context, since time.Time) ([]engine.Halt, error)
	Readings(ctx context.Context, output string) (map[engine.Metric]int64, error)
	ReadingsAt(ctx context.Context, output string, since, at time.Time) (map[engine.Metric]int64, error)
	WordingsBefore(ctx context.Context, output string) (map[string]string, error)
	Performance(ctx context.Context, task string, from, to time.Time) ([]engine.Performance, error)
	Past(ctx context.Context, task string, from time.Time, most int) (engine.Past, error)
}

// judgements is what is read of people's and koira's own decisions.
type judgements interface {
	Approval(ctx context.Context, output string, d engine.Digest) (*engine.Approval, error)
	Judgement(ctx context.Context, output string, d engine.Digest) (*engine.Judgement, error)
	Remarks(ctx context.Context, output string, d engine.Digest) ([]engine.Remark, error)
	Reviews(ctx context.Context, task string, since time.Time) ([]engine.Review, error)
	Unreviewed(ctx context.Context, task string, since time.Time) (int, error)
	Measured(ctx context.Context, channel, segment string) (int, error)
	Rejections(ctx context.Context, task string, limit int) ([]engine.Rejection, error)
	Retraction(ctx context.Context, output string) (*engine.Retraction, error)
	Exception(ctx context.Context, id string) (engine.Exception, error)
	OpenExceptions(ctx context.Context) ([]engine.Exception, error)
	Storm(ctx context.Context, id string) ([]engine.Exception, error)
	RaiseOffer(ctx context.Context, id string) (engine.RaiseOffer, error)
	LiveOffers(ctx context.Context, task string) ([]engine.RaiseOffer, error)
	Look(ctx context.Context, id string) (engine.Look, error)
	Decision(ctx context.Context, id string) (engine.Decision, error)
	Decisions(ctx context.Context, task string, since time.Time, limit int) ([]engine.Decision, error)
	Grant(ctx context.Context, task string) (*engine.Grant, error)
	Estimates(ctx context.Context, from, to time.Time) ([]engine.Estimate, error)
	Shadows(ctx context.Context, task string, since time.Time) ([]engine.Shadow, error)
	Lowering(ctx context.Context, decision string) (*engine.Lowering, error)
	Lowerings(ctx context.Context, task string, since time.Time) ([]engine.Lowering, error)
}

// settings is what is read of what people set.
type settings interface {
	Strategy(ctx context.Context) (engine.Strategy, error)
	StrategyHistory(ctx context.Context, offset, limit int) ([]engine.StrategyVersion, error)
	Guardrails(ctx context.Context) (engine.Guardrails, error)
	GuardrailChanges(ctx context.Context, limit int) ([]engine.GuardrailChange, error)
	GuardrailHistory(ctx context.Context, offset, limit int) ([]engine.GuardrailChange, error)
	Request(ctx context.Context, id string) (engine.Request, error)
	Control(ctx context.Context) (engine.Control, error)
	Breakers(ctx context.Context) ([]engine.Breaker, error)
	Task(ctx context.Context, id string) (engine.Task, error)
	Tasks(ctx context.Context) ([]engine.Task, error)
	Balance(ctx context.Context, week string) (engine.Balance, error)
	BalanceByTask(ctx context.Context, week string) (map[string]engine.Balance, error)
	BalanceBefore(ctx context.Context, week string, before time.Time) (engine.Balance, error)
	Campaign(ctx context.Context, key string) (engine.Balance, error)
}

// log is what is read of the audit log.
type log interface {
	Head(ctx context.Context) (seq int64, hash string, err error)
	Events(ctx context.Context, after int64, limit int) ([]engine.Event, error)
	Ending(ctx context.Context, output string, as engine.State) (engine.Ending, error)
	Deeds(ctx context.Context, from, to time.Time) ([]engine.Deed, error)
}

// absences is what is read of owners who are away.
type absences interface {
	Absence(ctx context.Context, id string) (engine.Absence, error)
	Absences(ctx context.Context) ([]engine.Absence, error)
	SpentIn(ctx context.Context, from, to time.Time) (engine.Money, error)
	Hours(ctx context.Context) (map[string][]engine.Hours, error)
	Setting(ctx context.Context, key string) (string, error)
	Works(ctx context.Context) ([]engine.Work, error)
}

// Store is what a Reader reads; every method is a plain look that changes nothing.
type Store interface {
	pieces
	judgements
	settings
	log
	absences
}

// Options is what a Reader needs beside its store. Clock is the business's.
type Options struct {
	People   engine.People
	Clock    engine.Clock
	Channels map[string]engine.Traits // by configured name
	Metered  map[string]bool          // channels whose results a meter reads
	Gate     engine.Gate              // for WhyNot
	Writer   string                   // engine.Writer's Name
	Packs    []string                 // names of the packs of blocked subjects that there are
}

// Reader makes views. Its methods are safe for concurrent use. Each view is read in several looks, so numbers of one view may be a
// moment apart. Errors carry the store's codes.
type Reader struct {
	store Store
	o     Options
}

// New returns a Reader over store.
func New(store Store, o Options) *Reader { return &Reader{store: store, o: o} }

// scene is what nearly every view needs, read once for each.
type scene struct {
	Frame
	strategy engine.Strategy
	rules    engine.Guardrails
	control  engine.Control
	tasks    []engine.Task
	open     []engine.Exception
	paused   map[string]engine.Pause // channels at which nothing new is begun
	now      time.Time
}

// Frame reads what every drawing needs: the moment, the business's zone and its currency.
func (r *Reader) Frame(ctx context.Context) (Frame, error) {
	s, err := r.scene(ctx)
	return s.Frame, err
}

// scene reads what people have set. Before anything is set it is empty, in UTC: the first day is a view too.
func (r *Reader) scene(ctx context.Context) (scene, error) {
	s := scene{now: r.o.Clock.Now()}
	var err error
	if s.strategy, err = r.store.Strategy(ctx); err != nil && engine.CodeOf(err) != engine.CodeNotFound {
		return s, fmt.Errorf("reading the strategy: %w", err)
	}
	if s.rules, err = r.store.Guardrails(ctx); err != nil && engine.CodeOf(err) != engine.CodeNotFound {
		return s, fmt.Errorf("reading the guardrails: %w", err)
	}
	if s.control, err = r.store.Control(ctx); err != nil {
		return s, fmt.Errorf("reading whether it is stopped: %w", err)
	}
	if s.tasks, err = r.store.Tasks(ctx); err != nil {
		return s, fmt.Errorf("reading the tasks: %w", err)
	}
	if s.open, err = r.store.OpenExceptions(ctx); err != nil {
		return s, fmt.Errorf("reading the open exceptions: %w", err)
	}
	breakers, err := r.store.Breakers(ctx)
	if err != nil {
		return s, fmt.Errorf("reading how the channels fare: %w", err)
	}
	s.paused = map[string]engine.Pause{}
	for _, b := range breakers {
		if b.Pause != nil {
			s.paused[b.Channel] = *b.Pause
		}
	}
	b := s.strategy.Business
	s.Frame = Frame{AsOf: s.now, Zone: b.Location(), Business: b.Name, Currency: b.Currency}
	for _, t := range r.o.Channels {
		s.AnySimulated = s.AnySimulated || t.Simulated
	}
	return s, nil
}

// task returns the task with that id, or one that carries nothing but the id when it is gone.
func (s scene) task(id string) engine.Task {
	i := slices.IndexFunc(s.tasks, func(t engine.Task) bool { return t.ID == id })
	if i < 0 {
		return engine.Task{ID: id, Name: id}
	}
	return s.tasks[i]
}

// segment returns the segment with that key, or one that is named by it when it is gone.
func (s scene) segment(key string) engine.Segment {
	i := slices.IndexFunc(s.strategy.Segments, func(g engine.Segment) bool { return g.Key == key })
	if i < 0 {
		return engine.Segment{Key: key, Name: key}
	}
	return s.strategy.Segments[i]
}

// theme returns the theme's text as people wrote it, or its key when it is gone.
func (s scene) theme(key string) string {
	for _, t := range s.strategy.Themes {
		if t.Key == key {
			return t.Text
		}
	}
	return key
}

// label is a channel's name as people read it.
func (r *Reader) label(channel string) string {
	if t := r.o.Channels[channel]; t.Label != "" {
		return t.Label
	}
	return channel
}

// mayDecide lists who may approve or reject a piece: approvers and owners, without its last editor where there is somebody else.
func (r *Reader) mayDecide(o engine.Output) []string {
	all := r.o.People.With(engine.RoleApprover)
	others := slices.DeleteFunc(slices.Clone(all), func(id string) bool { return id == o.EditedBy })
	if len(others) == 0 {
		return all
	}
	return others
}
