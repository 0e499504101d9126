package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"koira/engine"
)

// piecesShown is how many pieces a change of the strategy is shown with.
const piecesShown = 5

// affects is w with what it would do, which is worked out after the act: it may take a moment, and changes nothing.
func (d *Desk) affects(ctx context.Context, w StrategyWanted, err error) (StrategyWanted, error) {
	if err != nil || w.Moved != nil {
		return w, err
	}
	p, err := d.planStrategy(ctx, w.From, w.Edits)
	if err != nil {
		return w, nil // applying says what is wrong
	}
	if w.Effects, err = d.strategyEffects(ctx, p); err == nil && d.onFacts != nil && !slices.Equal(p.was.Facts, p.next.Facts) {
		w.Effects.Lines = append(w.Effects.Lines, d.onFacts(ctx, p.was, p.next).Lines...)
	}
	w.Effects.Lines = append(w.Effects.Lines, p.kept...)
	return w, err
}

// strategyEffects asks the gate about each queued piece, under the strategy as it is and as it would be.
func (d *Desk) strategyEffects(ctx context.Context, p strategyPlan) (engine.Tried, error) {
	var t engine.Tried
	queued, err := d.queue(ctx, "", engine.StateScheduled, engine.StateWaiting)
	if err != nil {
		return t, err
	}
	slices.Reverse(queued) // what is planned soonest stands first
	stopped := map[engine.State]int{}
	zone := p.was.Business.Location()
	for _, o := range queued {
		v, err := d.store.View(ctx, o.ID, engine.StageApproval, d.clock.Now())
		if engine.CodeOf(err) == engine.CodeNotFound {
			continue
		}
		if err != nil {
			return t, failed("trying", o.ID, err)
		}
		if d.gate(v).Outcome == engine.Block {
			continue
		}
		v.Strategy = p.next
		after := d.gate(v)
		if after.Outcome != engine.Block {
			continue
		}
		stopped[v.Output.State]++
		if len(t.Pieces) < piecesShown {
			var rules []string
			for _, f := range after.Blocks() {
				rules = append(rules, strings.TrimSuffix(f.Evidence, "."))
			}
			t.Pieces = append(t.Pieces, engine.TriedPiece{
				Output: o.ID, Title: firstWords(v.Output), Words: strings.Join(rules, "; "), Day: v.Output.Slot.In(zone).Format("2 Jan"),
			})
		}
	}
	for _, x := range []struct{ state, words string }{
		{string(engine.StateScheduled), "already cleared to go out"}, {string(engine.StateWaiting), "that wait for a yes"},
	} {
		if n := stopped[engine.State(x.state)]; n > 0 {
			t.Lines = append(t.Lines, fmt.Sprintf("Pieces %s which this stops: %d. They will need a person.", x.words, n))
		}
	}
	tasks, err := d.idle(ctx, p)
	t.Lines = append(t.Lines, tasks...)
	if err != nil {
		return t, err
	}
	g, err := d.store.Guardrails(ctx)
	if err != nil && engine.CodeOf(err) != engine.CodeNotFound {
		return t, failed("reading", "the guardrails", err)
	}
	falls, err := d.fallsUnder(ctx, p.next, g)
	for _, f := range falls {
		t.Lines = append(t.Lines, f.Words())
	}
	switch lacks := p.next.LacksWords(); {
	case lacks != "":
		t.Lines = append(t.Lines, "No task plans anything then: "+lacks+".")
	case p.was.LacksWords() != "":
		t.Lines = append(t.Lines, "Then the strategy lacks nothing: tasks can plan.")
	}
	if len(t.Lines) == 0 {
		t.Lines = []string{"It stops no piece and no task."}
	}
	return t, err
}

// idle says which tasks plan nothing under the new strategy that could before.
func (d *Desk) idle(ctx context.Context, p strategyPlan) ([]string, error) {
	if p.next.LacksWords() != "" { // said once, for all of them
		return nil, nil
	}
	tasks, err := d.store.Tasks(ctx)
	if err != nil {
		return nil, failed("reading", "the tasks", err)
	}
	var ls []string
	for _, t := range tasks {
		if m := p.next.Misfit(t); m != "" && p.was.Misfit(t) == "" {
			ls = append(ls, fmt.Sprintf("%s then plans nothing: %s.", t.Name, m))
		}
	}
	return ls, nil
}

// firstWords are those of a piece by which people know it.
func firstWords(o engine.Output) string {
	for _, v := range o.Variants {
		if s := oneLine(v.Subject + " " + v.Body); s != "" {
			return cut(s)
		}
	}
	return o.Task
}
