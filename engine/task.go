package engine

import (
	"strings"
	"time"
)

// Kind is the sort of content that a channel carries.
type Kind string

const (
	KindSocial Kind = "social"
	KindEmail  Kind = "email"
	KindBlog   Kind = "blog"
)

// Degree grades a task's frequency and sensitivity.
type Degree string

const (
	Low    Degree = "low"
	Normal Degree = "normal"
	High   Degree = "high"
)

// Task is one repeatable marketing job on one channel for one segment. People set all of it; koira may lower Level and set Paused.
type Task struct {
	ID          string // a slug: "daily-social"
	Name        string
	Channel     string // the name of a configured channel
	Account     string
	Segment     string // key of a Segment
	Kind        Kind
	Cadence     Cadence
	Frequency   Degree // Low or High
	Sensitivity Degree // Low, Normal or High
	Themes      []string
	CostMax     Money // the most that one output may spend outside, what a channel may overspend included; 0 means nothing
	Benchmarks  []Benchmark
	Nature      []Nature

	Level     Level
	Paused    *Pause    // nil while the task runs
	LoweredAt time.Time // last lowering; zero if never
	RenewedAt time.Time // when what it stands on last changed and nothing was to be lowered; zero if never; see Footing
}

// Cadence is when and how often: plan chooses within it.
type Cadence struct {
	Min, Max int            // outputs a week
	Days     []time.Weekday // empty means every day
	From, To int            // hours of the business's day, From inclusive, To exclusive: 9, 17
}

// Nature marks what caps a task's level, however good its record (design: caps win over any grant).
type Nature string

const (
	NaturePeopleKnow   Nature = "people-know"     // only people hold the information: founder stories, new products, strategic pivots
	NatureRelationship Nature = "relationship"    // personal outreach, partnerships, key accounts
	NatureBrand        Nature = "brand-sensitive" // a slip would hurt the brand
	NatureLegal        Nature = "legal-review"    // somebody must look at it for the law
	NatureCrisis       Nature = "crisis"          // speaks when something went wrong
	NatureNews         Nature = "breaking-news"   // speaks on what just happened
	NaturePricing      Nature = "pricing"         // announces prices
)

// Benchmark is what good is for a task: a count a piece. The floor or ceiling at which koira stops and flags is a [Threshold].
type Benchmark struct {
	Metric Metric
	Good   float64
}

// MetricsFor lists what good can be said of for content of kind k, in the order in which reports show it.
func (k Kind) MetricsFor() []Metric {
	switch k {
	case KindEmail:
		return []Metric{Clicks, Leads, Revenue, Opens, Unsubscribed, Complaints}
	case KindBlog:
		return []Metric{Clicks, Leads, Revenue, Impressions, Subscribed}
	}
	return []Metric{Clicks, Leads, Revenue, Engagements, Impressions}
}

// GoodWords says b in plain words: "at least 6 link visits a piece".
func (b Benchmark) GoodWords(currency string) string {
	if b.Metric.Less() {
		return "at most " + b.Metric.Amount(b.Good, currency) + " " + b.Metric.Words(2) + " a piece"
	}
	return "at least " + b.Metric.Amount(b.Good, currency) + " " + b.Metric.Words(2) + " a piece"
}

// Pause is why a task stands still.
type Pause struct {
	By  string
	At  time.Time
	Why string
}

// DrillWhy begins whatever a drill writes down.
const DrillWhy = "Drill: "

// ByDrill reports whether p is a drill's: nothing speaks for it, so it costs nothing, and any other pause takes its place. False for nil.
func (p *Pause) ByDrill() bool {
	return p != nil && p.By == Koira.ID && strings.HasPrefix(p.Why, DrillWhy)
}

// ForCause reports whether p is koira's own, on evidence: the task resumes one level lower. False for nil.
func (p *Pause) ForCause() bool { return p != nil && p.By == Koira.ID && !p.ByDrill() }

// Since is from when on the record of t counts, everywhere that it is asked; zero for from the first. What came before was paid for by a lowering, or
// was somebody else's work; nor does that count which came at the very moment: it is what lowered the task.
func (t Task) Since() time.Time {
	last := t.LoweredAt
	if t.RenewedAt.After(last) {
		last = t.RenewedAt
	}
	if last.IsZero() {
		return last
	}
	return last.Add(time.Microsecond)
}

// Tolerance is how late after its slot an output of kind k may still go out.
func (k Kind) Tolerance() time.Duration {
	if k == KindSocial {
		return 2 * time.Hour
	}
	return 6 * time.Hour
}

// patience is how long a piece that people publish by hand stays with them after its slot: they do it when they have the time.
const patience = 4 * 24 * time.Hour

// Expires is when a piece of t ends that is planned for slot: as late as its kind may go out where koira publishes it, days later where people do.
func (t Task) Expires(slot time.Time) time.Time {
	if !t.Acting().Rung().Publishes {
		return slot.Add(patience).UTC()
	}
	return slot.Add(t.Kind.Tolerance()).UTC()
}

// SettledAfter is how long an output of kind k is measured.
func (k Kind) SettledAfter() time.Duration {
	const day = 24 * time.Hour
	if k == KindBlog {
		return 28 * day
	}
	return 7 * day
}

// Early is how old an output is when what it brought by then is looked at first: what is too much by then stays too much.
const Early = 48 * time.Hour

// ComesOfAge is how old an output of kind k is when what it brought so far tells how well it did; until then no minimum, nothing that people call good and
// no comparison counts it. Readers meet a post or an e-mail within two days, and find an article for weeks: of one that is young only part is in.
func (k Kind) ComesOfAge() time.Duration {
	if k == KindBlog {
		return k.SettledAfter()
	}
	return Early
}

// TaskChange is a change of a task's level or pause with everything that becomes true with it. The store does it in one transaction, as an
// update that matches Task and From; code conflict when the level has moved meanwhile.
type TaskChange struct {
	Task     string
	From, To Level  // equal when only the pause changes
	Pause    *Pause // set: the task is paused; it takes the place of a drill's
	Resume   bool   // the pause ends
	Lowered  bool   // evidence speaks against it: LoweredAt becomes At. To is below From, or fell before, or is the lowest
	By       Actor
	At       time.Time
	Why      string
	Grant    *Grant // with a raise: an owner's yes
	Request  string // that it carries out, which must be open; "" for none
	Signed   Actor  // the second person; the zero Actor where nobody signed
	Alone    bool   // one owner gave more room alone, since nobody else could sign
	Decision *Decision
	Lowering *Lowering // what it rests on, where evidence lowers or pauses; its Decision is above
	Open     *Exception
	Close    string // outcome with which the task's open exceptions are closed; "" leaves them
	Closes   string // with Close: the subject of those that it closes; "" for all of the task's
	Notices  []Notice
}

// EndsGrant reports whether the grant in force ends with c: with another grant, with a raise, and with a move to a level at which no piece goes out
// unasked. One level down from L5 some still do, and an owner's yes to more is a yes to less: there it stays in force, and what the record lacks is what
// the pieces wait for.
func (c TaskChange) EndsGrant() bool {
	moved := c.From != c.To || c.Lowered
	return c.Grant != nil || c.To > c.From || moved && !c.To.Rung().Unasked
}
