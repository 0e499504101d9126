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
)

// sequences is how many random sequences TestMachine runs; KOIRA_SEQUENCES asks for another number. The full proof is 100,000.
const sequences = 2_000

// TestMachine: whatever people and the program do in whatever order, nothing is cleared without an approver's yes to that very version, by
// somebody other than its last editor where there is anybody else; no level, limit or stop gives way without an owner, nor without a second
// person where four eyes are asked for; the program gives itself no room; what takes a level down says so, to people too; who is refused changes nothing but one line of the log;
// and the log, replayed, says what the tables say.
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
		m := &machine{world: quickWorld(t), t: t, waits: map[string]yes2{}, money: money{lines: map[string][]engine.Entry{}, rises: map[string]engine.Rise{}}}
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
			_, err := m.store.StartAbsence(m.ctx, engine.Absence{ID: "absence", Owner: mari, Until: start.Add(9 * day), MaxLevel: engine.L3}, person(mari), m.clock.Now())
			must(t, err)
		}
		m.before = m.snapshot()
		for range rapid.IntRange(4, 12).Draw(rt, "acts") {
			m.step(rt)
			w := m.next(rt)
			a, role := m.somebody(rt, w)
			logged, _, err := m.store.Head(m.ctx)
			must(t, err)
			err = w.do(m, rt, a)
			reached[w.name+" "+string(engine.CodeOf(err))]++
			m.check(rt, w, a, role, logged, err)
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

// template is the file of a seeded world with pieces that wait, one that is cleared, one that is out, one of which nobody knows, one that first
// readers have, and two texts of people's own, made once: each sequence begins with a copy.
var (
	template []byte
	seeded   []engine.Output
	partly   string // the piece whose rest waits
	madeAt   time.Time
)

// quickWorld is newWorld in memory, where the machine has such a place, from the template.
func quickWorld(t *testing.T) *world {
	t.Helper()
	dir, err := os.MkdirTemp(memory(), "koira-desk-")
	must(t, err)
	path := filepath.Join(dir, "koira.db")
	if template == nil {
		w := openWorld(t, path, 7)
		w.seed(t)
		w.facts(t, "Buns cost €3.")
		w.setRules(t, func(g *engine.Guardrails) {
			g.Budget.Tasks = map[string]engine.Money{"daily-social": 150 * engine.Unit}
		})
		seeded = []engine.Output{w.piece(t, "daily-social", "Rye.", start.Add(day)), w.piece(t, "weekly-newsletter", "Rye.", start.Add(3*day)), w.out(t, "daily-social", "Oat.")}
		task, err := w.store.Task(w.ctx, "daily-social")
		must(t, err)
		dear := task
		dear.CostMax = 120 * engine.Unit // above the week's
		must(t, w.store.PutTask(w.ctx, dear, person(mari), start, "test"))
		seeded = append(seeded, w.piece(t, "daily-social", "Spelt.", start.Add(2*day)))
		cheap := task
		cheap.CostMax = 5 * engine.Unit
		must(t, w.store.PutTask(w.ctx, cheap, person(mari), start, "test"))
		seeded = append(seeded, w.unsure(t, 0), w.piece(t, "daily-social", "Wheat.", start.Add(2*day+3*time.Hour)))
		must(t, w.Approve(w.ctx, person(tomi), yes(seeded[len(seeded)-1])))
		must(t, w.store.PutTask(w.ctx, task, person(mari), start, "test"))
		w.restHeld(t)
		must(t, w.store.ChangeTask(w.ctx, engine.TaskChange{Task: "weekly-newsletter", From: engine.L5, To: engine.L3, By: person(mari), At: w.clock.Now()}))
		partly = w.about
		seeded = append(seeded, w.now(t, partly))
		for _, text := range []string{"Our own words.", "More of our own words."} {
			o, err := w.AddCopy(w.ctx, person(mari), "daily-social", text)
			must(t, err)
			seeded = append(seeded, o)
		}
		must(t, w.store.PutWork(w.ctx, engine.Work{ID: "work", Name: "Flyers", Minutes: 60, Times: 1, Sensitivity: engine.Low}, person(olli), w.clock.Now()))
		madeAt = w.clock.Now()
		must(t, w.store.Close())
		template, err = os.ReadFile(path)
		must(t, err)
	}
	must(t, os.WriteFile(path, template, 0o600))
	w := openWorld(t, path, 8)
	w.clock.Advance(madeAt.Add(time.Minute).Sub(start)) // after what is out
	w.end = func() { w.store.Close(); os.RemoveAll(dir) }
	return w
}

func memory() string {
	if _, err := os.Stat("/dev/shm"); err == nil {
		return "/dev/shm"
	}
	return ""
}
