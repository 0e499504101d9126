package blocks

import (
	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/report"
)

// Stopped is the card of the emergency stop, and after a resume of its end.
func Stopped(v report.Stopped) Message {
	m := running(v)
	if v.Control.Stopped {
		m = stopped(v)
	}
	return m.about(string(engine.NoticeControl), "everything")
}

func stopped(v report.Stopped) Message {
	push := "Everything is stopped (by " + mention(v.Control.StoppedBy) + ", " + md(clock(v.Control.StoppedAt, v.Frame)) + "). Nothing goes out until an owner resumes."
	who := "Stopped by " + mention(v.Control.StoppedBy) + " " + when(v.Control.StoppedAt, v.Frame) + "."
	if v.Control.Why != "" {
		who += " “" + says(v.Control.Why, textMax) + "”"
	}
	return message(push,
		header("⏸ Everything is stopped"),
		section(lines(who, holdsBack(v), halted(v), out(v))),
		section(words("If you do nothing, all stays stopped.", where(len(v.MayResume) > 0, "Owners: "+mentions(v.MayResume, "or")+"."))),
		actions(
			button(IDResume, "Resume…", Value{ID: "everything"}),
			button(IDPage, "See what waits", PageValue{List: ListWaits}),
		),
	)
}

// holdsBack counts what a stop holds back.
func holdsBack(v report.Stopped) md {
	waits := md("No piece is cleared to go out.")
	if n := len(v.Waits); n > 0 {
		waits = md(plural(n, "cleared piece waits", "cleared pieces wait")) + "; the next was for " + when(v.Waits[0].Slot, v.Frame) + "."
	}
	return words(waits,
		where(len(v.TooLate) > 0, md(plural(len(v.TooLate), "piece is", "pieces are")+" too late by now.")),
		where(len(v.UnderWay) > 0, md(plural(len(v.UnderWay), "piece was", "pieces were")+" on the way already.")),
	)
}

// halted says how far a delivery got that was under way.
func halted(v report.Stopped) md {
	var ls []md
	for _, h := range v.Halted {
		ls = append(ls, words(channel(h.Row), title(h.Row), md("at "+number(int64(h.Sent))+" of "+number(int64(h.Of)))))
	}
	if len(ls) == 0 {
		return ""
	}
	return "On its way, halted: " + glue("; ", ls[:min(3, len(ls))]...) + where(len(ls) > 3, "; …") + "."
}

// StopAnswer tells the one who stopped everything what that came to: what had begun before, and may still land.
func StopAnswer(v report.Stopped) Message {
	way := where(len(v.Halted) == 0, "Nothing was on its way.")
	return message("Everything is stopped.",
		section(lines("Everything is stopped. Nothing goes out until an owner resumes.", rows("On its way already; it may still land:", way, v.UnderWay, v.Frame), halted(v), holdsBack(v), out(v))))
}

func out(v report.Stopped) md {
	if len(v.OutToday) == 0 {
		return "Nothing went out today before that."
	}
	var links []md
	for _, r := range v.OutToday[:min(3, len(v.OutToday))] {
		links = append(links, words(title(r), linkTo(r.URL)))
	}
	return md("Already out today ("+number(int64(len(v.OutToday)))+"): ") + glue(", ", links...) + where(len(v.OutToday) > 3, ", …")
}

func running(v report.Stopped) Message {
	next := md("Nothing is cleared to go out yet.")
	if len(v.Waits) > 0 {
		next = "Next: " + dots(when(v.Waits[0].Slot, v.Frame), channel(v.Waits[0]), title(v.Waits[0])) + "."
	}
	return message("Everything runs again.", header("✅ Everything runs again"), section(words(next, "What became too late meanwhile does not go out.", "Nothing is needed.")))
}

// waitsShown is how many rows of each list a stop's answers and windows show.
const waitsShown = 10

// Waits answers what a stop holds back, piece by piece.
func Waits(v report.Stopped) Message {
	return message("What waits while everything is stopped", append([]slack.Block{section(md("*What a resume would let go, and what is too late*"))}, waitLists(v)...)...)
}

// waitLists are the lists that the answer and the Resume window share.
func waitLists(v report.Stopped) []slack.Block {
	return []slack.Block{
		section(rows("Goes out at its time after a resume:", "Nothing is cleared to go out.", v.Waits, v.Frame)),
		section(rows("Too late, does not go out:", "", v.TooLate, v.Frame)),
		section(rows("On the way already, not held back:", "", v.UnderWay, v.Frame)),
	}
}

// rows is a short list under a heading; none instead of an empty one.
func rows(heading, none md, rs []report.Row, f report.Frame) md {
	if len(rs) == 0 {
		return none
	}
	var ls []md
	for _, r := range rs {
		ls = append(ls, dots(when(r.When(), f), channel(r), title(r)))
	}
	return upTo(waitsShown, md("*"+heading+"*"), ls)
}
