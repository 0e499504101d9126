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
}

// funds is what the ledger should say of one output.
type funds struct {
	task, campaign, week string
	held, spent          engine.Money
	top, rise            engine.Rise // rise: what the newest yes to its digest allows
	owner                bool
	over                 engine.Money // of the bills, above what was set aside
}

func (f funds) used() engine.Money { return f.held + f.spent }

// TestNoReservationBeyondACap: whatever is reserved, committed, released, charged, raised, lowered and cut off, in whatever order, nothing is set
// aside beyond the caps in force and what an owner allowed on top for that version, and the ledger balances to the unit.
func TestNoReservationBeyondACap(t *testing.T) {
	seen := map[string]int{}
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
		for range rapid.IntRange(10, 28).Draw(rt, "steps") {
			v.step()
			v.check()
		}
	})
	for _, want := range []string{
		"reserved", "refused week", "refused task", "refused campaign", "refused output", "rise used", "rise refused", "ceiling", "released", "billed over",
		"asked", "ask refused", "cut off", "reopened", "lowered below what is used",
	} {
		if seen[want] == 0 {
			t.Errorf("it never came to %q: the test proves nothing of it", want)
		}
	}
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
	}
	v.must(v.db.SetGuardrails(v.Context(), from, g, alice, t0, "changed"))
	s, err := v.db.Strategy(v.Context())
	v.must(err)
	s.Offers = []engine.Offer{{Key: "xmas", Budget: v.sum("campaign", 0, 8)}}
	_, err = v.db.SetStrategy(v.Context(), s, alice, t0, "changed")
	v.must(err)
	for _, id := range []string{"daily-social", "other"} {
		task, err := v.db.Task(v.Context(), id)
		v.must(err)
		task.Weekly = v.sum("task", 0, 9)
		v.must(v.db.PutTask(v.Context(), task, alice, t0, "changed"))
	}
	for week := range v.weeks() {
		if used, _ := v.week(week, ""); used > g.Budget.Weekly {
			v.seen["lowered below what is used"]++
		}
	}
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

func (v *vault) step() {
	switch act := rapid.IntRange(0, 11).Draw(v.T, "act"); act {
	case 0:
		v.caps()
	case 1:
		v.must(v.db.Close())
		v.open()
		v.settleCalls()
		v.seen["reopened"]++
	case 2, 3:
		v.ask(rapid.Bool().Draw(v.T, "cut off"))
	default:
		v.move(rapid.SampledFrom(v.ids).Draw(v.T, "which"))
	}
}

// ask makes a call to the model, or begins one that a stop cuts off.
func (v *vault) ask(cut bool) {
	at := at(24 * 7 * rapid.IntRange(0, 1).Draw(v.T, "week"))
	week, most := engine.Week(at, v.zone), v.sum("most", 1, 3)
	g, err := v.db.Guardrails(v.Context())
	v.must(err)
	used, top := v.week(week, "")
	may := used-top+most <= g.Budget.Weekly && (g.Budget.Model == 0 || v.asked[week]+v.calls[week]+most <= g.Budget.Model)
	e := engine.Entry{At: at, Task: "other", Reserved: most}
	switch err := v.db.Ask(v.Context(), e); {
	case may != (err == nil):
		v.Fatalf("asking for %d in %s: %v; used %d, on top %d, model %d+%d of %+v", most, week, err, used, top, v.asked[week], v.calls[week], g.Budget)
	case err != nil:
		wantCode(v.t, err, engine.CodeBlocked)
		v.seen["ask refused"]++
		return
	}
	v.calls[week] += most
	v.seen["asked"]++
	if cut {
		return
	}
	cost := v.sum("cost of the call", 0, int64(most))
	v.must(v.db.Charge(v.Context(), engine.Entry{At: at, Output: v.ids[0], Task: "other", Week: week, Reserved: -most, Spent: cost}))
	v.calls[week], v.asked[week] = v.calls[week]-most, v.asked[week]+cost
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

// move does one legal thing to an output.
func (v *vault) move(id string) {
	o, err := v.db.Output(v.Context(), id)
	v.must(err)
	switch o.State {
	case engine.StateWaiting:
		v.schedule(o)
	case engine.StateScheduled:
		if rapid.IntRange(0, 2).Draw(v.T, "back") == 0 {
			_, err := v.db.Move(v.Context(), plain(o, engine.StateWaiting))
			v.must(err)
			v.free(v.of[id])
			return
		}
		v.claim(o)
	case engine.StatePublishing, engine.StateUnconfirmed:
		v.result(o)
	}
}

// free gives back all that is set aside.
func (v *vault) free(f *funds) {
	f.held = 0
	f.top = engine.Rise{Week: min(f.top.Week, f.spent), Task: min(f.top.Task, f.spent), Campaign: min(f.top.Campaign, f.spent)}
	v.seen["released"]++
}

func (v *vault) schedule(o engine.Output) {
	f, m := v.of[o.ID], plain(o, engine.StateScheduled)
	m.Approval = &engine.Approval{Role: engine.RoleOwner}
	if rapid.Bool().Draw(v.T, "rise") {
		m.Approval.OverCap = engine.Rise{Week: v.sum("over week", 0, 6), Task: v.sum("over task", 0, 6), Campaign: v.sum("over campaign", 0, 6), Output: v.sum("over output", 0, 6)}
	}
	if rapid.IntRange(0, 4).Draw(v.T, "approver") == 0 {
		m.Approval.Role = engine.RoleApprover
	}
	m.At = t0.Add(time.Duration(v.n) * time.Second) // the newest yes counts
	v.n++
	rise := m.Approval.OverCap
	if m.Approval.Role < engine.RoleOwner {
		rise = engine.Rise{}
	}
	need := max(0, o.CostMax-f.spent)
	top, why := v.may(o.ID, rise, need)
	verdict, err := v.db.Move(v.Context(), m)
	if (err == nil) != (why == "") {
		v.Fatalf("%s for %d with %+v: %v, but %q\n%s", o.ID, need, rise, err, why, v.words())
	}
	if err != nil {
		wantCode(v.t, err, engine.CodeBlocked)
		if len(verdict.Blocks()) != 1 {
			v.Fatalf("it was refused and nothing says so: %+v", verdict)
		}
		v.seen["refused "+why]++
		if rise != (engine.Rise{}) {
			v.seen["rise refused"]++
		}
		return
	}
	f.rise, f.held, f.top = rise, need, top
	v.seen["reserved"]++
	if top != (engine.Rise{}) {
		v.seen["rise used"]++
	}
}

// may says which cap refuses that an output sets need aside, "" for none, and what would stand on top of each.
func (v *vault) may(id string, rise engine.Rise, need engine.Money) (top engine.Rise, refused string) {
	if need == 0 {
		return v.of[id].top, ""
	}
	g, err := v.db.Guardrails(v.Context())
	v.must(err)
	s, err := v.db.Strategy(v.Context())
	v.must(err)
	f := v.of[id]
	task, err := v.db.Task(v.Context(), f.task)
	v.must(err)
	own := func(allowed, over engine.Money) bool { return over <= min(allowed, need+f.spent) }
	others, onTop := v.week(f.week, id)
	over := max(0, others-onTop+f.spent+need-g.Budget.Weekly)
	if over > 0 && (!own(rise.Week, over) || others+f.spent+need > g.Budget.Ceiling) {
		if own(rise.Week, over) {
			v.seen["ceiling"]++
		}
		return top, "week"
	}
	top.Week = over
	var byTask, byCampaign, topTask, topCampaign engine.Money
	for other, x := range v.of {
		if other == id {
			continue
		}
		if x.task == f.task && x.week == f.week {
			byTask, topTask = byTask+x.used(), topTask+x.top.Task
		}
		if x.campaign == f.campaign {
			byCampaign, topCampaign = byCampaign+x.used(), topCampaign+x.top.Campaign
		}
	}
	if f.task == "other" { // calls are other's
		byTask += v.calls[f.week] + v.asked[f.week]
	}
	if task.Weekly > 0 {
		if top.Task = max(0, byTask-topTask+f.spent+need-task.Weekly); top.Task > 0 && !own(rise.Task, top.Task) {
			return top, "task"
		}
	}
	if budget := s.Offers[0].Budget; f.campaign != "" && budget > 0 {
		if top.Campaign = max(0, byCampaign-topCampaign+f.spent+need-budget); top.Campaign > 0 && !own(rise.Campaign, top.Campaign) {
			return top, "campaign"
		}
	}
	if g.Budget.Output > 0 {
		if over := max(0, f.spent+need-g.Budget.Output); over > 0 && !own(rise.Output, over) {
			return top, "output"
		}
	}
	return top, ""
}

func (v *vault) claim(o engine.Output) {
	if _, _, err := v.db.Claim(v.Context(), o.ID, o.Digest, o.Slot, pass); err != nil {
		v.Fatal(err) // what is set aside is enough, and is not set aside anew
	}
}

// result lets one delivery end somehow.
func (v *vault) result(o engine.Output) {
	sends, err := v.db.Sends(v.Context(), o.ID)
	v.must(err)
	i := slices.IndexFunc(sends, func(s engine.Send) bool { return len(outcomes[s.State]) > 0 })
	s, f := sends[i], v.of[o.ID]
	r := engine.Result{Send: s.ID, Fence: s.Fence, State: rapid.SampledFrom(outcomes[s.State]).Draw(v.T, "outcome"), At: t0}
	if r.State == engine.SendPublished {
		r.Spent = v.sum("bill", 0, int64(f.held)+2)
		f.spent += r.Spent
		if over := r.Spent - f.held; over > 0 {
			f.over += over
			v.seen["billed over"]++
		}
		f.held -= min(f.held, r.Spent)
	}
	v.must(v.db.Apply(v.Context(), r))
	if r.State == engine.SendPublished || r.State == engine.SendFailed {
		v.free(f)
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
