package desk

import (
	"strings"
	"sync"
	"testing"
	"time"

	"koira/engine"
	"koira/engine/guard"
)

// out is a piece of a task that koira published.
func (w *world) out(t testing.TB, task, body string) engine.Output {
	t.Helper()
	o := w.piece(t, task, body, w.clock.Now().Add(time.Hour))
	must(t, w.Approve(w.ctx, person(tomi), yes(o)))
	w.clock.Advance(time.Hour)
	intents, _, err := w.store.Claim(w.ctx, o.ID, o.Digest, w.clock.Now(), guard.Check)
	must(t, err)
	must(t, w.store.Apply(w.ctx, engine.Result{
		Send: intents[0].Send, Fence: intents[0].Fence, State: engine.SendPublished, At: w.clock.Now(), By: engine.Koira, Ref: engine.Ref{ID: "1", URL: "https://bsky.example/1"},
	}))
	return w.wantState(t, o.ID, engine.StatePublished)
}

func (w *world) levelIs(t testing.TB, task string, want engine.Level) engine.Task {
	t.Helper()
	got, err := w.store.Task(w.ctx, task)
	must(t, err)
	if got.Level != want {
		t.Errorf("%s is at %s, want %s", task, got.Level, want)
	}
	return got
}

func TestRetract(t *testing.T) {
	w := newWorld(t)
	w.level(t, "daily-social", engine.L4)
	o := w.out(t, "daily-social", "Rye.")
	want(t, w.Retract(w.ctx, person(olli), o.ID, o.Digest, ""), engine.CodeDenied, "Only approvers and owners can take down what is out.")
	want(t, w.Retract(w.ctx, person(tomi), o.ID, "another", ""), engine.CodeConflict, "Nothing was taken down.")
	want(t, w.Retract(w.ctx, person(tomi), o.ID, o.Digest, strings.Repeat("x", maxNote+1)), engine.CodeInvalid)
	w.levelIs(t, "daily-social", engine.L4)
	w.wantState(t, o.ID, engine.StatePublished)

	must(t, w.Retract(w.ctx, person(tomi), o.ID, o.Digest, "wrong price"))
	w.wantState(t, o.ID, engine.StateRetracting)
	if got := w.levelIs(t, "daily-social", engine.L3); got.LoweredAt.IsZero() {
		t.Error("no cooldown has begun")
	}
	r, err := w.store.Retraction(w.ctx, o.ID)
	if err != nil || r == nil || r.By != tomi || r.Why != "wrong price" || r.Level != engine.L4 || r.Role != engine.RoleApprover {
		t.Errorf("written down: %+v, %v", r, err)
	}
	ds, err := w.store.Decisions(w.ctx, "daily-social", time.Time{}, 10)
	if err != nil || len(ds) != 1 || ds[0].What != "level" || ds[0].To != "L3" || !strings.Contains(ds[0].Signal, "taken down") {
		t.Errorf("decisions: %+v, %v", ds, err)
	}

	// Again: everybody is told, and nothing is lowered twice.
	w.clock.Advance(time.Minute)
	want(t, w.Retract(w.ctx, person(tomi), o.ID, o.Digest, ""), engine.CodeConflict, "You had this taken down", "under way")
	want(t, w.Retract(w.ctx, person(mari), o.ID, o.Digest, ""), engine.CodeConflict, "@"+tomi)
	w.levelIs(t, "daily-social", engine.L3)
	w.level(t, "daily-social", engine.L4) // allowed again, much later
	want(t, w.Retract(w.ctx, person(tomi), o.ID, o.Digest, ""), engine.CodeConflict)
	w.levelIs(t, "daily-social", engine.L4)
}

func TestRetractAtOnce(t *testing.T) {
	w := newWorld(t)
	w.level(t, "daily-social", engine.L5)
	o := w.out(t, "daily-social", "Rye.")
	var wg sync.WaitGroup
	errs := make([]error, 6)
	for i := range errs {
		wg.Go(func() { errs[i] = w.Retract(w.ctx, person([]string{tomi, mari}[i%2]), o.ID, o.Digest, "") })
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		switch engine.CodeOf(err) {
		case "":
			won++
		case engine.CodeConflict:
		default:
			t.Error(err)
		}
	}
	if won != 1 {
		t.Errorf("%d presses won", won)
	}
	w.levelIs(t, "daily-social", engine.L4)
}

func TestWhatCannotBeTakenDown(t *testing.T) {
	w := newWorld(t)
	letter := w.out(t, "weekly-newsletter", "Rye.")
	want(t, w.Retract(w.ctx, person(mari), letter.ID, letter.Digest, ""), engine.CodeInvalid, "cannot be taken back")
	w.wantState(t, letter.ID, engine.StatePublished)
	w.levelIs(t, "weekly-newsletter", engine.L3)

	hand, err := w.Posted(w.ctx, person(olli), "by-hand", "https://bsky.example/1")
	must(t, err)
	want(t, w.Retract(w.ctx, person(mari), hand.ID, "", ""), engine.CodeInvalid, "A person published this")

	waits := w.piece(t, "daily-social", "Oat.", w.clock.Now().Add(day))
	want(t, w.Retract(w.ctx, person(mari), waits.ID, waits.Digest, ""), engine.CodeConflict, "waiting for a yes", "Nothing was taken down.")
	w.levelIs(t, "daily-social", engine.L3)
}

// At the bottom of the ladder there is nothing to lower.
func TestRetractAtTheBottom(t *testing.T) {
	w := newWorld(t)
	o := w.out(t, "daily-social", "Rye.")
	must(t, w.setLevel(mari, "daily-social", engine.L3, engine.L1))
	must(t, w.Retract(w.ctx, person(mari), o.ID, o.Digest, ""))
	w.wantState(t, o.ID, engine.StateRetracting)
	w.levelIs(t, "daily-social", engine.L1)
}

func TestStopRest(t *testing.T) {
	w := newWorld(t)
	letter := w.out(t, "weekly-newsletter", "Rye.")
	want(t, w.StopRest(w.ctx, person(olli), letter.ID, letter.Digest), engine.CodeInvalid, "delivers at once")
	w.channels["news"] = door{engine.Traits{Name: "news", Label: "Newsletter", Kind: engine.KindEmail, Subject: true, Halt: true}}
	want(t, w.StopRest(w.ctx, person(venla), letter.ID, letter.Digest), engine.CodeDenied)
	want(t, w.StopRest(w.ctx, person(olli), letter.ID, "another"), engine.CodeConflict, "Nothing was stopped.")
	must(t, w.StopRest(w.ctx, person(olli), letter.ID, letter.Digest))
	want(t, w.StopRest(w.ctx, person(mari), letter.ID, letter.Digest), engine.CodeConflict, "already")
	asked, err := w.store.HaltsAsked(w.ctx)
	if err != nil || len(asked) != 1 || asked[0].Output != letter.ID {
		t.Fatalf("asked: %+v, %v", asked, err)
	}
	n, err := w.store.CountOutputs(w.ctx, engine.OutputFilter{DueBy: w.clock.Now()})
	if err != nil || n[engine.StatePublished] != 1 {
		t.Errorf("due: %v, %v", n, err)
	}
	must(t, w.store.SaveHalt(w.ctx, asked[0].ID, engine.Progress{Sent: 231, Of: 2310, Halted: true}, w.clock.Now()))
	want(t, w.store.SaveHalt(w.ctx, asked[0].ID, engine.Progress{}, w.clock.Now()), engine.CodeConflict)
	n, err = w.store.CountOutputs(w.ctx, engine.OutputFilter{DueBy: w.clock.Now()})
	if err != nil || n[engine.StatePublished] != 0 {
		t.Errorf("still due: %v, %v", n, err)
	}
	sends, err := w.store.Sends(w.ctx, letter.ID)
	if err != nil || sends[0].Reached != 231 || sends[0].All != 2310 || sends[0].HaltedAt.IsZero() {
		t.Errorf("send: %+v, %v", sends, err)
	}
}
