package desk

import (
	"slices"
	"testing"
	"time"

	"koira/engine"
)

// calendar is three texts of tomi's at L2, in their order, each with their yes to it.
func calendar(t *testing.T) (*world, []engine.Output) {
	t.Helper()
	w := newWorld(t)
	w.level(t, "daily-social", engine.L2)
	var all []engine.Output
	for _, text := range []string{"First words.", "Second words.", "Third words."} {
		o, err := w.AddCopy(w.ctx, person(tomi), "daily-social", text)
		must(t, err)
		all = append(all, w.wantState(t, o.ID, engine.StateScheduled))
		w.ownYes(t, o.ID, tomi)
	}
	return w, all
}

// ownYes: what stands there is approved in exactly this version, as a yes of that person.
func (w *world) ownYes(t *testing.T, id, by string) {
	t.Helper()
	o := w.now(t, id)
	a, err := w.store.Approval(w.ctx, id, o.Digest)
	must(t, err)
	if a == nil || a.By != by || a.Role < engine.RoleApprover || !a.Whole || a.Audience != o.Audience {
		t.Errorf("%s: the approval is %+v", o.Variants[0].Body, a)
	}
}

func (w *world) bodies(t *testing.T) (bodies []string, slots []time.Time) {
	t.Helper()
	all, err := w.store.Outputs(w.ctx, engine.OutputFilter{Task: "daily-social", States: inCalendar})
	must(t, err)
	for _, o := range all {
		bodies, slots = append(bodies, o.Variants[0].Body), append(slots, o.Slot)
	}
	return bodies, slots
}

func TestOrderCopy(t *testing.T) {
	w, all := calendar(t)
	_, before := w.bodies(t)
	third := all[2]
	_, err := w.OrderCopy(w.ctx, person(olli), third.ID, third.Digest, 1)
	want(t, err, engine.CodeDenied)
	for _, place := range []int{0, 3, 4} {
		_, err = w.OrderCopy(w.ctx, person(mari), third.ID, third.Digest, place)
		want(t, err, engine.CodeInvalid)
	}
	_, err = w.OrderCopy(w.ctx, person(mari), third.ID, third.Digest, 1)
	must(t, err)
	got, slots := w.bodies(t)
	if !slices.Equal(got, []string{"Third words.", "First words.", "Second words."}) || !slices.EqualFunc(slots, before, time.Time.Equal) {
		t.Errorf("the calendar holds %v at %v, and was %v", got, slots, before)
	}
	for _, o := range all {
		w.wantState(t, o.ID, engine.StateScheduled)
		w.ownYes(t, o.ID, mari) // whoever moved them said yes to them at their new times
	}
	_, err = w.OrderCopy(w.ctx, person(mari), third.ID, third.Digest, 1) // the version that was seen is gone
	want(t, err, engine.CodeConflict)
}

func TestMoveCopy(t *testing.T) {
	w, all := calendar(t)
	o, to := all[0], all[2].Slot.Add(3*time.Hour)
	_, err := w.MoveCopy(w.ctx, person(olli), o.ID, o.Digest, to)
	want(t, err, engine.CodeDenied)
	_, err = w.MoveCopy(w.ctx, person(tomi), o.ID, o.Digest, all[1].Slot)
	want(t, err, engine.CodeConflict, "Another piece")
	_, err = w.MoveCopy(w.ctx, person(tomi), o.ID, o.Digest, start.Add(-time.Hour))
	want(t, err, engine.CodeInvalid, "has passed")
	_, err = w.MoveCopy(w.ctx, person(tomi), o.ID, o.Digest, to)
	must(t, err)
	if now := w.wantState(t, o.ID, engine.StateScheduled); !now.Slot.Equal(to) {
		t.Errorf("it stands at %s, not at %s", now.Slot, to)
	}
	w.ownYes(t, o.ID, tomi)
	other := w.piece(t, "daily-social", "koira's own", all[2].Slot.Add(5*time.Hour))
	_, err = w.MoveCopy(w.ctx, person(tomi), other.ID, other.Digest, to.Add(time.Hour))
	want(t, err, engine.CodeConflict)
}

// Taken out and put back by who may approve, it goes out at its time again; by an operator it waits for a yes. At L3 it waits for another's yes.
func TestCopyOutAndBack(t *testing.T) {
	w, all := calendar(t)
	must(t, w.Drop(w.ctx, person(tomi), all[0].ID, all[0].Digest))
	back, err := w.Reuse(w.ctx, person(tomi), all[0].ID, all[0].Digest, all[2].Slot.Add(time.Hour))
	must(t, err)
	w.wantState(t, back.ID, engine.StateScheduled)
	w.ownYes(t, back.ID, tomi)
	must(t, w.Drop(w.ctx, person(tomi), all[1].ID, all[1].Digest))
	back, err = w.Reuse(w.ctx, person(olli), all[1].ID, all[1].Digest, all[2].Slot.Add(2*time.Hour))
	must(t, err)
	w.wantState(t, back.ID, engine.StateWaiting)

	w.level(t, "daily-social", engine.L3)
	o, err := w.AddCopy(w.ctx, person(tomi), "daily-social", "At last.")
	must(t, err)
	w.wantState(t, o.ID, engine.StateWaiting)
	want(t, w.Approve(w.ctx, person(tomi), yes(w.now(t, o.ID))), engine.CodeDenied, "You wrote this text last")
}
