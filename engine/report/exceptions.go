package report

import "koira/engine"

// Exceptions is the exception queue: all open ones, those first whose time runs out first.
type Exceptions struct {
	Frame
	Page
	Items []ExceptionItem
	Total int
}

// ExceptionItem is one thing that waits for a person.
type ExceptionItem struct {
	engine.Exception
	Name     string // the task's name, or the channel's; "" when it is about neither
	Piece    *Row   // nil unless it is about one piece
	Audience int    // people whom the piece may reach
	Choices  []Choice
	Who      []string // user ids that may choose
	Silence  Silence
}

// Choice is one way to end an exception.
type Choice string

const (
	ChoiceFix    Choice = "fix"    // fix the text
	ChoiceReject Choice = "reject" // say no to the piece
	ChoiceWhy    Choice = "why"    // show the rule
	ChoiceLive   Choice = "live"   // "it is there", with its link
	ChoiceResend Choice = "resend" // "it is not there", send it again
	ChoiceDrop   Choice = "drop"   // leave it unpublished for good
	ChoiceSlot   Choice = "slot"   // another time
	ChoiceResume Choice = "resume" // the task runs again
	ChoiceShow   Choice = "show"   // the pieces behind it
	ChoiceHow    Choice = "how"    // how to mend credentials or a channel
	ChoiceDone   Choice = "done"   // it is mended
)
