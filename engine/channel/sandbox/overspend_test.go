package sandbox

import (
	"testing"

	"koira/engine"
	"koira/engine/enginetest"
)

// A door that overspends twice what it is told bills no more than was set aside, to the unit.
func TestADoorThatOverspendsStaysWithinWhatWasSetAside(t *testing.T) {
	w := New(Options{Seed: 1, Clock: enginetest.NewClock(enginetest.Monday), Doors: []Door{{
		Name: "ads", Kind: engine.KindSocial, Audience: 100, CostPerPiece: 1000 * engine.Unit, Change: func(t *engine.Traits) { t.Overspend = 100 },
	}}})
	for _, most := range []engine.Money{0, 1, 7 * engine.Unit, 7*engine.Unit + 1} {
		ch := w.Channel("ads")
		i := engine.Intent{Key: most.Format("EUR"), Bytes: []byte("Rye bread"), CostMax: most}
		rec, err := ch.Publish(t.Context(), i, engine.Ref{})
		if err != nil {
			t.Fatal(err)
		}
		if rec.Spent > most || rec.Spent < most-1 {
			t.Errorf("it bills %d of %d", rec.Spent, most)
		}
	}
}
