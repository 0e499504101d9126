package engine

import (
	"fmt"
	"strings"
	"time"
)

// Verdict words of a Review.
const (
	ReviewApproved = "approved"
	ReviewRejected = "rejected"
	ReviewStopped  = "stopped" // stopped by a person inside the review window
	ReviewPosted   = "posted"  // a person published koira's draft by hand
)

// Approval is a person's yes to one digest. It is used once, and lives until the output's slot plus tolerance.
type Approval struct {
	ID               string
	Output           string
	Digest           Digest
	By               string
	Role             Role
	At               time.Time
	From             Surface
	GuardrailVersion int
	Audience         int           // people it may reach, as the approver saw it
	Whole            bool          // the piece was shown whole
	Looked           time.Duration // wall time between the card's delivery and the click; 0 when unknown
	Stood            time.Duration // wall time for which all of it stood in a window for reading; 0 from a card
	Words            int           // there were to read in it; see Output.Words
	OwnEdit          bool          // approved by its last editor, because there is nobody else
	OverCap          Rise          // an owner's one-time rise for this digest; zero for none
	Waived           []Waiver      // what an owner lets this digest pass; what is not waivable is not waived
}

// Remark is what a person says of one digest of a piece that goes out unless stopped: that it looks good, or that it is stopped. It counts as a review and
// lets nothing out.
type Remark struct {
	Output  string
	Digest  Digest
	Verdict string // ReviewApproved or ReviewStopped
	By      string
	Role    Role
	At      time.Time
	From    Surface
	Whole   bool          // the piece was shown whole
	Looked  time.Duration // as an Approval's
}

// Rejection is a person's no to one digest.
type Rejection struct {
	ID     string
	Output string
	Digest Digest
	By     string
	Role   Role
	At     time.Time
	From   Surface
	Reason string // one of RejectReasons' keys
	Note   string // what should be done differently; a person's text
	Severe bool
}

// Retraction is a person's order to take down what is out.
type Retraction struct {
	ID     string
	Output string
	By     string
	Role   Role
	At     time.Time
	From   Surface
	Level  Level  // of the piece's task at that moment, which it lowers
	Why    string // a person's text
}

// RejectReasons are what a person can say a rejected piece was, in the order in which the window lists them.
var RejectReasons = []struct{ Key, Label string }{
	{"untrue", "Not true"}, {"tone", "Tone"}, {"timing", "Timing"}, {"dull", "Dull"}, {"subject", "Not this subject"}, {"other", "Other"},
}

// Review is one person's judgement of one piece, as the track record counts it. It is computed from approvals, rejections and edits.
type Review struct {
	Output  string
	Task    string
	Level   Level // when the piece was planned
	Verdict string
	Changed float64 // share of words changed before the yes, 0..1
	Severe  bool
	Reason  string
	By      string
	Looked  time.Duration
	Whole   bool
	Hurried bool // a yes: the same person said another yes, to whichever task, less than Hurry before or after it
	Unread  bool // a yes: nothing shows that its person reads; see Reader
	At      time.Time
}

// Hurry is within how long of each other nobody reads and says yes to two pieces.
const Hurry = 3 * time.Second

// Unchanged reports whether a person took the piece exactly as it was drafted.
func (r Review) Unchanged() bool {
	return (r.Verdict == ReviewApproved || r.Verdict == ReviewPosted) && r.Changed == 0
}

// Grant is an owner's yes to one level of one task. It holds until another replaces it, or the task goes below every level that it allows anything at;
// see [TaskChange.EndsGrant].
type Grant struct {
	ID       string
	Task     string
	Level    Level
	By       string
	Role     Role
	At       time.Time
	From     Surface
	Proof    string    // the record as it was offered: "30 reviewed, 29 unchanged, at least 85 in 100"
	Terms    Terms     // what of the level the owner did not allow
	EndedAt  time.Time // zero while it holds
	EndedWhy string
}

// Allows reports whether an owner said yes to l with g, or to more; false for nil.
func (g *Grant) Allows(l Level) bool { return g != nil && g.Level >= l && g.Role >= RoleOwner }

// Terms tighten a grant: they allow less than the level would, never more.
type Terms struct {
	PerWeek int       // most pieces that may go out without a yes in the week of their planned times; 0 is no limit of its own
	Money   Money     // most that the task may cost in a week with what goes out without a yes; 0 is no limit of its own
	LookOn  time.Time // when people are asked to look through what the task did; zero for no day of its own
}

// Words says t in a line, "" where it tightens nothing.
func (t Terms) Words(currency string, zone *time.Location) string {
	var s []string
	if t.PerWeek > 0 {
		s = append(s, fmt.Sprintf("at most %d a week without a yes", t.PerWeek))
	}
	if t.Money > 0 {
		s = append(s, "at most "+t.Money.Format(currency)+" a week")
	}
	if !t.LookOn.IsZero() {
		s = append(s, "looked through on "+t.LookOn.In(zone).Format("Mon 2 Jan"))
	}
	return strings.Join(s, ", ")
}
