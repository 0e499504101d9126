package loop

import (
	"slices"
	"testing"
	"time"

	"koira/engine"
	"koira/storage"
)

// An owner who fell silent beside one who said that they are away is told like anybody: each silence once. The end of an absence begins the silence of its
// own owner anew, and nobody else's.
func TestSilenceBesideAnAbsence(t *testing.T) {
	s := newShop(t, func(*engine.Guardrails) {}, func(*engine.Task) {})
	ctx := t.Context()
	s.must(s.db.Close())
	db, err := storage.Open(ctx, storage.Options{Path: s.path, NewID: s.ids, Owners: []string{"U1", "U2", engine.Koira.ID}})
	s.must(err)
	t.Cleanup(func() { db.Close() })
	s.db = db
	s.build()
	away := func(owner string, days int) {
		_, err := s.db.StartAbsence(ctx, engine.Absence{Owner: owner, Until: s.clock.Now().AddDate(0, 0, days), MaxLevel: engine.L5}, engine.Actor{ID: owner, Surface: engine.SurfaceSlack}, s.clock.Now())
		s.must(err)
	}
	day, told := 0, []string{}
	pass := func(days int) {
		for range days {
			day++
			s.clock.Advance(24 * time.Hour)
			s.must(s.comeBack(ctx))
			s.must(s.silence(ctx))
		}
	}
	silences := func() int {
		t.Helper()
		due, err := s.db.DueNotices(ctx, s.clock.Now(), 1_000)
		s.must(err)
		for _, n := range due {
			if _, silent := engine.ParseSilence(n.Subject); n.Kind == engine.NoticeReturn && silent && !slices.Contains(told, n.Subject) {
				told = append(told, n.Subject)
			}
		}
		return len(told)
	}
	away("U1", 30)
	for _, c := range []struct{ days, silences int }{{6, 0}, {1, 1}, {22, 1}, {7, 1}, {2, 2}, {60, 2}} { // U2's on day 7, that of U1 a week after day 30
		if pass(c.days); silences() != c.silences {
			t.Errorf("day %d: %d silences are told, want %d", day, len(told), c.silences)
		}
	}
	away("U1", 30)
	away("U2", 30)
	if pass(29); silences() != 2 {
		t.Errorf("all are away, and %d silences are told", len(told))
	}
}
