package sandbox

import (
	"slices"
	"testing"
	"time"

	"koira/engine"
	"koira/engine/enginetest"
)

// shop is the world that most tests use: one door of each kind.
func shop(seed uint64, change func(*engine.Traits)) (*World, *enginetest.Clock) {
	clock := enginetest.NewClock(enginetest.Monday)
	return New(Options{Seed: seed, Clock: clock, Doors: []Door{
		{Name: "social", Label: "Social", Kind: engine.KindSocial, Audience: 1240, Change: change},
		{Name: "letter", Label: "Newsletter", Kind: engine.KindEmail, Audience: 2310, CostPerPiece: 4 * engine.Unit, Change: change},
		{Name: "blog", Label: "Blog", Kind: engine.KindBlog, Audience: 600, Change: change},
	}}), clock
}

func TestConformance(t *testing.T) {
	cases := map[string]struct {
		door   string
		change func(*engine.Traits)
	}{
		"social":                     {"social", nil},
		"e-mail":                     {"letter", nil},
		"blog":                       {"blog", nil},
		"with an index that lags":    {"blog", func(tr *engine.Traits) { tr.Lag = 5 * time.Second }},
		"neither dedupe nor probe":   {"social", func(tr *engine.Traits) { tr.Probe = false }},
		"dedupe without probe":       {"social", func(tr *engine.Traits) { tr.Probe, tr.Dedupe = false, true }},
		"e-mail that cannot be held": {"letter", func(tr *engine.Traits) { tr.Prepare, tr.Dedupe, tr.Halt = false, false, false }},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			enginetest.TestChannel(t, func(*testing.T) enginetest.Door { return conform(c.door, c.change) })
		})
	}
}

func conform(name string, change func(*engine.Traits)) enginetest.Door {
	w, clock := shop(1, change)
	ch := w.Channel(name)
	return enginetest.Door{
		Channel: ch, Plain: true,
		Settle: func() { clock.Advance(ch.Traits().Flight + ch.Traits().Lag) },
		Read:   func(_ *testing.T, r engine.Ref) []byte { return w.byID[r.ID].Bytes },
		Faults: enginetest.Faults{
			LoseRequest: func() { w.Fault(once(Fault{Kind: Refuse})) },
			LoseReply:   func() { w.Fault(once(Fault{Kind: LoseReply})) },
			Live:        func() []string { return live(w) },
		},
	}
}

// once spoils the next call that changes something.
func once(f Fault) func(op, key string) Fault {
	left := f
	return func(op, _ string) Fault {
		if op == "probe" || op == "read" {
			return Fault{}
		}
		f, left = left, Fault{}
		return f
	}
}

// live names each key as often as the world shows it.
func live(w *World) []string {
	var keys, all []string
	for _, c := range w.Copies() {
		if !slices.Contains(keys, c.Key) {
			keys = append(keys, c.Key)
			for range w.Live(c.Key) {
				all = append(all, c.Key)
			}
		}
	}
	return all
}

func TestMeterConformance(t *testing.T) {
	enginetest.TestMeter(t, func(t *testing.T) enginetest.Source {
		w, clock := shop(1, nil)
		refs := []engine.Ref{publish(t, w, "social", "KEY1", rye).Ref, publish(t, w, "letter", "KEY2", rye).Ref}
		clock.Advance(5 * time.Hour)
		return enginetest.Source{Meter: w.Meter(), Refs: refs}
	})
}

// rye is a text as any kind of door would carry it.
const rye = "Rye bread sells out before noon\n\nReserve yours → https://leipa.example/reserve?utm_content=A"

// publish sends text under key, by way of a draft where the door has drafts.
func publish(t *testing.T, w *World, door, key, text string) engine.Receipt {
	t.Helper()
	i := engine.Intent{Key: key, Bytes: []byte(text), CostMax: 20 * engine.Unit}
	ch := w.Channel(door)
	ref, err := ch.Prepare(t.Context(), i)
	if err != nil {
		t.Fatal(err)
	}
	r, err := ch.Publish(t.Context(), i, ref)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// read returns the values of one ref as they are now.
func read(t *testing.T, w *World, r engine.Ref) map[engine.Metric]int64 {
	t.Helper()
	obs, err := w.Meter().Read(t.Context(), time.Time{}, []engine.Ref{r})
	if err != nil {
		t.Fatal(err)
	}
	values := map[engine.Metric]int64{}
	for _, o := range obs {
		if !o.Simulated {
			t.Errorf("%s does not say that it is simulated", o.Metric)
		}
		values[o.Metric] = o.Value
	}
	return values
}
