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
	"koira/engine/trust"
)

// Leaving is what an owner who wants to go away is shown before they do: an estimate from each task's usual number of pieces.
type Leaving struct {
	Frame
	Until    time.Time
	ByItself []KindCount  // go out without anybody's yes
	Cost     engine.Money // what those may cost at most
	Waits    []KindCount  // need a yes meanwhile, and run out without one
	May      []string     // user ids that could decide meanwhile, the asker not among them
	Here     []string     // ids of other owners who are not away: while one is, nothing is limited
	Alone    time.Time    // until when no owner is there; zero while another is
}

// Leaving reads what would happen until then with no task above top, which holds as long as no owner is there. owner is who asks.
func (r *Reader) Leaving(ctx context.Context, owner string, until time.Time, top engine.Level) (Leaving, error) {
	s, err := r.scene(ctx)
	if err != nil {
		return Leaving{}, err
	}
	v := Leaving{Frame: s.Frame, Until: until}
	others, err := r.left(ctx, s, owner, until)
	if err != nil {
		return v, err
	}
	v.Here, v.Alone, top = others.here, others.alone, min(top, others.top)
	const week = 24 * 7 * time.Hour
	weeks, alone := until.Sub(s.now).Hours()/week.Hours(), max(0, v.Alone.Sub(s.now)).Hours()/week.Hours()
	for _, t := range s.tasks {
		pace := float64(t.Cadence.Min+t.Cadence.Max) / 2
		n, limited := int(math.Round(weeks*pace)), int(math.Round(alone*pace))
		if n <= 0 || !t.Acting().Rung().Publishes || !t.Acting().Rung().Plans || t.Paused != nil {
			continue
		}
		by := 0
		if !t.Permanent(r.o.Channels[t.Channel]) { // what cannot be taken back waits while no owner is there
			if by, err = r.unasked(ctx, s, t, min(t.Acting(), top), limited, alone); err != nil {
				return v, err
			}
		}
		rest, err := r.unasked(ctx, s, t, t.Acting(), n-limited, weeks-alone)
		if err != nil {
			return v, err
		}
		if by += rest; by > 0 {
			v.ByItself = addKind(v.ByItself, t.Kind, by)
			v.Cost += t.CostMax * engine.Money(by)
		}
		if by < n {
			v.Waits = addKind(v.Waits, t.Kind, n-by)
		}
	}
	v.May = slices.DeleteFunc(r.o.People.With(engine.RoleOperator), func(id string) bool { return id == owner || id == engine.Koira.ID })
	return v, nil
}

// leftBehind is how it stands with the other owners once one is away: who is there, and otherwise until when none is, and the lowest level that one of those
// who are away set.
type leftBehind struct {
	here  []string
	alone time.Time
	top   engine.Level
}

func (r *Reader) left(ctx context.Context, s scene, owner string, until time.Time) (leftBehind, error) {
	l := leftBehind{alone: until, top: engine.L5}
	away, err := r.store.Absences(ctx)
	if err != nil {
		return l, fmt.Errorf("reading who is away: %w", err)
	}
	for _, id := range r.otherOwners(owner) {
		i := slices.IndexFunc(away, func(a engine.Absence) bool { return a.Owner == id && a.Holds(s.now) })
		if i < 0 {
			l.here = append(l.here, id)
			continue
		}
		l.top = min(l.top, away[i].MaxLevel)
		if away[i].Until.Before(l.alone) {
			l.alone = away[i].Until
		}
	}
	if len(l.here) > 0 {
		l.alone = time.Time{}
	}
	return l, nil
}

// otherOwners are the people who are owners beside this one.
func (r *Reader) otherOwners(owner string) []string {
	return slices.DeleteFunc(r.o.People.With(engine.RoleOwner), func(id string) bool { return id == owner || id == engine.Koira.ID })
}

// unasked is about how many of n pieces that t makes in so many weeks go out at that level without anybody's yes: none where its record is too short or
// no grant is in force, at L4 all but those that are checked by chance, and no more than its owner allowed a week.
func (r *Reader) unasked(ctx context.Context, s scene, t engine.Task, level engine.Level, n int, weeks float64) (int, error) {
	traits := r.o.Channels[t.Channel]
	if n <= 0 || !level.Rung().Unasked {
		return 0, nil
	}
	g, err := r.store.Grant(ctx, t.ID)
	if err != nil {
		return 0, fmt.Errorf("reading the grant of %s: %w", t.ID, err)
	}
	if g == nil {
		return 0, nil
	}
	c, err := r.judge(ctx, t)
	if err != nil {
		return 0, err
	}
	if _, why := engine.Cap(t, c.Exposure); len(why) > 0 { // then each waits, whatever was granted
		return 0, nil
	}
	missing := ""
	if level.Rung().Checks {
		missing = trust.Lacks(t, c.Record, s.rules.Trust)
	}
	const unchecked = "1" // stands for a version that is not checked by chance, where not each is
	switch engine.Ships(level, engine.Output{Origin: engine.OriginKoira, Kind: t.Kind, Digest: unchecked}, traits, missing, s.rules.Review).Way {
	case engine.WayAlone:
	case engine.WayWindow:
		n -= int(math.Round(float64(n) / float64(s.rules.Review.Share())))
	default:
		return 0, nil
	}
	if most := g.Terms.PerWeek; most > 0 {
		n = min(n, int(math.Ceil(weeks*float64(most))))
	}
	return n, nil
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
	Others bool // there are other owners: what it limits holds only while none of them is there
}

// Absence reads one absence, also one that has ended. Code not_found.
func (r *Reader) Absence(ctx context.Context, id string) (AwayView, error) {
	s, err := r.scene(ctx)
	if err != nil {
		return AwayView{}, err
	}
	a, err := r.store.Absence(ctx, id)
	return AwayView{s.Frame, a, len(r.otherOwners(a.Owner)) > 0}, err
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
	Limit     engine.Money  // what could have been spent: what the owner said, else the weekly limit for each week that was begun
	said      bool          // the owner said so
	Lowered   []string      // names of tasks that went down
	Decided   []Deeds       // what others decided meanwhile, most first
	Changed   []DecisionRow // made or applied in that time: what is in force first, what waits for a person, what came to nothing; newest first in each
	Forecasts Forecasts     // those that were scored in that time: what was learned
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
	if !v.said && !v.From.IsZero() {
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
		if within(d.At) || within(d.AppliedAt) {
			v.Changed = append(v.Changed, s.decisionRow(d))
		}
	}
	slices.SortStableFunc(v.Changed, func(a, b DecisionRow) int { return cmp.Compare(a.rank(), b.rank()) })
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
		v.Silent, v.From = true, last[0].At
		v.Owners, err = r.silent(ctx, last[0])
		return seq, err
	}
	a, err := r.store.Absence(ctx, v.Subject)
	if err != nil {
		return 0, err
	}
	v.Owners, v.From = []string{a.Owner}, a.From
	if !a.EndedAt.IsZero() {
		v.To = a.EndedAt
	}
	if a.Capped && len(r.otherOwners(a.Owner)) == 0 { // while another owner was there it limited nothing
		v.Limit, v.said = a.Budget, true
	}
	return a.Seq, nil
}

// silent is whom a silence is told that followed this line of the log: the one owner whose absence koira ended with it, else all; who is away is told on
// their return.
func (r *Reader) silent(ctx context.Context, last engine.Event) ([]string, error) {
	away, err := r.store.Absences(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading who is away: %w", err)
	}
	one := ""
	if last.Action == "away.ended" && last.Actor == engine.Koira.ID {
		one = last.Detail["owner"]
	}
	return slices.DeleteFunc(r.o.People.With(engine.RoleOwner), func(id string) bool {
		return one != "" && id != one || slices.ContainsFunc(away, func(a engine.Absence) bool { return a.Owner == id })
	}), nil
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
