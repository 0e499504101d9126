package app

import (
	"strings"
	"testing"
	"time"

	"koira/engine"
	"koira/engine/channel/sandbox"
	"koira/engine/desk"
)

// asks is a piece of unknown outcome at a door that can be asked, but of which nobody knows how long a request may be on its way: koira looked
// as often as it does, the door could not say, and a person decides. It returns how often the door was asked to publish and to look.
func asks(t *testing.T, publish sandbox.Fault) (s *scene, o engine.Output, calls map[string]int) {
	t.Helper()
	s = begin(t, func(tr *engine.Traits) { tr.Flight = 0 })
	o = s.approved()
	calls = map[string]int{}
	s.world.Fault(func(op, _ string) sandbox.Fault {
		calls[op]++
		switch op {
		case "publish":
			return publish
		case "probe":
			return sandbox.Fault{Kind: sandbox.ServerError}
		}
		return sandbox.Fault{}
	})
	for range 20 {
		s.tick(3 * time.Minute)
	}
	if s.state(o.ID) != engine.StateUnconfirmed || s.open(engine.ExceptionUnsure) != 1 {
		t.Fatalf("%s with %d questions", s.state(o.ID), s.open(engine.ExceptionUnsure))
	}
	s.world.Fault(func(op, _ string) sandbox.Fault { calls[op]++; return sandbox.Fault{} })
	return s, o, calls
}

func (s *scene) again(o engine.Output) error {
	return s.Desk.SendAgain(s.t.Context(), tomi, desk.Click{Output: o.ID, Digest: o.Digest, Audience: o.Audience, Whole: true}, true)
}

// A person who looked in the wrong place: the door is asked before anything is sent a second time.
func TestWhatIsThereIsNotSentAgain(t *testing.T) {
	s, o, calls := asks(t, sandbox.Fault{Kind: sandbox.LoseReply})
	err := s.again(o)
	if engine.CodeOf(err) != engine.CodeConflict || !strings.Contains(err.Error(), "Good that I looked once more") {
		t.Errorf("sent again: %v", err)
	}
	s.tick(time.Minute)
	now, derr := s.DB.Output(t.Context(), o.ID)
	if derr != nil || now.State != engine.StatePublished || now.URL == "" || s.open(engine.ExceptionUnsure) != 0 {
		t.Errorf("%s at %q with %d questions: %v", now.State, now.URL, s.open(engine.ExceptionUnsure), derr)
	}
	if n := s.world.Live(o.ID + "-A"); n != 1 || calls["publish"] != 1 {
		t.Errorf("%d copies after %d attempts", n, calls["publish"])
	}
	if got := engine.CodeOf(s.again(o)); got != engine.CodeConflict {
		t.Errorf("once more: %q", got)
	}
}

func TestWhatIsNotThereIsSentAgain(t *testing.T) {
	s, o, calls := asks(t, sandbox.Fault{Kind: sandbox.ServerError})
	if err := s.again(o); err != nil {
		t.Fatal(err)
	}
	if calls["probe"] == 0 {
		t.Error("the door was not asked")
	}
	s.tick(time.Minute)
	if n := s.world.Live(o.ID + "-A"); n != 1 || s.state(o.ID) != engine.StatePublished {
		t.Errorf("%d copies, %s", n, s.state(o.ID))
	}
}

// A door that cannot say leaves the person's word to stand.
func TestADoorThatCannotSayLeavesItToThePerson(t *testing.T) {
	s, o, calls := asks(t, sandbox.Fault{Kind: sandbox.ServerError})
	s.world.Fault(func(op, _ string) sandbox.Fault {
		calls[op]++
		if op == "probe" {
			return sandbox.Fault{Kind: sandbox.ServerError}
		}
		return sandbox.Fault{}
	})
	if err := s.again(o); err != nil {
		t.Fatal(err)
	}
	s.tick(time.Minute)
	if n := s.world.Live(o.ID + "-A"); n != 1 {
		t.Errorf("%d copies", n)
	}
}

// Before the last moment at which the first try can land, "not there" proves nothing: the door is not even asked.
func TestTheDoorIsNotAskedTooEarly(t *testing.T) {
	s := begin(t, func(tr *engine.Traits) { tr.Flight = 20 * time.Minute })
	o := s.approved()
	asked := 0
	s.world.Fault(func(op, _ string) sandbox.Fault {
		if op == "probe" {
			asked++
		}
		return sandbox.Fault{Kind: sandbox.LandLate, Late: 15 * time.Minute}
	})
	s.tick(0)
	if got := engine.CodeOf(s.again(o)); got != engine.CodeBlocked || asked != 0 {
		t.Errorf("%q after %d looks", got, asked)
	}
}

// A door that tells keys apart and cannot be asked: while everything is stopped nothing is repeated, so nobody knows, and a person is asked. It
// never ends as if it had not gone out.
func TestWhatOnlyARepeatWouldTellIsNotCalledUnsent(t *testing.T) {
	s := begin(t, func(tr *engine.Traits) { tr.Probe, tr.Dedupe = false, true })
	o := s.approved()
	s.fail(sandbox.LoseReply)
	s.tick(0)
	s.world.Fault(nil)
	if err := s.Desk.Stop(t.Context(), tomi, ""); err != nil {
		t.Fatal(err)
	}
	for range 60 {
		s.tick(5 * time.Minute)
	}
	if s.state(o.ID) != engine.StateUnconfirmed || s.open(engine.ExceptionUnsure) != 1 || s.world.Live(o.ID+"-A") != 1 {
		t.Errorf("%s with %d questions, %d copies", s.state(o.ID), s.open(engine.ExceptionUnsure), s.world.Live(o.ID+"-A"))
	}
}

// TestEachAttemptIsLookedForAnew was found by the simulation (seed 303): after five looks in all, over several attempts, koira looked no more, and
// asked nobody.
func TestEachAttemptIsLookedForAnew(t *testing.T) {
	s := begin(t, nil)
	o := s.approved()
	s.fail(sandbox.ServerError)
	goOn := func() {
		for _, e := range s.about("social") { // the channel rests after three
			if err := s.Desk.CloseException(t.Context(), tomi, e.ID, "fixed"); err != nil {
				t.Fatal(err)
			}
		}
	}
	for range 18 {
		s.tick(5 * time.Minute)
		goOn()
	}
	if s.state(o.ID) != engine.StateUnconfirmed && s.state(o.ID) != engine.StateScheduled {
		t.Fatalf("%s", s.state(o.ID))
	}
	s.world.Fault(nil)
	for range 5 {
		s.tick(5 * time.Minute)
		goOn()
	}
	if s.state(o.ID) != engine.StatePublished {
		t.Errorf("%s once the channel works again, with %d questions", s.state(o.ID), s.open(engine.ExceptionUnsure))
	}
}
