// Package desk is what people do: say yes and no, edit, move, hand in, raise and lower, tighten and loosen, stop and resume. Every act is
// authorised by one function, [Desk.Authorize], and changes the store by compare-and-set only, so that of two people exactly one wins and
// the other is told who.
//
// Messages of errors name people as "@id" and list the ids in the error's Who, for the surface to draw as mentions.
package desk

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"koira/engine"
)

// Options is what a Desk is made of.
type Options struct {
	Store    Store
	People   engine.People // Team must be filled in: an actor of any other workspace is refused
	Gate     engine.Gate
	Channels map[string]engine.Channel // by configured name
	Metered  map[string]bool           // channels whose results something reads
	Packs    []string                  // names of the packs of blocked subjects that there are
	Preview  Preview                   // nil: a change is shown without it
	Facts    PreviewFacts              // the same for a change of the facts
	Clock    engine.Clock              // the business's
	Wall     engine.Clock              // how long a drill took
	NewID    engine.NewID
	Timeout  time.Duration // of all that one act asks a channel; 0 means half a minute
}

// Preview tells what a change of the rules would have done to what is in the log. It changes nothing, and may take a moment: no act waits for it.
type Preview func(ctx context.Context, was, next engine.Guardrails) engine.Tried

// PreviewFacts is the same for a change of the facts.
type PreviewFacts func(ctx context.Context, was, next engine.Strategy) engine.Tried

// Desk carries out what people ask for. Its methods are safe for concurrent use; each says what calling it twice does.
type Desk struct {
	store    Store
	people   engine.People
	gate     engine.Gate
	channels map[string]page
	doors    map[string]prober
	metered  map[string]bool
	packs    []string
	preview  Preview
	onFacts  PreviewFacts
	clock    engine.Clock
	wall     engine.Clock
	newID    engine.NewID
	timeout  time.Duration
}

// page is what an act may ask of a channel: it is answered without a call to anywhere.
type page interface {
	Traits() engine.Traits
	Render(engine.Output) (engine.Rendering, error)
}

// prober is what may be asked of a channel before an act, since it can take as long as the network takes.
type prober interface {
	Probe(ctx context.Context, i engine.Intent, r engine.Ref) (engine.Receipt, error)
}

// New returns a Desk over o. It reads nothing.
func New(o Options) *Desk {
	channels, doors := map[string]page{}, map[string]prober{}
	for name, ch := range o.Channels {
		channels[name], doors[name] = ch, ch
	}
	return &Desk{
		store: o.Store, people: o.People, gate: o.Gate, channels: channels, doors: doors, metered: o.Metered, packs: o.Packs, preview: o.Preview, onFacts: o.Facts,
		clock: o.Clock, wall: o.Wall, newID: o.NewID,
		timeout: cmp.Or(o.Timeout, 30*time.Second),
	}
}

// Store is what desk needs of the store, one small interface for each noun.
type Store interface {
	acting
	pieces
	reviews
	tasks
	limits
	strategies
	requests
	controls
	exceptions
	decisions
	absences
	audits
}

// acting carries out an act as one, and marks it as done; see once.
type acting interface {
	Act(ctx context.Context, name string, answer any, do func(context.Context) error) error
}

// pieces writes down with every move what follows from it: event, money, and the notice that brings the piece's card up to date.
type pieces interface {
	AddOutput(ctx context.Context, o engine.Output, by engine.Actor) error
	Output(ctx context.Context, id string) (engine.Output, error)
	Outputs(ctx context.Context, f engine.OutputFilter) ([]engine.Output, error)
	Move(ctx context.Context, m engine.Move) (engine.Verdict, error)
	Sends(ctx context.Context, output string) ([]engine.Send, error)
	Intent(ctx context.Context, send string) (engine.Intent, error)
	Apply(ctx context.Context, r engine.Result) error
	Remark(ctx context.Context, l engine.Remark) error
	AddNotice(ctx context.Context, n engine.Notice) error
	AskHalt(ctx context.Context, output string, digest engine.Digest, by engine.Actor, at time.Time) error
	View(ctx context.Context, id string, stage engine.Stage, now time.Time) (engine.View, error)
	Audience(ctx context.Context, channel, segment string, now time.Time) (int, error)
	ViewOf(ctx context.Context, o engine.Output, stage engine.Stage, now time.Time) (engine.View, error)
}

type reviews interface {
	Approval(ctx context.Context, output string, d engine.Digest) (*engine.Approval, error)
	Reviews(ctx context.Context, task string, since time.Time) ([]engine.Review, error)
	Unreviewed(ctx context.Context, task string, since time.Time) (int, error)
	Measured(ctx context.Context, channel, segment string) (int, error)
	Performance(ctx context.Context, task string, from, to time.Time) ([]engine.Performance, error)
	Rejections(ctx context.Context, task string, limit int) ([]engine.Rejection, error)
	Retraction(ctx context.Context, output string) (*engine.Retraction, error)
}

type tasks interface {
	Tasks(ctx context.Context) ([]engine.Task, error)
	Task(ctx context.Context, id string) (engine.Task, error)
	ChangeTask(ctx context.Context, c engine.TaskChange) error
	Grant(ctx context.Context, task string) (*engine.Grant, error)
	PutTask(ctx context.Context, t engine.Task, by engine.Actor, at time.Time, why string) error
	RaiseOffer(ctx context.Context, id string) (engine.RaiseOffer, error)
	MoveRaiseOffer(ctx context.Context, m engine.OfferMove) error
	Look(ctx context.Context, id string) (engine.Look, error)
	SeeLook(ctx context.Context, id string, by engine.Actor, at time.Time) error
	Lowerings(ctx context.Context, task string, since time.Time) ([]engine.Lowering, error)
	Footing(ctx context.Context, task string) (engine.Footing, error)
}

type limits interface {
	Strategy(ctx context.Context) (engine.Strategy, error)
	Guardrails(ctx context.Context) (engine.Guardrails, error)
	GuardrailsAt(ctx context.Context, version int) (engine.Guardrails, error)
	ChangeGuardrails(ctx context.Context, c engine.RulesChange) error
	GuardrailChanges(ctx context.Context, limit int) ([]engine.GuardrailChange, error)
}

type requests interface {
	AddRequest(ctx context.Context, r engine.Request) error
	Request(ctx context.Context, id string) (engine.Request, error)
	PendRequest(ctx context.Context, id string, by engine.Actor, at, expires time.Time, why string, tried []string) error
	CancelRequest(ctx context.Context, id string, by engine.Actor, at time.Time, why string) error
}

type controls interface {
	Control(ctx context.Context) (engine.Control, error)
	SetControl(ctx context.Context, c engine.Control, by engine.Actor, at time.Time) error
	Record(ctx context.Context, e engine.Event) error
	Breakers(ctx context.Context) ([]engine.Breaker, error)
	ResumeChannel(ctx context.Context, channel string, by engine.Actor, at time.Time, outcome string) error
}

type absences interface {
	Absences(ctx context.Context) ([]engine.Absence, error)
	OwnersLast(ctx context.Context, owner string) (engine.Event, error)
	StartAbsence(ctx context.Context, a engine.Absence, by engine.Actor, at time.Time) (engine.Absence, error)
	EndAbsence(ctx context.Context, owner string, by engine.Actor, at time.Time) (engine.Absence, error)
	SetHours(ctx context.Context, person string, hours []engine.Hours, by engine.Actor, at time.Time) error
}

type exceptions interface {
	Exception(ctx context.Context, id string) (engine.Exception, error)
	CloseException(ctx context.Context, id string, by engine.Actor, at time.Time, outcome string) error
}

type decisions interface {
	Decision(ctx context.Context, id string) (engine.Decision, error)
	Decisions(ctx context.Context, task string, since time.Time, limit int) ([]engine.Decision, error)
	RevertDecision(ctx context.Context, id string, by engine.Actor, at time.Time) error
	Beliefs(ctx context.Context, task string) ([]engine.Belief, error)
	Picks(ctx context.Context, task string) ([]engine.Pick, error)
	ApplyDecision(ctx context.Context, id string, by engine.Actor, at time.Time) error
	Learn(ctx context.Context, task string, b []engine.Belief, p []engine.Pick, d []engine.Decision) error
}

func (d *Desk) zone(ctx context.Context) *time.Location {
	s, err := d.store.Strategy(ctx)
	if err != nil { // before the first strategy: a sentence with a time in UTC is better than none
		return time.UTC
	}
	return s.Business.Location()
}

// when writes t as people of the business say it now: "14:02" today, "Mon 24 Nov 14:02" on any other day.
func (d *Desk) when(ctx context.Context, t time.Time) string {
	zone := d.zone(ctx)
	if engine.DayStart(t, zone).Equal(engine.DayStart(d.clock.Now(), zone)) {
		return t.In(zone).Format("15:04")
	}
	return t.In(zone).Format("Mon 2 Jan 15:04")
}

// failed wraps a fault that is not the asker's; act is a phrase such as "approving".
func failed(act, id string, err error) error {
	return fmt.Errorf("%s %s: %w", act, id, err)
}
