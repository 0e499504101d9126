package blocks

import (
	"strings"

	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/report"
)

// PostedWindow asks where a person published a piece, so that it can be measured.
func PostedWindow(v report.PieceView, at Place) slack.ModalViewRequest {
	return window("I published it", "Save", CallbackPosted, meta(v, at),
		repeats(v),
		linkField("Link", "Where it can be seen, such as https://example.com/post. I do not open it; I read its results."),
		note("If you close this, it stays on the list of what is ready for you."),
	)
}

// LiveWindow asks where a piece of which nobody knew whether it went out can be seen.
func LiveWindow(v report.PieceView, at Place) slack.ModalViewRequest {
	then := md("It then counts as published, with all that was set aside for it.")
	if r := firstUnsure(v); r != nil {
		follow := "get it " + when(r.At, v.Frame) + " if nothing is wrong with them, unless stopped."
		if !r.At.Before(v.Output.Expires) {
			follow = "do not get it: it is too late for them."
		}
		then = md("The first "+number(int64(r.First))+" of its "+number(int64(r.All))+" readers then count as having it, with all that was set aside for them. The other "+
			number(int64(r.Left()))+" ") + follow
	}
	return window("It is there", "It is live", CallbackLive, meta(v, at),
		repeats(v),
		linkField("Link", "The address at which you see it."),
		note(then+" If you close this, nothing changes."),
	)
}

// ResendWindow shows the text that would go out once more, and asks whether somebody looked.
func ResendWindow(v report.PieceView, at Place) slack.ModalViewRequest {
	bs := []slack.Block{repeats(v)}
	bs = append(bs, preview(v.Output, marks{}, wholeInWindow, jsonBytes, wholeLink)...)
	to := md("It is sent now, the same text under the same key.")
	if r := firstUnsure(v); r != nil {
		to = md("It is sent now to the first " + number(int64(r.First)) + " of its " + number(int64(r.All)) + " readers, the same text under the same key. The other " +
			number(int64(r.Left())) + " get it after a while if nothing is wrong with them, unless stopped.")
	}
	bs = append(bs, ownersYes(v)...)
	bs = append(bs,
		boxes(FieldLooked, "Before it goes out again", false, option("looked", "I looked myself; it is not there")),
		section(to+" If it was there after all, people may see it twice."),
	)
	return window("Send again?", "Send again", CallbackResend, meta(v, at), bs...)
}

// ownersYes says of a piece that an owner let through who may send it again, and past what; nothing of any other.
func ownersYes(v report.PieceView) []slack.Block {
	if v.Approval == nil {
		return nil
	}
	rules := engine.RulesPast(v.Approval.OverCap, v.Approval.Waived)
	if len(rules) == 0 {
		return nil
	}
	return []slack.Block{section("An owner let it pass: " + says(strings.Join(rules, ", "), nameMax) +
		". Where that would stop it now, only an owner can send it again. Nothing else is let through.")}
}

// DropWindow asks once more before an unknown outcome is given up.
func DropWindow(v report.PieceView, at Place) slack.ModalViewRequest {
	rest := md("")
	if r := firstUnsure(v); r != nil {
		rest = md(number(int64(r.Left())) + " of its " + number(int64(r.All)) + " readers do not get it; what is set aside for them is free again.")
	}
	return window("Drop it?", "Drop it", CallbackDrop, meta(v, at),
		repeats(v),
		section(words("I stop looking for it and do not send it again. If it is live after all, it stays live and I do not measure it.", rest)),
	)
}

// DropMissedWindow asks once more before a piece that did not go out is put aside.
func DropMissedWindow(v report.ExceptionView, at Place) slack.ModalViewRequest {
	title, does := "Drop it", md("This is put aside for good. Its text stays in What I made.")
	if stillLive(v) {
		title, does = "Leave it live", "I stop asking about it. It stays live until somebody removes it by hand."
	}
	return window(title+"?", title, CallbackMissed, Meta{ID: v.ID, Channel: at.Channel, TS: at.TS},
		section(lines(exceptionFacts(v), says(v.Reason, textMax))),
		section(does+" If you close this, nothing changes."),
	)
}

// HowWindow says how a channel or its credentials are mended. Passwords are never asked for in Slack.
func HowWindow(v report.ExceptionView) slack.ModalViewRequest {
	return window("How to fix", "", "", Meta{},
		section(lines("*"+says(v.Name, nameMax)+"*", says(v.Reason, textMax), says(v.Evidence, textMax))),
		section(remedy(v.ExceptionItem)),
		note("Never type a password here: secrets stand in a file on the host only. When it is mended, press It is fixed on the card; I look again."),
	)
}
