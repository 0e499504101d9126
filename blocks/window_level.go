package blocks

import (
	"strings"

	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/desk"
	"koira/engine/report"
)

// LevelWindow asks for a change of a task's level: an owner's yes to a raise, with the record that speaks for it, or a lowering. A raise for
// which something is missing says what, and cannot be sent in.
func LevelWindow(p desk.Proposal, v report.TaskView, at Place) slack.ModalViewRequest {
	m := Meta{ID: p.Task.ID, From: p.From.String(), To: p.To.String(), Channel: at.Channel, TS: at.TS}
	change := section(lines(
		"*"+says(p.Task.Name, nameMax)+"*",
		"Now: "+level(p.From)+".",
		"Then: "+level(p.To)+".",
	))
	switch {
	case !p.Raises:
		return window("Lower to "+p.To.String()+"?", "Lower", CallbackLevel, m, change,
			section("It counts at once. What would have gone out by itself at the old level waits for a yes. If you close this, nothing changes."))
	case len(p.Missing) > 0:
		return window("Not yet", "", "", Meta{}, change,
			section("It cannot go to "+md(p.To.String())+" yet. Missing: "+says(strings.Join(p.Missing, "; "), textMax)+". If you do nothing, it stays at "+md(p.From.String())+"."),
			wallButtons(p.Opens))
	}
	return window("Allow "+p.To.String()+"?", "Allow", CallbackLevel, m, change,
		section(where(v.Offer != nil, blastOf(v))),
		section(lines("*Your reviews*: "+says(p.Proof, 300)+".", sides(v))),
		section("Rules still stop it, and so can anyone here. It goes down again by itself when the evidence turns bad. If you close this, it stays at "+md(p.From.String())+"."),
		boxes(FieldRead, "Before you allow it", false, option("read", readBox(p.To))),
	)
}

func readBox(to engine.Level) string {
	if to.Rung().Unasked {
		return "I have read what may now happen without asking"
	}
	return "I have read what changes"
}

func blastOf(v report.TaskView) md {
	if v.Offer == nil {
		return ""
	}
	s := "*What may then happen*: " + mayHappen(v.Offer, v)
	if v.Offer.To >= engine.L4 && v.Offer.MightDiffer > 0 {
		s += " Up to about " + md(number(int64(v.Offer.MightDiffer))) + " a week might be one that you would have changed."
	}
	return md(s)
}

// sides shows the first reviews beside the last ones.
func sides(v report.TaskView) md {
	if v.First.Of == 0 {
		return ""
	}
	return md("First ten: " + number(int64(v.First.Unchanged)) + " of " + number(int64(v.First.Of)) + " unchanged, last ten: " +
		number(int64(v.Last.Unchanged)) + " of " + number(int64(v.Last.Of)) + ".")
}
