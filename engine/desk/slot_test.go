package desk

import (
	"slices"
	"testing"
	"time"

	"koira/engine"
	"koira/engine/guard"
)

func TestReslot(t *testing.T) {
	w := newWorld(t)
	o := w.piece(t, "daily-social", "Rye.", start.Add(day))
	other := w.piece(t, "daily-social", "Oat.", start.Add(2*day))
	for name, c := range map[string]struct {
		at   time.Time
		code engine.Code
		part string
	}{
		"past":                        {start.Add(-time.Minute), engine.CodeInvalid, "has passed"},
		"now":                         {start, engine.CodeInvalid, "has passed"},
		"where it stands":             {o.Slot, engine.CodeInvalid, "its time already"},
		"too far":                     {start.Add(91 * day), engine.CodeInvalid, "90 days"},
		"where another piece stands":  {other.Slot, engine.CodeConflict, "Another piece"},
		"where another, in a second ": {other.Slot.Add(30 * time.Second), engine.CodeConflict, "Another piece"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := w.Reslot(w.ctx, person(olli), o.ID, o.Digest, c.at)
			want(t, err, c.code, c.part, "Nothing changed.")
		})
	}
	at := start.Add(3 * day)
	n, err := w.Reslot(w.ctx, person(olli), o.ID, o.Digest, at)
	must(t, err)
	got := w.wantState(t, o.ID, engine.StateWaiting)
	if !got.Slot.Equal(at) || !got.Expires.Equal(at.Add(2*time.Hour)) || got.Digest != n.Digest || got.Digest == o.Digest || got.Digest != engine.DigestOf(got) || got.Arms.Slot != "thu-10" {
		t.Errorf("slot %s, expires %s, arm %s", got.Slot, got.Expires, got.Arms.Slot)
	}
	_, err = w.Reslot(w.ctx, person(olli), o.ID, o.Digest, at.Add(time.Hour))
	want(t, err, engine.CodeConflict, "It keeps its time.")
	want(t, w.Approve(w.ctx, person(tomi), yes(o)), engine.CodeConflict)
	// An approved piece waits again at its new time: the yes was for the old one.
	must(t, w.Approve(w.ctx, person(tomi), yes(got)))
	n, err = w.Reslot(w.ctx, person(olli), o.ID, got.Digest, at.Add(time.Hour))
	must(t, err)
	w.wantState(t, n.ID, engine.StateWaiting)
}

// quiet forbids pieces from 20 to 8 o'clock UTC, as a rule on hours would.
func quiet(v engine.View) engine.Verdict {
	out := guard.Check(v)
	if h := v.Output.Slot.UTC().Hour(); h >= 20 || h < 8 {
		out.Outcome = engine.Block
		out.Findings = append(slices.Clone(out.Findings), engine.Finding{Rule: "quiet-hours", Outcome: engine.Block, Evidence: "Nothing goes out then.", Remedy: "Choose another time."})
	}
	return out
}

func TestQuietHours(t *testing.T) {
	w := newWorld(t)
	w.gate = quiet
	o := w.piece(t, "daily-social", "Rye.", start.Add(day))
	_, err := w.Reslot(w.ctx, person(olli), o.ID, o.Digest, start.Add(13*time.Hour))
	want(t, err, engine.CodeBlocked, "quiet-hours", "Choose another time.", "Nothing changed.")
	if got := w.wantState(t, o.ID, engine.StateWaiting); got.Digest != o.Digest {
		t.Error("it moved all the same")
	}
	w.clock.Set(start.Add(13 * time.Hour))
	want(t, w.PublishNow(w.ctx, person(tomi), yes(o)), engine.CodeBlocked, "quiet-hours", "Not published.")
	if got := w.wantState(t, o.ID, engine.StateWaiting); got.Digest != o.Digest {
		t.Error("it moved all the same")
	}
}

func TestPublishNow(t *testing.T) {
	w := newWorld(t)
	o := w.piece(t, "daily-social", "Rye.", start.Add(day))
	want(t, w.PublishNow(w.ctx, person(olli), yes(o)), engine.CodeDenied)
	w.clock.Advance(90 * time.Second)
	must(t, w.PublishNow(w.ctx, person(tomi), yes(o)))
	got := w.wantState(t, o.ID, engine.StateScheduled)
	if !got.Slot.Equal(w.clock.Now()) || got.Digest == o.Digest {
		t.Errorf("slot %s", got.Slot)
	}
	p, err := w.store.Approval(w.ctx, o.ID, got.Digest)
	if err != nil || p == nil || p.By != tomi {
		t.Fatalf("approval %+v, %v", p, err)
	}
	if _, _, err := w.store.Claim(w.ctx, o.ID, got.Digest, w.clock.Now(), w.gate); err != nil {
		t.Errorf("it cannot go out: %v", err)
	}
	want(t, w.PublishNow(w.ctx, person(tomi), yes(o)), engine.CodeConflict)
}

// TestPublishNowIsOneAct ends koira at each look of the gate, before, between and after the steps of it: the piece is as it was, and the same
// delivery, worked on again, publishes it, once.
func TestPublishNowIsOneAct(t *testing.T) {
	for n := 1; ; n++ {
		w := newWorld(t)
		o := w.piece(t, "daily-social", "Rye.", start.Add(day))
		w.clock.Advance(90 * time.Second)
		calls, pass := 0, w.gate
		w.gate = func(v engine.View) engine.Verdict {
			if calls++; calls == n {
				panic("the end")
			}
			return pass(v)
		}
		ended := func() (ended bool) {
			defer func() { ended = recover() != nil }()
			must(t, w.PublishNow(w.begin(t, "now").ctx, person(tomi), yes(o)))
			return false
		}()
		if !ended && n > 2 {
			return
		}
		if got := w.wantState(t, o.ID, engine.StateWaiting); got.Digest != o.Digest || !got.Slot.Equal(o.Slot) {
			t.Fatalf("ended at look %d of the gate, it stands at %s", n, got.Slot)
		}
		for range 2 {
			must(t, w.PublishNow(w.begin(t, "now").ctx, person(tomi), yes(o)))
			w.wantState(t, o.ID, engine.StateScheduled)
		}
	}
}

// A week's budget is the week's that a piece moves to.
func TestPublishNowAgainstThisWeeksBudget(t *testing.T) {
	w := newWorld(t)
	next := w.piece(t, "daily-social", "Rye.", start.Add(8*day))
	for i, body := range []string{"Oat.", "Barley."} { // 80 of 100 are set aside this week, and nothing next week
		must(t, w.Approve(w.ctx, person(tomi), yes(w.piece(t, "daily-social", body, start.Add(time.Duration(i+1)*day)))))
	}
	want(t, w.PublishNow(w.ctx, person(tomi), yes(next)), engine.CodeBlocked, "budget")
	this := w.piece(t, "daily-social", "Emmer.", start.Add(3*day))
	n, err := w.Reslot(w.ctx, person(olli), this.ID, this.Digest, start.Add(9*day))
	must(t, err)
	if n.State != engine.StateWaiting {
		t.Errorf("a piece moved to a free week is %s", n.State)
	}
}

func TestDrop(t *testing.T) {
	w := newWorld(t)
	o := w.piece(t, "daily-social", "Rye.", start.Add(day))
	must(t, w.Approve(w.ctx, person(tomi), yes(o)))
	want(t, w.Drop(w.ctx, person(olli), o.ID, o.Digest), engine.CodeDenied)
	must(t, w.Drop(w.ctx, person(tomi), o.ID, o.Digest))
	w.wantState(t, o.ID, engine.StateCancelled)
	want(t, w.Drop(w.ctx, person(tomi), o.ID, o.Digest), engine.CodeConflict, "Not dropped.")
	h := w.piece(t, "by-hand", "Rye.", start.Add(day))
	must(t, w.Drop(w.ctx, person(tomi), h.ID, h.Digest))
	w.wantState(t, h.ID, engine.StateExpired)
}
