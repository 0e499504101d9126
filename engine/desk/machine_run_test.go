package desk

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"koira/engine"
	"koira/engine/enginetest"
	"koira/storage"
)

// sequences is how many random sequences TestMachine runs; KOIRA_SEQUENCES asks for another number. The full proof is 100,000.
const sequences = 2_000

// TestMachine: whatever people and the program do in whatever order, nothing is cleared without an approver's yes to that very version, by
// somebody other than its last editor where there is anybody else, or an owner's grant under which nobody was ever asked about it; no rule is passed but
// by an owner who saw what it stops, and no cap but by what an owner allowed; no level, limit or stop gives way without an owner, nor without a second
// person where four eyes are asked for; who decides meanwhile gives no more room, and decides no longer than that; the program gives itself no room; what
// koira proposes, offers and asks is answered by whom the table names; what takes a level down says so, to people too; who is refused changes nothing but
// one line of the log; and the log, replayed, says what the tables say.
func TestMachine(t *testing.T) {
	n := sequences
	if s := os.Getenv("KOIRA_SEQUENCES"); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	enginetest.Checks(t, n)

	reached, steps, ran := map[string]int{}, 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		m := &machine{
			world: quickWorld(t, rapid.IntRange(0, 4).Draw(rt, "begins at rest") == 0), t: t, waits: map[string]yes2{},
			money: money{lines: map[string][]engine.Entry{}, rises: map[string]engine.Rise{}}, log: told{yes: map[string]bool{}, waited: map[string]bool{}},
		}
		defer m.end()
		m.people = staffs[rapid.SampledFrom(staffNames).Draw(rt, "staff")]
		for _, o := range seeded {
			m.pieces = append(m.pieces, m.now(t, o.ID))
		}
		if rapid.IntRange(0, 4).Draw(rt, "begins still") == 0 {
			must(t, m.store.SetControl(m.ctx, engine.Control{Stopped: true}, person(venla), start))
			must(t, m.store.ChangeTask(m.ctx, engine.TaskChange{Task: "daily-social", From: engine.L3, To: engine.L3, Pause: &engine.Pause{By: olli}, By: person(olli), At: start}))
		}
		if rapid.IntRange(0, 4).Draw(rt, "begins away") == 0 {
			until := rapid.SampledFrom([]time.Time{start.Add(9 * day), m.clock.Now().Add(time.Hour)}).Draw(rt, "until")
			_, err := m.store.StartAbsence(m.ctx, engine.Absence{ID: "absence", Owner: mari, Delegate: rapid.SampledFrom([]string{"", olli}).Draw(rt, "decides"), Until: until, MaxLevel: engine.L3}, person(mari), m.clock.Now())
			must(t, err)
		}
		m.before = m.snapshot()
		m.read()
		m.reads()
		for range rapid.IntRange(6, 14).Draw(rt, "acts") {
			m.step(rt)
			w := m.next(rt)
			a, role := m.somebody(rt, w)
			err := w.do(m, rt, a)
			reached[w.name+" "+string(engine.CodeOf(err))]++
			m.check(rt, w, a, role, err)
			steps++
		}
		m.audited(t)
		ran++
	})
	t.Logf("%d sequences, %d acts, %d kinds of outcome", ran, steps, len(reached))
	if enginetest.UnderRace {
		return
	}
	for _, w := range acts {
		for _, code := range []engine.Code{"", engine.CodeDenied} {
			if reached[w.name+" "+string(code)] == 0 && (code == "" || w.least > program) {
				t.Errorf("%q never came to %q: the test proves nothing of it", w.name, code)
			}
		}
	}
}

// templates are the files of a seeded world, the second one with a channel at rest, made once: each sequence begins with a copy. In it are pieces that
// wait, one of them stopped by a rule that an owner may let it pass; one that is cleared, one that goes out unasked, and one that did until somebody
// stopped it and a rule holds it; one that is out, one that people publish by hand, one that was dropped, one of which nobody knows, one that first readers
// have, and texts of people's own, some of them in a calendar that runs by itself; and what koira proposes, offers, asks and shows.
var (
	templates [2][]byte
	madeAt    [2]time.Time
	seeded    []engine.Output
	partly    string // the piece whose rest waits
	loud      string // the piece that the voice's rule stops
)

// quickWorld is newWorld in memory, where the machine has such a place, from a template.
func quickWorld(t *testing.T, resting bool) *world {
	t.Helper()
	dir, err := os.MkdirTemp(memory(), "koira-desk-")
	must(t, err)
	path := filepath.Join(dir, "koira.db")
	if templates[0] == nil {
		keep := func(i int, w *world) {
			madeAt[i] = w.clock.Now()
			must(t, w.store.Close())
			templates[i], err = os.ReadFile(path)
			must(t, err)
		}
		w := openWorld(t, storage.Options{Path: path}, 7)
		w.seedMachine(t)
		keep(0, w)
		w = openWorld(t, storage.Options{Path: path}, 9)
		w.clock.Advance(madeAt[0].Sub(start))
		w.restsAfterFailures(t)
		keep(1, w)
	}
	i := 0
	if resting {
		i = 1
	}
	must(t, os.WriteFile(path, templates[i], 0o600))
	w := openWorld(t, storage.Options{Path: path, Alone: true}, 8)
	w.clock.Advance(madeAt[i].Add(time.Minute).Sub(start)) // after what is out
	w.end = func() { w.store.Close(); os.RemoveAll(dir) }
	return w
}

func (w *world) seedMachine(t *testing.T) {
	t.Helper()
	w.seed(t)
	for _, readers := range []int{900, 1240} { // a version that counts on fewer
		s := w.strategy(t).Clone()
		s.Segments[0].Size, s.Facts = readers, []engine.Fact{{Key: "buns", Text: "Buns cost €3."}}
		_, err := w.store.SetStrategy(w.ctx, s, person(mari), w.clock.Now(), "test")
		must(t, err)
	}
	task, err := w.store.Task(w.ctx, "daily-social")
	must(t, err)
	cost := func(most engine.Money) {
		of := task
		of.CostMax = most
		must(t, w.store.PutTask(w.ctx, of, person(mari), start, "test"))
	}
	evening := task
	evening.ID, evening.Name, evening.CostMax = "evening-social", "Evening social", 3*engine.Unit
	must(t, w.store.PutTask(w.ctx, evening, person(mari), start, "test"))
	own := task
	own.ID, own.Name, own.Level, own.CostMax = "noticeboard", "Noticeboard", engine.L2, engine.Unit
	must(t, w.store.PutTask(w.ctx, own, person(mari), start, "test"))
	w.setRules(t, func(g *engine.Guardrails) {
		g.Budget.Tasks = map[string]engine.Money{"daily-social": 150 * engine.Unit}
		g.Thresholds["evening-social"], g.Voice.Exclamations = g.Thresholds["daily-social"], 1
	})
	seeded = []engine.Output{w.piece(t, "daily-social", "Rye.", start.Add(day)), w.piece(t, "weekly-newsletter", "Rye.", start.Add(3*day)), w.out(t, "daily-social", "Oat.")}
	cost(120 * engine.Unit) // above the week's
	seeded = append(seeded, w.piece(t, "daily-social", "Spelt.", start.Add(2*day)))
	cost(5 * engine.Unit)
	unknown, wheat := w.unsure(t, 0), w.piece(t, "daily-social", "Wheat.", start.Add(2*day+3*time.Hour))
	must(t, w.Approve(w.ctx, person(tomi), yes(wheat)))
	shout, dropped := w.piece(t, "daily-social", "Rye!!", start.Add(2*day+5*time.Hour)), w.piece(t, "daily-social", "Millet.", start.Add(2*day+6*time.Hour))
	loud = shout.ID
	must(t, w.Drop(w.ctx, person(tomi), dropped.ID, dropped.Digest))
	seeded = append(seeded, unknown, wheat, shout, w.now(t, dropped.ID), w.piece(t, "by-hand", "Barley.", start.Add(day)))
	cost(task.CostMax)
	w.restHeld(t)
	must(t, w.store.ChangeTask(w.ctx, engine.TaskChange{Task: "weekly-newsletter", From: engine.L5, To: engine.L3, By: person(mari), At: w.clock.Now()}))
	partly = w.about
	seeded = append(seeded, w.now(t, partly))
	for _, x := range []struct{ task, text string }{
		{"daily-social", "Our own words."}, {"daily-social", "More of our own words."}, {"noticeboard", "We close at six."}, {"noticeboard", "We open at nine."},
	} {
		o, err := w.AddCopy(w.ctx, person(mari), x.task, x.text)
		must(t, err)
		seeded = append(seeded, o)
	}
	last := &seeded[len(seeded)-1]
	*last, err = w.RemoveCopy(w.ctx, person(mari), last.ID, last.Digest)
	must(t, err)
	alone, stopped := w.goesUnasked(t, "evening-social", "Buckwheat.", start.Add(2*day+8*time.Hour)), w.goesUnasked(t, "evening-social", "Politics.", start.Add(3*day))
	must(t, w.TakeBack(w.ctx, person(olli), stopped.ID, stopped.Digest))
	_, err = w.Recheck(w.ctx, "evening-social")
	must(t, err)
	seeded = append(seeded, alone, w.wantState(t, stopped.ID, engine.StateHeld))
	must(t, w.store.PutWork(w.ctx, engine.Work{ID: "work", Name: "Flyers", Minutes: 60, Times: 1, Sensitivity: engine.Low}, person(olli), w.clock.Now()))
	w.seedAnswers(t, unknown.ID)
}

// seedAnswers puts before people what they answer.
func (w *world) seedAnswers(t *testing.T, piece string) {
	t.Helper()
	now := w.clock.Now()
	must(t, w.store.Learn(w.ctx, "daily-social", nil, []engine.Pick{
		{Task: "daily-social", Dim: engine.DimHour, Arm: "08", At: now}, {Task: "daily-social", Dim: engine.DimWeekday, Arm: "tue", At: now},
	}, []engine.Decision{
		{ID: "proposal", Task: "daily-social", At: now, What: string(engine.DimHour), From: "08", To: "09", Reversible: true, Proposed: true},
		{ID: "learned", Task: "daily-social", At: now, What: string(engine.DimWeekday), From: "mon", To: "tue", Reversible: true},
	}))
	for _, e := range []engine.Exception{
		{ID: "silent", Kind: engine.ExceptionSystem, Subject: "bluesky", Trouble: engine.TroubleSilent, Reason: "It tells no results.", OpenedAt: now},
		{ID: "broke off", Kind: engine.ExceptionTask, Task: "daily-social", Subject: "daily-social", Trouble: engine.TroubleBrokeOff, Reason: "Its results broke off.", OpenedAt: now},
		{ID: "unsure", Kind: engine.ExceptionUnsure, Output: piece, Subject: piece, Task: "daily-social", Reason: "Nobody knows whether it is out.", OpenedAt: now},
		{ID: "still live", Kind: engine.ExceptionMissed, Output: piece, Subject: piece, Task: "daily-social", Trouble: engine.TroubleStillLive, Reason: "It is out still.", OpenedAt: now},
	} {
		must(t, w.store.OpenException(w.ctx, e))
	}
	must(t, w.store.AddRaiseOffer(w.ctx, engine.RaiseOffer{ID: "offer", Task: "weekly-newsletter", From: engine.L3, To: engine.L4, At: now, Proof: "a test"}))
	g, err := w.store.Grant(w.ctx, "evening-social")
	must(t, err)
	_, err = w.store.AddLook(w.ctx, engine.Look{ID: "look", Task: "evening-social", Grant: g.ID, From: now, At: now})
	must(t, err)
}

// restsAfterFailures lets as many attempts in a row fail as pause a channel.
func (w *world) restsAfterFailures(t *testing.T) {
	t.Helper()
	for range engine.BreakAfter {
		o := w.goesUnasked(t, "evening-social", "Oats.", w.clock.Now().Add(time.Minute))
		w.clock.Advance(time.Minute)
		intents, _, err := w.store.Claim(w.ctx, o.ID, o.Digest, w.clock.Now(), func(v engine.View) engine.Verdict {
			return engine.Verdict{Outcome: engine.Pass, Stage: engine.StageClaim, At: v.Now}
		})
		must(t, err)
		must(t, w.store.Apply(w.ctx, engine.Result{Send: intents[0].Send, Fence: intents[0].Fence, State: engine.SendFailed, At: w.clock.Now(), By: engine.Koira}))
	}
}

func memory() string {
	if _, err := os.Stat("/dev/shm"); err == nil {
		return "/dev/shm"
	}
	return ""
}
