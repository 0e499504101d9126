package blocks

import (
	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/report"
)

// live is the card of a piece that is out.
func live(v report.PieceView) Message {
	push := md("Live since "+clock(v.PublishedAt, v.Frame)+": ") + channel(v.Row) + " " + title(v.Row)
	return card(v, push, "✅ Live on "+plain(v.Channel, 40), nil,
		section(lines(
			words("Live since "+when(v.PublishedAt, v.Frame), where(linkTo(v.URL) != "", "→ "+linkTo(v.URL)))+".",
			words(results(v), "Nothing is needed."),
		)),
		actions(menu(valueOf(v), IDWhy, IDDetails)))
}

// results are the readings so far, in one sentence; only what the channel or a meter gave.
func results(v report.PieceView) md {
	if len(v.Readings) == 0 {
		return ""
	}
	return md("After "+since(v.PublishedAt, v.Frame)+": ") + readings(v) + "."
}

func readings(v report.PieceView) md {
	var rs []md
	simulated := false
	for _, r := range v.Readings {
		rs = append(rs, says(value(r.Value, r.Money, v.Currency), nameMax)+" "+says(r.Name, nameMax))
		simulated = simulated || r.Simulated
	}
	return glue(", ", rs...) + where(simulated, " (simulated)")
}

// Result is the message in a card's thread with the link and what the piece brought so far. It is edited in place as readings come in.
func Result(v report.PieceView) Message {
	got := results(v)
	if got == "" {
		got = "No readings yet: I look at least hourly for two days, then daily."
	}
	push := md("Results of ") + channel(v.Row) + " " + title(v.Row) + ": " + got
	return message(push, section(lines(
		words("Live on "+channel(v.Row)+" since "+when(v.PublishedAt, v.Frame), where(linkTo(v.URL) != "", "→ "+linkTo(v.URL)))+".",
		got,
	)), note("Nothing is needed.")).about(string(engine.NoticeResult), v.Output.ID)
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
	head, end := "⚠️ Not sure it went out", section(silence(v.Silence, v.Frame))
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
	return card(v, push, "Being taken down", nil, section("I am taking it down and look whether it is gone. Nothing is needed."))
}

func retracted(v report.PieceView) Message {
	push := "Taken down: " + channel(v.Row) + " " + title(v.Row)
	return card(v, push, "✅ Taken down", nil,
		section("It is gone from "+channel(v.Row)+". Copies that people made may stay. Nothing is needed."))
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
	return card(v, push, "⚠️ Given up: not sure it went out", nil,
		section("Nobody knows whether it went out. I do not send it again, and I do not measure it. Nothing is needed."),
		actions(menu(valueOf(v), IDWhy, IDDetails)))
}
