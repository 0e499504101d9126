package storage

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"koira/engine"
	"koira/engine/enginetest"
)

// vault does random things to money and keeps beside the store, by the plainest arithmetic, what each output holds, has cost and was allowed on
// top. It knows what the store must allow before it asks.
type vault struct {
	*rapid.T
	t     *testing.T
	db    *DB
	path  string
	newID engine.NewID
	zone  *time.Location
	ids   []string
	of    map[string]*funds
	calls map[string]engine.Money // set aside for the model, by week
	asked map[string]engine.Money // spent on the model, by week
	seen  map[string]int          // what was reached
	n     int

	forXmas engine.Money // what calls cost, or may cost, that belong to the campaign
}

// funds is what the ledger should say of one output.
type funds struct {
	task, campaign, week string
	held, spent          engine.Money
	top, rise            engine.Rise  // rise: what the newest yes to its digest allows
	over                 engine.Money // of the bills, above what was set aside
}

func (f funds) used() engine.Money { return f.held + f.spent }

// TestNoReservationBeyondACap: whatever is reserved, committed, released, charged, raised, lowered and cut off, in whatever order, nothing is set
// aside beyond the caps in force and what an owner allowed on top for that version, and the ledger balances to the unit.
func TestNoReservationBeyondACap(t *testing.T) {
	reached := []string{
		"reserved", "refused week", "refused task", "refused campaign", "refused output", "rise used", "rise refused", "ceiling", "campaign's ceiling", "released", "billed over",
		"asked", "ask refused", "cut off", "reopened", "lowered below what is used", "brought above", "what is not needed on top is free for nobody",
		"sent again",
	}
	seen := map[string]int{}
	all := func() bool { return !slices.ContainsFunc(reached, func(want string) bool { return seen[want] == 0 }) }
	enginetest.Checks(t, 100)
	for range 6 { // the rarest case is missed in one round of a few
		if checkCaps(t, seen); t.Failed() || all() || enginetest.UnderRace {
			break
		}
	}
	if enginetest.UnderRace {
		return
	}
	for _, want := range reached {
		if seen[want] == 0 {
			t.Errorf("it never came to %q: the test proves nothing of it", want)
		}
	}
}

// checkCaps plays one round of random histories, and notes what they came to.
func checkCaps(t *testing.T, seen map[string]int) {
	rapid.Check(t, func(rt *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "")
		ok(t, err)
		v := &vault{
			T: rt, t: t, path: filepath.Join(dir, "koira.db"), newID: counting(), zone: helsinki(), of: map[string]*funds{}, calls: map[string]engine.Money{},
			asked: map[string]engine.Money{}, seen: seen,
		}
		v.open()
		defer func() { v.db.Close() }()
		v.begin()
		for range rapid.IntRange(20, 48).Draw(rt, "steps") {
			v.step()
			v.check()
		}
	})
}

func (v *vault) open() {
	db, err := Open(v.Context(), Options{Path: v.path, NewID: v.newID})
	v.must(err)
	v.db = db
}

func (v *vault) must(err error) {
	if err != nil {
		v.Fatal(err)
	}
}

func (v *vault) begin() {
	populate(v.t, v.db)
	ok(v.t, v.db.PutTask(v.Context(), aTask("other"), alice, t0, "first"))
	for i := range 5 {
		o := anOutput(fmt.Sprintf("o%d", i), 2*i+24*7*(i%2))
		o.Campaign, o.CostMax = []string{"", "xmas"}[i%3%2], v.sum("cost", 1, 6)
		if i%2 == 1 || i == 4 {
			o.Task = "other"
		}
		add(v.t, v.db, o, engine.StateDrafted, engine.StateWaiting)
		v.ids = append(v.ids, o.ID)
		v.of[o.ID] = &funds{task: o.Task, campaign: o.Campaign, week: engine.Week(o.Slot, v.zone)}
	}
	v.caps()
}

func (v *vault) sum(name string, from, to int64) engine.Money {
	return engine.Money(rapid.Int64Range(from, to).Draw(v.T, name))
}

// caps sets every cap anew.
func (v *vault) caps() {
	g, err := v.db.Guardrails(v.Context())
	v.must(err)
	from := g.Version
	g.Budget = engine.BudgetRule{
		Weekly: v.sum("weekly", 0, 14), Ceiling: v.sum("ceiling", 0, 20), Output: v.sum("per output", 0, 6), Model: v.sum("model", 0, 4),
		PerCampaign: max(0, v.sum("per campaign", -6, 9)), // the file mostly names none
	}
	g.Budget.Campaigns, g.Budget.Tasks = map[string]engine.Money{"xmas": v.sum("campaign", 0, 8)}, map[string]engine.Money{}
	for _, id := range []string{"daily-social", "other"} {
		g.Budget.Tasks[id] = v.sum("task", 0, 9)
	}
	v.must(v.db.SetGuardrails(v.Context(), from, g, alice, t0, "changed"))
	for week := range v.weeks() {
		if used, _ := v.week(week, ""); used > g.Budget.Weekly {
			v.seen["lowered below what is used"]++
		}
	}
}

// raise brings the week's cap to what is used or a little above, so that what an owner allowed on top is not needed any more.
func (v *vault) raise() {
	g, err := v.db.Guardrails(v.Context())
	v.must(err)
	from := g.Version
	for week := range v.weeks() {
		used, _ := v.week(week, "")
		g.Budget.Weekly = max(g.Budget.Weekly, used)
	}
	g.Budget.Weekly += v.sum("raised", 0, 2)
	v.must(v.db.SetGuardrails(v.Context(), from, g, alice, t0, "raised"))
}

func (v *vault) weeks() map[string]bool {
	weeks := map[string]bool{}
	for _, f := range v.of {
		weeks[f.week] = true
	}
	for w := range v.calls {
		weeks[w] = true
	}
	return weeks
}

// week sums what all outputs but one, and the model, use of a week, and what of it stands on top.
func (v *vault) week(week, but string) (used, top engine.Money) {
	for id, f := range v.of {
		if f.week == week && id != but {
			used, top = used+f.used(), top+f.top.Week
		}
	}
	return used + v.calls[week] + v.asked[week], top
}

// task and campaign sum the same for a task's week and for a campaign's life.
func (v *vault) task(task, week, but string) (used, top engine.Money) {
	for id, f := range v.of {
		if f.task == task && f.week == week && id != but {
			used, top = used+f.used(), top+f.top.Task
		}
	}
	if task == "other" { // calls are other's
		used += v.calls[week] + v.asked[week]
	}
	return used, top
}

func (v *vault) campaign(key, but string) (used, top engine.Money) {
	for id, f := range v.of {
		if f.campaign == key && id != but {
			used, top = used+f.used(), top+f.top.Campaign
		}
	}
	if key == "xmas" {
		used += v.forXmas
	}
	return used, top
}

func (v *vault) step() {
	switch act := rapid.IntRange(0, 15).Draw(v.T, "act"); act {
	case 0:
		v.caps()
	case 1:
		v.must(v.db.Close())
		v.open()
		v.settleCalls()
		v.seen["reopened"]++
	case 2, 3:
		v.ask(rapid.Bool().Draw(v.T, "cut off"))
	case 4, 5:
		v.raise()
		v.move()
	default:
		v.move()
	}
}

// ask makes a call to the model, or begins one that a stop cuts off.
func (v *vault) ask(cut bool) {
	at := at(24 * 7 * rapid.IntRange(0, 1).Draw(v.T, "week"))
	week, most := engine.Week(at, v.zone), v.sum("most", 1, 3)
	g, err := v.db.Guardrails(v.Context())
	v.must(err)
	used, top := v.week(week, "")
	campaign := rapid.SampledFrom([]string{"", "xmas"}).Draw(v.T, "of campaign")
	may := v.beyond(used, top, most, g.Budget.Weekly) == 0 && (g.Budget.Model == 0 || v.asked[week]+v.calls[week]+most <= g.Budget.Model)
	byTask, topTask := v.task("other", week, "")
	may = may && (g.Budget.Tasks["other"] == 0 || v.beyond(byTask, topTask, most, g.Budget.Tasks["other"]) == 0)
	byCampaign, topCampaign := v.campaign("xmas", "")
	budget, _ := lifetime(g.Budget, "xmas")
	may = may && (campaign == "" || budget == 0 || v.beyond(byCampaign, topCampaign, most, budget) == 0)
	e := engine.Entry{At: at, Task: "other", Campaign: campaign, Reserved: most}
	switch err := v.db.Ask(v.Context(), e); {
	case may != (err == nil):
		v.Fatalf("asking for %d in %s: %v; used %d, on top %d, model %d+%d of %+v", most, week, err, used, top, v.asked[week], v.calls[week], g.Budget)
	case err != nil:
		wantCode(v.t, err, engine.CodeBlocked)
		v.seen["ask refused"]++
		return
	}
	v.seen["asked"]++
	if campaign != "" {
		v.forXmas += most
	}
	v.calls[week] += most
	if cut {
		return
	}
	cost := v.sum("cost of the call", 0, int64(most))
	v.must(v.db.Charge(v.Context(), engine.Entry{At: at, Output: v.ids[0], Task: "other", Campaign: campaign, Week: week, Reserved: -most, Spent: cost}))
	v.calls[week], v.asked[week] = v.calls[week]-most, v.asked[week]+cost
	if campaign != "" {
		v.forXmas += cost - most
	}
}

func (v *vault) settleCalls() {
	var want engine.Money
	for w, sum := range v.calls {
		want, v.calls[w], v.asked[w] = want+sum, 0, v.asked[w]+sum
	}
	got, err := v.db.SettleCalls(v.Context(), engine.Entry{At: t0})
	v.must(err)
	if got != want {
		v.Fatalf("cut off: %d, want %d", got, want)
	}
	if got > 0 {
		v.seen["cut off"]++
	}
}

// check compares the store's sums with what they should be.
func (v *vault) check() {
	entries, err := v.db.Entries(v.Context(), "")
	v.must(err)
	lines := map[string]funds{}
	for _, e := range entries {
		if e.Kind == engine.LedgerCharge || e.Output == "" {
			continue
		}
		f := lines[e.Output]
		f.held, f.spent = f.held+e.Reserved, f.spent+e.Spent
		f.top.Week, f.top.Task, f.top.Campaign = f.top.Week+e.Top.Week, f.top.Task+e.Top.Task, f.top.Campaign+e.Top.Campaign
		lines[e.Output] = f
	}
	for id, want := range v.of {
		if got := lines[id]; got.held != want.held || got.spent != want.spent || got.top != want.top {
			v.Fatalf("%s: held %d, spent %d, top %+v; want %+v", id, got.held, got.spent, got.top, *want)
		}
	}
	for week := range v.weeks() {
		b, err := v.db.Balance(v.Context(), week)
		v.must(err)
		if used, top := v.week(week, ""); b.Used() != used || b.Top != top || b.Model != v.asked[week] {
			v.Fatalf("%s: %+v, want %d used, %d on top and %d for the model", week, b, used, top, v.asked[week])
		}
	}
}

func (v *vault) words() (s string) {
	for _, id := range v.ids {
		s += fmt.Sprintf("%s %+v\n", id, *v.of[id])
	}
	return s
}
