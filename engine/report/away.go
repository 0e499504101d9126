package report

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"koira/engine"
)

// Leaving is what an owner who wants to go away is shown before they do: an estimate from each task's usual number of pieces.
type Leaving struct {
	Frame
	Until    time.Time
	ByItself []KindCount  // go out without anybody's yes
	Cost     engine.Money // what those may cost at most
	Waits    []KindCount  // need a yes meanwhile, and run out without one
	May      []string     // user ids that could decide meanwhile, the asker not among them
}

// Leaving reads what would happen until then with no task above top. owner is who asks.
func (r *Reader) Leaving(ctx context.Context, owner string, until time.Time, top engine.Level) (Leaving, error) {
	s, err := r.scene(ctx)
	if err != nil {
		return Leaving{}, err
	}
	v := Leaving{Frame: s.Frame, Until: until}
	weeks := until.Sub(s.now).Hours() / (24 * 7)
	for _, t := range s.tasks {
		rung := min(t.Level, top).Rung()
		n := int(math.Round(weeks * float64(t.Cadence.Min+t.Cadence.Max) / 2))
		if n <= 0 || !rung.Publishes || !rung.Plans || t.Paused != nil {
			continue
		}
		if rung.Unasked && !t.Permanent(r.o.Channels[t.Channel]) {
			v.ByItself = addKind(v.ByItself, t.Kind, n)
			v.Cost += t.CostMax * engine.Money(n)
			continue
		}
		v.Waits = addKind(v.Waits, t.Kind, n)
	}
	v.May = slices.DeleteFunc(r.o.People.With(engine.RoleOperator), func(id string) bool { return id == owner || id == engine.Koira.ID })
	return v, nil
}

func addKind(ks []KindCount, k engine.Kind, n int) []KindCount {
	if i := slices.IndexFunc(ks, func(x KindCount) bool { return x.Kind == k }); i >= 0 {
		ks[i].N += n
		return ks
	}
	return append(ks, KindCount{k, n})
}

// AwayView is the card of an owner's absence.
type AwayView struct {
	Frame
	engine.Absence
}

// Absence reads one absence, also one that has ended. Code not_found.
func (r *Reader) Absence(ctx context.Context, id string) (AwayView, error) {
	s, err := r.scene(ctx)
	if err != nil {
		return AwayView{}, err
	}
	a, err := r.store.Absence(ctx, id)
	return AwayView{s.Frame, a}, err
}

// AwayNow is the absence of an owner that holds at this moment; nil while they are present.
func (r *Reader) AwayNow(ctx context.Context, owner string) (*engine.Absence, error) {
	as, err := r.store.Absences(ctx)
	for _, a := range as {
		if a.Owner == owner && a.Holds(r.o.Clock.Now()) {
			return &a, err
		}
	}
	return nil, err
}

// Return is what happened while an owner was away, or while no owner did anything. What became of pieces and levels is from the log alone, money
// from the ledger.
type Return struct {
	Frame
	Subject  string   // of its notice
	Owners   []string // whom it is for
	Silent   bool     // nobody said that they are away
	From, To time.Time
	Days     int // by the business's calendar, at least 1

	NeedYou   NeedYou // at AsOf
	Out       int     // went out
	Stopped   int     // stopped by a rule
	Failed    int
	RanOut    []time.Time // the times that they were planned for, earliest first
	Withdrawn int         // written for a date that passed
	Spent     engine.Money
	Limit     engine.Money // what could have been spent: what the owner said, else the weekly limit for each week that was begun
	Lowered   []string     // names of tasks that went down
	Decided   []Deeds      // what others decided meanwhile, most first
	Changed   []DecisionRow
	Forecasts Forecasts // those that were scored in that time: what was learned
	Kept      []KindCount
}

// Deeds is how many pieces one person said yes or no to.
type Deeds struct {
	By string
	N  int
}

// Return reads the report that belongs to a notice: of an absence's id, or of a silence. Code not_found for neither.
func (r *Reader) Return(ctx context.Context, subject string) (Return, error) {
	s, err := r.scene(ctx)
	if err != nil {
		return Return{}, err
	}
	v := Return{Frame: s.Frame, Subject: subject, To: s.now}
	after, err := r.span(ctx, &v, s)
	if err != nil {
		return v, err
	}
	v.Days = calendarDays(v.From, v.To, s.Zone)
	if v.Limit == 0 && !v.From.IsZero() {
		v.Limit = s.rules.Budget.Weekly * engine.Money((v.Days+6)/7)
	}
	if err := r.happened(ctx, s, &v, after); err != nil {
		return v, err
	}
	if v.Spent, err = r.store.SpentIn(ctx, v.From, v.To); err != nil {
		return v, fmt.Errorf("reading what was spent: %w", err)
	}
	if v.NeedYou, err = r.needYou(ctx, s); err != nil {
		return v, err
	}
	ds, err := r.store.Decisions(ctx, "", time.Time{}, 1_000)
	if err != nil {
		return v, fmt.Errorf("reading what was changed: %w", err)
	}
	within := func(t time.Time) bool { return !t.Before(v.From) && t.Before(v.To) }
	for _, d := range ds {
		if within(d.At) {
			v.Changed = append(v.Changed, s.decisionRow(d))
		}
	}
	v.Forecasts = forecasts(slices.DeleteFunc(ds, func(d engine.Decision) bool { return !within(d.ScoredAt) }), v.To)
	kept, err := r.store.Outputs(ctx, engine.OutputFilter{States: []engine.State{engine.StateWaiting, engine.StateHeld, engine.StateHanded}})
	if err != nil {
		return v, fmt.Errorf("reading what waits: %w", err)
	}
	v.Kept = kinds(kept)
	return v, nil
}

// span fills in whose report it is and of which time, and gives the log's line before it.
func (r *Reader) span(ctx context.Context, v *Return, s scene) (after int64, err error) {
	if seq, ok := engine.ParseSilence(v.Subject); ok {
		last, err := r.store.Events(ctx, seq-1, 1)
		if err != nil || len(last) == 0 {
			return 0, orNothing(err)
		}
		v.Silent, v.From, v.Owners = true, last[0].At, r.o.People.With(engine.RoleOwner)
		return seq, nil
	}
	a, err := r.store.Absence(ctx, v.Subject)
	if err != nil {
		return 0, err
	}
	v.Owners, v.From = []string{a.Owner}, a.From
	if !a.EndedAt.IsZero() {
		v.To = a.EndedAt
	}
	if a.Capped {
		v.Limit = a.Budget
	}
	return a.Seq, nil
}

func orNothing(err error) error {
	if err != nil {
		return fmt.Errorf("reading the log: %w", err)
	}
	return engine.Errorf(engine.CodeNotFound, "The log has no such line.")
}

// happened counts what the log tells of v's time. A piece that did the same thing twice counts once.
func (r *Reader) happened(ctx context.Context, s scene, v *Return, after int64) error {
	const page = 1_000
	seen, lowered, by := map[string]bool{}, map[string]bool{}, map[string]int{}
	for {
		events, err := r.store.Events(ctx, after, page)
		if err != nil {
			return fmt.Errorf("reading the log: %w", err)
		}
		for _, e := range events {
			after = e.Seq
			if e.At.After(v.To) {
				events = nil
				break
			}
			first := !seen[e.Action+" "+e.Subject]
			seen[e.Action+" "+e.Subject] = true
			if e.Action == "task.level" && e.Detail["to"] < e.Detail["from"] {
				lowered[e.Subject] = true
			}
			if first {
				v.count(e)
			}
			person := e.Actor != engine.Koira.ID && !slices.Contains(v.Owners, e.Actor)
			if person && (e.Detail["approved"] != "" || e.Action == "output.rejected") {
				by[e.Actor]++
			}
		}
		if len(events) < page {
			break
		}
	}
	for _, t := range s.tasks {
		if lowered[t.ID] {
			v.Lowered = append(v.Lowered, t.Name)
		}
	}
	for id, n := range by {
		v.Decided = append(v.Decided, Deeds{id, n})
	}
	slices.SortFunc(v.Decided, func(a, b Deeds) int {
		if a.N != b.N {
			return b.N - a.N
		}
		return cmp.Compare(a.By, b.By)
	})
	slices.SortFunc(v.RanOut, time.Time.Compare)
	return nil
}

// count counts one line about a piece.
func (v *Return) count(e engine.Event) {
	switch e.Action {
	case "output.published":
		if e.Detail["from"] != string(engine.StateHanded) && e.Detail["from"] != string(engine.StateRetracting) {
			v.Out++
		}
	case "output.held":
		v.Stopped++
	case "output.failed":
		v.Failed++
	case "output.cancelled":
		if isWithdrawn(e) {
			v.Withdrawn++
		}
	case "output.expired":
		if isWithdrawn(e) {
			v.Withdrawn++
			return
		}
		slot, _ := time.Parse(time.RFC3339, e.Detail["slot"])
		v.RanOut = append(v.RanOut, slot)
	}
}

func isWithdrawn(e engine.Event) bool {
	return e.Actor == engine.Koira.ID && strings.HasPrefix(e.Detail["why"], engine.Withdrawn)
}

// Words says what became of pieces in few words: "19 went out · 2 stopped by a rule".
func (v Return) Words() []string {
	parts := []string{strconv.Itoa(v.Out) + " went out"}
	for _, x := range []struct {
		n    int
		what string
	}{{v.Stopped, "stopped by a rule"}, {v.Failed, "failed"}, {v.Withdrawn, "withdrawn, since the date passed"}} {
		if x.n > 0 {
			parts = append(parts, strconv.Itoa(x.n)+" "+x.what)
		}
	}
	return parts
}

// calendarDays is how many midnights of zone lie between two times, at least 1: away from Monday evening until Wednesday morning is two days.
func calendarDays(from, to time.Time, zone *time.Location) int {
	days := engine.DayStart(to, zone).Sub(engine.DayStart(from, zone)).Hours() / 24 // a day may have 23 or 25
	return max(1, int(days+0.5))
}
