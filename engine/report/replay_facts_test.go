package report

import (
	"testing"

	"koira/engine"
)

// TestAChangeOfTheFactsIsTried: each piece is held against the facts as they are and as they would be, whatever the facts were at its time; and a piece
// whose text is not kept is said to be untried.
func TestAChangeOfTheFactsIsTried(t *testing.T) {
	h := aHistory()
	h.piece("mon", "2025-11-02 09:00", "2025-11-03 09:10", "Buns cost €3.20.")
	h.piece("tue", "2025-11-03 09:00", "2025-11-04 09:10", "Rye at ten.")
	h.piece("wed", "2025-11-04 09:00", "2025-11-05 09:10", "Buns cost €3.40.")
	h.piece("old", "2025-11-05 09:00", "2025-11-07 09:10", "", func(o *engine.Output) { o.Variants = nil })
	h.piece("next", "2025-11-24 06:00", "2025-11-25 09:10", "Again: buns cost €3.20.", waiting)
	h.piece("then", "2025-11-24 06:00", "2025-11-26 09:10", "Soon: buns cost €3.40.", waiting)
	h.f.past = h.Past
	h.f.brought = []brought{{"mon", engine.Clicks, 48, at("2025-11-03 12:00")}}
	priced := func(text string) engine.Strategy {
		s := h.f.strategy.Clone()
		s.Facts = append(s.Facts, engine.Fact{Key: "buns", Text: text, Checked: at("2025-11-24 06:00")})
		return s
	}
	r := reader(h.f, today)
	r.o.Gate = theGate
	tried := view(r.PreviewFacts(t.Context(), priced("A bun costs €3.20."), priced("A bun costs €3.40.")))(t)
	same(t, "in words", []string{
		"Tried on the last 30 days: would have stopped 1 of 3, among them your best post (3 Nov, 48 visits, simulated), and 1 of the 2 now planned; " +
			"would have let 1 through that were stopped; would let 1 of the 2 now planned through.",
		"1 older piece could not be tried: text not kept.",
	}, tried.Lines)
	same(t, "what is planned", engine.TriedPiece{Output: "next", Title: "Again: buns cost €3.20.", Words: "planned; would be stopped by facts", Day: "25 Nov"}, tried.Pieces[1])

	tried = view(r.PreviewFacts(t.Context(), priced("A bun costs €3.20."), priced("A bun costs €3.20.")))(t)
	same(t, "no change", "Tried on the last 30 days: would have stopped none of 3, and none of the 2 now planned.", tried.Lines[0])
}
