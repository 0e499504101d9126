package guard

import (
	"fmt"

	"koira/engine"
)

// wave keeps the rest of an e-mail back whose first readers have it: until they have had it for a while, and for a person where anything about it is
// not as it should be. A person's yes lets the rest go, unless it was given before anybody had the piece: nobody knew then how they would take it.
func wave(v engine.View) []engine.Finding {
	w, said := v.Wave, Approved(v)
	if w == nil || said && v.Approval.At.After(w.Since) {
		return nil
	}
	held := func(why string) []engine.Finding {
		return []engine.Finding{{Outcome: engine.Block, Held: engine.StateHeld, Evidence: why, Remedy: "Send the rest, or stop it."}}
	}
	p := Passage(v)
	switch {
	case p.Way != engine.WayAlone && !said:
		return held("It may not go on without a yes: " + p.Why + ".")
	case v.Output.State == engine.StateHeld:
		return held("A person decides about the rest.")
	case v.Guardrails.Wave.TooMany(w.Lost, w.Reached):
		return held(fmt.Sprintf("%d of the first %s readers unsubscribed or complained.", w.Lost, engine.Thousands(w.Reached)))
	case w.Question != "":
		return held("Something about it waits for a person: " + w.Question)
	case v.Stage != engine.StageClaim:
		return nil
	case v.Now.Before(w.Until):
		return later("Its first readers have not had it for long enough.", "Nothing: the rest follows.")
	case !w.Read:
		return held("Nothing is known yet of how the first readers took it.")
	}
	return nil
}

// firstWave is to how many people v's piece goes first: an e-mail that nobody said yes to, where its channel can send to a part.
func firstWave(v engine.View) int {
	if v.Stage != engine.StageClaim || v.Wave != nil || v.Output.Kind != engine.KindEmail || !v.Traits.Part || len(v.Output.Variants) != 1 || Approved(v) {
		return 0
	}
	return v.Guardrails.Wave.First(v.Output.Audience)
}
