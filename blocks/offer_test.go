package blocks

import (
	"testing"

	"koira/engine"
	"koira/engine/report"
)

// An offer may still be open in the store while its task has moved or is paused: then there is nothing to allow, and the card says that it is over.
func TestAnOpenOfferOfATaskThatMoved(t *testing.T) {
	m := Offer(report.OfferView{RaiseOffer: engine.RaiseOffer{ID: "o", Task: "t", From: engine.L3, To: engine.L4, State: engine.OfferOpen}})
	if len(m.Blocks) == 0 || m.Text == "" {
		t.Errorf("nothing is drawn: %+v", m)
	}
}
