package loop

import (
	"slices"
	"testing"

	"koira/engine"
)

func (s *shop) told(kind engine.NoticeKind) int {
	due, err := s.db.DueNotices(s.t.Context(), s.clock.Now(), 1_000)
	s.must(err)
	return len(slices.DeleteFunc(due, func(n engine.Notice) bool { return n.Kind != kind }))
}

// A new store begins with the first steps, once; whoever has decided on a piece already knows koira.
func TestTheFirstStepsComeOnce(t *testing.T) {
	s := newShop(t, func(*engine.Guardrails) {}, same)
	s.tick()
	if n := s.told(engine.NoticeWelcome); n != 1 || len(s.all(engine.StateWaiting)) == 0 {
		t.Fatalf("%d notices of the first steps, and %d pieces", n, len(s.all(engine.StateWaiting)))
	}
	s.must(s.db.SentNotice(t.Context(), engine.Notice{ID: "welcome", Kind: engine.NoticeWelcome, Subject: engine.StepsSubject}))
	s.build() // as after a restart
	s.tick()
	if n := s.told(engine.NoticeWelcome); n != 0 {
		t.Errorf("they come again after a restart: %d", n)
	}

	old := newShop(t, func(*engine.Guardrails) {}, same)
	old.must(old.db.AddOutput(t.Context(), engine.Output{
		ID: "past", Task: "daily", Origin: engine.OriginKoira, State: engine.StatePlanned, Slot: old.clock.Now(), Expires: old.clock.Now(), Channel: "social", Segment: "locals", Kind: engine.KindSocial,
		CreatedAt: old.clock.Now(), UpdatedAt: old.clock.Now(),
	}, engine.Koira))
	_, err := old.db.Move(t.Context(), engine.Move{Output: "past", From: engine.StatePlanned, To: engine.StateCancelled, By: engine.Koira, At: old.clock.Now(), Why: "dropped", Outcome: "dropped"})
	old.must(err)
	old.tick()
	if n := old.told(engine.NoticeWelcome); n != 0 {
		t.Errorf("an old store is welcomed: %d", n)
	}
}
