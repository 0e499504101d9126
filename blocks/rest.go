package blocks

import (
	"github.com/slack-go/slack"

	"koira/engine/report"
)

// haveIt says how many have a piece that goes out in two parts.
func haveIt(r report.Rest) string {
	return number(int64(r.Reached)) + " of " + number(int64(r.All)) + " have it"
}

// unsureOf says of a piece that goes out in two parts how far it is known who has it; "" of every other.
func unsureOf(v report.PieceView) md {
	switch r := v.Rest; {
	case r == nil:
		return ""
	case r.Reached > 0:
		return md(haveIt(*r) + ". Nobody knows whether the other " + number(int64(r.Left())) + " do.")
	default:
		return md("It went to the first "+number(int64(r.First))+" of its "+number(int64(r.All))+" readers: nobody knows whether they have it. The other "+
			number(int64(r.Left()))+" do not") + where(v.GivenUp, " get it") + "."
	}
}

// firstUnsure returns how v stands whose first readers perhaps have it; nil for every other piece.
func firstUnsure(v report.PieceView) *report.Rest {
	if v.Rest == nil || v.Rest.Reached > 0 {
		return nil
	}
	return v.Rest
}

// firstReaders is the card of an e-mail whose first readers have it: the rest follows by itself unless somebody stops it, or something is wrong.
func firstReaders(v report.PieceView) Message {
	r := *v.Rest
	push := md("First "+number(int64(r.Reached))+" have it; the rest follows "+clock(r.At, v.Frame)+" unless stopped. ") + channel(v.Row) + ": " + title(v.Row)
	head, why := "⏳ The rest goes out by itself", md("I look how they take it: where they leave in numbers, a rule says no or anything about it waits for a person, the rest waits for you.")
	if v.Approval != nil && v.Approval.At.After(v.OutSince()) { // not of a yes to all, from before anybody had it
		head, why = "⏳ The rest goes out", "Sent on by "+mention(v.Approval.By)+"."
	}
	return card(v, push, head, nil,
		section(lines(md(haveIt(r)+"; the other "+number(int64(r.Left()))+" get it ")+when(r.At, v.Frame)+" unless stopped.", why, where(len(v.Readings) > 0, "So far: "+readings(v)+"."))),
		section(silence(v.Silence, v.Frame)),
		actions(button(IDHalt, "Stop the rest", valueOf(v)), menu(valueOf(v), IDWhy, IDDetails)))
}

// heldRest is the card of an e-mail whose first readers have it, and whose rest waits for a person.
func heldRest(v report.PieceView) Message {
	r := *v.Rest
	push := md("Needs you: "+haveIt(r)+"; the rest waits. ") + channel(v.Row) + " " + title(v.Row)
	return card(v, push, "⚠️ The rest waits for you", nil,
		section(lines(md(haveIt(r)+". The other "+number(int64(r.Left()))+" do not."), stopsRest(v))),
		section(silence(v.Silence, v.Frame)),
		actions(button(IDSendRest, "Send the rest…", valueOf(v)), button(IDHalt, "Stop the rest", valueOf(v)), menu(valueOf(v), IDRule, IDDetails)))
}

// stopsRest says why the rest does not follow by itself.
func stopsRest(v report.PieceView) md {
	var why []md
	for _, f := range v.Blocks[:min(findingsShown, len(v.Blocks))] {
		why = append(why, says(f.Evidence, 300))
	}
	return lines(why...)
}

// SendRestWindow asks once more before the rest of an e-mail follows.
func SendRestWindow(v report.PieceView, at Place) slack.ModalViewRequest {
	if v.Rest == nil || !v.Rest.Waits {
		return SayWindow("Send the rest?", "There is no rest of this that waits. Nothing changed.")
	}
	r := *v.Rest
	return window("Send the rest?", "Send the rest", CallbackSendRest, meta(v, at),
		repeats(v), section(md(haveIt(r)+". With your yes the other "+number(int64(r.Left()))+" get it now.")), section(stopsRest(v)), note("If you close this, nothing changes."))
}
