package storage

import (
	"testing"
	"time"

	"koira/engine"
)

// rules puts g in force, changed by f.
func setRules(t testing.TB, db *DB, f func(*engine.Guardrails)) {
	t.Helper()
	g, err := db.Guardrails(t.Context())
	ok(t, err)
	from := g.Version
	f(&g)
	ok(t, db.SetGuardrails(t.Context(), from, g, alice, t0, "changed"))
}

func seesNear(t testing.TB, db *DB, id string) (ids []string) {
	t.Helper()
	v, err := db.View(t.Context(), id, engine.StageApproval, t0)
	ok(t, err)
	for _, n := range v.Near {
		ids = append(ids, n.Output)
	}
	return ids
}

func TestAViewShowsThePiecesAround(t *testing.T) {
	db := world(t)
	ok(t, db.PutTask(t.Context(), aTask("other"), alice, t0, "first"))
	cleared := []engine.State{engine.StateDrafted, engine.StateScheduled}
	add(t, db, anOutput("mine", 48), engine.StateDrafted)
	add(t, db, anOutput("waiting", 49), engine.StateDrafted, engine.StateWaiting)
	add(t, db, anOutput("soon", 50), cleared...)
	add(t, db, anOutput("late", 48+24*9), cleared...)
	elsewhere := anOutput("elsewhere", 40)
	elsewhere.Channel = "blog"
	add(t, db, elsewhere, cleared...)
	strange := anOutput("strange", 41)
	strange.Channel, strange.Segment = "blog", "regulars"
	add(t, db, strange, cleared...)
	out := claimed(t, db, "out", 24, "A")[0]
	ok(t, db.Apply(t.Context(), result(out, engine.SendPublished, 24)))

	equal(t, seesNear(t, db, "mine"), []string(nil)) // no rule asks
	setRules(t, db, func(g *engine.Guardrails) { g.Frequency = []engine.FrequencyRule{{Channel: "news", Most: 1, Days: 7}} })
	equal(t, seesNear(t, db, "mine"), []string(nil))
	setRules(t, db, func(g *engine.Guardrails) {
		g.Frequency = []engine.FrequencyRule{{Channel: "bluesky", Most: 1, Days: 7}}
	})
	equal(t, seesNear(t, db, "mine"), []string{"soon", "elsewhere", "out"})
	setRules(t, db, func(g *engine.Guardrails) { g.Frequency = []engine.FrequencyRule{{Most: 1, Days: 1}} })
	equal(t, seesNear(t, db, "mine"), []string{"soon", "strange", "elsewhere", "out"})
	setRules(t, db, func(g *engine.Guardrails) {
		g.Frequency, g.Duplicates = nil, engine.DuplicateRule{Percent: 80, Days: 14}
	})
	equal(t, seesNear(t, db, "mine"), []string{"late", "soon", "elsewhere", "out"})
	v, err := db.View(t.Context(), "mine", engine.StageApproval, t0)
	ok(t, err)
	equal(t, v.Near[3], engine.Neighbour{
		Output: "out", Task: "daily-social", Channel: "bluesky", Segment: "locals", At: at(24), Out: true, Title: "Rye",
	})
}

func TestTheWeekToDateEndsWithThePiecesDay(t *testing.T) {
	db := world(t)
	cleared := []engine.State{engine.StateDrafted, engine.StateScheduled}
	mine := add(t, db, anOutput("mine", 24), engine.StateDrafted)                                         // Tuesday 10:00 in Helsinki
	for id, hour := range map[string]int{"monday": 1, "tuesday": 37, "wednesday": 38, "sunday": 24 * 6} { // 37: Tuesday 23:00
		add(t, db, anOutput(id, hour), cleared...)
	}
	ok(t, db.Charge(t.Context(), engine.Entry{At: at(1), Output: "sunday", Task: "daily-social", Spent: engine.Unit}))
	ok(t, db.Charge(t.Context(), engine.Entry{At: at(50), Output: "monday", Task: "daily-social", Spent: engine.Unit}))
	toDate := func(now time.Time) engine.Balance {
		v, err := db.View(t.Context(), mine.ID, engine.StageClaim, now)
		ok(t, err)
		return v.WeekToDate
	}
	equal(t, toDate(t0), engine.Balance{}) // no rule asks
	setRules(t, db, func(g *engine.Guardrails) { g.Budget.Pace = 100 })
	equal(t, toDate(t0), engine.Balance{Reserved: 10 * engine.Unit, Spent: engine.Unit, Model: engine.Unit})
	equal(t, toDate(at(38)), engine.Balance{Reserved: 15 * engine.Unit, Spent: 2 * engine.Unit, Model: 2 * engine.Unit}) // it is late: today counts
}

func TestStandingsAreReplaced(t *testing.T) {
	db := world(t)
	s := engine.Standing{Task: "daily-social", Metric: engine.Clicks, Verdict: engine.StandingNear, Value: 4, Low: 2, High: 7, Pieces: 12, At: t0}
	ok(t, db.SetStandings(t.Context(), s.Task, []engine.Standing{s, {Metric: engine.Leads, Verdict: engine.StandingFine, At: t0}}))
	ok(t, db.SetStandings(t.Context(), s.Task, []engine.Standing{s}))
	got, err := db.Standings(t.Context(), s.Task)
	ok(t, err)
	equal(t, got, []engine.Standing{s})
	add(t, db, anOutput("o1", 1))
	setRules(t, db, func(g *engine.Guardrails) { g.Thresholds = nil })
	for _, want := range []int{0, 1} {
		v, err := db.View(t.Context(), "o1", engine.StageDraft, t0)
		ok(t, err)
		equal(t, len(v.Standings), want)
		setRules(t, db, func(g *engine.Guardrails) {
			g.Thresholds = map[string][]engine.Threshold{s.Task: {{Metric: engine.Clicks, Floor: 3}}}
		})
	}
}

func TestAnAlertIsToldOnce(t *testing.T) {
	db := world(t)
	a := engine.Alert{Period: "2025-W47", Cap: "week", Percent: 80, Limit: 100 * engine.Unit, Used: 81 * engine.Unit, At: t0}
	for _, want := range []bool{true, false} {
		first, err := db.Alert(t.Context(), a)
		ok(t, err)
		equal(t, first, want)
	}
	lowered := a
	lowered.Limit = 90 * engine.Unit
	first, err := db.Alert(t.Context(), lowered)
	ok(t, err)
	equal(t, first, true)
	told, err := db.Alerts(t.Context(), "2025-W47")
	ok(t, err)
	equal(t, len(told), 2)
	due, err := db.DueNotices(t.Context(), t0, 10)
	ok(t, err)
	equal(t, len(due), 1) // merged while it is unsent
	equal(t, due[0].Subject, "2025-W47/week/80")
	parsed, err := engine.ParseAlert(due[0].Subject)
	ok(t, err)
	equal(t, parsed, engine.Alert{Period: "2025-W47", Cap: "week", Percent: 80})
}
