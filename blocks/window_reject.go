package blocks

import (
	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/report"
)

// Values of RejectWindow's boxes.
const (
	markSerious = "serious"
	markAgain   = "again"
)

// RejectWindow asks why a piece is not to go out, and what should be done differently.
func RejectWindow(v report.PieceView, at Place) slack.ModalViewRequest {
	var reasons []*slack.OptionBlockObject
	for _, r := range engine.RejectReasons {
		reasons = append(reasons, option(r.Key, r.Label))
	}
	serious := option(markSerious, "Serious: it would have hurt us")
	serious.Description = plainText(ifSerious(v))
	marks := []*slack.OptionBlockObject{serious}
	if v.Task.Level.Rung().Writes {
		marks = append(marks, option(markAgain, "Write another for this time"))
	}
	return window("Reject", "Reject", CallbackReject, meta(v, at),
		section(dots("*"+says(v.Name, nameMax)+"*", channel(v.Row), title(v.Row))),
		slack.NewInputBlock(FieldReason, plainText("Why?"), nil, slack.NewRadioButtonsBlockElement(FieldReason, reasons...)),
		field(FieldNote, "What should I do differently?", "", noteMax, true, true),
		boxes(FieldMarks, "Also", true, marks...),
		note("If you close this, nothing changes. Rejected text stays in What I made."),
	)
}

// ifSerious says what becomes of the task's level, so that nobody marks a piece for less or more than it does.
func ifSerious(v report.PieceView) string {
	switch _, ok := v.Task.Level.Below(); {
	case !ok:
		return "Begins this task's record anew: no more room for two weeks"
	case v.Second:
		return "Pauses this task: it was lowered for cause lately"
	}
	return "Lowers this task one level at once"
}

// Rejecting is what was sent in by RejectWindow.
type Rejecting struct {
	Reason, Note  string
	Severe, Again bool
}

// ReadReject returns what was chosen and typed into RejectWindow.
func ReadReject(v slack.View) Rejecting {
	r := Rejecting{Reason: entry(v, FieldReason).SelectedOption.Value, Note: entry(v, FieldNote).Value}
	for _, o := range entry(v, FieldMarks).SelectedOptions {
		r.Severe = r.Severe || o.Value == markSerious
		r.Again = r.Again || o.Value == markAgain
	}
	return r
}
