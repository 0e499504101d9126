package desk

import (
	"testing"
	"time"

	"koira/engine"
	"koira/engine/trust"
)

// openOfTask returns what is open about daily-social itself.
func (w *world) openOfTask(t testing.TB) []engine.Exception {
	t.Helper()
	all, err := w.store.OpenExceptions(w.ctx)
	must(t, err)
	var mine []engine.Exception
	for _, e := range all {
		if e.Kind == engine.ExceptionTask && e.Task == "daily-social" {
			mine = append(mine, e)
		}
	}
	return mine
}

// brokeOff opens the warning that daily-social's results broke off.
func (w *world) brokeOff(t testing.TB) engine.Exception {
	t.Helper()
	e := engine.Exception{
		ID: w.ids(), Kind: engine.ExceptionTask, Task: "daily-social", Subject: "daily-social", OpenedAt: w.clock.Now(),
		Reason: "Its results broke off.", Evidence: "The last 3 pieces brought as good as no link visits.", Remedy: "Look whether its link opens.",
	}
	must(t, w.store.OpenException(w.ctx, e))
	return e
}

// falls pauses daily-social, which fell below its minimum, as the loop does.
func (w *world) falls(t testing.TB) {
	t.Helper()
	s := engine.Standing{Task: "daily-social", Metric: engine.Clicks, Verdict: engine.StandingBeyond, Pieces: 6}
	must(t, w.store.ChangeTask(w.ctx, trust.Breach(w.dailySocial(t), s, engine.Threshold{Metric: engine.Clicks, Floor: 6}, "EUR", w.clock.Now(), w.ids)))
}

func (w *world) dailySocial(t testing.TB) engine.Task {
	t.Helper()
	of, err := w.store.Task(w.ctx, "daily-social")
	must(t, err)
	return of
}

// The question of a pause takes the place of whatever was open about the task: it alone says what would resume it.
func TestAPauseIsAskedAboutThoughAWarningIsOpen(t *testing.T) {
	for name, pause := range map[string]func(*testing.T, *world){
		"below its minimum": func(t *testing.T, w *world) { w.falls(t) },
		"on evidence": func(t *testing.T, w *world) {
			must(t, w.store.ChangeTask(w.ctx, trust.Pause(w.dailySocial(t), trust.Grounds{Cause: engine.CauseAnomaly, Why: "readers leave"}, engine.Koira, w.clock.Now(), w.ids)))
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			warning := w.brokeOff(t)
			pause(t, w)
			open := w.openOfTask(t)
			if len(open) != 1 || open[0].ID == warning.ID || open[0].Remedy == "" {
				t.Fatalf("open is %+v", open)
			}
			want(t, w.CloseException(w.ctx, person(tomi), warning.ID, "fixed"), engine.CodeConflict, "the task is paused now")
		})
	}
}

// What only a resume ends is not settled by a word: else the task, or everything, stood still and nobody were asked any more.
func TestWhatStandsStillIsNotSettledByAWord(t *testing.T) {
	t.Run("a paused task", func(t *testing.T) {
		w := newWorld(t)
		w.falls(t)
		e := w.openOfTask(t)[0]
		for _, word := range Outcomes(e.Kind) {
			want(t, w.CloseException(w.ctx, person(tomi), e.ID, word), engine.CodeInvalid, "Daily social is paused", "owner resumes it")
		}
		must(t, w.ResumeTask(w.ctx, person(mari), "daily-social"))
		want(t, w.CloseException(w.ctx, person(tomi), e.ID, "fixed"), engine.CodeConflict, "resumed")
	})
	for _, subject := range []string{engine.Everything, engine.TheLog} {
		t.Run("a stop about "+subject, func(t *testing.T) {
			w := newWorld(t)
			must(t, w.store.SetControl(w.ctx, engine.Control{Stopped: true, StoppedBy: engine.Koira.ID, StoppedAt: w.clock.Now(), Why: "3 crashes"}, engine.Koira, w.clock.Now()))
			e, other := engine.Exception{ID: w.ids(), Kind: engine.ExceptionSystem, Subject: subject, Reason: "I stopped.", OpenedAt: w.clock.Now()},
				engine.Exception{ID: w.ids(), Kind: engine.ExceptionSystem, Subject: "bluesky", Reason: "Bluesky tells no results.", OpenedAt: w.clock.Now()}
			must(t, w.store.OpenException(w.ctx, e))
			must(t, w.store.OpenException(w.ctx, other))
			for _, word := range Outcomes(e.Kind) {
				want(t, w.CloseException(w.ctx, person(tomi), e.ID, word), engine.CodeInvalid, "an owner resumes first")
			}
			must(t, w.CloseException(w.ctx, person(tomi), other.ID, "fixed"))
		})
	}
}

// Only the question about a channel's pause ends it, and leaves alone what else is asked about the channel.
func TestAnotherTroubleOfAPausedChannelEndsAlone(t *testing.T) {
	w := newWorld(t)
	open := func(trouble engine.Trouble) string {
		t.Helper()
		e := engine.Exception{ID: w.ids(), Kind: engine.ExceptionSystem, Subject: "bluesky", Trouble: trouble, Reason: "Something.", OpenedAt: start}
		must(t, w.store.OpenException(w.ctx, e))
		return e.ID
	}
	silent := open(engine.TroubleSilent)
	w.setRules(t, func(g *engine.Guardrails) { g.Budget.Weekly = 200 * engine.Unit })
	for i := range engine.BreakAfter {
		o := w.piece(t, "daily-social", "Rye.", start.Add(time.Duration(i+1)*time.Hour))
		must(t, w.Approve(w.ctx, person(tomi), yes(o)))
		w.clock.Advance(time.Hour)
		intents, _, err := w.store.Claim(w.ctx, o.ID, o.Digest, w.clock.Now(), w.gate)
		must(t, err)
		must(t, w.store.Apply(w.ctx, engine.Result{Send: intents[0].Send, Fence: intents[0].Fence, State: engine.SendFailed, At: w.clock.Now(), By: engine.Koira}))
	}
	absent := open(engine.TroubleAbsent)
	rests := func() bool {
		t.Helper()
		bs, err := w.store.Breakers(w.ctx)
		must(t, err)
		return len(bs) == 1 && bs[0].Pause != nil
	}
	must(t, w.CloseException(w.ctx, person(tomi), silent, "noted"))
	if !rests() {
		t.Fatal("the channel does not rest")
	}
	all, err := w.store.OpenExceptions(w.ctx)
	must(t, err)
	for _, e := range all {
		if e.Trouble == engine.TroublePaused {
			want(t, w.CloseException(w.ctx, person(tomi), e.ID, "noted"), engine.CodeInvalid, "The channel is paused by this")
			must(t, w.CloseException(w.ctx, person(tomi), e.ID, "fixed"))
		}
	}
	if rests() {
		t.Error("it rests still")
	}
	must(t, w.CloseException(w.ctx, person(tomi), absent, "fixed"))
}

// A person's pause asks nothing, and a warning that was open before it ends with the resume as well.
func TestAWarningOfWhatAPersonPausedEndsWithTheResume(t *testing.T) {
	w := newWorld(t)
	e := w.brokeOff(t)
	must(t, w.PauseTask(w.ctx, person(olli), "daily-social", "the oven burns"))
	want(t, w.CloseException(w.ctx, person(tomi), e.ID, "fixed"), engine.CodeInvalid, "Daily social is paused")
	w.clock.Advance(time.Minute)
	must(t, w.ResumeTask(w.ctx, person(mari), "daily-social"))
	if open := w.openOfTask(t); len(open) != 0 || w.dailySocial(t).Level != engine.L3 {
		t.Errorf("open is %+v, at %s", open, w.dailySocial(t).Level)
	}
}
