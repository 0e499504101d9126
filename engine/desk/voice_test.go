package desk

import (
	"testing"

	"koira/engine"
)

// tone has an owner change the tone of the voice.
func (w *world) tone(t *testing.T, tone string) {
	t.Helper()
	s, err := w.store.Strategy(w.ctx)
	must(t, err)
	r, err := w.WantStrategy(w.ctx, person(mari), s.Version, engine.RuleEdit{Rule: PartTone, To: tone})
	must(t, err)
	_, err = w.ApplyStrategy(w.ctx, person(mari), r.ID, "")
	must(t, err)
}

// The first voice of a business that had none counts from then on: the next change of it costs what rests on it.
func TestAFirstVoiceCountsFromThenOn(t *testing.T) {
	w := newWorld(t)
	w.level(t, "daily-social", engine.L5)
	w.tone(t, "Plain and warm.")
	w.tone(t, "LOUD, rude and full of jokes!")
	is, err := w.store.Task(w.ctx, "daily-social")
	must(t, err)
	if is.Level == engine.L5 {
		t.Errorf("the voice changed from one to another, and the task is still at %s", is.Level)
	}
}

// An emptied voice that is filled again counts from then on too.
func TestAVoiceThatWasEmptied(t *testing.T) {
	w := newWorld(t)
	w.tone(t, "Plain and warm.")
	w.level(t, "daily-social", engine.L5)
	w.tone(t, "")
	is, err := w.store.Task(w.ctx, "daily-social")
	must(t, err)
	for _, x := range []string{"LOUD and rude!", "Solemn."} {
		w.tone(t, x)
		now, err := w.store.Task(w.ctx, "daily-social")
		must(t, err)
		if now.Level == is.Level && x == "Solemn." {
			t.Errorf("the voice changed from one to another, and the task is still at %s", now.Level)
		}
	}
}
