package blocks

import (
	"github.com/slack-go/slack"

	"koira/engine/report"
)

// Status answers whether koira runs and whether it needs anybody.
func Status(v report.Status) Message {
	bs := []slack.Block{
		section(statusLine(v), openButton(v.NeedYou)),
		section(lines(nextLine(v), "Written by "+says(v.Writer, 120)+".")),
		note(notes(v)),
	}
	if !v.Running() {
		bs = append(bs, actions(button(IDResume, "Resume…", Value{ID: "everything"}), button(IDPage, "See what waits", PageValue{List: ListWaits})))
	}
	return message(statusText(v), bs...)
}

func statusText(v report.Status) md {
	if v.Running() {
		return md("Running. " + v.NeedYou.Words() + ".")
	}
	return "Everything is stopped. " + md(v.NeedYou.Words()) + "."
}

func statusLine(v report.Status) md {
	if v.Running() {
		return md("*Running.* " + v.NeedYou.Words() + ".")
	}
	s := "*⏸ Everything is stopped* by " + mention(v.Control.StoppedBy) + " " + when(v.Control.StoppedAt, v.Frame) + "."
	if v.Control.Why != "" {
		s += " “" + says(v.Control.Why, 200) + "”"
	}
	return s + " " + md(v.NeedYou.Words()) + "."
}

func nextLine(v report.Status) md {
	if v.Next == nil {
		return "Next: nothing is planned yet."
	}
	return "Next: " + dots(when(v.Next.Slot, v.Frame), channel(*v.Next), title(*v.Next), says(v.Next.Words, nameMax))
}
