package app

import (
	"testing"
	"time"

	"koira/engine"
	"koira/engine/channel/sandbox"
	"koira/engine/desk"
)

var tomi = engine.Actor{ID: "U0TOMI0001", Team: "T0KOIRA01", Surface: engine.SurfaceSlack}

// cleared approves the first n waiting pieces of the daily social task, in the order of their slots.
func (s *scene) cleared(n int) []engine.Output {
	s.t.Helper()
	s.tick(0)
	waiting := s.outputs(engine.OutputFilter{Task: "daily-social", States: []engine.State{engine.StateWaiting}})[:n]
	for _, o := range waiting {
		if err := s.Desk.Approve(s.t.Context(), tomi, desk.Click{Output: o.ID, Digest: o.Digest, Audience: o.Audience, Whole: true}); err != nil {
			s.t.Fatal(err)
		}
	}
	return waiting
}

func (s *scene) until(at time.Time) { s.clock.Advance(at.Sub(s.clock.Now())) }

// fail lets every publish fail in one way, and counts how often a channel was asked to.
func (s *scene) fail(kind sandbox.FaultKind) *int {
	n := new(int)
	s.world.Fault(func(op, _ string) sandbox.Fault {
		if op != "publish" {
			return sandbox.Fault{}
		}
		*n++
		return sandbox.Fault{Kind: kind}
	})
	return n
}

func (s *scene) about(subject string) []engine.Exception {
	s.t.Helper()
	list, err := s.DB.OpenExceptions(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	var out []engine.Exception
	for _, e := range list {
		if e.Subject == subject {
			out = append(out, e)
		}
	}
	return out
}

// TestAChannelThatFailsThreeTimesRests: nothing new is begun there, pieces wait, one card asks, a restart changes nothing, and a person's
// word lets it go on.
func TestAChannelThatFailsThreeTimesRests(t *testing.T) {
	s := begin(t, nil)
	o := s.cleared(3)
	n := s.fail(sandbox.Deny)
	s.until(o[0].Slot)
	for range 12 { // the credentials are tried again, each quarter of an hour
		s.tick(5 * time.Minute)
	}
	if *n != 3 {
		t.Errorf("the channel was asked %d times, want 3", *n)
	}
	if s.state(o[0].ID) != engine.StateScheduled {
		t.Errorf("%s; it waits", s.state(o[0].ID))
	}
	asked := s.about("social")
	if len(asked) != 1 || s.open(engine.ExceptionSystem) != 1 {
		t.Fatalf("%d questions about the channel", len(asked))
	}
	if err := s.reopen(); err != nil {
		t.Fatal(err)
	}
	s.world.Fault(nil)
	s.until(o[1].Slot)
	s.tick(0)
	if s.state(o[0].ID) != engine.StateExpired || s.state(o[1].ID) != engine.StateScheduled || s.world.Live(o[1].ID+"-A") != 0 {
		t.Errorf("%s and %s; nothing leaves while the channel rests", s.state(o[0].ID), s.state(o[1].ID))
	}
	v, err := s.Report.WhyNot(t.Context(), o[1].ID)
	if err != nil || len(v.Blocks) != 0 || len(v.Waits) != 1 || v.Waits[0].Rule != "interrupted" {
		t.Errorf("why not: %+v, %+v, %v", v.Blocks, v.Waits, err)
	}
	eve := engine.Actor{ID: "U0EVE00001", Team: "T0KOIRA01", Surface: engine.SurfaceSlack}
	for who, want := range map[engine.Actor]engine.Code{eve: engine.CodeDenied, engine.Koira: engine.CodeDenied} {
		if got := engine.CodeOf(s.Desk.CloseException(t.Context(), who, asked[0].ID, "fixed")); got != want {
			t.Errorf("%s lets it go on: %q", who.ID, got)
		}
	}
	if got := engine.CodeOf(s.Desk.CloseException(t.Context(), tomi, asked[0].ID, "noted")); got != engine.CodeInvalid {
		t.Errorf("noting it: %q; the channel would rest and nobody would know", got)
	}
	if err := s.Desk.CloseException(t.Context(), tomi, asked[0].ID, "fixed"); err != nil {
		t.Fatal(err)
	}
	s.tick(0)
	if s.state(o[1].ID) != engine.StatePublished {
		t.Errorf("%s after somebody said that it is fixed", s.state(o[1].ID))
	}
}

// TestThreeUnknownOutcomesRest: no key is ever repeated on hope, and no fourth piece is risked.
func TestThreeUnknownOutcomesRest(t *testing.T) {
	s := begin(t, func(tr *engine.Traits) { tr.Probe = false })
	o := s.cleared(4)
	n := s.fail(sandbox.LoseReply)
	for _, x := range o {
		s.until(x.Slot)
		s.tick(0)
	}
	if *n != 3 || s.state(o[3].ID) != engine.StateScheduled {
		t.Errorf("%d attempts, the fourth piece is %s", *n, s.state(o[3].ID))
	}
	if got := s.open(engine.ExceptionSystem); got != 1 || s.open(engine.ExceptionUnsure) != 3 {
		t.Errorf("%d questions about the channel and %d about pieces, want 1 and 3", got, s.open(engine.ExceptionUnsure))
	}
}

// TestASuccessEndsTheRow: two failures, a success, two failures: the channel goes on.
func TestASuccessEndsTheRow(t *testing.T) {
	s := begin(t, func(tr *engine.Traits) { tr.Probe = false })
	o := s.cleared(5)
	for i, x := range o {
		s.fail(sandbox.LoseReply)
		if i == 2 {
			s.world.Fault(nil)
		}
		s.until(x.Slot)
		s.tick(0)
	}
	if s.open(engine.ExceptionSystem) != 0 || s.state(o[2].ID) != engine.StatePublished || s.state(o[4].ID) != engine.StateUnconfirmed {
		t.Errorf("%d questions about the channel; %s, %s", s.open(engine.ExceptionSystem), s.state(o[2].ID), s.state(o[4].ID))
	}
}

// TestBackoffOutlivesARestart: what was refused before a byte left is tried again 1, 2, 4 … minutes later, however often the program starts.
func TestBackoffOutlivesARestart(t *testing.T) {
	s := begin(t, nil)
	o := s.cleared(1)[0]
	n := s.fail(sandbox.Refuse)
	s.until(o.Slot)
	s.tick(0)
	for _, wait := range []time.Duration{time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute} {
		if err := s.reopen(); err != nil {
			t.Fatal(err)
		}
		before := *n
		s.tick(wait - time.Second)
		if *n != before {
			t.Errorf("tried again before %s", wait)
		}
		s.tick(time.Second)
		if *n != before+1 {
			t.Errorf("not tried again after %s", wait)
		}
	}
	if s.open(engine.ExceptionSystem) != 0 {
		t.Error("a line that cannot be opened pauses no channel")
	}
	for s.clock.Now().Before(o.Expires) {
		s.tick(10 * time.Minute)
	}
	if s.state(o.ID) != engine.StateExpired || s.open(engine.ExceptionMissed) != 1 {
		t.Errorf("%s with %d questions; it waits until its time passes, and a person hears of it", s.state(o.ID), s.open(engine.ExceptionMissed))
	}
}
