package app

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"koira/engine"
)

// oracle knows what must hold. It keeps its own account of what people allowed, and stands at every channel's door, so that it does not
// believe the store when it asks whether the store is right.
type oracle struct {
	s       *simulation
	yes     map[string]map[engine.Digest][]byte // output → approved version → the bytes that were shown
	levels  map[string]engine.Level             // the highest that a person's click allows
	granted map[string]bool                     // an owner allowed L5 and nobody lowered it since
	pauses  map[string]bool
	stopped bool
	state   map[string]engine.State // as last seen
	version int                     // of the strategy
	caught  error                   // what was seen at a door
}

func newOracle(s *simulation) *oracle {
	return &oracle{
		s: s, yes: map[string]map[engine.Digest][]byte{}, levels: map[string]engine.Level{}, granted: map[string]bool{},
		pauses: map[string]bool{}, state: map[string]engine.State{},
	}
}

// learn takes down what people set before the first day.
func (o *oracle) learn(ctx context.Context) error {
	tasks, err := o.s.core.DB.Tasks(ctx)
	if err != nil {
		return err
	}
	for _, t := range tasks {
		o.levels[t.ID] = t.Level
	}
	s, err := o.s.core.DB.Strategy(ctx)
	o.version = s.Version
	return err
}

// approved takes down a person's yes: to the version that they saw, or to the new version that their act made of it.
func (o *oracle) approved(ctx context.Context, seen engine.Output, y yes) error {
	now, err := o.s.core.DB.Output(ctx, seen.ID)
	if err != nil {
		return err
	}
	if !bytes.Equal(shownBytes(seen), shownBytes(now)) {
		return o.s.breach("%s: a yes changed the text", seen.ID)
	}
	d := seen.Digest
	if y == approvesNew {
		d = now.Digest
	}
	if o.yes[seen.ID] == nil {
		o.yes[seen.ID] = map[engine.Digest][]byte{}
	}
	o.yes[seen.ID][d] = shownBytes(seen)
	return nil
}

func shownBytes(o engine.Output) []byte {
	var b []byte
	for _, v := range o.Variants {
		b = append(b, v.Rendered...)
	}
	return b
}

func (o *oracle) raised(task string, to engine.Level, err error) {
	if err == nil {
		o.levels[task] = to
		o.granted[task] = to == engine.L5
	}
}

func (o *oracle) paused(task string, err error) {
	if err == nil {
		o.pauses[task] = true
	}
}

func (o *oracle) resumed(task string, err error) {
	if err == nil {
		delete(o.pauses, task)
	}
}

// touched checks everything that the last step touched, found by its events.
func (o *oracle) touched(ctx context.Context) error {
	if o.caught != nil {
		return o.caught
	}
	for {
		events, err := o.s.core.DB.Events(ctx, o.s.seen, 200)
		if err != nil {
			return err
		}
		for _, e := range events {
			o.s.seen = e.Seq
			if err := o.event(ctx, e); err != nil {
				return err
			}
		}
		if len(events) < 200 {
			return o.copies()
		}
	}
}

func (o *oracle) event(ctx context.Context, e engine.Event) error {
	if e.Actor == "" || e.Action == "" {
		return o.s.breach("event %d says not who did what", e.Seq)
	}
	noun, to, _ := strings.Cut(e.Action, ".")
	switch noun {
	case "output":
		return o.moved(ctx, e, engine.State(to))
	case "task", "guardrails", "strategy":
		return o.rules(ctx)
	}
	return nil
}

// moved checks one output that a step moved: the move was legal, and its money and queues agree with its state.
func (o *oracle) moved(ctx context.Context, e engine.Event, to engine.State) error {
	if from, ok := o.state[e.Subject]; ok && !engine.CanMove(from, to) {
		return o.s.breach("%s moved %s → %s", e.Subject, from, to)
	}
	o.s.count(string(o.state[e.Subject]) + " → " + string(to))
	o.state[e.Subject] = to
	out, err := o.s.core.DB.Output(ctx, e.Subject)
	if err != nil {
		return err
	}
	if out.State != to { // a later event of the same step moved it on
		return nil
	}
	return o.output(ctx, out)
}

func (o *oracle) output(ctx context.Context, out engine.Output) error {
	reserved, err := o.reserved(ctx, out)
	if err != nil {
		return err
	}
	want := engine.Money(0)
	if out.State.HoldsMoney() {
		want = out.CostMax
	}
	if reserved != want {
		return o.s.breach("%s is %s and has %d set aside, want %d", out.ID, out.State, reserved, want)
	}
	if len(out.Variants) > 0 && out.Digest != engine.DigestOf(out) {
		return o.s.breach("%s: its digest is not that of its content", out.ID)
	}
	if out.State == engine.StateScheduled {
		return o.caps(ctx, out)
	}
	return nil
}

func (o *oracle) reserved(ctx context.Context, out engine.Output) (engine.Money, error) {
	entries, err := o.s.core.DB.Entries(ctx, out.ID)
	if err != nil {
		return 0, err
	}
	var reserved, spent engine.Money
	for _, e := range entries {
		reserved, spent = reserved+e.Reserved, spent+e.Spent
		if reserved < 0 || spent < 0 {
			return 0, o.s.breach("%s: its ledger goes below zero", out.ID)
		}
	}
	return reserved, nil
}

// caps: right after a piece was cleared, the week in which it goes out is within every cap in force.
func (o *oracle) caps(ctx context.Context, out engine.Output) error {
	if out.CostMax == 0 {
		return nil
	}
	g, err := o.s.core.DB.Guardrails(ctx)
	if err != nil {
		return err
	}
	week := engine.Week(out.Slot, o.s.config.zone())
	b, err := o.s.core.DB.Balance(ctx, week)
	if err != nil {
		return err
	}
	if b.Used() > g.Budget.Weekly {
		return o.s.breach("%s was cleared: week %s uses %d of %d", out.ID, week, b.Used(), g.Budget.Weekly)
	}
	return nil
}

// rules: no level stands above what a person's click allows, no limit above its ceiling, and the strategy is as people left it.
func (o *oracle) rules(ctx context.Context) error {
	tasks, err := o.s.core.DB.Tasks(ctx)
	if err != nil {
		return err
	}
	for _, t := range tasks {
		if t.Level > o.levels[t.ID] && !o.s.raising(t) {
			return o.s.breach("task %s stands at %s; people allowed %s", t.ID, t.Level, o.levels[t.ID])
		}
		if t.Level < o.levels[t.ID] {
			o.levels[t.ID] = t.Level
			o.granted[t.ID] = false
		}
	}
	g, err := o.s.core.DB.Guardrails(ctx)
	if err != nil {
		return err
	}
	if g.Budget.Weekly > g.Budget.Ceiling || g.Budget.Ceiling != sum(o.s.config.Guardrails.WeeklyCeiling) {
		return o.s.breach("the weekly budget is %d above a ceiling of %d", g.Budget.Weekly, g.Budget.Ceiling)
	}
	s, err := o.s.core.DB.Strategy(ctx)
	if err == nil && s.Version != o.version {
		return o.s.breach("the strategy changed to version %d", s.Version)
	}
	return err
}

// raising: the crowd tells the oracle of a raise before the oracle looks at its event.
func (s *simulation) raising(engine.Task) bool { return false }

// copies: whatever happened, nobody in the world sees a piece twice.
func (o *oracle) copies() error {
	n := map[string]int{}
	for _, c := range o.s.world.Copies() {
		if c.Key == "" || !c.Gone.IsZero() {
			continue
		}
		if n[c.Key]++; n[c.Key] > 1 {
			return o.s.breach("%d copies of %s are out", n[c.Key], c.Key)
		}
	}
	return nil
}

// everything checks all that is, and now and then the whole chain.
func (o *oracle) everything(ctx context.Context, chain bool) error {
	if err := o.touched(ctx); err != nil {
		return err
	}
	if err := o.rules(ctx); err != nil {
		return err
	}
	open, err := o.open(ctx)
	if err != nil {
		return err
	}
	all, err := o.s.core.DB.Outputs(ctx, engine.OutputFilter{Limit: 100_000})
	if err != nil {
		return err
	}
	for _, out := range all {
		if o.state[out.ID] != out.State {
			return o.s.breach("%s is %s; the log says %s", out.ID, out.State, o.state[out.ID])
		}
		if err := o.output(ctx, out); err != nil {
			if out.State == engine.StateScheduled {
				continue // its caps were checked when it was cleared; one that was lowered since is another check's business
			}
			return err
		}
		if err := o.found(ctx, out, open); err != nil {
			return err
		}
	}
	if chain {
		if _, err := o.s.core.DB.VerifyEvents(ctx); err != nil {
			return o.s.breach("the log does not verify: %v", err)
		}
	}
	return nil
}

func (o *oracle) open(ctx context.Context) (map[string]bool, error) {
	list, err := o.s.core.DB.OpenExceptions(ctx)
	open := map[string]bool{}
	for _, e := range list {
		open[e.Output] = true
	}
	return open, err
}

// found: nothing is lost. Whatever is not at its end is due, or in a queue.
func (o *oracle) found(ctx context.Context, out engine.Output, open map[string]bool) error {
	now := o.s.clock.Now()
	const slack = 3 * time.Hour // the loop looks about once an hour
	lost := ""
	switch out.State {
	case engine.StatePlanned, engine.StateDrafted, engine.StatePublishing, engine.StateRetracting:
		if out.Due.IsZero() && out.State != engine.StateRetracting {
			lost = "it is never due"
		} else if now.Sub(out.UpdatedAt) > 24*time.Hour && now.After(out.Due.Add(slack)) {
			lost = "nobody has looked at it for a day"
		}
	case engine.StateWaiting, engine.StateHeld, engine.StateHanded, engine.StateScheduled:
		if now.After(out.Expires.Add(slack)) {
			lost = "it should have ended at " + out.Expires.Format(time.DateTime)
		}
		if out.State == engine.StateHeld && !open[out.ID] {
			lost = "it is held and in no queue"
		}
	case engine.StateUnconfirmed:
		sends, err := o.s.core.DB.Sends(ctx, out.ID)
		if err != nil {
			return err
		}
		for _, d := range sends {
			if d.State == engine.SendUnconfirmed && !open[out.ID] && (d.QuietUntil.IsZero() || now.After(d.QuietUntil.Add(slack))) {
				lost = "its outcome is unknown and nobody asks"
			}
		}
	case engine.StatePublished:
		sends, err := o.s.core.DB.Sends(ctx, out.ID)
		if err != nil {
			return err
		}
		for _, d := range sends {
			if d.State == engine.SendPublished && (d.NextRead.IsZero() || now.After(d.NextRead.Add(slack))) {
				lost = "it is not measured any more, and not settled"
			}
		}
		if len(sends) == 0 {
			lost = "it is published by no send"
		}
	}
	if lost != "" {
		return o.s.breach("%s (%s, slot %s): %s", out.ID, out.State, out.Slot.Format(time.DateTime), lost)
	}
	return nil
}

// watch puts the oracle at a channel's door.
func (o *oracle) watch(ch engine.Channel) engine.Channel { return &watched{ch, o} }

type watched struct {
	engine.Channel
	o *oracle
}

// Publish looks, before a byte leaves, at what lets it leave.
func (w *watched) Publish(ctx context.Context, i engine.Intent, r engine.Ref) (engine.Receipt, error) {
	if err := w.o.leaving(ctx, i); err != nil && w.o.caught == nil {
		w.o.caught = err
	}
	return w.Channel.Publish(ctx, i, r)
}

func (o *oracle) leaving(ctx context.Context, i engine.Intent) error {
	out, err := o.s.core.DB.Output(ctx, i.Output)
	if err != nil {
		return err
	}
	t, err := o.s.core.DB.Task(ctx, i.Task)
	if err != nil {
		return err
	}
	g, err := o.s.core.DB.Guardrails(ctx)
	if err != nil {
		return err
	}
	now := o.s.clock.Now()
	shown, said := o.yes[i.Output][i.Digest]
	sends, err := o.s.core.DB.Sends(ctx, i.Output)
	if err != nil {
		return err
	}
	claimed := false
	for _, d := range sends {
		claimed = claimed || d.ID == i.Send && d.State == engine.SendPublishing && d.Fence == i.Fence && d.Key == i.Key
	}
	bad := ""
	switch {
	case !claimed || out.State != engine.StatePublishing:
		bad = "without a committed claim"
	case o.stopped:
		bad = "while everything is stopped"
	case o.pauses[i.Task]:
		bad = "while its task is paused"
	case !g.Channels[i.Channel]:
		bad = "on a channel that is not allowed"
	case now.Before(out.Slot) || !now.Before(out.Expires):
		bad = fmt.Sprintf("at the wrong time: slot %s, end %s", out.Slot, out.Expires)
	case !said && !o.granted[i.Task]:
		bad = "and nobody allowed it"
	case said && !bytes.Equal(shown, i.Bytes):
		bad = "and it is not what was approved"
	case out.Digest != i.Digest || !bytes.Equal(shownBytes(out), i.Bytes):
		bad = "and it is not what the gate passed"
	case t.Level < engine.L2:
		bad = "at " + t.Level.String()
	}
	if bad == "" {
		return nil
	}
	return o.s.breach("%s (%s) leaves %s", i.Output, i.Channel, bad)
}
