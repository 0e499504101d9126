package report

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"time"

	"koira/engine"
)

const (
	// replayDays is how far back a change of the rules is tried.
	replayDays = 30
	// replayMost is how many pieces it is tried on, the newest: somebody waits for the answer.
	replayMost = 500
)

// replayed says of each rule of the gate whether a change of it can be tried on what is past. To add a rule: a row.
var replayed = map[string]struct {
	limit bool   // people's rules hold what it looks at; else no change of them moves it
	text  bool   // it reads the wording
	why   string // why it cannot be tried; "" where it can
}{
	"stopped":     {},
	"paused":      {},
	"away":        {},
	"interrupted": {},
	"authority":   {},
	"wave":        {}, // how first readers took it, of which the log keeps no count at each moment
	"late":        {},
	"audience":    {},
	"caps":        {}, // what a task may hold: of people's limits it looks at blast's alone, which has its row
	"strategy":    {}, // by the strategy of that time
	"channels":    {limit: true},
	"budget":      {limit: true}, // the ledger's lines say what was set aside and spent at each moment
	"pace":        {limit: true}, // the same
	"quiet":       {limit: true},
	"frequency":   {limit: true}, // the log says what was out or cleared at each moment
	"blast":       {limit: true}, // the grant of that time, the count of people as it was written
	"confidence":  {},            // it is held against what people said, and against no limit of theirs
	"performance": {limit: true, why: "how a task stood against its minimums at each moment is not kept"},
	"topics":      {limit: true, text: true},
	"alphabets":   {text: true},
	"voice":       {limit: true, text: true},
	"facts":       {limit: true, text: true}, // by the strategy of that time; of a change of the facts themselves, by both
	"links":       {limit: true, text: true},
	"duplicates":  {limit: true, text: true},
	"limits":      {text: true},
	"lines":       {limit: true, text: true},
	"mentions":    {limit: true, text: true},
	"safety":      {text: true},
}

// moved lists the rules that differ between two versions of the guardrails, and in words the limits that hold nothing back at the gate.
func moved(was, next engine.Guardrails) (rules, elsewhere []string) {
	differ := func(a, b any) bool { return !reflect.DeepEqual(a, b) }
	shares := func(b engine.BudgetRule) []map[string]engine.Money {
		return []map[string]engine.Money{b.Tasks, b.Campaigns}
	}
	for _, x := range []struct {
		rule  string
		moves bool
	}{
		{"channels", differ(was.Channels, next.Channels)},
		{"budget", was.Budget.Weekly != next.Budget.Weekly || was.Budget.Output != next.Budget.Output ||
			!slices.EqualFunc(shares(was.Budget), shares(next.Budget), maps.Equal[map[string]engine.Money])},
		{"pace", was.Budget.Pace != next.Budget.Pace},
		{"quiet", differ(was.Quiet, next.Quiet)},
		{"frequency", differ(was.Frequency, next.Frequency)},
		{"blast", was.Blast != next.Blast},
		{"performance", differ(was.Thresholds, next.Thresholds)},
		{"topics", differ(was.Topics, next.Topics)},
		{"voice", differ(was.Voice, next.Voice)},
		{"facts", was.Facts != next.Facts},
		{"links", differ(was.Links, next.Links)},
		{"duplicates", was.Duplicates != next.Duplicates},
		{"lines", differ(was.Lines, next.Lines)},
		{"mentions", differ(was.Mentions, next.Mentions)},
	} {
		if x.moves {
			rules = append(rules, x.rule)
		}
	}
	if was.Budget.Model != next.Budget.Model {
		elsewhere = append(elsewhere, "what the AI model may cost holds back its calls, and no piece")
	}
	if was.Review != next.Review {
		elsewhere = append(elsewhere, "how pieces are looked at that go out unless stopped holds back their time, and when each was shown to whom is not kept")
	}
	if was.Wave != next.Wave {
		elsewhere = append(elsewhere, "the first readers of an e-mail hold back the rest of it, and how they took it at each moment is not kept")
	}
	return rules, elsewhere
}

// Replay is a change of the rules as it was tried on what is on record. Each piece is tried by itself, as it stood at its time: with its wording,
// the strategy, the grant and the money of then, and what was out or cleared then.
type Replay struct {
	Rules     []string // that differ
	Of        int      // pieces of the last 30 days that were tried
	Stopped   []Tried  // that would have been stopped, and were let pass by the rules in force
	Smaller   []Tried  // that would have been brought down to fewer people or less money
	Freed     []Tried  // that would have been let through, and are stopped by the rules in force
	Planned   int      // pieces now planned that were tried
	Stops     []Tried  // of them: would be stopped
	Frees     []Tried  // of them: would be let through
	Best      *Tried   // of Stopped, the one that was visited most; nil where none was
	Ever      bool     // Best is the most visited of all that were tried
	NoText    int      // pieces that could not be tried, since their text is not kept
	Unwritten int      // planned pieces without a text yet
	More      int      // older pieces that were left out
	Not       []string // in words: what of the change cannot be tried, and why
}

// Tried is one piece of which a change of the rules decides otherwise.
type Tried struct {
	Output    engine.Output
	Rule      string // the first that decides
	Says      string // its evidence
	Visits    int64  // so far
	Simulated bool
}

// Preview tries a change of the rules on what is on record, in words. It changes nothing.
func (r *Reader) Preview(ctx context.Context, was, next engine.Guardrails) (engine.Tried, error) {
	v, f, err := r.replay(ctx, was, next)
	if err != nil {
		return engine.Tried{}, err
	}
	return v.tried(f), nil
}

// Replay tries a change of the rules on what is on record.
func (r *Reader) Replay(ctx context.Context, was, next engine.Guardrails) (Replay, error) {
	v, _, err := r.replay(ctx, was, next)
	return v, err
}

// PreviewFacts tries a change of the facts on what is on record, in words: each piece of the last 30 days, and each that is queued now, under the rules in
// force with the facts as they are and as they would be. It changes nothing.
func (r *Reader) PreviewFacts(ctx context.Context, was, next engine.Strategy) (engine.Tried, error) {
	v := Replay{Rules: []string{"facts"}}
	s, err := r.scene(ctx)
	if err != nil || r.o.Gate == nil {
		return engine.Tried{}, err
	}
	under := func(of engine.Strategy) func(*engine.View) {
		return func(v *engine.View) { v.Guardrails, v.Strategy.Facts = s.rules, of.Facts }
	}
	err = r.tryOn(ctx, s, &v, trial{was: under(was), next: under(next), text: true, days: reachOf(s.rules)})
	return v.tried(s.Frame), err
}

func (r *Reader) replay(ctx context.Context, was, next engine.Guardrails) (Replay, Frame, error) {
	var v Replay
	s, err := r.scene(ctx)
	if err != nil {
		return v, s.Frame, err
	}
	var triable, text bool
	v.Rules, v.Not = moved(was, next)
	for _, rule := range v.Rules {
		how := replayed[rule]
		if triable, text = triable || how.why == "", text || how.text; how.why != "" {
			v.Not = append(v.Not, how.why)
		}
	}
	if !triable || r.o.Gate == nil {
		return v, s.Frame, nil
	}
	under := func(g engine.Guardrails) func(*engine.View) { return func(v *engine.View) { v.Guardrails = g } }
	err = r.tryOn(ctx, s, &v, trial{was: under(was), next: under(next), text: text, days: max(reachOf(was), reachOf(next))})
	return v, s.Frame, err
}

// trial is two versions of what people set, each as it is put into what the gate sees.
type trial struct {
	was, next func(*engine.View)
	text      bool // they differ in what reads texts
	days      int  // how far around a piece others count
}

// tryOn fills v in with what x makes of what is on record.
func (r *Reader) tryOn(ctx context.Context, s scene, v *Replay, x trial) error {
	past, err := r.store.Past(ctx, "", s.now.AddDate(0, 0, -replayDays), replayMost)
	if err != nil {
		return fmt.Errorf("reading what is past: %w", err)
	}
	v.More = past.More
	v.try(newStage(past, s), r.o.Gate, x)
	if len(v.Stopped) == 0 {
		return nil
	}
	brought, err := r.store.Performance(ctx, "", s.now.AddDate(0, 0, -replayDays), s.now)
	if err != nil {
		return fmt.Errorf("reading what the pieces brought: %w", err)
	}
	v.best(brought)
	return nil
}

// try runs the gate on each piece under both versions.
func (v *Replay) try(st *stage, gate engine.Gate, t trial) {
	for _, o := range st.Pieces {
		switch {
		case o.State == engine.StatePlanned:
			v.Unwritten++
			continue
		case o.Origin == engine.OriginHand || o.Digest == "": // it never came to the gate
			continue
		case t.text && len(o.Variants) == 0:
			v.NoText++
			continue
		}
		view := st.view(o, t.days)
		a, b := judged(gate, view, t.was), judged(gate, view, t.next)
		x := Tried{Output: o, Rule: b.rule, Says: b.says}
		if a.stops {
			x.Rule, x.Says = a.rule, a.says
		}
		ahead := ahead(o)
		if ahead {
			v.Planned++
		} else {
			v.Of++
		}
		switch {
		case !a.stops && b.stops && ahead:
			v.Stops = append(v.Stops, x)
		case !a.stops && b.stops:
			v.Stopped = append(v.Stopped, x)
		case a.stops && !b.stops && ahead:
			v.Frees = append(v.Frees, x)
		case a.stops && !b.stops:
			v.Freed = append(v.Freed, x)
		case !a.smaller && b.smaller && !ahead:
			v.Smaller = append(v.Smaller, x)
		}
	}
}

// ruling is what the gate makes of a piece in the end.
type ruling struct {
	stops, smaller bool
	rule, says     string
}

// judged runs the gate on a view under what people set. What it blocks only beyond a limit that drafting would have brought the piece down to is not stopped.
func judged(gate engine.Gate, v engine.View, under func(*engine.View)) ruling {
	under(&v)
	var r ruling
	for _, f := range gate(v).Blocks() {
		switch {
		case f.Limit == nil && !r.stops:
			r.stops, r.rule, r.says = true, f.Rule, f.Evidence
		case f.Limit != nil && !r.stops && !r.smaller:
			r.smaller, r.rule, r.says = true, f.Rule, f.Evidence
		}
	}
	r.smaller = r.smaller && !r.stops
	return r
}

// ahead reports whether o is still to go out.
func ahead(o engine.Output) bool {
	return slices.Contains([]engine.State{engine.StateDrafted, engine.StateWaiting, engine.StateHeld, engine.StateHanded, engine.StateScheduled}, o.State)
}

// best fills in what the stopped pieces brought.
func (v *Replay) best(brought []engine.Performance) {
	visits, top := map[string]engine.Performance{}, int64(0)
	for _, p := range brought {
		visits[p.Output.ID], top = p, max(top, p.Metrics[engine.Clicks])
	}
	for i := range v.Stopped {
		t := &v.Stopped[i]
		p := visits[t.Output.ID]
		t.Visits, t.Simulated = p.Metrics[engine.Clicks], p.Simulated
		if t.Visits > 0 && (v.Best == nil || t.Visits > v.Best.Visits) {
			v.Best, v.Ever = t, t.Visits == top
		}
	}
}

// when is the time by which a piece is listed.
func (t Tried) when() time.Time {
	if !t.Output.PublishedAt.IsZero() {
		return t.Output.PublishedAt
	}
	return t.Output.Slot
}
