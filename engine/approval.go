package engine

import "time"

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
	OwnEdit          bool          // approved by its last editor, because there is nobody else
	OverCap          Rise          // an owner's one-time rise for this digest; zero for none
	Waived           []string      // rules that an owner lets this digest pass; a rule that is not waivable is not waived
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
	At      time.Time
}

// Unchanged reports whether a person took the piece exactly as it was drafted.
func (r Review) Unchanged() bool {
	return (r.Verdict == ReviewApproved || r.Verdict == ReviewPosted) && r.Changed == 0
}

// Grant is an owner's yes to one level of one task. It holds until it is lowered, lapses or is replaced.
type Grant struct {
	ID       string
	Task     string
	Level    Level
	By       string
	Role     Role
	At       time.Time
	From     Surface
	Proof    string    // the record as it was offered: "30 reviewed, 29 unchanged, at least 85 in 100"
	EndedAt  time.Time // zero while it holds
	EndedWhy string
}
