package desk

import (
	"testing"
	"time"

	"koira/engine"
)

// What people own beside limits, and what is out already: situations and acts of the table in TestEveryCellOfTheRest.
func init() {
	for name, s := range ownedSituations {
		situations[name] = s
	}
	for name, x := range ownedActs {
		otherActs[name] = x
	}
	for name, x := range shownActs {
		otherActs[name] = x
	}
}

var ownedSituations = map[string]situation{
	"out": func(t *testing.T, w *world, _ engine.Actor) {
		w.about = w.out(t, "daily-social", "Rye bread is out.").ID
	},
	"out by hand": func(t *testing.T, w *world, _ engine.Actor) { w.about = w.byHand(t) },
	"taken down": func(t *testing.T, w *world, _ engine.Actor) {
		o := w.out(t, "daily-social", "Rye bread is out.")
		w.about = o.ID
		must(t, w.Retract(w.ctx, person(mari), o.ID, o.Digest, ""))
	},
	"stopped, and out": func(t *testing.T, w *world, _ engine.Actor) {
		w.about = w.out(t, "daily-social", "Rye bread is out.").ID
		must(t, w.store.SetControl(w.ctx, engine.Control{Stopped: true}, person(venla), w.clock.Now()))
	},
	"dearer than the week": func(t *testing.T, w *world, _ engine.Actor) { w.dear(t, 100*engine.Unit) },
	"dearer than the file": func(t *testing.T, w *world, _ engine.Actor) { w.dear(t, 39*engine.Unit) },
	"dearer than was shown": func(t *testing.T, w *world, _ engine.Actor) {
		w.dear(t, 100*engine.Unit)
		w.setRules(t, func(g *engine.Guardrails) { g.Budget.Weekly = 19 * engine.Unit })
	},
	"the rest is held": func(t *testing.T, w *world, _ engine.Actor) { w.restHeld(t) },
	"on its way unasked": func(t *testing.T, w *world, _ engine.Actor) {
		w.about = w.byItself(t, "By itself.", w.clock.Now().Add(5*day)).ID
	},
	"own text": func(t *testing.T, w *world, _ engine.Actor) {
		o, err := w.AddCopy(w.ctx, person(mari), "daily-social", "Our own words.")
		must(t, err)
		w.about = o.ID
	},
	"two own texts": func(t *testing.T, w *world, _ engine.Actor) {
		o, err := w.AddCopy(w.ctx, person(mari), "daily-social", "Our own words.")
		must(t, err)
		_, err = w.AddCopy(w.ctx, person(mari), "daily-social", "More of our own words.")
		must(t, err)
		w.about = o.ID
	},
	"stopped on its way": func(t *testing.T, w *world, _ engine.Actor) { w.stoppedOnItsWay(t) },
	"stopped, and its time has passed": func(t *testing.T, w *world, _ engine.Actor) {
		w.stoppedOnItsWay(t)
		w.clock.Advance(5 * day)
	},
	"a fact": func(t *testing.T, w *world, _ engine.Actor) { w.facts(t, "Buns cost €3.") },
	"a fact that moved": func(t *testing.T, w *world, _ engine.Actor) {
		w.facts(t, "Buns cost €3.")
		w.facts(t, "Buns cost €4.")
	},
	"a fact that went": func(t *testing.T, w *world, _ engine.Actor) {
		w.facts(t, "Buns cost €3.")
		w.facts(t)
	},
	"a fact asked for": func(t *testing.T, w *world, _ engine.Actor) {
		r, err := w.WantFact(w.ctx, person(mari), FactEdit{Form: FactForm{Text: "Buns cost €3."}})
		must(t, err)
		w.about = r.ID
	},
	"a fact applied": func(t *testing.T, w *world, _ engine.Actor) {
		r, err := w.WantFact(w.ctx, person(mari), FactEdit{Form: FactForm{Text: "Buns cost €3."}})
		must(t, err)
		_, err = w.ApplyFact(w.ctx, person(mari), r.ID)
		must(t, err)
		w.about = r.ID
	},
	"a fact asked to be changed, that moved": func(t *testing.T, w *world, _ engine.Actor) {
		w.facts(t, "Buns cost €3.")
		r, err := w.WantFact(w.ctx, person(mari), FactEdit{Refs: []FactRef{{2, 1}}, Form: FactForm{Text: "Buns cost €5."}})
		must(t, err)
		w.facts(t, "Buns cost €4.")
		w.about = r.ID
	},
	"strategy asked for": func(t *testing.T, w *world, _ engine.Actor) {
		r, err := w.WantStrategy(w.ctx, person(mari), 1, edit(PartThemes, "rye: rye bread\nbuns: Buns"))
		must(t, err)
		w.about = r.ID
	},
	"strategy applied": func(t *testing.T, w *world, _ engine.Actor) {
		r, err := w.WantStrategy(w.ctx, person(mari), 1, edit(PartThemes, "rye: rye bread\nbuns: Buns"))
		must(t, err)
		_, err = w.ApplyStrategy(w.ctx, person(mari), r.ID, "")
		must(t, err)
		w.about = r.ID
	},
	"away": func(t *testing.T, w *world, _ engine.Actor) {
		now := w.clock.Now()
		_, err := w.store.StartAbsence(w.ctx, engine.Absence{ID: "absence", Owner: mari, Until: now.Add(3 * day), MaxLevel: engine.L3}, person(mari), now)
		must(t, err)
	},
	"listed work": func(t *testing.T, w *world, _ engine.Actor) {
		must(t, w.store.PutWork(w.ctx, engine.Work{ID: "work", Name: "Flyers", Minutes: 60, Times: 1, Sensitivity: engine.Low}, person(olli), w.clock.Now()))
	},
}

var ownedActs = map[string]struct {
	columns []string
	rows    rows
	do      func(w *world, a engine.Actor) error
}{
	"take down what is out": {[]string{"out", "out by hand", "taken down", "stopped, and out"}, rows{"dddd", "dddd", "dddd", "yicy", "yicy"}, func(w *world, a engine.Actor) error {
		o := w.now(w.t, w.about)
		return w.Retract(w.ctx, a, o.ID, o.Digest, "")
	}},
	"take down another version": {[]string{"out"}, rows{"d", "d", "d", "c", "c"}, func(w *world, a engine.Actor) error {
		return w.Retract(w.ctx, a, w.about, "another", "")
	}},
	"let one piece pass": {
		[]string{"dearer than the week", "dearer than the file", "dearer than was shown", "out"}, rows{"dddd", "dddd", "dddd", "dddd", "ydcc"},
		func(w *world, a engine.Actor) error {
			return w.AllowOnce(w.ctx, a, yes(w.now(w.t, w.about)), engine.Rise{Week: 20 * engine.Unit}, nil)
		},
	},
	"send what waits": {[]string{"the rest is held", "out"}, rows{"dd", "dd", "dd", "yc", "yc"}, func(w *world, a engine.Actor) error {
		return w.SendRest(w.ctx, a, yes(w.now(w.t, w.about)))
	}},
	"stop what waits": {[]string{"the rest is held", "out"}, rows{"dd", "dd", "yi", "yi", "yi"}, func(w *world, a engine.Actor) error {
		o := w.now(w.t, w.about)
		return w.StopRest(w.ctx, a, o.ID, o.Digest)
	}},
	"say that it looks good": {[]string{"on its way unasked", "out"}, rows{"dd", "dd", "dd", "yc", "yc"}, func(w *world, a engine.Actor) error {
		return w.LooksGood(w.ctx, a, yes(w.now(w.t, w.about)))
	}},
	"move own text": {[]string{"own text", "out"}, rows{"dd", "dd", "dd", "yc", "yc"}, func(w *world, a engine.Actor) error {
		o := w.now(w.t, w.about)
		_, err := w.MoveCopy(w.ctx, a, o.ID, o.Digest, start.Add(60*day+2*time.Hour))
		return err
	}},
	"remove own text": {[]string{"own text", "out"}, rows{"dd", "dd", "dd", "yc", "yc"}, func(w *world, a engine.Actor) error {
		o := w.now(w.t, w.about)
		_, err := w.RemoveCopy(w.ctx, a, o.ID, o.Digest)
		return err
	}},
	"order own text": {[]string{"two own texts", "own text", "out"}, rows{"ddd", "ddd", "ddd", "yic", "yic"}, func(w *world, a engine.Actor) error {
		o := w.now(w.t, w.about)
		_, err := w.OrderCopy(w.ctx, a, o.ID, o.Digest, 2)
		return err
	}},
	"put back what was stopped": {
		[]string{"stopped on its way", "stopped, and its time has passed", "on its way unasked", "out"}, rows{"dddd", "dddd", "dddd", "yicc", "yicc"},
		func(w *world, a engine.Actor) error {
			return w.PutBack(w.ctx, a, yes(w.now(w.t, w.about)), time.Time{})
		},
	},
	"put back at another time": {
		[]string{"stopped on its way", "stopped, and its time has passed", "on its way unasked", "out"}, rows{"dddd", "dddd", "dddd", "yycc", "yycc"},
		func(w *world, a engine.Actor) error {
			return w.PutBack(w.ctx, a, yes(w.now(w.t, w.about)), start.Add(60*day+3*time.Hour))
		},
	},
	"ask for another strategy": {[]string{"runs", "stopped", "strategy applied"}, rows{"ddd", "ddd", "ddd", "ddd", "yyc"}, func(w *world, a engine.Actor) error {
		s := w.strategy(w.t)
		_, err := w.WantStrategy(w.ctx, a, s.Version, edit(PartThemes, "rye: rye bread\nbuns: Buns"))
		return err
	}},
	"apply another strategy": {[]string{"strategy asked for", "strategy applied", "a fact asked for", "runs"}, rows{"dddd", "dddd", "dddd", "dddd", "ycin"}, func(w *world, a engine.Actor) error {
		_, err := w.ApplyStrategy(w.ctx, a, w.about, "")
		return err
	}},
	"go back in the strategy": {[]string{"strategy applied", "runs"}, rows{"dd", "dd", "dd", "dd", "yc"}, func(w *world, a engine.Actor) error {
		_, err := w.RevertStrategy(w.ctx, a, 1)
		return err
	}},
	"ask for a fact": {[]string{"runs", "a fact"}, rows{"dd", "dd", "dd", "dd", "yc"}, func(w *world, a engine.Actor) error {
		_, err := w.WantFact(w.ctx, a, FactEdit{Form: FactForm{Text: "Buns cost €3."}})
		return err
	}},
	"ask for a change of a fact": {[]string{"a fact", "a fact that went"}, rows{"dd", "dd", "dd", "dd", "yn"}, func(w *world, a engine.Actor) error {
		_, err := w.WantFact(w.ctx, a, FactEdit{Refs: []FactRef{{2, 1}}, Form: FactForm{Text: "Buns cost €5."}})
		return err
	}},
	"apply a fact": {
		[]string{"a fact asked for", "a fact applied", "a fact asked to be changed, that moved", "strategy asked for", "runs"},
		rows{"ddddd", "ddddd", "ddddd", "ddddd", "yccnn"}, func(w *world, a engine.Actor) error {
			_, err := w.ApplyFact(w.ctx, a, w.about)
			return err
		},
	},
	"confirm a fact": {[]string{"a fact", "a fact that moved", "a fact that went"}, rows{"ddd", "ddd", "ddd", "ddd", "ycn"}, func(w *world, a engine.Actor) error {
		_, err := w.ConfirmFacts(w.ctx, a, FactRef{2, 1})
		return err
	}},
	"remove a fact": {[]string{"a fact", "a fact that moved", "a fact that went"}, rows{"ddd", "ddd", "ddd", "ddd", "ycn"}, func(w *world, a engine.Actor) error {
		_, err := w.RemoveFact(w.ctx, a, FactRef{2, 1})
		return err
	}},
	"go away": {[]string{"runs", "away", "stopped"}, rows{"ddd", "ddd", "ddd", "ddd", "yyy"}, func(w *world, a engine.Actor) error {
		_, err := w.GoAway(w.ctx, a, Away{Until: w.clock.Now().Add(5 * day), MaxLevel: engine.L4})
		return err
	}},
	"come back": {[]string{"runs", "away"}, rows{"dd", "dd", "dd", "dd", "cy"}, func(w *world, a engine.Actor) error {
		_, err := w.Back(w.ctx, a)
		return err
	}},
	"say what is good": {[]string{"runs", "stopped"}, rows{"dd", "dd", "dd", "dd", "yy"}, func(w *world, a engine.Actor) error {
		_, err := w.SetBenchmarks(w.ctx, a, "daily-social", GoodEdit{Metric: engine.Clicks, To: "15"})
		return err
	}},
	"choose the first tasks": {[]string{"runs", "stopped"}, rows{"dd", "dd", "dd", "dd", "yy"}, func(w *world, a engine.Actor) error {
		return w.ChooseFirst(w.ctx, a, "daily-social")
	}},
	"choose hours": {[]string{"runs", "stopped"}, rows{"dd", "dd", "yy", "yy", "yy"}, func(w *world, a engine.Actor) error {
		return w.SetHours(w.ctx, a, []engine.Hours{{From: 540, To: 600}})
	}},
	"say whom they sell to": {[]string{"runs", "stopped"}, rows{"dd", "dd", "yy", "yy", "yy"}, func(w *world, a engine.Actor) error {
		return w.SetMarket(w.ctx, a, engine.MarketBoth)
	}},
	"list work": {[]string{"runs", "listed work"}, rows{"dd", "dd", "yc", "yc", "yc"}, func(w *world, a engine.Actor) error {
		_, err := w.AddWork(w.ctx, a, engine.Work{Name: "Flyers", Minutes: 60, Times: 1})
		return err
	}},
	"change listed work": {[]string{"runs", "listed work"}, rows{"dd", "dd", "ny", "ny", "ny"}, func(w *world, a engine.Actor) error {
		_, err := w.ChangeWork(w.ctx, a, engine.Work{ID: "work", Name: "Flyers", Minutes: 90, Times: 1}, time.Time{})
		return err
	}},
	"remove listed work": {[]string{"runs", "listed work"}, rows{"dd", "dd", "ny", "ny", "ny"}, func(w *world, a engine.Actor) error {
		_, err := w.RemoveWork(w.ctx, a, "work", time.Time{})
		return err
	}},
	"hold a drill": {[]string{"runs", "paused"}, rows{"dd", "dd", "dd", "dd", "yc"}, func(w *world, a engine.Actor) error {
		_, err := w.Drill(w.ctx, a, "daily-social")
		return err
	}},
}

func (w *world) stoppedOnItsWay(t *testing.T) {
	t.Helper()
	o := w.byItself(t, "By itself.", w.clock.Now().Add(5*day))
	must(t, w.TakeBack(w.ctx, person(olli), o.ID, o.Digest))
	w.about = o.ID
}

func (w *world) byHand(t *testing.T) string {
	t.Helper()
	o, err := w.Posted(w.ctx, person(olli), "daily-social", "https://bluesky.example/by-hand")
	must(t, err)
	return o.ID
}

// dear is a piece that may cost €40 where €20 a week may be spent.
func (w *world) dear(t *testing.T, ceiling engine.Money) {
	t.Helper()
	w.about = w.piece(t, "daily-social", "Dear rye.", w.clock.Now().Add(90*day)).ID
	w.setRules(t, func(g *engine.Guardrails) { g.Budget.Weekly, g.Budget.Ceiling = 20*engine.Unit, ceiling })
}

// facts puts a next version of the strategy in force, with these facts under one key.
func (w *world) facts(t *testing.T, texts ...string) {
	t.Helper()
	s := w.strategy(t).Clone()
	s.Facts = nil
	for _, text := range texts {
		s.Facts = append(s.Facts, engine.Fact{Key: "buns", Text: text})
	}
	_, err := w.store.SetStrategy(w.ctx, s, person(mari), w.clock.Now(), "test")
	must(t, err)
}

// firstClaimed is a newsletter that goes out by itself, and is on its way to the first 124 of its readers.
func (w *world) firstClaimed(t testing.TB) (engine.Output, engine.Intent) {
	t.Helper()
	w.level(t, "weekly-newsletter", engine.L5)
	of, err := w.store.Task(w.ctx, "weekly-newsletter")
	must(t, err)
	o := w.planned(w.ctx, of, engine.OriginKoira, w.clock.Now().Add(time.Hour), "planned")
	must(t, w.store.AddOutput(w.ctx, o, engine.Koira))
	o.Variants = []engine.Variant{{Name: "A", Subject: "Rye", Body: "Rye bread is out."}}
	draft, err := w.render(o)
	must(t, err)
	draft.Audience = 1240
	for _, m := range []engine.Move{
		{From: engine.StatePlanned, To: engine.StateDrafted, Draft: &draft}, {From: engine.StateDrafted, To: engine.StateScheduled, Digest: draft.Digest},
	} {
		m.Output, m.By, m.At = o.ID, engine.Koira, w.clock.Now()
		_, err := w.store.Move(w.ctx, m)
		must(t, err)
	}
	w.clock.Advance(time.Hour)
	intents, _, err := w.store.Claim(w.ctx, o.ID, draft.Digest, w.clock.Now(), func(v engine.View) engine.Verdict {
		return engine.Verdict{Outcome: engine.Pass, Stage: engine.StageClaim, At: v.Now, Wave: 124}
	})
	must(t, err)
	return w.now(t, o.ID), intents[0]
}

// restHeld is a newsletter that went out by itself to its first readers, and whose rest a person decides about.
func (w *world) restHeld(t *testing.T) {
	t.Helper()
	o, i := w.firstClaimed(t)
	must(t, w.store.Apply(w.ctx, engine.Result{
		Send: i.Send, Fence: i.Fence, State: engine.SendPublished, Ref: engine.Ref{ID: "x"}, At: w.clock.Now(), By: engine.Koira,
	}))
	w.wantState(t, o.ID, engine.StateScheduled)
	w.clock.Advance(time.Minute)
	_, err := w.store.Move(w.ctx, engine.Move{
		Output: o.ID, From: engine.StateScheduled, To: engine.StateHeld, Digest: o.Digest, By: engine.Koira, At: w.clock.Now(), Why: "the rest: a test",
	})
	must(t, err)
	w.about = o.ID
}
