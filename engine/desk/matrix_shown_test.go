package desk

import (
	"koira/engine"
)

// shownActs are the acts before an act: what a window or a card shows to whom, and what is wished for in a line. What they show is nobody else's.
var shownActs = map[string]struct {
	columns []string
	rows    rows
	do      func(w *world, a engine.Actor) error
}{
	"see a request": {
		[]string{"own", "another's", "waits, own", "waits, an owner's", "settled", "runs"}, rows{"dddddd", "snsssn", "snsssn", "snsssn", "snsssn"},
		func(w *world, a engine.Actor) error { _, err := w.Request(w.ctx, a, "request"); return err },
	},
	"see what they would confirm": {
		[]string{"own", "another's", "waits, own", "waits, an owner's", "run out", "rules moved", "settled", "runs"},
		rows{"dddddddd", "dddddddd", "dddddddd", "dddddddd", "sncccccn"},
		func(w *world, a engine.Actor) error { _, err := w.Reopen(w.ctx, a, "request"); return err },
	},
	"see what they would sign": {
		[]string{"own", "another's", "waits, own", "waits, an owner's", "waits, of no owner", "run out", "rules moved", "settled", "runs"},
		rows{"ddddddddd", "ddddddddd", "ddddddddd", "dndsccddn", "dndsccddn"},
		func(w *world, a engine.Actor) error { _, _, err := w.MaySign(w.ctx, a, "request"); return err },
	},
	"see what the strategy would be": {[]string{"strategy asked for", "strategy applied", "runs"}, rows{"ddd", "ddd", "ddd", "ddd", "scn"}, func(w *world, a engine.Actor) error {
		_, err := w.ReopenStrategy(w.ctx, a, w.about)
		return err
	}},
	"see where a fact stands": {[]string{"a fact", "a fact that moved", "a fact that went"}, rows{"ddd", "ddd", "ddd", "ddd", "ssn"}, func(w *world, a engine.Actor) error {
		_, err := w.FactNow(w.ctx, a, FactRef{2, 1})
		return err
	}},
	"see what a fact would do": {[]string{"a fact", "a fact that moved", "a fact that went"}, rows{"ddd", "ddd", "ddd", "ddd", "ssn"}, func(w *world, a engine.Actor) error {
		_, err := w.TryFacts(w.ctx, a, FactEdit{Refs: []FactRef{{2, 1}}, Off: true})
		return err
	}},
	"see what one piece needs": {[]string{"dearer than the week", "dearer than the file", "out"}, rows{"ddd", "ddd", "ddd", "ddd", "sdc"}, func(w *world, a engine.Actor) error {
		o := w.now(w.t, w.about)
		_, err := w.ProposeOnce(w.ctx, a, o.ID, o.Digest)
		return err
	}},
	"see what going away means": {[]string{"runs", "away", "stopped"}, rows{"ddd", "ddd", "ddd", "ddd", "sss"}, func(w *world, a engine.Actor) error {
		_, err := w.ProposeAway(w.ctx, a, Away{Until: w.clock.Now().Add(5 * day), MaxLevel: engine.L4})
		return err
	}},
	"see what lowering means": {[]string{"runs", "paused"}, rows{"dd", "dd", "ss", "ss", "ss"}, func(w *world, a engine.Actor) error {
		_, err := w.ProposeLevel(w.ctx, a, "daily-social", engine.L1)
		return err
	}},
	"see what raising means": {[]string{"runs", "paused"}, rows{"dd", "dd", "dd", "dd", "ss"}, func(w *world, a engine.Actor) error {
		_, err := w.ProposeLevel(w.ctx, a, "daily-social", engine.L4)
		return err
	}},
	"wish for a lower level": {[]string{"runs", "paused", "stopped", "alone"}, rows{"dddd", "dddd", "yyyy", "yyyy", "yyyy"}, func(w *world, a engine.Actor) error {
		_, _, err := w.WishLevel(w.ctx, a, "daily-social", engine.L1)
		return err
	}},
	"wish for a higher level": {[]string{"runs", "paused", "stopped", "alone"}, rows{"dddd", "dddd", "dddd", "dddd", "ssss"}, func(w *world, a engine.Actor) error {
		_, done, err := w.WishLevel(w.ctx, a, "daily-social", engine.L4)
		if done {
			w.t.Error("a wish raised a level")
		}
		return err
	}},
	"raise a level within terms": {[]string{"runs", "paused", "stopped", "alone"}, rows{"dddd", "dddd", "dddd", "dddd", "yyyy"}, func(w *world, a engine.Actor) error {
		_, err := w.SetLevelWithin(w.ctx, a, "daily-social", engine.L3, engine.L4, engine.Terms{PerWeek: 2})
		return err
	}},
	"wish for what is good": {[]string{"runs", "stopped"}, rows{"dd", "dd", "dd", "dd", "yy"}, func(w *world, a engine.Actor) error {
		_, err := w.WishBenchmarks(w.ctx, a, "daily-social", GoodEdit{Metric: engine.Clicks, To: "15"})
		return err
	}},
}
