package app

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"koira/engine"
	"koira/engine/channel/sandbox"
	"koira/storage"
)

var ownerMari = engine.Actor{ID: "U0MARI0001", Team: "T0KOIRA01", Surface: engine.SurfaceSlack}

// begins is a start of the program; ends says whether it ends by itself.
func (s *scene) begins(ends bool) {
	s.t.Helper()
	if err := s.reopen(); err != nil {
		s.t.Fatal(err)
	}
	b, err := s.Core.start(s.t.Context(), World{Wall: s.clock})
	if err != nil {
		s.t.Fatal(err)
	}
	if ends {
		if err := s.DB.End(s.t.Context(), b.Epoch, s.clock.Now()); err != nil {
			s.t.Fatal(err)
		}
	}
}

func (s *scene) stopped() bool {
	s.t.Helper()
	c, err := s.DB.Control(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return c.Stopped
}

// TestThreeCrashesStopEverything: the fourth start goes on with nothing; a clean stop, or crashes far apart, count for nothing.
func TestThreeCrashesStopEverything(t *testing.T) {
	for name, c := range map[string]struct {
		ends  []bool
		apart time.Duration
		want  bool
	}{
		"three crashes":            {[]bool{false, false, false}, time.Minute, true},
		"two crashes":              {[]bool{false, false}, time.Minute, false},
		"three clean stops":        {[]bool{true, true, true}, time.Minute, false},
		"a clean stop among three": {[]bool{false, true, false}, time.Minute, false},
		"three, far apart":         {[]bool{false, false, false}, 5 * time.Minute, false},
		"a clean stop among four":  {[]bool{false, false, true, false}, time.Minute, true},
	} {
		t.Run(name, func(t *testing.T) {
			s := begin(t, nil)
			for _, ends := range c.ends {
				s.begins(ends)
				s.clock.Advance(c.apart)
			}
			s.begins(false)
			if s.stopped() != c.want || len(s.about(engine.Everything)) > 0 != c.want {
				t.Errorf("stopped is %t, %d questions", s.stopped(), len(s.about(engine.Everything)))
			}
		})
	}
}

// TestACrashedProgramGoesOnWhenAnOwnerSays: the card says why and how; a resume closes it, and what was cleared goes out.
func TestACrashedProgramGoesOnWhenAnOwnerSays(t *testing.T) {
	s := begin(t, nil)
	o := s.approved()
	for range 4 {
		s.begins(false)
		s.clock.Advance(time.Minute)
	}
	asked := s.about(engine.Everything)
	if len(asked) != 1 || !strings.Contains(asked[0].Reason, "3 times") || !strings.Contains(asked[0].Remedy, "/koira resume") {
		t.Fatalf("%+v", asked)
	}
	s.tick(time.Minute)
	if s.state(o.ID) != engine.StateScheduled {
		t.Errorf("%s while everything is stopped", s.state(o.ID))
	}
	if got := engine.CodeOf(s.Desk.Resume(t.Context(), tomi)); got != engine.CodeDenied {
		t.Errorf("an approver resumes: %q", got)
	}
	if err := s.Desk.Resume(t.Context(), ownerMari); err != nil {
		t.Fatal(err)
	}
	s.tick(time.Minute)
	if s.state(o.ID) != engine.StatePublished || len(s.about(engine.Everything)) != 0 {
		t.Errorf("%s with %d questions after the resume", s.state(o.ID), len(s.about(engine.Everything)))
	}
}

// TestASecondCauseOfAStopIsSaid: while one is open, the other one is asked about too, each once; a resume answers both.
func TestASecondCauseOfAStopIsSaid(t *testing.T) {
	s := begin(t, nil)
	for range 5 { // the fourth start stops everything, and so does the fifth
		s.begins(false)
		s.clock.Advance(time.Minute)
	}
	for range 2 {
		if err := s.Loop.PauseRestored(t.Context(), "It was copied."); err != nil {
			t.Fatal(err)
		}
	}
	var troubles []engine.Trouble
	for _, e := range s.about(engine.Everything) {
		troubles = append(troubles, e.Trouble)
	}
	if !slices.Equal(troubles, []engine.Trouble{engine.TroubleCrashes, engine.TroubleRestored}) {
		t.Fatalf("it asks about %q", troubles)
	}
	if err := s.Desk.Resume(t.Context(), ownerMari); err != nil {
		t.Fatal(err)
	}
	if n := len(s.about(engine.Everything)); n != 0 {
		t.Errorf("%d questions after the resume", n)
	}
}

// TestAStartKnowsItsStore: the store keeps its id, and counts its starts.
func TestAStartKnowsItsStore(t *testing.T) {
	s := begin(t, nil)
	a, err := s.DB.Begin(t.Context(), s.clock.Now())
	if err != nil || a.Install == "" || a.Epoch != 1 {
		t.Fatalf("%+v, %v", a, err)
	}
	if err := s.reopen(); err != nil {
		t.Fatal(err)
	}
	b, err := s.DB.Begin(t.Context(), s.clock.Now())
	if err != nil || b.Install != a.Install || b.Epoch != 2 || len(b.Crashed) != 1 {
		t.Errorf("%+v, %v", b, err)
	}
}

// backup copies the store's file while nothing runs on it.
func (s *scene) backup(to string) {
	s.t.Helper()
	if err := s.Close(); err != nil {
		s.t.Fatal(err)
	}
	s.copyFile(s.path, to)
	var err error
	if s.Core, err = s.start(); err != nil {
		s.t.Fatal(err)
	}
}

func (s *scene) copyFile(from, to string) {
	s.t.Helper()
	b, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, b, 0o600)
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

// restore puts the copy in the store's place and starts; old says what a look beside the store finds.
func (s *scene) restore(from, old string) {
	s.t.Helper()
	if err := s.Close(); err != nil {
		s.t.Fatal(err)
	}
	s.copyFile(from, s.path)
	var err error
	if s.Core, err = s.start(); err != nil {
		s.t.Fatal(err)
	}
	proof := func(context.Context, *storage.DB, engine.Start) (string, error) { return old, nil }
	if _, err := s.Core.start(s.t.Context(), World{Wall: s.clock, Proof: proof}); err != nil {
		s.t.Fatal(err)
	}
}

// TestAnOlderCopySendsNothingTwice: of what was cleared when the copy was made one piece went out since, one did not, and one is for later. Each
// door can do something else.
func TestAnOlderCopySendsNothingTwice(t *testing.T) {
	for name, c := range map[string]struct {
		change    func(*engine.Traits)
		out, lost engine.State // of the piece that went out, and of the one that did not, once koira has looked
	}{
		"a door that can be asked":      {nil, engine.StatePublished, engine.StateScheduled},
		"a door that can do nothing":    {func(tr *engine.Traits) { tr.Probe = false }, engine.StateUnconfirmed, engine.StateUnconfirmed},
		"a door that tells keys apart":  {func(tr *engine.Traits) { tr.Dedupe = true }, engine.StatePublished, engine.StateScheduled},
		"a door that only tells keys":   {func(tr *engine.Traits) { tr.Probe, tr.Dedupe = false, true }, engine.StateUnconfirmed, engine.StateUnconfirmed},
		"a door without a known flight": {func(tr *engine.Traits) { tr.Flight = 0 }, engine.StatePublished, engine.StateUnconfirmed},
	} {
		t.Run(name, func(t *testing.T) {
			s := begin(t, c.change)
			o := s.cleared(3)
			copied := filepath.Join(t.TempDir(), "copy.db")
			s.backup(copied)
			s.until(o[0].Slot)
			s.tick(0)
			if s.state(o[0].ID) != engine.StatePublished {
				t.Fatalf("%s", s.state(o[0].ID))
			}
			s.until(o[1].Slot.Add(time.Minute)) // down at its time
			s.restore(copied, "The log beside the store goes on for 9 lines more.")
			asked := s.about(engine.Everything)
			if !s.stopped() || len(asked) != 1 || !strings.HasPrefix(asked[0].Evidence, "The log beside the store goes on for 9 lines more.") ||
				!strings.Contains(asked[0].Evidence, "2 cleared pieces") {
				t.Fatalf("stopped is %t: %+v", s.stopped(), asked)
			}
			if s.state(o[0].ID) != engine.StateUnconfirmed || s.state(o[1].ID) != engine.StateUnconfirmed || s.state(o[2].ID) != engine.StateScheduled {
				t.Errorf("%s, %s, %s", s.state(o[0].ID), s.state(o[1].ID), s.state(o[2].ID))
			}
			for range 15 {
				s.tick(5 * time.Minute)
			}
			if s.state(o[0].ID) != c.out || s.state(o[1].ID) != c.lost {
				t.Errorf("%s and %s, want %s and %s", s.state(o[0].ID), s.state(o[1].ID), c.out, c.lost)
			}
			if bs, err := s.DB.Breakers(t.Context()); err != nil || len(bs) > 0 {
				t.Errorf("doubt counts against the channel: %+v, %v", bs, err)
			}
			if len(s.world.Copies()) != 1 {
				t.Errorf("%d copies before a person said go", len(s.world.Copies()))
			}
			if err := s.Desk.Resume(t.Context(), ownerMari); err != nil {
				t.Fatal(err)
			}
			for range 30 {
				s.tick(time.Hour)
			}
			for _, x := range o {
				if n := s.world.Live(x.ID + "-A"); n > 1 {
					t.Errorf("%d copies of a piece", n)
				}
			}
			if s.world.Live(o[0].ID+"-A") != 1 {
				t.Error("what was out is not")
			}
			_, err := s.DB.VerifyEvents(t.Context())
			if err != nil {
				t.Error(err)
			}
		})
	}
}

// TestAStopHaltsWhatIsBeingDelivered: where the channel can. It is asked until it answers, and once it did not again.
func TestAStopHaltsWhatIsBeingDelivered(t *testing.T) {
	s := begin(t, nil)
	o := s.letter()
	s.tick(0)
	calls := 0
	s.world.Fault(func(op, _ string) sandbox.Fault {
		if op != "halt" {
			return sandbox.Fault{}
		}
		if calls++; calls == 1 {
			return sandbox.Fault{Kind: sandbox.ServerError}
		}
		return sandbox.Fault{}
	})
	s.tick(time.Minute)
	if calls != 0 {
		t.Fatal("halted though nothing is stopped")
	}
	if err := s.Desk.Stop(t.Context(), tomi, ""); err != nil {
		t.Fatal(err)
	}
	for range 4 {
		s.tick(10 * time.Second)
	}
	v, err := s.Report.Stopped(t.Context())
	if err != nil || len(v.Halted) != 1 || v.Halted[0].Sent >= v.Halted[0].Of || v.Halted[0].Output != o.ID || calls != 2 {
		t.Errorf("%+v after %d calls: %v", v.Halted, calls, err)
	}
	for _, c := range s.world.Copies() {
		if c.Key == o.ID+"-A" && c.Halted.IsZero() {
			t.Error("it goes on")
		}
	}
	if s.state(o.ID) != engine.StatePublished {
		t.Errorf("%s; a part of it is out", s.state(o.ID))
	}
}

// TestWhatWasOnTheWireIsUnknownBeforeAnythingElse: a start settles it before the first tick, so that nobody's click can move it.
func TestWhatWasOnTheWireIsUnknownBeforeAnythingElse(t *testing.T) {
	s := begin(t, nil)
	o := s.approved()
	s.world.Fault(func(op, _ string) sandbox.Fault { panic("the machine dies in " + op) })
	func() {
		defer func() { recover() }()
		s.tick(0)
	}()
	if s.state(o.ID) != engine.StatePublishing {
		t.Fatalf("%s", s.state(o.ID))
	}
	s.world.Fault(nil)
	s.begins(false)
	if s.state(o.ID) != engine.StateUnconfirmed {
		t.Errorf("%s after the start", s.state(o.ID))
	}
}
