package engine

import "time"

// NoticeKind says what there is to tell. The store keeps notices as kind and subject only; bot draws them from the state of the moment
// it sends, so that a late card still tells the truth.
type NoticeKind string

const (
	NoticeOutput    NoticeKind = "output"    // an output's card: post it, or bring the posted one up to date
	NoticeThread    NoticeKind = "thread"    // what a piece's card has no room for, in its thread; subject is the output's id | its digest
	NoticeResult    NoticeKind = "result"    // first results or the link, in the card's thread
	NoticeException NoticeKind = "exception" // an exception's card
	NoticeStorm     NoticeKind = "storm"     // the one card of many exceptions; subject is the storm's id
	NoticeReminder  NoticeKind = "reminder"  // an exception's time is half over; subject is the exception's id
	NoticeLevel     NoticeKind = "level"     // a task's level or pause changed; subject is the decision's id
	NoticeRenewed   NoticeKind = "renewed"   // records began anew by one change; subject is its time, see RenewedSubject
	NoticeControl   NoticeKind = "control"   // everything stopped, or resumed
	NoticeBudget    NoticeKind = "budget"    // a cap is nearly used, or used up; subject is the alert's
	NoticeWeekly    NoticeKind = "weekly"    // subject is the ISO week that ended
	NoticeBaseline  NoticeKind = "baseline"  // a month after a grant; subject is the task's id | the day, 2006-01-02
	NoticeMonthly   NoticeKind = "monthly"   // subject is the month that ended, 2006-01
	NoticeDaily     NoticeKind = "daily"     // subject is the day, 2006-01-02
	NoticeNear      NoticeKind = "near"      // the limits that pieces came near to, in the thread under the weekly report; subject is the week
	NoticeLog       NoticeKind = "log"       // the head of the log, in the thread under the morning note; subject is the day
	NoticeOffer     NoticeKind = "offer"     // a task could be allowed more; subject is the offer's id
	NoticeLook      NoticeKind = "look"      // look through what a task did by itself; subject is the look's id
	NoticeWelcome   NoticeKind = "welcome"   // the first steps, to each owner; subject is StepsSubject
	NoticeRequest   NoticeKind = "request"   // a change that waits for a second signature, or how that ended
	NoticeAway      NoticeKind = "away"      // an owner is away, or how that ended; subject is the absence's id
	NoticeWeek      NoticeKind = "week"      // the one card of a week's drafts, made ahead; subject is the ISO week
	NoticeReturn    NoticeKind = "return"    // what happened while an owner was away; subject is the absence's id, or a silence's
)

// NoticeKinds lists all kinds: bot must know how to draw each.
var NoticeKinds = []NoticeKind{
	NoticeOutput, NoticeThread, NoticeResult, NoticeException, NoticeStorm, NoticeReminder, NoticeLevel, NoticeRenewed, NoticeControl, NoticeBudget, NoticeWeekly, NoticeMonthly, NoticeBaseline,
	NoticeDaily, NoticeLog, NoticeNear, NoticeRequest, NoticeOffer, NoticeLook,
	NoticeAway, NoticeReturn, NoticeWeek, NoticeWelcome,
}

// RenewedSubject names the change that was made at that time: whatever records it ended are told of once.
func RenewedSubject(at time.Time) string {
	return at.UTC().Truncate(time.Microsecond).Format(time.RFC3339Nano)
}

// Notice is one thing to tell people. At most one unsent notice exists for a (Kind, Subject): a second one is merged into it.
type Notice struct {
	ID        string
	Kind      NoticeKind
	Subject   string
	Due       time.Time
	Attempts  int
	LastError string
}

// Card is a message that koira posted: where it stands and what it shows, so that it can be edited in place.
type Card struct {
	Kind     NoticeKind
	Subject  string
	Version  string // the digest that it shows, or ""
	Channel  string // Slack channel id
	TS       string
	PostedAt time.Time // wall time: how long a person looked is counted from it
	ShownAt  time.Time // the same moment by the business's clock: from it people's time to look at what goes out by itself is counted
	Post     string    // the id under which it was posted, until the store knows where it stands
}

// Delivery is one Slack envelope, written down before it is acknowledged. Key tells redeliveries of the same act apart from new acts.
type Delivery struct {
	Key      string
	Kind     string // "slash_commands", "interactive", "events_api"
	Payload  []byte
	At       time.Time
	Attempts int // how often it was begun; more than once after a crash
}
