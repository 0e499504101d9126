package desk

import (
	"testing"

	"koira/engine"
)

// TestEveryActionStandsInTheTables: no action is without a row in the two tables of cells. What a row asks for is read off the refusals that it meets.
func TestEveryActionStandsInTheTables(t *testing.T) {
	h := newHall(t)
	met := map[Action]bool{}
	try := func(prepare func(*world, engine.Actor), do func(*world, engine.Actor) error) {
		for _, id := range []string{"U9UNLISTED", venla, olli, tomi, mari} {
			w := h.world()
			prepare(w, person(id))
			from, _, err := w.store.Head(w.ctx)
			must(t, err)
			if engine.CodeOf(do(w, person(id))) == engine.CodeDenied {
				events, err := w.store.Events(w.ctx, from, 10)
				must(t, err)
				for _, e := range events {
					if e.Action == "denied" {
						met[Action(e.Detail["action"])] = true
					}
				}
			}
			must(t, w.store.Close())
			h.w = nil
		}
	}
	for _, x := range pieceActs {
		try(func(*world, engine.Actor) {}, func(w *world, a engine.Actor) error { return x.do(w, a, w.now(t, h.in[engine.StateWaiting])) })
	}
	for _, x := range otherActs {
		try(func(w *world, a engine.Actor) { situations[x.columns[0]](t, w, a) }, x.do)
	}
	for _, r := range Rules {
		if !met[r.Action] {
			t.Errorf("no row of the tables asks for %q", r.Action)
		}
	}
}
