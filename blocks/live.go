package blocks

import (
	"cmp"
	"math"
	"strings"

	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/report"
)

// live is the card of a piece that is out.
func live(v report.PieceView) Message {
	if v.Exception != nil && v.Exception.Kind == engine.ExceptionMissed {
		return notRemoved(v)
	}
	push := md("Live since "+clock(v.PublishedAt, v.Frame)+": ") + channel(v.Row) + " " + title(v.Row)
	if _, found := v.Found(); found {
		push = md("Live, found "+clock(v.PublishedAt, v.Frame)+": ") + channel(v.Row) + " " + title(v.Row)
	}
	return card(v, push, "✅ Live on "+plain(v.Channel, 40), nil,
		section(lines(
			words("Live "+sinceWhen(v), where(linkTo(v.URL) != "", "→ "+linkTo(v.URL)))+".",
			results(v),
			unsent(v),
			"Nothing is needed.",
		)),
		actions(takeDown(v), stopRest(v), menu(valueOf(v), IDWhy, IDDetails)))
}

// sinceWhen says since when a piece is live: of one that a person found, when they did and when it was sent, since nobody knows when it landed.
func sinceWhen(v report.PieceView) md {
	s, found := v.Found()
	if !found {
		return "since " + when(v.PublishedAt, v.Frame)
	}
	return "as a person found " + when(v.PublishedAt, v.Frame) + where(!s.ClaimedAt.IsZero(), ", sent "+when(s.ClaimedAt, v.Frame))
}

// takeDown is the button where the channel can take a piece back; nil elsewhere.
func takeDown(v report.PieceView) slack.BlockElement {
	if !v.CanRetract {
		return nil
	}
	return button(IDRetract, "Take down…", valueOf(v))
}

func stopRest(v report.PieceView) slack.BlockElement {
	if !v.CanHalt {
		return nil
	}
	return button(IDHalt, "Stop the rest", valueOf(v))
}

// unsent says of what cannot be taken back how many have it, once its delivery was stopped.
func unsent(v report.PieceView) md {
	if v.Traits.Retract || v.Output.Origin == engine.OriginHand {
		return ""
	}
	h, all := v.Halt, md("It cannot be taken back.")
	switch {
	case v.Rest != nil && v.Rest.Unsure:
		return unsureOf(v) + " It cannot be taken back from those who have it, and I do not send it again."
	case v.Rest != nil && v.Rest.Why != "":
		return md(haveIt(*v.Rest)+", and it cannot be taken back from them. The rest does not go out: ") + says(strings.TrimSuffix(v.Rest.Why, "."), 200) +
			". To correct it: `/koira draft " + says(v.Output.Task, nameMax) + "`."
	case h == nil && v.CanHalt:
		return all + " What is still being delivered can be stopped."
	case h == nil:
		return all
	case h.AnsweredAt.IsZero():
		return all + " The rest is being stopped since " + when(h.AskedAt, v.Frame) + "."
	case h.All == 0:
		return all + " Nothing confirmed that the rest was stopped, so count on all having it."
	case h.Reached >= h.All:
		return md("Stopped too late: all " + number(int64(h.All)) + " have it.")
	}
	return "Stopped " + when(h.AnsweredAt, v.Frame) + md(": "+number(int64(h.Reached))+" of "+number(int64(h.All))+" have it, and it cannot be taken back from them.") +
		" To correct it: `/koira draft " + says(v.Output.Task, nameMax) + "`."
}

// notRemoved is the card of a piece that was to be taken down and is still there, or that is out and should have been stopped.
func notRemoved(v report.PieceView) Message {
	head := "It should have been stopped"
	if strings.HasPrefix(v.Exception.Reason, engine.CouldNotRemove) {
		head = "Could not remove it"
	}
	push := md(head+": ") + channel(v.Row) + " " + title(v.Row)
	return card(v, push, "⚠️ "+head, nil,
		section(lines(
			words(says(v.Exception.Reason, 200), where(linkTo(v.URL) != "", "→ "+linkTo(v.URL))),
			says(v.Exception.Evidence, textMax),
			where(v.Halt != nil, unsent(v)),
			where(v.Exception.Remedy != "", "What you can do: "+says(v.Exception.Remedy, textMax)),
		)),
		section(silence(v.Silence, v.Frame)),
		actions(takeDown(v), stopRest(v), menu(valueOf(v), IDWhy, IDDetails)))
}

// results are the readings so far, in one sentence; only what the channel or a meter gave.
func results(v report.PieceView) md {
	if len(v.Readings) == 0 || v.OutSince().IsZero() {
		return ""
	}
	return md("After "+since(v.OutSince(), v.Frame)+": ") + readings(v) + "."
}

func readings(v report.PieceView) md {
	var rs []md
	simulated := false
	for _, r := range v.Readings {
		rs = append(rs, says(value(r.Value, r.Money, v.Currency), nameMax)+" "+says(r.Name, nameMax)+byThen(r, v.Currency))
		simulated = simulated || r.Simulated
	}
	return glue(", ", rs...) + where(simulated, " (simulated)")
}

// byThen is where earlier pieces were at the same age.
func byThen(r report.Reading, currency string) md {
	switch {
	case !r.Judged:
		return ""
	case !r.Usual.Known:
		return " (usual by then: too little data)"
	}
	bound := func(x float64) string { return value(int64(math.Round(x)), r.Money, currency) }
	return md(" (usual by then " + bound(r.Usual.Low) + "–" + bound(r.Usual.High) + ")")
}

// Result is the message in a card's thread with the link and what the piece brought so far. It is edited in place as readings come in.
func Result(v report.PieceView) Message {
	got := results(v)
	if got == "" {
		got = "No readings yet: I look at least hourly for two days, then daily."
	}
	stands := words("Live on "+channel(v.Row)+" "+sinceWhen(v), where(linkTo(v.URL) != "", "→ "+linkTo(v.URL))) + "."
	if v.Output.State == engine.StateRetracted {
		stands, got = "It was live on "+channel(v.Row)+" "+sinceWhen(v)+", and is taken down.", where(len(v.Readings) > 0, "Until then: "+readings(v)+".")
	}
	push := md("Results of ") + channel(v.Row) + " " + title(v.Row) + ": " + got
	return message(push, section(lines(stands, got)), note("Nothing is needed.")).about(string(engine.NoticeResult), v.Output.ID)
}

// leaving is the card of a piece whose delivery has begun.
func leaving(v report.PieceView) Message {
	push := "Going out now: " + channel(v.Row) + " " + title(v.Row)
	return card(v, push, "Going out now", nil, section("It is on its way to "+channel(v.Row)+". Nothing is needed; I look whether it arrived."))
}

// unconfirmed is the card of a piece of which nobody knows whether it is out. People decide once its exception asks them, which it does in the
// exceptions room too; before that koira looks by itself, and a decision would be taken too early.
func unconfirmed(v report.PieceView) Message {
	push := "Not sure it went out: " + channel(v.Row) + " " + title(v.Row)
	head, end := "⚠️ Not sure it went out", section(lines(unsureOf(v), silence(v.Silence, v.Frame)))
	if v.Exception == nil {
		return card(v, push, head, nil, end)
	}
	why := words(says(v.Exception.Evidence, textMax), says(v.Exception.Remedy, textMax))
	return card(v, push, head, []slack.Block{section(why)}, end, unsureActions(valueOf(v)))
}

// unsureActions are the three ways out of an unknown outcome.
func unsureActions(v Value) slack.Block {
	return actions(
		button(IDLive, "It is there…", v),
		button(IDResend, "Send again…", v),
		button(IDDrop, "Drop it…", v),
	)
}

func retracting(v report.PieceView) Message {
	push := "Being taken down: " + channel(v.Row) + " " + title(v.Row)
	return card(v, push, "Being taken down", nil,
		section(words(orderedBy(v), "I take it down and look whether it is gone. Nothing is needed.")),
		actions(menu(valueOf(v), IDWhy, IDDetails)))
}

// orderedBy says who had a piece taken down, and why.
func orderedBy(v report.PieceView) md {
	r := v.Retraction
	if r == nil {
		return ""
	}
	return "Taken down by " + mention(r.By) + " " + when(r.At, v.Frame) + where(r.Why == "", ".") + where(r.Why != "", ": “"+says(r.Why, textMax)+"”")
}

// retracted is the card of a piece that is gone, and of how much that is known.
func retracted(v report.PieceView) Message {
	push := "Taken down: " + channel(v.Row) + " " + title(v.Row)
	known := "It is gone from " + channel(v.Row) + "."
	switch {
	case !v.LookedAt.IsZero() && !v.LookedAt.Equal(v.GoneAt):
		known = "Gone from " + channel(v.Row) + " " + when(v.GoneAt, v.Frame) + ", looked again " + hour(v.LookedAt, v.Frame) + "."
	case !v.LookedAt.IsZero():
		known = "Not there any more: looked at " + channel(v.Row) + " " + when(v.LookedAt, v.Frame) + "."
	case !v.GoneAt.IsZero():
		known = "Gone from " + channel(v.Row) + " " + when(v.GoneAt, v.Frame) + ", on its word: I could not look myself."
	}
	return card(v, push, "✅ Gone from "+plain(v.Channel, 40), nil,
		section(lines(known, orderedBy(v), "Copies that people made may stay. Nothing is needed.")),
		actions(menu(valueOf(v), IDWhy, IDDetails)))
}

// failed is the card of a piece that is certainly not out and never will be.
func failed(v report.PieceView) Message {
	if v.GivenUp {
		return givenUp(v)
	}
	push := "Did not go out: " + channel(v.Row) + " " + title(v.Row)
	why := md("")
	for _, s := range v.Sends {
		why = says(s.Evidence, textMax)
	}
	return card(v, push, "⚠️ Did not go out", nil,
		section(words("It is certainly not out, and I do not try again.", why, "Nothing is needed. For another: `/koira draft "+says(v.Output.Task, nameMax)+"`.")),
		actions(menu(valueOf(v), IDWhy, IDDetails)))
}

// givenUp is the card of a piece of which nobody ever learned whether it is out, since a person dropped it.
func givenUp(v report.PieceView) Message {
	push := "Given up: " + channel(v.Row) + " " + title(v.Row)
	known := cmp.Or(unsureOf(v), "Nobody knows whether it went out.")
	return card(v, push, "⚠️ Given up: not sure it went out", nil,
		section(known+" I do not send it again, and I do not measure it. Nothing is needed."),
		actions(menu(valueOf(v), IDWhy, IDDetails)))
}
