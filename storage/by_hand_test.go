package storage

import (
	"testing"

	"koira/engine"
)

// What koira tried, and certainly did not get out, is over when a person publishes the piece: taken down later, the piece is taken down.
func TestByHandEndsWhatKoiraTried(t *testing.T) {
	db := world(t)
	for _, i := range claimed(t, db, "o", 1, "A", "B") {
		ok(t, db.Apply(t.Context(), result(i, engine.SendPending, 1)))
	}
	o := walk(t, db, "o", engine.StateHeld, engine.StateDrafted, engine.StateHanded, engine.StatePublished, engine.StateRetracting)
	sends, err := db.Sends(t.Context(), o.ID)
	ok(t, err)
	for _, s := range sends {
		if s.ByHand() {
			ok(t, db.Apply(t.Context(), engine.Result{Send: s.ID, Fence: s.Fence, State: engine.SendRetracted, At: at(9)}))
		} else {
			equal(t, s.State, engine.SendFailed)
		}
	}
	equal(t, walk(t, db, "o").State, engine.StateRetracted)
}
