package blocks

import (
	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/report"
)

// draft is the card of a piece that waits for a yes. What is long, cannot be taken back, or is due within minutes is approved in ReadWindow.
func draft(v report.PieceView) Message {
	if by := v.Stopped(); by != nil {
		return stoppedOne(v, *by)
	}
	at := clock(v.Slot, v.Frame)
	push := md("Approve for "+at+"? ") + channel(v.Row) + ": " + title(v.Row)
	head := "🔎 Waits for your yes"
	if v.Irreversible {
		head += " · cannot be taken back"
	}
	approve := primary(button(IDApprove, "Approve", yesTo(v)))
	switch {
	case inWindow(v):
		approve = primary(button(IDRead, "Read and approve…", valueOf(v)))
	case v.Soon():
		approve = primary(button(IDRead, "Approve…", valueOf(v)))
	}
	return card(v, push, head, looks(v), section(silence(v.Silence, v.Frame)), actions(
		approve,
		button(IDEdit, "Edit…", valueOf(v)),
		button(IDReject, "Reject…", valueOf(v)),
		menu(valueOf(v), IDWhy, IDTime, IDNow, IDDetails),
	))
}

// inWindow reports whether a piece is read whole in its window before a yes.
func inWindow(v report.PieceView) bool { return v.LongOrIrreversible() || !Whole(v) }

// findingsShown is how many findings a card spells out; all of them are in Details.
const findingsShown = 3

// looks says what the checks found, in words.
func looks(v report.PieceView) []slack.Block {
	found := append(append([]engine.Finding(nil), v.Blocks...), v.Warnings...)
	heading := md("Please look at:")
	if len(v.Blocks) > 0 {
		heading = "What stops it:"
	}
	var ls []md
	for _, f := range found[:min(findingsShown, len(found))] {
		ls = append(ls, "• "+finding(f))
	}
	if more := len(found) - findingsShown; more > 0 {
		ls = append(ls, md("• "+plural(more, "more thing", "more things")+" to look at, in Details"))
	}
	if len(found) > 0 {
		ls = append([]md{heading}, ls...)
	}
	return []slack.Block{section(lines(append(ls, passed(v.Passed, len(found)))...))}
}

// finding is one finding: what was found, and the smallest change that would let it pass.
func finding(f engine.Finding) md {
	if f.Remedy == "" {
		return says(f.Evidence, 300)
	}
	return words(says(f.Evidence, 300), "Smallest change: "+says(f.Remedy, 200))
}

func passed(n, found int) md {
	switch {
	case n == 0:
		return ""
	case found == 0:
		return md("All " + plural(n, "check", "checks") + " passed.")
	}
	return md("The other " + plural(n, "check", "checks") + " passed.")
}

// held is the card of a piece that a rule stopped.
func held(v report.PieceView) Message {
	if v.Rest != nil && v.Rest.Waits {
		return heldRest(v)
	}
	push := md("Needs you by "+clock(v.Output.Expires, v.Frame)+": stopped, ") + channel(v.Row) + " " + title(v.Row)
	return card(v, push, "⚠️ Stopped by a rule", looks(v), section(silence(v.Silence, v.Frame)), actions(
		button(IDEdit, "Fix the text…", valueOf(v)),
		button(IDReject, "Reject…", valueOf(v)),
		menu(valueOf(v), IDRule, IDTime, IDDetails),
	))
}

// unwritten is the card of a piece that has no checked text yet.
func unwritten(v report.PieceView) Message {
	push := md("Being written for "+clock(v.Slot, v.Frame)+": ") + channel(v.Row) + " " + title(v.Row)
	return card(v, push, "Being written", nil, section("Nothing is needed yet: I ask when it is ready."))
}
