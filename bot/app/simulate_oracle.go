package app

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"time"

	"koira/engine"
)

// oracle knows what must hold. It keeps its own account of what people allowed, and stands at every channel's door, so that it does not
// believe the store when it asks whether the store is right. Design's list of what must always hold, and where each is asserted:
//
//	 1  nothing unauthorised goes out    leaving: a yes of the crowd to this digest, or a grant (alone: at L4 also the time to look, and the sample);
//	                                     mustFail for everybody who may not
//	 2  at most one copy                 copies (in the world), repeats (at the door: no second try while the first can still land)
//	 3  money                            cleared and overCap (every cap, and what owners allowed on top), output (reservations), calls (the model),
//	                                     money (the whole ledger, and what the world billed)
//	 4  no forbidden channel or time     leaving, beyond and tooDear (what an owner who is away allowed); the crowd's own list of channels, stop and pauses, slot and end, quiet hours; rested: channels that failed
//	 5  byte for byte                    approved, output (the digest covers the bytes), leaving (what was approved, what the gate passed; grown: to whom)
//	 6  nothing is lost                  found, heard (somebody was told), freed (no rule stops it), quiescent (nobody comes any more)
//	 7  an event for everything          moved, replayed (the log gives the state of the tables), everything (the chain)
//	 8  koira raises nothing             rules, event (who changed what), ladder and told (a level rises by a grant, falls with a decision and a card), shownFall (which names the way back),
//	                                     raised and trusts (what is allowed or offered was earned, by the oracle's own account of what people said)
//	 9  a click takes effect once        crowd: double clicks, old cards and strangers, mustFail
//	10  stop                             leaving; mustFail for everybody who resumes and is no owner
//
// Acknowledgements (9) and secrets (7) have no part in a simulation: bot's scripts and the adapters' tests hold them.
type oracle struct {
	s          *simulation
	yes        map[string]map[engine.Digest][]byte // output → approved version → the bytes that were shown
	passed     map[string][]byte                   // output → the bytes that were cleared
	levels     map[string]engine.Level             // the highest that a person's click allows
	granted    map[string]engine.Level             // the level that an owner allowed, above L3, of a task that never stood below L4 since
	shown      map[string]time.Time                // output and version → when people got the card of what goes out unless stopped
	pauses     map[string]bool
	shut       map[string]bool           // channels that people took off the list
	limits     map[int]engine.Guardrails // each version that was ever in force
	left       *leave                    // what the owner, who is away, allowed
	stopped    bool
	rises      map[string]engine.Rise // output → what an owner allowed its newest version on top of the caps
	model      engine.Money           // the highest cap on the model so far
	replay     replay
	ledger     ledger
	tries      map[string]try                   // by output and variant
	reach      map[string]map[engine.Digest]int // output → approved version → the people that it was approved for
	since      map[string]int64                 // output → the log's line with its newest yes
	asked      map[string]bool                  // pieces that ever waited for a yes: no level lets them out
	free       map[string]time.Time             // held pieces that no rule stopped, since when
	fares      fares
	records    records                 // what people said of each task, and what was allowed on it
	untold     map[string]bool         // decisions that changed a level: people must be told of them
	fell       map[string]engine.Level // decision that took a level down → the level before
	unanswered map[string]bool         // copies whose halt was carried out, or too late, and its answer lost
	pausedFor  map[string]engine.Cause // task → why koira last paused it
	version    int                     // of the strategy, as people left it
	first      engine.Strategy         // what people had at the beginning
	lacking    map[string]bool         // "readers regulars", "theme rye", "fact buns": what they have taken away of it
	ruled      bool                    // the last step changed rules or levels
	caught     error                   // what was seen at a door
}

func newOracle(s *simulation) *oracle {
	return &oracle{
		s: s, yes: map[string]map[engine.Digest][]byte{}, passed: map[string][]byte{}, levels: map[string]engine.Level{}, granted: map[string]engine.Level{}, shown: map[string]time.Time{},
		pauses: map[string]bool{}, shut: map[string]bool{}, limits: map[int]engine.Guardrails{}, rises: map[string]engine.Rise{}, replay: newReplay(), ledger: newLedger(), tries: map[string]try{},
		reach: map[string]map[engine.Digest]int{}, asked: map[string]bool{}, since: map[string]int64{}, free: map[string]time.Time{}, fares: newFares(), records: newRecords(), untold: map[string]bool{}, fell: map[string]engine.Level{},
		pausedFor: map[string]engine.Cause{}, unanswered: map[string]bool{},
	}
}

// learn takes down what people set before the first day.
func (o *oracle) learn(ctx context.Context) error {
	tasks, err := o.s.core.DB.Tasks(ctx)
	if err != nil {
		return err
	}
	for _, t := range tasks {
		o.levels[t.ID], o.replay.levels[t.ID] = t.Level, t.Level
	}
	g, err := o.s.core.DB.Guardrails(ctx)
	if err != nil {
		return err
	}
	o.limits[g.Version] = g
	s, err := o.s.core.DB.Strategy(ctx)
	o.version, o.first = s.Version, s
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
		o.yes[seen.ID], o.reach[seen.ID] = map[engine.Digest][]byte{}, map[engine.Digest]int{}
	}
	o.yes[seen.ID][d], o.reach[seen.ID][d] = shownBytes(seen), seen.Audience
	o.since[seen.ID], _, err = o.s.core.DB.Head(ctx)
	return err
}

func shownBytes(o engine.Output) []byte {
	var b []byte
	for _, v := range o.Variants {
		b = append(b, v.Rendered...)
	}
	return b
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
	o.ruled = false
	events, err := o.s.events(ctx, o.s.seen)
	if err != nil {
		return err
	}
	for _, e := range events {
		o.s.seen = e.Seq
		if err := o.event(ctx, e); err != nil {
			return err
		}
	}
	if o.ruled {
		if err := o.rules(ctx); err != nil {
			return err
		}
		if err := o.overCap(ctx); err != nil {
			return err
		}
	}
	if err := o.fares.follow(ctx, o.s); err != nil {
		return err
	}
	return o.copies()
}

func (o *oracle) event(ctx context.Context, e engine.Event) error {
	if e.Actor == "" || e.Action == "" {
		return o.s.breach("event %d says not who did what", e.Seq)
	}
	o.replay.event(e)
	noun, what, _ := strings.Cut(e.Action, ".")
	switch noun {
	case "output":
		if what == "halt" { // a person's wish about what is out: it moves nothing
			if at := o.replay.states[e.Subject]; at != engine.StatePublished {
				return o.s.breach("%s is to be halted and stands at %s", e.Subject, at)
			}
			return nil
		}
		return o.moved(ctx, e, engine.State(what))
	case "guardrails", "strategy", "control":
		if e.Actor == engine.Koira.ID && e.Action != "control.stopped" { // see simulation.begin
			return o.s.breach("koira itself did this: %s %s", e.Action, e.DetailJSON())
		}
	}
	if err := o.ladder(ctx, e); err != nil {
		return err
	}
	if err := o.halted(ctx, e); err != nil {
		return err
	}
	if err := o.trusts(ctx, e); err != nil {
		return err
	}
	o.ruled = o.ruled || slices.Contains([]string{"task", "guardrails", "strategy"}, noun)
	return nil
}

// moved checks one output that a step moved: the move was legal, and its money and queues agree with its state.
func (o *oracle) moved(ctx context.Context, e engine.Event, to engine.State) error {
	from, known := o.replay.states[e.Subject]
	if known && !engine.CanMove(from, to) {
		return o.s.breach("%s moved %s → %s", e.Subject, from, to)
	}
	if known && e.Detail["from"] != string(from) {
		return o.s.breach("%s moved %s → %s; before, the log had it at %s", e.Subject, e.Detail["from"], to, from)
	}
	o.s.count(string(from) + " → " + string(to))
	o.replay.states[e.Subject] = to
	o.s.unsure = o.s.unsure || to == engine.StateUnconfirmed
	out, err := o.s.core.DB.Output(ctx, e.Subject)
	if err != nil {
		return err
	}
	if to == engine.StateScheduled {
		o.passed[out.ID] = shownBytes(out)
	}
	if to == engine.StatePublished && from != engine.StateRetracting {
		o.s.count("out at " + out.Level.String())
	}
	if to == engine.StateWaiting {
		o.takenBack(e, from)
		if strings.HasPrefix(e.Detail["why"], "Changed since") {
			o.s.count("recounted")
		}
	}
	if out.State != to { // a later event of the same step moved it on
		return nil
	}
	if err := o.ledger.read(ctx, o.s.core.DB); err != nil {
		return err
	}
	setAside := func(l engine.Entry) bool { return l.Kind == engine.LedgerReserve && l.At.Equal(e.At) } // for another week, where it is sent again
	if to == engine.StateScheduled && (!from.HoldsMoney() || slices.ContainsFunc(o.ledger.byOutput[out.ID], setAside)) {
		if err := o.cleared(ctx, out); err != nil {
			return err
		}
	}
	return o.output(out, o.ledger.byOutput[out.ID])
}

// takenBack: what waits for a yes needs a new one. An old one, from before it was put back, counts for nothing.
func (o *oracle) takenBack(e engine.Event, from engine.State) {
	o.asked[e.Subject] = true
	if from != engine.StateScheduled || e.Seq <= o.since[e.Subject] { // the yes came after it, in the same step
		return
	}
	for d := range o.yes[e.Subject] {
		if d.Short() == e.Detail["digest"] {
			delete(o.yes[e.Subject], d)
		}
	}
}

// rules: no level stands above what a person's click allows, no limit above its ceiling, and the strategy is as people left it.
func (o *oracle) rules(ctx context.Context) error {
	tasks, err := o.s.core.DB.Tasks(ctx)
	if err != nil {
		return err
	}
	for _, t := range tasks {
		if t.Level > o.levels[t.ID] {
			return o.s.breach("task %s stands at %s; people allowed %s", t.ID, t.Level, o.levels[t.ID])
		}
		if t.Level < o.levels[t.ID] {
			o.levels[t.ID] = t.Level
		}
		if t.Level < engine.L4 {
			delete(o.granted, t.ID)
		}
		if t.Level != o.replay.levels[t.ID] {
			return o.s.breach("task %s stands at %s; the log says %s", t.ID, t.Level, o.replay.levels[t.ID])
		}
		if (t.Paused != nil) != o.pauses[t.ID] {
			return o.s.breach("task %s is paused: %t; people left it %t", t.ID, t.Paused != nil, o.pauses[t.ID])
		}
	}
	g, err := o.s.core.DB.Guardrails(ctx)
	if err != nil {
		return err
	}
	for v := g.Version - 1; v > 0 && o.limits[v].Version == 0; v-- { // one act may make two versions
		if o.limits[v], err = o.s.core.DB.GuardrailsAt(ctx, v); err != nil {
			return err
		}
	}
	o.limits[g.Version] = g
	for _, t := range tasks {
		set := func(x engine.Threshold) bool { return x.Floor > 0 || x.Ceiling > 0 }
		if t.Level >= engine.L4 && (o.shut[t.Channel] || !g.Voice.Locked || g.Budget.Ceiling == 0 || len(t.Benchmarks) == 0 || !slices.ContainsFunc(g.Thresholds[t.ID], set)) {
			return o.s.breach("task %s stands at %s without its walls", t.ID, t.Level)
		}
	}
	if g.Budget.Weekly > g.Budget.Ceiling || g.Budget.Ceiling != sum(o.s.config.Guardrails.WeeklyCeiling) {
		return o.s.breach("the weekly budget is %d above a ceiling of %d", g.Budget.Weekly, g.Budget.Ceiling)
	}
	for _, ch := range o.s.config.Channels {
		if g.Channels[ch.Name] == o.shut[ch.Name] {
			return o.s.breach("channel %s is allowed: %t; people left it %t", ch.Name, g.Channels[ch.Name], !o.shut[ch.Name])
		}
	}
	s, err := o.s.core.DB.Strategy(ctx)
	if err == nil && s.Version != o.version {
		return o.s.breach("the strategy changed to version %d; people left it at %d", s.Version, o.version)
	}
	return err
}
