package app

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"koira/engine"
)

// earned is what a batch of histories must have seen of levels, of the people who decide on them, and of what koira did with them by itself.
var earned = []string{
	"owner is usual", "owner is careful", "owner is absent", "owner is stamping",
	"approver is usual", "approver is careful", "approver is absent", "approver is stamping", "approver is hostile",
	"stands at L1", "stands at L2", "stands at L3", "stands at L4", "stands at L5", "out at L1", "out at L2", "out at L3", "out at L4", "out at L5",
	"offered L3", "offered L4", "offered L5", "offered again", "offer withdrawn", "look.asked", "lowered: serious", "lowered: taken-down", "lowered: lapse", "paused: serious", "task.renewed",
}

// records is the oracle's own account of what people said of each task's pieces, and of what was offered and allowed on the strength of it. Where it
// cannot tell it takes the task's side, so that what it calls unearned is.
type records struct {
	said    map[string]map[string]said      // task → output → the last word on it
	judged  map[string][]time.Time          // person → when they said or did anything to a piece but yes
	inside  map[string]map[string]time.Time // person → output → when they read it in a window and said yes
	lowered map[string]time.Time            // task → when evidence last lowered it
	anew    map[string]time.Time            // task → when its record last began anew, by that or by what it stands on
	terms   map[string]engine.Terms         // task → what its owner allowed less
	alone   map[string]map[string]bool      // task and week → pieces that went out unasked
	offers  map[string]engine.OfferState    // by offer
	unseen  []engine.Look                   // that nobody has looked through
}

// said is a person's last word on a piece.
type said struct {
	by           string
	good, severe bool
	read         bool // they had the time to read it, and saw all of it
	byHand       bool // they published it
	at           time.Time
}

func newRecords() records {
	return records{
		said: map[string]map[string]said{}, judged: map[string][]time.Time{}, inside: map[string]map[string]time.Time{}, lowered: map[string]time.Time{}, anew: map[string]time.Time{}, terms: map[string]engine.Terms{}, alone: map[string]map[string]bool{},
		offers: map[string]engine.OfferState{},
	}
}

// hears takes down a person's word on koira's own piece, unless it was refused.
func (o *oracle) hears(out engine.Output, w said, refusal error) {
	if refusal != nil || out.Origin != engine.OriginKoira && out.Origin != engine.OriginAsked {
		return
	}
	r := &o.records
	if r.said[out.Task] == nil {
		r.said[out.Task] = map[string]said{}
	}
	w.at = o.s.clock.Now()
	r.said[out.Task][out.ID] = w
}

// judges takes down that somebody changed a piece, turned it down, stopped it or took it back, unless they might not. What was refused for another
// reason may have been done in part.
func (o *oracle) judges(a engine.Actor, refusal error) {
	if engine.CodeOf(refusal) != engine.CodeDenied {
		o.records.judged[a.ID] = append(o.records.judged[a.ID], o.s.clock.Now())
	}
}

// reads takes down a yes from a window in which the piece stood for long enough to be read.
func (o *oracle) reads(a engine.Actor, out engine.Output, stood time.Duration, refusal error) {
	words := 0
	for _, v := range out.Variants {
		words += len(strings.Fields(v.Subject + " " + v.Shown))
	}
	if refusal != nil || stood < 3*time.Second || stood.Minutes()*2*238 < float64(words) {
		return
	}
	o.s.count("read in the window")
	if o.records.inside[a.ID] == nil {
		o.records.inside[a.ID] = map[string]time.Time{}
	}
	o.records.inside[a.ID][out.ID] = o.s.clock.Now()
}

// knownReader reports whether anything within a quarter of a year of a yes shows that its person reads.
func (r records) knownReader(w said) bool {
	near := func(at time.Time) bool { return w.at.Sub(at).Abs() <= 90*24*time.Hour }
	n := 0
	for _, at := range r.inside[w.by] {
		if near(at) {
			n++
		}
	}
	return n >= 10 || slices.ContainsFunc(r.judged[w.by], near)
}

// forgets a yes that somebody took back, unless it came at this very moment: of two acts at one, none is the later.
func (o *oracle) forgets(out engine.Output) {
	if o.records.said[out.Task][out.ID].at.Before(o.s.clock.Now()) {
		delete(o.records.said[out.Task], out.ID)
	}
}

// raised takes down what an owner allowed, and holds that it was theirs to allow.
func (o *oracle) raised(was engine.Task, to engine.Level, m engine.Terms, refusal error) error {
	if refusal != nil {
		return nil
	}
	if why := o.unearned(was, to); why != "" {
		return o.s.breach("%s was let to %s %s", was.ID, to, why)
	}
	o.levels[was.ID] = to
	delete(o.granted, was.ID)
	delete(o.records.terms, was.ID)
	if to > engine.L3 {
		o.granted[was.ID], o.records.terms[was.ID] = to, m
	}
	return nil
}

// trusts follows offers and looks by the log, and holds that what koira offers was earned.
func (o *oracle) trusts(ctx context.Context, e engine.Event) error {
	r := &o.records
	switch e.Action {
	case "task.level":
		from, _ := engine.ParseLevel(e.Detail["from"])
		if to, _ := engine.ParseLevel(e.Detail["to"]); to < from && e.Detail["lowered"] == "yes" {
			r.lowered[e.Subject], r.anew[e.Subject] = e.At, e.At
		}
		o.s.count("stands at " + e.Detail["to"])
	case "task.renewed":
		o.s.count(e.Action)
		r.anew[e.Subject] = e.At
		if e.Detail["lowered"] == "yes" {
			r.lowered[e.Subject] = e.At
		}
	case "look.asked":
		o.s.count(e.Action)
		r.unseen = append(r.unseen, engine.Look{ID: e.Subject, Task: e.Detail["task"]})
	case "look.seen":
		r.unseen = slices.DeleteFunc(r.unseen, func(l engine.Look) bool { return l.ID == e.Subject })
	case "offer.open", "offer.snoozed", "offer.withdrawn", "offer.closed":
		return o.offered(ctx, e)
	}
	return nil
}

func (o *oracle) offered(ctx context.Context, e engine.Event) error {
	t, err := o.s.core.DB.Task(ctx, e.Detail["task"])
	if err != nil {
		return err
	}
	to, _ := engine.ParseLevel(e.Detail["to"])
	was, known := o.records.offers[e.Subject]
	now := engine.OfferState(e.Action[len("offer."):])
	o.records.offers[e.Subject] = now
	switch now {
	case engine.OfferOpen:
		if known && was != engine.OfferWithdrawn {
			return o.s.breach("an offer of %s to %s is open again after it was %s", to, t.ID, was)
		}
		if why := o.unearned(t, to); why != "" {
			return o.s.breach("%s is offered %s %s", t.ID, to, why)
		}
		if known {
			o.s.count("offered again")
			return nil
		}
		o.s.count("offered " + to.String())
		if _, before := o.s.result.Offered[t.ID]; !before && to == engine.L5 {
			o.s.result.Offered[t.ID] = 1 + int(o.s.clock.Now().Sub(simStart)/(24*time.Hour))
		}
	case engine.OfferSnoozed:
		if e.Actor != o.s.crowd.owner.ID {
			return o.s.breach("%s, no owner, put off an offer", e.Actor)
		}
	case engine.OfferWithdrawn:
		o.s.count("offer withdrawn")
	}
	return nil
}

// unearned says why a task may not be raised to a level as things are; "" for nothing. It knows the demo's tasks and works out the bound by itself.
func (o *oracle) unearned(t engine.Task, to engine.Level) string {
	now := o.s.clock.Now()
	r, fell := o.records, o.records.lowered[t.ID]
	top := engine.L5
	for _, n := range t.Nature {
		switch n {
		case engine.NaturePeopleKnow, engine.NatureRelationship:
			top = min(top, engine.L1)
		default:
			top = min(top, engine.L4)
		}
	}
	var read, stamped, no float64
	severe := false
	for _, w := range r.said[t.ID] {
		switch {
		case !w.at.After(r.anew[t.ID]):
		case !w.good:
			no++
			severe = severe || w.severe
		case w.read && (w.byHand || r.knownReader(w)):
			read++
		default:
			stamped += .5
		}
	}
	most := read + no + min(stamped, read+no) // what was stamped never stands in for what was read
	rule := engine.TrustRule{}
	if c := o.s.config.Trust; o.s.o.keen() {
		rule = engine.TrustRule{Often: c.Reviews.Often, Usual: c.Reviews.Usual, Sensitive: c.Reviews.Sensitive, Low: c.Bar.Low, Normal: c.Bar.Normal, High: c.Bar.High}
	}
	switch {
	case to > top:
		return fmt.Sprintf("above its cap, %s", top)
	case to >= engine.L3 && severe:
		return "after a serious reject"
	case !fell.IsZero() && now.Before(fell.AddDate(0, 0, 14)):
		return fmt.Sprintf("%s after it was lowered", now.Sub(fell))
	case to >= engine.L4 && o.shut[t.Channel]:
		return "while its channel is off"
	case to >= engine.L5 && int(most+1e-9) < rule.Needed(t):
		return fmt.Sprintf("on %.1f reviews", most)
	case to >= engine.L5 && tail(most, most-no, rule.Bar(t)) > .05+1e-9:
		return fmt.Sprintf("on %.1f reviews, %.0f of them no", most, no)
	}
	return ""
}

// tail is the chance of at least good of n at a true rate: what the one-sided exact bound holds against one in twenty (Clopper & Pearson 1934). Fractions
// are rounded in the task's favour.
func tail(n, good, rate float64) float64 {
	whole, sum := math.Ceil(n-1e-9), 0.0
	for k := whole - math.Floor(n-good+1e-9); k <= whole; k++ {
		a, _ := math.Lgamma(whole + 1)
		b, _ := math.Lgamma(k + 1)
		c, _ := math.Lgamma(whole - k + 1)
		sum += math.Exp(a - b - c + k*math.Log(rate) + (whole-k)*math.Log1p(-rate))
	}
	return sum
}

// within counts what goes out unasked against what its owner allowed a week.
func (o *oracle) within(out engine.Output, t engine.Task) string {
	m := o.records.terms[t.ID]
	if m.PerWeek == 0 {
		return ""
	}
	week := t.ID + " " + engine.Week(out.Slot, o.s.config.zone())
	if o.records.alone[week] == nil {
		o.records.alone[week] = map[string]bool{}
	}
	o.records.alone[week][out.ID] = true
	if n := len(o.records.alone[week]); n > m.PerWeek {
		return fmt.Sprintf("unasked, as the %d. in a week in which its owner allowed %d", n, m.PerWeek)
	}
	return ""
}
