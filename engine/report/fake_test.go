package report

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"koira/engine"
)

// clock stands still.
type clock time.Time

func (c clock) Now() time.Time                                  { return time.Time(c) }
func (c clock) Wait(ctx context.Context, _ time.Duration) error { return ctx.Err() }

// brought is what a piece brought more at one moment.
type brought struct {
	output string
	metric engine.Metric
	value  int64
	at     time.Time
}

// fake is a Store in memory that keeps the contracts of package storage.
type fake struct {
	view       func(engine.View) engine.View // of what the gate sees besides the piece
	judgement  *engine.Judgement
	strategy   *engine.Strategy
	versions   []engine.StrategyVersion
	rules      *engine.Guardrails
	changes    []engine.GuardrailChange
	requests   []engine.Request
	control    engine.Control
	breakers   []engine.Breaker
	halts      []engine.Halt
	tasks      []engine.Task
	outputs    []engine.Output
	sends      []engine.Send
	brought    []brought
	approvals  []engine.Approval
	rejections []engine.Rejection
	reviews    []engine.Review
	exceptions []engine.Exception
	decisions  []engine.Decision
	grants     []engine.Grant
	retracted  []engine.Retraction
	shadows    []engine.Shadow
	estimates  []engine.Estimate
	past       engine.Past
	lowerings  []engine.Lowering
	before     map[string]map[string]string         // output, wording
	balances   map[string]map[string]engine.Balance // week, task
	campaigns  map[string]engine.Balance
	unmeasured bool
	offers     []engine.RaiseOffer
	looks      []engine.Look
	head       engine.Head // of the log
	events     []engine.Event
	deeds      []engine.Deed
	absences   []engine.Absence
	spent      engine.Money
	hours      map[string][]engine.Hours
	works      []engine.Work
	settings   map[string]string
	fail       error // what every look fails with
}

var _ Store = (*fake)(nil)

func (f *fake) Estimates(_ context.Context, from, to time.Time) ([]engine.Estimate, error) {
	return filter(f.estimates, func(e engine.Estimate) bool { return !e.At.Before(from) && e.At.Before(to) }), f.fail
}

func (f *fake) Shadows(_ context.Context, task string, since time.Time) ([]engine.Shadow, error) {
	return filter(f.shadows, func(s engine.Shadow) bool { return (task == "" || s.Task == task) && !s.At.Before(since) }), f.fail
}

func (f *fake) Past(context.Context, string, time.Time, int) (engine.Past, error) {
	return f.past, f.fail
}

func absent(what string) error { return engine.Errorf(engine.CodeNotFound, "There is no %s.", what) }

func find[T any](xs []T, what string, is func(T) bool) (T, error) {
	if i := slices.IndexFunc(xs, is); i >= 0 {
		return xs[i], nil
	}
	var zero T
	return zero, absent(what)
}

func filter[T any](xs []T, keep func(T) bool) []T {
	return slices.DeleteFunc(slices.Clone(xs), func(x T) bool { return !keep(x) })
}

func (f *fake) Strategy(context.Context) (engine.Strategy, error) {
	if f.strategy == nil {
		return engine.Strategy{}, absent("strategy")
	}
	return *f.strategy, f.fail
}

func (f *fake) StrategyHistory(_ context.Context, offset, limit int) ([]engine.StrategyVersion, error) {
	rest := f.versions[min(offset, len(f.versions)):]
	return rest[:min(limit, len(rest))], f.fail
}

func (f *fake) Guardrails(context.Context) (engine.Guardrails, error) {
	if f.rules == nil {
		return engine.Guardrails{}, absent("guardrails")
	}
	return *f.rules, f.fail
}

func (f *fake) Breakers(context.Context) ([]engine.Breaker, error) { return f.breakers, f.fail }

func (f *fake) Halts(_ context.Context, since time.Time) ([]engine.Halt, error) {
	return filter(f.halts, func(h engine.Halt) bool { return !h.At.Before(since) }), f.fail
}

func (f *fake) GuardrailChanges(_ context.Context, limit int) ([]engine.GuardrailChange, error) {
	return f.changes[:min(limit, len(f.changes))], f.fail
}

func (f *fake) Head(context.Context) (int64, string, error) { return f.head.Seq, f.head.Hash, f.fail }

func (f *fake) GuardrailHistory(_ context.Context, offset, limit int) ([]engine.GuardrailChange, error) {
	rest := f.changes[min(offset, len(f.changes)):]
	return rest[:min(limit, len(rest))], f.fail
}

func (f *fake) Request(_ context.Context, id string) (engine.Request, error) {
	return find(f.requests, "request", func(r engine.Request) bool { return r.ID == id })
}

func (f *fake) Control(context.Context) (engine.Control, error) { return f.control, f.fail }

func (f *fake) Unreviewed(_ context.Context, task string, since time.Time) (int, error) {
	return len(filter(f.outputs, func(o engine.Output) bool {
		return o.Task == task && o.State == engine.StateExpired && !o.Slot.Before(since)
	})), f.fail
}

func (f *fake) Measured(_ context.Context, channel, segment string) (int, error) {
	if f.unmeasured {
		return 0, f.fail
	}
	return engine.BaselinePieces, f.fail
}

func (f *fake) RaiseOffer(_ context.Context, id string) (engine.RaiseOffer, error) {
	return find(f.offers, "offer", func(o engine.RaiseOffer) bool { return o.ID == id })
}

func (f *fake) LiveOffers(_ context.Context, task string) ([]engine.RaiseOffer, error) {
	return filter(f.offers, func(o engine.RaiseOffer) bool {
		return (o.Task == task || task == "") && o.State != engine.OfferClosed
	}), f.fail
}

func (f *fake) Look(_ context.Context, id string) (engine.Look, error) {
	return find(f.looks, "look", func(l engine.Look) bool { return l.ID == id })
}

func (f *fake) Tasks(context.Context) ([]engine.Task, error) { return f.tasks, f.fail }

func (f *fake) Task(_ context.Context, id string) (engine.Task, error) {
	return find(f.tasks, "task", func(t engine.Task) bool { return t.ID == id })
}

func (f *fake) Grant(_ context.Context, task string) (*engine.Grant, error) {
	g, err := find(f.grants, "grant", func(g engine.Grant) bool { return g.Task == task && g.EndedAt.IsZero() })
	if err != nil {
		return nil, nil
	}
	return &g, f.fail
}

func (f *fake) Output(_ context.Context, id string) (engine.Output, error) {
	return find(f.outputs, "piece", func(o engine.Output) bool { return o.ID == id })
}

func chosen(o engine.Output, c engine.OutputFilter) bool {
	return (c.Task == "" || o.Task == c.Task) && (c.States == nil || slices.Contains(c.States, o.State)) &&
		(c.SlotFrom.IsZero() || !o.Slot.Before(c.SlotFrom)) && (c.SlotTo.IsZero() || o.Slot.Before(c.SlotTo))
}

func (f *fake) Outputs(_ context.Context, c engine.OutputFilter) ([]engine.Output, error) {
	outs := filter(f.outputs, func(o engine.Output) bool { return chosen(o, c) })
	slices.SortStableFunc(outs, func(a, b engine.Output) int {
		if c.Newest {
			a, b = b, a
		}
		return a.Slot.Compare(b.Slot)
	})
	if c.Limit == 0 {
		c.Limit = 1_000
	}
	from := min(c.Offset, len(outs))
	return outs[from:min(from+c.Limit, len(outs))], f.fail
}

func (f *fake) CountOutputs(_ context.Context, c engine.OutputFilter) (map[engine.State]int, error) {
	n := map[engine.State]int{}
	for _, o := range f.outputs {
		if chosen(o, c) {
			n[o.State]++
		}
	}
	return n, f.fail
}

func (f *fake) ReadingsAt(_ context.Context, output string, since, at time.Time) (map[engine.Metric]int64, error) {
	got, seen := map[engine.Metric]int64{}, false
	for _, b := range f.brought {
		if b.output == output && !b.at.After(at) {
			got[b.metric] += b.value
			seen = seen || !b.at.Before(since)
		}
	}
	if !seen {
		return nil, f.fail
	}
	return got, f.fail
}

func (f *fake) WordingsBefore(_ context.Context, output string) (map[string]string, error) {
	return f.before[output], f.fail
}

func (f *fake) Retraction(_ context.Context, output string) (*engine.Retraction, error) {
	r, err := find(f.retracted, "retraction", func(r engine.Retraction) bool { return r.Output == output })
	if err != nil {
		return nil, nil
	}
	return &r, f.fail
}

func (f *fake) Ending(_ context.Context, output string, as engine.State) (engine.Ending, error) {
	for _, e := range slices.Backward(f.events) {
		if e.Subject == output && e.Action == "output."+string(as) {
			return engine.Ending{By: e.Actor, Why: e.Detail["why"]}, f.fail
		}
	}
	return engine.Ending{}, f.fail
}

func (f *fake) View(ctx context.Context, id string, stage engine.Stage, now time.Time) (engine.View, error) {
	o, err := f.Output(ctx, id)
	v := engine.View{Now: now, Stage: stage, Output: o}
	if f.view != nil {
		v = f.view(v)
	}
	return v, err
}

func (f *fake) Sends(_ context.Context, output string) ([]engine.Send, error) {
	return filter(f.sends, func(s engine.Send) bool { return s.Output == output }), f.fail
}

func (f *fake) Readings(_ context.Context, output string) (map[engine.Metric]int64, error) {
	m := map[engine.Metric]int64{}
	for _, b := range f.brought {
		if b.output == output {
			m[b.metric] += b.value
		}
	}
	return m, f.fail
}

func (f *fake) Performance(_ context.Context, task string, from, to time.Time) ([]engine.Performance, error) {
	var ps []engine.Performance
	for _, o := range f.outputs {
		if o.PublishedAt.IsZero() || !o.PublishedAt.Before(to) || task != "" && o.Task != task {
			continue
		}
		p, something := engine.Performance{Output: o, Metrics: map[engine.Metric]int64{}, Simulated: o.Channel == "bluesky"}, false
		for _, b := range f.brought {
			if b.output != o.ID || !b.at.Before(to) {
				continue
			}
			p.Metrics[b.metric] += 0
			if !b.at.Before(from) {
				p.Metrics[b.metric] += b.value
				something = something || b.value != 0
			}
		}
		if something || !o.PublishedAt.Before(from) {
			ps = append(ps, p)
		}
	}
	return ps, f.fail
}

func (f *fake) Approval(_ context.Context, output string, d engine.Digest) (*engine.Approval, error) {
	a, err := find(f.approvals, "approval", func(a engine.Approval) bool { return a.Output == output && a.Digest == d })
	if err != nil {
		return nil, nil
	}
	return &a, f.fail
}

func (f *fake) Judgement(_ context.Context, output string, d engine.Digest) (*engine.Judgement, error) {
	if j := f.judgement; j != nil && j.Output == output && j.Digest == d {
		return j, f.fail
	}
	return nil, f.fail
}

func (f *fake) Remarks(context.Context, string, engine.Digest) ([]engine.Remark, error) {
	return nil, nil
}

func (f *fake) Reviews(_ context.Context, task string, since time.Time) ([]engine.Review, error) {
	return filter(f.reviews, func(v engine.Review) bool { return (task == "" || v.Task == task) && !v.At.Before(since) }), f.fail
}

func (f *fake) Rejections(_ context.Context, _ string, limit int) ([]engine.Rejection, error) {
	return f.rejections[:min(limit, len(f.rejections))], f.fail
}

func (f *fake) Exception(_ context.Context, id string) (engine.Exception, error) {
	return find(f.exceptions, "exception", func(e engine.Exception) bool { return e.ID == id })
}

func (f *fake) OpenExceptions(context.Context) ([]engine.Exception, error) {
	return filter(f.exceptions, func(e engine.Exception) bool { return e.ClosedAt.IsZero() }), f.fail
}

func (f *fake) Storm(_ context.Context, id string) ([]engine.Exception, error) {
	es := filter(f.exceptions, func(e engine.Exception) bool { return e.Storm == id })
	if len(es) == 0 {
		return nil, absent("storm")
	}
	return es, f.fail
}

func (f *fake) Decision(_ context.Context, id string) (engine.Decision, error) {
	return find(f.decisions, "decision", func(d engine.Decision) bool { return d.ID == id })
}

func (f *fake) Decisions(_ context.Context, task string, since time.Time, limit int) ([]engine.Decision, error) {
	ds := filter(f.decisions, func(d engine.Decision) bool { return (task == "" || d.Task == task) && !d.At.Before(since) })
	slices.SortStableFunc(ds, func(a, b engine.Decision) int { return b.At.Compare(a.At) })
	return ds[:min(limit, len(ds))], f.fail
}

func (f *fake) Balance(_ context.Context, week string) (engine.Balance, error) {
	var all engine.Balance
	for _, b := range f.balances[week] {
		all.Reserved, all.Spent, all.Model, all.Top = all.Reserved+b.Reserved, all.Spent+b.Spent, all.Model+b.Model, all.Top+b.Top
	}
	return all, f.fail
}

func (f *fake) BalanceByTask(_ context.Context, week string) (map[string]engine.Balance, error) {
	return f.balances[week], f.fail
}

func (f *fake) BalanceBefore(ctx context.Context, week string, _ time.Time) (engine.Balance, error) {
	return f.Balance(ctx, week)
}

func (f *fake) Campaign(_ context.Context, key string) (engine.Balance, error) {
	return f.campaigns[key], f.fail
}

// The bakery of the tests: Mon 24 Nov 2025, 09:41 in Helsinki.
var (
	helsinki = engine.Business{Zone: "Europe/Helsinki"}.Location()
	today    = at("2025-11-24 09:41")
)

func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, helsinki)
	if err != nil {
		panic(err)
	}
	return t
}

func bakery() *fake {
	return &fake{
		strategy: &engine.Strategy{
			Business: engine.Business{Name: "Leipä & Co", Zone: "Europe/Helsinki", Currency: "EUR"},
			Goals:    []engine.Goal{{Key: "visits", Metric: engine.Clicks}},
			Segments: []engine.Segment{{Key: "followers", Name: "Followers", Size: 1240}},
			Themes:   []engine.Theme{{Key: "rye", Text: "Rye bread"}},
			Voice:    engine.Voice{Tone: "warm"},
		},
		rules: &engine.Guardrails{
			Version: 12, Budget: engine.BudgetRule{Weekly: 120 * engine.Unit, Ceiling: 200 * engine.Unit},
			Channels: map[string]bool{"bluesky": true, "mail": true}, Voice: engine.VoiceRule{Locked: true},
			Thresholds: map[string][]engine.Threshold{"daily-social": {{Metric: engine.Clicks, Floor: 6}}},
		},
		tasks: []engine.Task{
			{ID: "daily-social", Name: "Daily social", Channel: "bluesky", Segment: "followers", Kind: engine.KindSocial, Sensitivity: engine.Low,
				Frequency: engine.High, Cadence: engine.Cadence{Min: 3, Max: 7}, Level: engine.L4, Benchmarks: []engine.Benchmark{{Metric: engine.Clicks, Good: 14}}},
			{ID: "newsletter", Name: "Newsletter", Channel: "mail", Kind: engine.KindEmail, Cadence: engine.Cadence{Min: 1, Max: 1}, CostMax: 4 * engine.Unit, Level: engine.L3},
		},
	}
}

func reader(f *fake, now time.Time) *Reader {
	return New(f, Options{
		People: engine.People{Owners: []string{"mari"}, Approvers: []string{"tomi"}, Operators: []string{"olli"}},
		Clock:  clock(now),
		Channels: map[string]engine.Traits{
			"bluesky": {Name: "bluesky", Label: "Bluesky", Kind: engine.KindSocial, Retract: true, Simulated: true},
			"mail":    {Name: "mail", Label: "newsletter", Kind: engine.KindEmail, Halt: true},
		},
		Metered: map[string]bool{"bluesky": true, "mail": true},
		Writer:  "built-in template writer, no AI model configured",
	})
}

// post is a piece of Daily social that went out at its slot.
func post(id, slot string) engine.Output {
	return engine.Output{
		ID: id, Task: "daily-social", Channel: "bluesky", Kind: engine.KindSocial, State: engine.StatePublished, Slot: at(slot), PublishedAt: at(slot),
		Variants: []engine.Variant{{Name: "A", Body: "Rye at 10", Shown: "Rye at 10"}},
	}
}

// in returns o in another state, not published.
func in(st engine.State, o engine.Output) engine.Output {
	o.State, o.PublishedAt = st, time.Time{}
	o.Expires = o.Slot.Add(o.Kind.Tolerance())
	o.Digest = engine.Digest("digest of " + o.ID)
	return o
}

// view ends the test when a view could not be read.
func view[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func same(t *testing.T, what string, want, got any, o ...cmp.Option) {
	t.Helper()
	if diff := cmp.Diff(want, got, o...); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func ids(rows []Row) []string {
	var v []string
	for _, r := range rows {
		v = append(v, r.Output)
	}
	return v
}

func (f *fake) Lowering(_ context.Context, decision string) (*engine.Lowering, error) {
	l, err := find(f.lowerings, "lowering", func(l engine.Lowering) bool { return l.Decision == decision })
	if err != nil {
		return nil, f.fail
	}
	return &l, f.fail
}

func (f *fake) Lowerings(_ context.Context, task string, since time.Time) ([]engine.Lowering, error) {
	return filter(f.lowerings, func(l engine.Lowering) bool { return l.Task == task && !l.At.Before(since) }), f.fail
}
