package loop

import (
	"context"
	"slices"

	"koira/engine"
)

// partly reports whether the first readers have o and the rest does not.
func (l *Loop) partly(ctx context.Context, o engine.Output) (bool, error) {
	if o.Kind != engine.KindEmail || o.State != engine.StateScheduled && o.State != engine.StateHeld {
		return false, nil
	}
	sends, err := l.Store.Sends(ctx, o.ID)
	return engine.Partly(sends), err
}

// patient are the rules that only ask the rest of a piece to wait for an hour: nothing is wrong.
var patient = []string{engine.RuleWave, "quiet", "late"}

// refusedRest acts on a block at the claim of a rest: what is merely early waits, everything else is for a person to decide.
func (l *Loop) refusedRest(ctx context.Context, o engine.Output, v engine.Verdict) error {
	for _, f := range v.Blocks() {
		switch {
		case f.Later && slices.Contains(patient, f.Rule):
			continue
		case f.Held == engine.StateExpired:
			return l.endRest(ctx, o, "It got too late for the rest.")
		}
		return l.holdRest(ctx, o, v, f.Evidence)
	}
	return nil
}

// holdRest asks people about the rest of a piece.
func (l *Loop) holdRest(ctx context.Context, o engine.Output, v engine.Verdict, cause string) error {
	sends, err := l.Store.Sends(ctx, o.ID)
	if err != nil {
		return err
	}
	first, rest, _ := engine.Waves(sends)
	w := engine.Wave{Reached: first.People, Of: first.People + rest.People}
	m := engine.Move{To: engine.StateHeld, Why: "the rest: " + cause, Open: w.Holds(l.NewID(), o, cause, l.Clock.Now())}
	_, err = l.move(ctx, o, m.Finds(v, o.Findings))
	return err
}

// endRest ends a piece whose rest does not go out. Its card says so.
func (l *Loop) endRest(ctx context.Context, o engine.Output, why string) error {
	_, err := l.move(ctx, o, engine.Move{To: engine.StatePublished, Why: why, Outcome: engine.OutcomeExpired})
	return err
}
