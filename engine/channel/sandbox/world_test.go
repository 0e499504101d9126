package sandbox

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"koira/engine"
	"koira/engine/enginetest"
)

// week is a busy one: drafts, lost replies, a retraction, a halt and a post by hand.
func week(t *testing.T, w *World, clock *enginetest.Clock) {
	for day := range 7 {
		if day == 3 {
			w.Fault(once(Fault{Kind: LandLate, Late: 40 * time.Second}))
		}
		i := engine.Intent{Key: fmt.Sprint("S", day), Bytes: []byte(rye)}
		r, err := w.Channel("social").Publish(t.Context(), i, engine.Ref{})
		if day == 5 && err == nil {
			_, err = w.Channel("social").Retract(t.Context(), r)
		}
		if err != nil && day != 3 {
			t.Fatal(err)
		}
		clock.Advance(24 * time.Hour)
	}
	r := publish(t, w, "letter", "L1", rye)
	clock.Advance(3 * time.Minute)
	if _, err := w.Channel("letter").Halt(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"B1", "B2", "B3", "B4", "B5"} {
		if _, err := w.Channel("blog").Prepare(t.Context(), engine.Intent{Key: key, Bytes: []byte(rye)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.PostedByHand("https://blog.leipa.example/rye", rye, clock.Now()); err != nil {
		t.Fatal(err)
	}
	clock.Advance(5 * time.Hour)
}

func TestSameSeedSameWorld(t *testing.T) {
	snap := func(seed uint64) []byte {
		w, clock := shop(seed, nil)
		week(t, w, clock)
		b, err := w.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	if !bytes.Equal(snap(7), snap(7)) {
		t.Error("the same seed gives two worlds")
	}
	if bytes.Equal(snap(7), snap(8)) {
		t.Error("two seeds give the same world")
	}
}

func TestSnapshotAndRestore(t *testing.T) {
	w, clock := shop(7, nil)
	week(t, w, clock)
	b, err := w.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	again, later := shop(7, nil)
	later.Set(clock.Now())
	if err := again.Restore(b); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(w.Copies(), again.Copies()); d != "" {
		t.Errorf("copies (-before +after):\n%s", d)
	}
	clock.Advance(24 * time.Hour)
	later.Advance(24 * time.Hour)
	for _, c := range w.Copies() {
		if d := cmp.Diff(read(t, w, c.ref()), read(t, again, c.ref())); d != "" {
			t.Errorf("readings of %s (-before +after):\n%s", c.ID, d)
		}
		if w.Live(c.Key) != again.Live(c.Key) {
			t.Errorf("%s is live %d times before, %d after", c.Key, w.Live(c.Key), again.Live(c.Key))
		}
	}
	draft := engine.Ref{ID: w.id("blog", "B1", "draft")}
	if _, err := again.Channel("blog").Publish(t.Context(), engine.Intent{Key: "B1", Bytes: []byte(rye)}, draft); err != nil {
		t.Errorf("the draft is lost: %v", err)
	}
}

func TestRestoreRefuses(t *testing.T) {
	other, _ := shop(8, nil)
	foreign, err := other.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{
		"not JSON":        []byte("rye"),
		"another version": []byte(`{"version":99,"seed":7}`),
		"another seed":    foreign,
		"an unknown door": []byte(`{"version":1,"seed":7,"copies":[{"door":"radio","id":"x"}]}`),
		"an empty object": []byte(`{}`),
	} {
		t.Run(name, func(t *testing.T) {
			w, _ := shop(7, nil)
			publish(t, w, "social", "KEY1", rye)
			if err := w.Restore(b); engine.CodeOf(err) != engine.CodeInvalid || w.Live("KEY1") != 1 {
				t.Errorf("%v, and %d live", err, w.Live("KEY1"))
			}
		})
	}
}

func TestPostedByHand(t *testing.T) {
	w, clock := shop(1, nil)
	const address = "https://letter.leipa.example/17"
	for range 2 { // a second time changes nothing
		if err := w.PostedByHand(address, rye, clock.Now()); err != nil {
			t.Fatal(err)
		}
	}
	clock.Advance(48 * time.Hour)
	if got := read(t, w, engine.Ref{ID: address}); got[engine.Clicks] == 0 || got[engine.Opens] == 0 {
		t.Errorf("by address as id: %v", got)
	}
	if got := read(t, w, engine.Ref{ID: "42", URL: address}); got[engine.Clicks] == 0 {
		t.Errorf("by address beside another id: %v", got)
	}
	all := w.Copies()
	if len(all) != 1 || !all[0].ByHand || all[0].Door != "letter" {
		t.Errorf("%+v, want one by hand at the letter's door", all)
	}
	if err := New(Options{Seed: 1, Clock: clock}).PostedByHand(address, rye, clock.Now()); engine.CodeOf(err) != engine.CodeInvalid {
		t.Errorf("a world without doors: %v", err)
	}
}

func TestSpendingNeverPassesTheIntent(t *testing.T) {
	w, clock := shop(1, nil)
	ch := w.Channel("letter")
	i := engine.Intent{Key: "KEY1", Bytes: []byte(rye), CostMax: engine.Unit}
	ref, err := ch.Prepare(t.Context(), i)
	if err != nil {
		t.Fatal(err)
	}
	r, err := ch.Publish(t.Context(), i, ref)
	if err != nil || r.Spent != engine.Unit {
		t.Errorf("spent %d, want %d (%v)", r.Spent, engine.Unit, err)
	}
	clock.Advance(30 * 24 * time.Hour)
	if got := read(t, w, r.Ref)[engine.Spend]; got > int64(engine.Unit) {
		t.Errorf("billed %d, allowed was %d", got, engine.Unit)
	}
}

func TestAWaveReachesOnlyItsPeople(t *testing.T) {
	for _, c := range []struct {
		door     string
		asked    int
		audience int
	}{
		{"letter", 231, 231}, {"letter", 0, 2310}, {"letter", 99999, 2310}, {"social", 231, 1240},
	} {
		w, _ := shop(1, nil)
		ch := w.Channel(c.door)
		i := engine.Intent{Key: "KEY1", Bytes: []byte(rye), Audience: c.asked}
		ref, err := ch.Prepare(t.Context(), i)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ch.Publish(t.Context(), i, ref); err != nil {
			t.Fatal(err)
		}
		if got := w.Copies()[0].Audience; got != c.audience {
			t.Errorf("%s to %d of its people is for %d, want %d", c.door, c.asked, got, c.audience)
		}
	}
}

func TestUnknownDoor(t *testing.T) {
	w, _ := shop(1, nil)
	if w.Channel("radio") != nil {
		t.Error("a channel that nobody made")
	}
}
