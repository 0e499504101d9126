package blocks

import (
	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/report"
)

// RetractWindow asks before what is out is taken down: who may have seen it, and what that does to its task.
func RetractWindow(v report.PieceView, at Place) slack.ModalViewRequest {
	const head = "Take it down?"
	if !v.CanRetract {
		return SayWindow(head, v.Channel+" cannot take this back, or it is not out. Nothing changed.")
	}
	return window(head, "Take down", CallbackRetract, meta(v, at),
		section(lines(
			dots("*"+says(v.Name, nameMax)+"*", channel(v.Row), title(v.Row)),
			words("Live "+sinceWhen(v), where(linkTo(v.URL) != "", "→ "+linkTo(v.URL)))+".",
		)),
		section(words(seenBy(v), "Copies that people made may stay.")),
		section(lowers(v)),
		field(FieldNote, "Why?", "", noteMax, true, true),
		note("If you close this, it stays live."),
	)
}

// seenBy says who may have seen a piece that is out.
func seenBy(v report.PieceView) md {
	to := says(v.Segment, nameMax)
	switch {
	case v.Audience > 0 && to != "":
		return md("Some of "+plural(v.Audience, "person", "people")) + " (" + to + ") may have seen it."
	case v.Audience > 0:
		return md("Some of " + plural(v.Audience, "person", "people") + " may have seen it.")
	}
	return "Some people may have seen it."
}

// lowers says what becomes of the task's level.
func lowers(v report.PieceView) md {
	t := v.Task
	below, ok := t.Level.Below()
	if !ok {
		return "*" + says(t.Name, nameMax) + "* stays at " + inWords(t.Level) + ": there is no level below."
	}
	if v.Second {
		return "*" + says(t.Name, nameMax) + "* was lowered for cause lately, so this pauses it. It resumes at " + inWords(below) + "."
	}
	return "This lowers *" + says(t.Name, nameMax) + "* from " + md(t.Level.String()) + " to " + inWords(below) + "."
}

func inWords(l engine.Level) md { return md(l.String() + " (" + l.Words() + ")") }
