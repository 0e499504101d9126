package guard

import (
	"fmt"

	"koira/engine"
)

// budget holds what an output may cost against every cap on money: the week's, the task's, the campaign's and that of one piece. While drafting, a
// piece that is too dear for what is free is brought down to it; later it is a block. What the model may cost is held where its calls are asked for.
func budget(v engine.View) []engine.Finding {
	cur := v.Strategy.Business.Currency
	var found []engine.Finding
	top, least := 0.0, engine.Money(-1)
	for _, c := range v.Caps() {
		top = max(top, c.Use())
		f := engine.Finding{Outcome: engine.Warn, Use: c.Use()}
		switch {
		case !c.Fits():
			f.Outcome, f.Fixed = engine.Block, c.Kind == engine.CapAway
			f.Evidence, f.Remedy = c.Says(v.Task.Name, cur)
			if least < 0 || c.Free() < least {
				least = c.Free()
			}
		case c.Short() > 0:
			f.Evidence = fmt.Sprintf("An owner allowed it %s on top of %s.", c.Short().Format(cur), c.Name(v.Task.Name))
		case c.Use() >= engine.NearMiss:
			f.Evidence = fmt.Sprintf("With it, %s of %s, %s, is used.", c.Needs().Format(cur), c.Name(v.Task.Name), c.Limit.Format(cur))
		default:
			continue
		}
		found = append(found, f)
	}
	if len(found) == 0 {
		return []engine.Finding{{Outcome: engine.Pass, Use: top}}
	}
	return dearest(v, found, least)
}

// dearest gives the blocks among found the sum that would fit all caps, as a clamp while drafting. A piece that nothing is left for stays blocked.
func dearest(v engine.View, found []engine.Finding, least engine.Money) []engine.Finding {
	least -= least % engine.Cent
	if least < engine.Cent {
		return found
	}
	for i := range found {
		if found[i].Outcome != engine.Block {
			continue
		}
		found[i].Limit = &engine.Limit{CostMax: least + v.Spent}
		if v.Stage == engine.StageDraft {
			found[i].Outcome = engine.Clamp
		}
	}
	return found
}
