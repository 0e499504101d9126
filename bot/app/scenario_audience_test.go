package app

import (
	"strings"
	"testing"
	"time"

	"koira/engine"
	"koira/engine/channel/sandbox"
	"koira/engine/desk"
)

// letter approves the first waiting newsletter and moves the clock to its slot.
func (s *scene) letter() engine.Output {
	s.t.Helper()
	s.tick(0)
	o := s.outputs(engine.OutputFilter{Task: "weekly-newsletter", States: []engine.State{engine.StateWaiting}})[0]
	s.yes(o)
	s.until(o.Slot)
	return o
}

func (s *scene) yes(o engine.Output) {
	s.t.Helper()
	if err := s.Desk.Approve(s.t.Context(), tomi, desk.Click{Output: o.ID, Digest: o.Digest, Audience: o.Audience, Whole: true}); err != nil {
		s.t.Fatal(err)
	}
}

func (s *scene) now(id string) engine.Output {
	s.t.Helper()
	o, err := s.DB.Output(s.t.Context(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	return o
}

// TestAListThatGrewIsLookedAtAgain: it waits, says how many there are now, and goes out to that many once somebody says yes to them.
func TestAListThatGrewIsLookedAtAgain(t *testing.T) {
	s := begin(t, nil)
	o := s.letter()
	if o.Audience != 2310 {
		t.Fatalf("drafted for %d", o.Audience)
	}
	s.world.Grow("newsletter", 2600)
	s.tick(0)
	now := s.now(o.ID)
	if now.State != engine.StateWaiting || now.WaitsFor != "Changed since you looked: 2,310 → 2,600 readers." || now.Audience != 2600 || now.Digest != o.Digest {
		t.Fatalf("%s, for %d, %q", now.State, now.Audience, now.WaitsFor)
	}
	s.tick(time.Hour)
	if s.world.Live(o.ID+"-A") != 0 {
		t.Fatal("it went out")
	}
	s.yes(now)
	s.world.Grow("newsletter", 2640)
	s.tick(0)
	if s.state(o.ID) != engine.StatePublished || s.world.Live(o.ID+"-A") != 1 {
		t.Errorf("%s after a yes to 2,600", s.state(o.ID))
	}
}

// TestAListThatIsReleasedIsStillCounted: what was held and let go on does not slip past the count.
func TestAListThatIsReleasedIsStillCounted(t *testing.T) {
	s := begin(t, nil)
	s.tick(0)
	o := s.outputs(engine.OutputFilter{Task: "weekly-newsletter", States: []engine.State{engine.StateWaiting}})[0]
	s.yes(o)
	mari := engine.Actor{ID: "U0MARI0001", Team: "T0KOIRA01", Surface: engine.SurfaceSlack}
	if _, err := s.Desk.Tighten(t.Context(), mari, engine.RuleEdit{Rule: "channel:newsletter", To: "off"}); err != nil {
		t.Fatal(err)
	}
	if s.state(o.ID) != engine.StateHeld {
		t.Fatalf("%s", s.state(o.ID))
	}
	w, err := s.Desk.Want(t.Context(), mari, engine.RuleEdit{Rule: "channel:newsletter", To: "on"})
	var done desk.Done
	if err == nil {
		done, err = s.Desk.Confirm(t.Context(), mari, w.ID, "")
	}
	if err == nil && done.Waits != nil {
		tomi := engine.Actor{ID: "U0TOMI0001", Team: "T0KOIRA01", Surface: engine.SurfaceSlack}
		_, err = s.Desk.Sign(t.Context(), tomi, done.Waits.ID)
	}
	if err != nil || s.state(o.ID) != engine.StateScheduled {
		t.Fatalf("%s, %v; the yes still stands", s.state(o.ID), err)
	}
	s.world.Grow("newsletter", 2400)
	s.until(o.Slot)
	s.tick(0)
	if s.state(o.ID) != engine.StateWaiting {
		t.Errorf("%s", s.state(o.ID))
	}
}

// TestWhatPeopleSetCountsWhereAChannelCannot: the strategy's segment grows under an approved piece.
func TestWhatPeopleSetCountsWhereAChannelCannot(t *testing.T) {
	s := begin(t, nil)
	o := s.approved()
	st, err := s.DB.Strategy(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i := range st.Segments {
		st.Segments[i].Size = 5000
	}
	if _, err := s.DB.SetStrategy(t.Context(), st, file, s.clock.Now(), "more followers"); err != nil {
		t.Fatal(err)
	}
	s.tick(0)
	if now := s.now(o.ID); now.State != engine.StateWaiting || !strings.Contains(now.WaitsFor, "1,240 → 5,000") {
		t.Errorf("%s, %q", now.State, now.WaitsFor)
	}
}

// TestAListThatCannotBeCountedWaits: nobody knows whom it would reach, so it does not go out; a person hears of it, once.
func TestAListThatCannotBeCountedWaits(t *testing.T) {
	s := begin(t, nil)
	o := s.letter()
	counts := 0
	s.world.Fault(func(op, _ string) sandbox.Fault {
		if op == "count" {
			counts++
			return sandbox.Fault{Kind: sandbox.ServerError}
		}
		return sandbox.Fault{}
	})
	for range 30 {
		s.tick(time.Minute)
	}
	if s.state(o.ID) != engine.StateScheduled || s.world.Live(o.ID+"-A") != 0 || s.open(engine.ExceptionSystem) != 1 {
		t.Errorf("%s, %d copies, %d questions", s.state(o.ID), s.world.Live(o.ID+"-A"), s.open(engine.ExceptionSystem))
	}
	if counts < 3 || counts > 6 {
		t.Errorf("asked %d times in half an hour; it backs off", counts)
	}
	s.world.Fault(nil)
	s.tick(time.Hour)
	if s.state(o.ID) != engine.StatePublished {
		t.Errorf("%s once it can be counted", s.state(o.ID))
	}
}
