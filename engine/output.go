package engine

import "time"

// Origin says whose words an output carries and who starts it.
type Origin string

const (
	OriginKoira Origin = "koira" // koira planned and wrote it
	OriginAsked Origin = "asked" // a person asked for it, koira wrote it
	OriginCopy  Origin = "copy"  // a person's own text
	OriginHand  Origin = "hand"  // a person wrote and posted it, koira only measures
)

// Output is one content piece. It is a draft until it is published.
type Output struct {
	ID       string
	Task     string
	Campaign string // key of an Offer, or ""
	Origin   Origin
	State    State
	Level    Level // the task's level when it was planned
	Channel  string
	Account  string
	Segment  string
	Kind     Kind
	Slot     time.Time // when it goes out
	Expires  time.Time // never out after this
	Due      time.Time // when the loop looks at it next; it is the store's business and zero on a new output
	Arms     Arms
	Reason   string // why this theme, time and wording: a sentence with its numbers
	CostMax  Money  // what is reserved: the worst case, where the channel may overspend
	Audience int    // people it may reach, as counted at drafting
	Variants []Variant
	Digest   Digest // "" until drafted
	Sketch   string // of the wording, to find near-duplicates; "" until drafted
	Findings []Finding
	// Versions that the draft was checked against.
	StrategyVersion, GuardrailVersion int
	Confidence                        float64 // calibrated probability that a reviewer approves it unchanged; 0 means not estimated
	Line                              float64 // of Confidence, below which it asks a person; 0 for none
	Writer                            string  // who wrote it, as cards name it: "built-in template writer", "gpt-…"; "" for people
	EditedBy                          string  // user id of the last editor, "" if none
	Changed                           float64 // share of words that people changed since koira's draft, 0..1
	WaitsFor                          string  // why it waits: "each waits for your yes (L3)"; a draft, or a held piece, that carries it waits for a yes at any level
	Attempts                          int     // failed drafting or publishing attempts in a row
	URL                               string  // where it can be seen, once published
	CreatedAt, UpdatedAt, PublishedAt time.Time
}

// Unasked reports whether a level may let o out without a yes: it carries koira's own words, of a piece that koira began, as nobody changed them,
// and nobody took it back.
func (o Output) Unasked() bool {
	return o.Origin == OriginKoira && o.EditedBy == "" && o.WaitsFor == ""
}

// Asks reports whether o is held and an approver's yes to this very version is all that would let it go on.
func (o Output) Asks() bool {
	asks := false
	for _, f := range o.Findings {
		if f.Outcome == Block {
			if asks = f.Asks; !asks {
				return false
			}
		}
	}
	return asks && o.State == StateHeld
}

// Arms are the choices of one cycle; each is an arm with a belief.
type Arms struct {
	Theme        string `json:"theme"`
	CallToAction string `json:"call_to_action"`
	SubjectStyle string `json:"subject_style"`
	Slot         string `json:"slot"` // "tue-09"
}

// Variant is one wording of an output.
type Variant struct {
	Name         string // "A", "B"
	Subject      string // subject or title; "" where the kind has none
	Body         string // Markdown
	CallToAction string // the text of the ask
	Link         string // with koira's UTM tags
	AltText      string
	Rendered     []byte // exactly what goes out, from Channel.Render; what the digest covers
	Shown        string // the same for a person to read, without markup
}

// Content returns everything of v that was written for a reader, for the text checks.
func (v Variant) Content() string {
	return v.Subject + "\n" + v.Body + "\n" + v.CallToAction + "\n" + v.Link + "\n" + v.AltText
}

// SlotArm names t's weekday and hour in zone as an arm: "tue-09".
func SlotArm(t time.Time, zone *time.Location) string {
	l := t.In(zone)
	return [...]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}[l.Weekday()] + "-" + l.Format("15")
}

// OutputFilter chooses outputs; zero fields choose all.
type OutputFilter struct {
	Task             string
	Channel          string
	URL              string // where it stands outside
	States           []State
	DueBy            time.Time // Due is set and not after it
	SlotFrom, SlotTo time.Time // Slot in [SlotFrom, SlotTo)
	Since, Until     time.Time // CreatedAt in [Since, Until)
	Newest           bool      // newest slot first; otherwise oldest first
	Bare             bool      // without Variants and Findings, which is cheaper
	Texts            bool      // without Findings, which is cheaper
	Limit            int       // 0 means 1,000
	Offset           int
}

// Performance is what one published output brought inside a span of time.
type Performance struct {
	Output    Output // without Rendered and Findings
	Metrics   map[Metric]int64
	Simulated bool
}

// Ending is how an output came to its end: who ended it, and why, as a sentence.
type Ending struct{ By, Why string }
