package blocks

import (
	"koira/engine"
	"koira/engine/report"
)

// firstReaders is a newsletter of which the first readers have it.
func (b bakery) firstReaders(state engine.State) report.PieceView {
	return b.letter(func(v *report.PieceView) {
		v.Output.State, v.State = state, state
		v.Rest = &report.Rest{First: b.n(231, 231_000), Reached: b.n(231, 231_000), All: b.n(2310, 2_310_000), At: day(24, 11, 30), Waits: true}
		v.Silence = report.Silence{Does: report.DoesGoOut, At: v.Rest.At, Text: "If you do nothing, the rest goes out {at}."}
		switch state {
		case engine.StateHeld:
			v.Blocks = []engine.Finding{{Rule: engine.RuleWave, Outcome: engine.Block, Evidence: b.s("7 of the first 231 readers unsubscribed or complained.", 300), Remedy: "Send the rest, or stop it."}}
			v.Silence = report.Silence{Does: report.DoesEnd, At: day(24, 15, 30), Text: "If you do nothing, the rest does not go out; it ends {at}."}
		case engine.StatePublished:
			v.Rest.Waits, v.Rest.Why = false, b.s("stopped by a person", 300)
		}
	})
}

// unsureFirst is a newsletter of which nobody knows whether its first readers have it: people are asked, or gave it up.
func (b bakery) unsureFirst(state engine.State) report.PieceView {
	v := b.firstReaders(state)
	v.Rest = &report.Rest{First: v.Rest.First, All: v.Rest.All, At: v.Rest.At, Unsure: true}
	v.Exception, v.Silence = b.unsure().Exception, b.unsure().Silence
	if state == engine.StateFailed {
		v.GivenUp, v.Exception, v.Silence = true, nil, report.Silence{}
	}
	return v
}

// unsureRest is a newsletter that its first readers have; of the others nobody knows, and that was given up.
func (b bakery) unsureRest() report.PieceView {
	v := b.firstReaders(engine.StatePublished)
	v.Rest.Unsure, v.Rest.Why = true, engine.Dropped
	return v
}

func (b bakery) restWaits() report.ExceptionView {
	v := b.exception(engine.ExceptionOutput)
	w := engine.Wave{Reached: b.n(231, 231_000), Of: b.n(2310, 2_310_000)}
	v.Exception = *w.Holds(v.ID, engine.Output{ID: v.Output, Task: v.Task, Expires: day(24, 15, 30)}, b.s("7 of the first 231 readers unsubscribed or complained.", 300), day(24, 9, 30))
	v.Choices = []report.Choice{report.ChoiceSendRest, report.ChoiceStopRest, report.ChoiceWhy}
	v.Silence = report.Silence{Does: report.DoesEnd, At: day(24, 15, 30), Text: "If you do nothing, the rest does not go out; it ends {at}."}
	return v
}
