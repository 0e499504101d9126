package report

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"koira/engine"
)

// WhyNot is what stands between a piece and its readers now, and the smallest change that would let it pass.
type WhyNot struct {
	Frame
	Row
	Stage    engine.Stage // at which the gate looked
	Blocks   []engine.Finding
	Waits    []engine.Finding // what keeps it back for now, and may be over by itself
	Warnings []engine.Finding
	Passed   int             // checks that passed
	Nearest  *engine.Finding // of what passed, the one that uses most of its limit; nil where nothing is measured, or something blocks
	Answer   string          // one sentence, "{at}" standing for its slot: "2 rules stop it.", "Nothing stops it; it goes out {at}."
	Fresh    bool            // the gate looked just now; false for a piece in a final state, whose findings are those of its last check
	Version  int             // of the guardrails that it was held against
}

// WhyNot asks the gate now, as it would be asked at the piece's next step: of what is cleared, at its planned time, which is nothing that stops it. A piece in a final state, out already, or without copy is
// answered from what is stored. Code not_found.
func (r *Reader) WhyNot(ctx context.Context, id string) (WhyNot, error) {
	s, err := r.scene(ctx)
	if err != nil {
		return WhyNot{}, err
	}
	o, err := r.store.Output(ctx, id)
	if err != nil {
		return WhyNot{}, fmt.Errorf("reading piece %s: %w", id, err)
	}
	v := WhyNot{Frame: s.Frame, Version: o.GuardrailVersion}
	if v.Row, err = r.row(ctx, s, o); err != nil {
		return v, err
	}
	findings := o.Findings
	if stage, ok := stageOf(o); ok && r.o.Gate != nil {
		view, err := r.store.View(ctx, id, stage, s.now)
		if err != nil {
			return v, fmt.Errorf("reading what the gate sees of %s: %w", id, err)
		}
		if stage == engine.StageClaim && o.Slot.After(s.now) {
			view.Now = o.Slot
		}
		verdict := r.o.Gate(view)
		findings, v.Stage, v.Fresh, v.Version = verdict.Findings, stage, true, verdict.GuardrailVersion
	}
	v.Blocks, v.Warnings, v.Passed = part(findings)
	if v.Fresh {
		v.Blocks, v.Waits = forNow(v.Blocks)
	}
	v.Nearest = nearest(findings)
	v.Answer = answer(v, o)
	return v, nil
}

// stageOf is where the gate looks next at o, and false where it does not look again.
func stageOf(o engine.Output) (engine.Stage, bool) {
	switch o.State {
	case engine.StateDrafted:
		return engine.StageDraft, true
	case engine.StateWaiting, engine.StateHeld, engine.StateHanded:
		return engine.StageApproval, true
	case engine.StateScheduled:
		return engine.StageClaim, true
	}
	return "", false
}

// part sorts findings into what blocks, what warns, and how many passed.
func part(fs []engine.Finding) (blocks, warnings []engine.Finding, passed int) {
	for _, f := range fs {
		switch f.Outcome {
		case engine.Block:
			blocks = append(blocks, f)
		case engine.Warn, engine.Clamp:
			warnings = append(warnings, f)
		default:
			passed++
		}
	}
	return blocks, warnings, passed
}

// Says is the answer, with when writing its time.
func (v WhyNot) Says(when func(time.Time) string) string {
	return strings.ReplaceAll(v.Answer, "{at}", when(v.Slot))
}

// forNow takes apart what stops a piece and what it waits for.
func forNow(blocks []engine.Finding) (stops, waits []engine.Finding) {
	for _, f := range blocks {
		if f.Later {
			waits = append(waits, f)
		} else {
			stops = append(stops, f)
		}
	}
	return stops, waits
}

// rulesIn names the rules of fs, each once.
func rulesIn(fs []engine.Finding) string {
	var rules []string
	for _, f := range fs {
		if !slices.Contains(rules, f.Rule) {
			rules = append(rules, f.Rule)
		}
	}
	return strings.Join(rules, ", ")
}

// nearest is the finding that comes nearest to a limit without passing it, nil where a rule blocks or none measures anything.
func nearest(fs []engine.Finding) *engine.Finding {
	var top *engine.Finding
	for i, f := range fs {
		switch {
		case f.Outcome == engine.Block:
			return nil
		case f.Use > 0 && f.Use <= 1 && (top == nil || f.Use > top.Use):
			top = &fs[i]
		}
	}
	return top
}

func answer(v WhyNot, o engine.Output) string {
	live := slices.Contains(wentOut, o.State)
	switch {
	case live:
		return "It went out. It is " + stateWords[o.State] + "."
	case o.State == engine.StatePlanned:
		return "It is not written yet."
	case o.State.Final() && len(v.Blocks) == 0:
		return "It is final: " + stateWords[o.State] + ". No rule stopped it when it was last checked."
	case o.State.Final():
		return "It is final: " + stateWords[o.State] + ". When it was last checked, " + plural(len(v.Blocks), "rule", "rules") + " stopped it."
	case o.State == engine.StatePublishing || o.State == engine.StateUnconfirmed:
		return "It has left: " + stateWords[o.State] + "."
	case len(v.Blocks) > 0:
		return plural(len(v.Blocks), "rule stops it.", "rules stop it.")
	case len(v.Waits) > 0:
		return "No rule stops it, but it waits: " + rulesIn(v.Waits) + "."
	case o.State == engine.StateHeld:
		return "No rule stops it now; it still needs a person."
	case o.State == engine.StateWaiting || o.State == engine.StateHanded:
		return "No rule stops it; it " + waits(o) + "."
	}
	if o.State == engine.StateScheduled && o.Slot.After(v.AsOf) {
		return "Nothing stops it; it goes out {at}."
	}
	return "Nothing stops it: " + v.Words + "."
}

func waits(o engine.Output) string {
	if o.State == engine.StateHanded {
		return "is " + stateWords[o.State]
	}
	return stateWords[o.State]
}
