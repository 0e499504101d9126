package engine

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Guardrails are the limits that people set. They are one document with one version, so that every check can say what it was held against.
// Adding a guardrail: a field here, a function and a row in engine/guard, a row in desk's changeable limits.
type Guardrails struct {
	Version    int                    `json:"version"`
	Budget     BudgetRule             `json:"budget"`
	Channels   map[string]bool        `json:"channels"` // allow-list: a channel that is not true here is not allowed
	Topics     TopicRule              `json:"topics"`
	Voice      VoiceRule              `json:"voice"`
	Thresholds map[string][]Threshold `json:"thresholds"` // by task
	Quiet      []QuietRule            `json:"quiet"`
	Frequency  []FrequencyRule        `json:"frequency"`
	Facts      FactRule               `json:"facts"`
	Links      LinkRule               `json:"links"`
	Duplicates DuplicateRule          `json:"duplicates"`
	Lines      []LineRule             `json:"lines"`
	Blast      BlastRule              `json:"blast"`
	Review     ReviewRule             `json:"review,omitzero"`
	Wave       WaveRule               `json:"wave,omitzero"`
	Mentions   []string               `json:"mentions"`       // names that a piece may mention as "@name"; all others are refused
	Trust      TrustRule              `json:"trust,omitzero"` // from the config file; no click changes it
}

// BudgetRule caps money. A cap of 0 allows no spending, except where it is said to be no cap of its own.
type BudgetRule struct {
	Weekly  Money `json:"weekly"`  // everything, the model's cost included
	Ceiling Money `json:"ceiling"` // from the config file; no click sets Weekly above it
	Output  Money `json:"output"`  // the most that one piece may cost; 0 is no cap of its own
	Model   Money `json:"model"`   // the most that model calls may cost in a week; 0 is no cap of its own
	Pace    int   `json:"pace"`    // percent: by the end of a day, at most this share of the even part of Weekly is used; 0 is off

	// Shares of it. What is not named has no cap of its own.
	Tasks     map[string]Money `json:"tasks,omitempty"`     // the most that a task's pieces may cost in a week, by task
	Campaigns map[string]Money `json:"campaigns,omitempty"` // the most that a campaign's may cost in all, by the key of its offer

	// PerCampaign is from the config file: the most that any campaign may cost in all, with a limit of its own or without. 0 where the file names none.
	PerCampaign Money `json:"per_campaign,omitempty"`
}

// CampaignCap is the most that a campaign may cost in all, as it is held against its pieces; 0 is no cap: then the weeks' caps alone hold it.
func (b BudgetRule) CampaignCap(key string) Money {
	own := b.Campaigns[key]
	if key == "" || b.PerCampaign == 0 || own > 0 && own < b.PerCampaign {
		return own
	}
	return b.PerCampaign
}

// CampaignCeiling is what no click raises a campaign's limit above, and no yes to a single piece its money. Where the file names no sum, it is that of a
// week: more than that in all, for one campaign, nobody has agreed to.
func (b BudgetRule) CampaignCeiling() Money {
	if b.PerCampaign > 0 {
		return b.PerCampaign
	}
	return b.Ceiling
}

// TopicRule names what no output may be about: own terms, and packs of them by name (engine/guard has the packs).
type TopicRule struct {
	Blocked     []string `json:"blocked"`
	Packs       []string `json:"packs"`
	Competitors []string `json:"competitors"` // the names that the pack "competitors" stands for
}

// VoiceRule is the lock on the brand's voice: limits that code can hold. Without the lock they only warn. 0 is no limit.
type VoiceRule struct {
	Locked       bool     `json:"locked"`
	Required     []string `json:"required"` // words that every piece holds
	Banned       []string `json:"banned"`
	Grade        int      `json:"grade"`        // highest reading grade (Flesch–Kincaid, for English)
	Sentence     int      `json:"sentence"`     // most words in one sentence
	Emoji        int      `json:"emoji"`        // most emoji in a piece, −1 for none
	Exclamations int      `json:"exclamations"` // most exclamation marks in a piece, −1 for none
	Distance     int      `json:"distance"`     // percent: a piece that is further from the approved ones is warned of
}

// Threshold is the floor or ceiling of one metric of a task at which it is paused; 0 means none. A floor is a count a piece.
type Threshold struct {
	Metric  Metric  `json:"metric"`
	Floor   float64 `json:"floor"`
	Ceiling float64 `json:"ceiling"`
	Sample  int     `json:"sample"` // pieces that must have been measured before it may pause; 0 is UsualSample
}

// UsualSample is how many measured pieces a threshold needs that does not say.
const UsualSample = 6

// Least is how many measured pieces t needs before it may pause its task.
func (t Threshold) Least() int { return cmp.Or(t.Sample, UsualSample) }

// Verdict says how an interval of what a piece brings stands to t.
func (t Threshold) Verdict(low, high float64) string {
	switch {
	case t.Floor > 0 && high < t.Floor, t.Ceiling > 0 && low > t.Ceiling:
		return StandingBeyond
	case t.Floor > 0 && low < t.Floor, t.Ceiling > 0 && high > t.Ceiling:
		return StandingNear
	}
	return StandingFine
}

// Judge says how what was measured stands to t, whichever limits held when it was: its own verdict is of those.
func (t Threshold) Judge(s Standing) string {
	if s.Verdict == StandingUnknown || s.Pieces < t.Least() {
		return StandingUnknown
	}
	return t.Verdict(s.Low, s.High)
}

// QuietRule is a stretch of the business's day in which nothing goes out. From may be after To: then it runs over midnight.
type QuietRule struct {
	Channel string         `json:"channel"`      // "" for every channel
	Segment string         `json:"segment"`      // "" for every segment
	Days    []time.Weekday `json:"days"`         // on which it begins; empty for every day
	From    int            `json:"from"`         // minutes of the day: 22:00 is 1320
	To      int            `json:"to"`           // exclusive
	Why     string         `json:"why,omitzero"` // a person's words
}

// FrequencyRule caps how many pieces go out on a channel or to a segment in any span of that many days, counted back from a piece's slot.
type FrequencyRule struct {
	Channel string `json:"channel"` // "" for all channels together
	Segment string `json:"segment"` // "" for all segments together
	Most    int    `json:"most"`    // 0 lets nothing out
	Days    int    `json:"days"`    // 1 is the business's day, 7 the seven days that end with it
}

// Covers reports whether f counts what goes out on channel to segment.
func (f FrequencyRule) Covers(channel, segment string) bool {
	return (f.Channel == "" || f.Channel == channel) && (f.Segment == "" || f.Segment == segment)
}

// FactRule is how old a fact may be before somebody looks at it again; 0 is no limit.
type FactRule struct {
	MaxAge int `json:"max_age"` // days since Fact.Checked
}

// LinkRule is the allow-list of hosts that a piece may link to; each covers its subdomains. The business's own link and the links of calls
// to action are always allowed.
type LinkRule struct {
	Domains []string `json:"domains"`
}

// DuplicateRule refuses what is nearly the same as a piece of the last days; 0 percent is off.
type DuplicateRule struct {
	Percent int `json:"percent"` // of shared wording
	Days    int `json:"days"`
}

// LineRule is a line that each piece of a kind, or on a channel, must hold: an unsubscribe line, a postal address, a legal line.
type LineRule struct {
	Kind    Kind   `json:"kind"`    // "" for every kind
	Channel string `json:"channel"` // "" for every channel
	Text    string `json:"text"`    // compared without case and spacing
}

// BlastRule is the most that one piece may touch without a person's yes. Above it the piece waits, whatever its task's level; 0 is no limit.
type BlastRule struct {
	People    int   `json:"people"`    // who may be reached at most
	Permanent int   `json:"permanent"` // the same, where it can be neither taken down nor stopped
	Money     Money `json:"money"`
}

// Clone returns a copy that shares nothing with g.
func (g Guardrails) Clone() Guardrails {
	c := g
	c.Channels = make(map[string]bool, len(g.Channels))
	maps.Copy(c.Channels, g.Channels)
	c.Budget.Tasks, c.Budget.Campaigns = maps.Clone(g.Budget.Tasks), maps.Clone(g.Budget.Campaigns)
	c.Topics.Blocked, c.Topics.Packs = slices.Clone(g.Topics.Blocked), slices.Clone(g.Topics.Packs)
	c.Topics.Competitors = slices.Clone(g.Topics.Competitors)
	c.Voice.Required, c.Voice.Banned = slices.Clone(g.Voice.Required), slices.Clone(g.Voice.Banned)
	c.Thresholds = maps.Clone(g.Thresholds)
	for k, v := range g.Thresholds {
		c.Thresholds[k] = slices.Clone(v)
	}
	c.Quiet = slices.Clone(g.Quiet)
	for i := range c.Quiet {
		c.Quiet[i].Days = slices.Clone(c.Quiet[i].Days)
	}
	c.Frequency, c.Lines = slices.Clone(g.Frequency), slices.Clone(g.Lines)
	c.Links.Domains, c.Mentions = slices.Clone(g.Links.Domains), slices.Clone(g.Mentions)
	return c
}

// GuardrailChange is one row of the history of guardrails.
type GuardrailChange struct {
	Version  int
	By       string
	At       time.Time
	Why      string // what changed, old → new
	Note     string // why, in a person's words; "" where none were given
	SignedBy string // the second person, "" where nobody signed
	Alone    bool   // one owner gave more room alone, since nobody else could sign
}

// Outcome is what a guardrail says.
type Outcome string

const (
	Pass  Outcome = "pass"
	Warn  Outcome = "warn"
	Clamp Outcome = "clamp" // while drafting only: the piece is made smaller by its Limit; later the same finding is a block
	Block Outcome = "block"
)

// Finding is what one guardrail said of one output.
type Finding struct {
	Rule     string  `json:"rule"`
	Outcome  Outcome `json:"outcome"`
	Evidence string  `json:"evidence"`           // the quoted words and where they stand, or numbers, as a sentence; holds outside text, so it is escaped where it is drawn
	Remedy   string  `json:"remedy"`             // the smallest change that would let it pass
	Held     State   `json:"held,omitempty"`     // with Block: where the output goes when not StateHeld (StateExpired for "too late")
	Later    bool    `json:"later,omitempty"`    // with Block: not now, but it may pass by itself later (stopped, paused)
	Waivable bool    `json:"waivable,omitempty"` // with Block: an owner may approve this one piece anyway
	Fixed    bool    `json:"fixed,omitempty"`    // with Block, of money: no owner's one-time rise lets it pass either
	Asks     bool    `json:"asks,omitempty"`     // with Block: an approver's yes to this very version is all that it asks for
	Use      float64 `json:"use,omitempty"`      // share of the limit that the piece uses, 1 is the limit; 0 where there is nothing to measure
	What     string  `json:"what,omitempty"`     // with Waivable: what exactly it is of, apart from every other finding of its rule; no sentence, and the same for as long as the same is found
	Bar      float64 `json:"bar,omitempty"`      // with Waivable: the limit as it stands, where that is a number and a lower one allows less
	Of       string  `json:"of,omitempty"`       // the limit that it holds, as people change it: "topics"; "" where none can be changed
	Limit    *Limit  `json:"limit,omitempty"`    // with Clamp: what the piece is brought down to
}

// NearMiss is the share of a limit from which a piece that passes is listed as a near miss.
const NearMiss = 0.9

// Limit is what a clamp brings an output down to; a zero field stays as it is.
type Limit struct {
	Audience int   `json:"audience,omitempty"`
	CostMax  Money `json:"cost_max,omitempty"`
}

// Stage is when the gate runs.
type Stage string

const (
	StageDraft    Stage = "draft"
	StageApproval Stage = "approval"
	StageClaim    Stage = "claim" // immediately before publishing
)

// Verdict is what the whole gate said of one output at one moment.
type Verdict struct {
	Outcome                           Outcome
	Stage                             Stage
	Findings                          []Finding
	Wave                              int // at the claim: to how many people it goes first; 0 for all at once
	At                                time.Time
	StrategyVersion, GuardrailVersion int
}

// Blocks returns the findings that block, in the gate's order.
func (v Verdict) Blocks() []Finding {
	var b []Finding
	for _, f := range v.Findings {
		if f.Outcome == Block {
			b = append(b, f)
		}
	}
	return b
}

// Foremost is the block that the card of a held piece names: one that does not pass by itself, and rather one that holds it than one that lets it wait, and
// one that a yes alone does not answer than a doubt. Of equals it is the first. The zero Finding where nothing blocks.
func (v Verdict) Foremost() Finding {
	rank := func(f Finding) int {
		switch {
		case f.Later:
			return 3
		case f.Held == StateWaiting:
			return 2
		case f.Asks:
			return 1
		}
		return 0
	}
	b := v.Blocks()
	if len(b) == 0 {
		return Finding{}
	}
	return slices.MinFunc(b, func(f, g Finding) int { return rank(f) - rank(g) })
}

// Waivable reports whether an owner may approve the piece anyway: something blocks, and nothing that blocks is beyond an owner's yes.
func (v Verdict) Waivable() bool {
	b := v.Blocks()
	return len(b) > 0 && !slices.ContainsFunc(b, func(f Finding) bool { return !f.Waivable })
}

// Gate decides over a View. It is pure: the same view gives the same verdict.
type Gate func(View) Verdict

// Reason says in a sentence why a block keeps a piece from going out.
func (f Finding) Reason() string {
	if f.Asks {
		return "I am not sure of this one."
	}
	return "Stopped by a rule: " + f.Rule + "."
}

// View is everything that the gate may look at. The store fills it in one transaction, but for Traits, which the gate's maker knows.
type View struct {
	Now        time.Time
	Stage      Stage
	Output     Output
	Task       Task
	Strategy   Strategy
	Guardrails Guardrails
	Control    Control
	Away       Away        // while no owner is there for the piece's time; Task.Level is then held to what it allows
	Traits     Traits      // of the output's channel; zero when it is not configured
	Approval   *Approval   // of this very digest, or nil
	Grant      *Grant      // the grant that holds for the task, or nil
	Reviews    []Review    // what people said of the task's pieces since its last lowering; only where its level lets pieces go on that record
	Shown      time.Time   // when the card of this very version was delivered to people, by the business's clock; zero while it is not, and where Reviews is not read
	Week       Balance     // of the slot's ISO week in the business's zone
	WeekToDate Balance     // the part of Week that belongs to slots before the end of the output's day
	TaskWeek   Balance     // the task's own share of Week
	Campaign   Balance     // of the output's campaign, over its whole life; zero without one
	Reserved   Money       // what this output itself has set aside for the slot's week; it is part of the balances
	Elsewhere  Money       // what it has set aside for another week, before a new time is written down; it is part of Campaign
	Spent      Money       // what this output itself has cost so far, in part deliveries; it is part of the balances
	Top        Rise        // the part of Reserved and Spent that an owner allowed it on top of each cap
	Near       []Neighbour // other pieces that are out or cleared, around the slot: for frequency and near-duplicates
	Wave       *Wave       // while a part of it is out and the rest is not; else nil
	Standings  []Standing  // how the task stands against its thresholds
	Judgement  *Judgement  // what a model thought of this very version, or why it was not asked; nil where no model judges
	Breaker    Breaker     // of the output's channel
	Unasked    int         // other pieces of the task in the slot's week that went out, or are cleared to, without a yes; counted where the grant limits them
	Metered    bool        // something reads the results of the output's channel; the gate's maker knows it, as it does Traits
	Measured   int         // pieces of the output's channel and segment that were read, up to BaselinePieces; 0 at the claim below L4, where nobody asks
	Audience   int         // people whom the output's segment reaches now, as its channel counts them or as people set it; 0 when not known
}

// Anew is v as the next yes to it meets it: what an owner once let pass counts for that yes alone.
func (v View) Anew() View {
	if a := v.Approval; a != nil {
		plain := *a
		plain.OverCap, plain.Waived = Rise{}, nil
		v.Approval = &plain
	}
	return v
}

// Cap is the highest level that the output's task may hold as things are, and why.
func (v View) Cap() (Level, []string) {
	x := Exposure{Traits: v.Traits, Metered: v.Metered, Line: v.Guardrails.Blast, Measured: v.Measured}
	x.Audience = v.Strategy.Reach(v.Task.Segment)
	return Cap(v.Task, x)
}

// Neighbour is another piece that went out, or is cleared to, as the gate compares with it.
type Neighbour struct {
	Output, Task, Channel, Segment string
	At                             time.Time // published, or its slot
	Out                            bool      // published; otherwise cleared or under way
	Sketch                         string    // of its wording; "" where none was taken
	Title                          string    // its first words, for people
}

// Verdicts of a Standing.
const (
	StandingUnknown = "too little data"
	StandingFine    = "fine"
	StandingNear    = "near" // the interval holds the limit
	StandingBeyond  = "beyond"
)

// Standing is how a task stands against one of its thresholds, by an interval that may be looked at as often as one likes.
type Standing struct {
	Task      string
	Metric    Metric
	Verdict   string  // by the limits that held when it was measured; see [Threshold.Judge]
	Value     float64 // the mean a piece
	Low, High float64 // its always-valid interval
	Pieces    int     // behind it
	At        time.Time
}
