package blocks

import (
	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/desk"
	"koira/engine/report"
)

// Request is the card of more room that an owner asks for and a second person signs, or of how that ended.
func Request(v report.RequestView) Message {
	m := endedRequest(v)
	if v.State == engine.RequestPending && !v.Late() {
		m = openRequest(v).about(string(engine.NoticeRequest), v.ID).until(v.Expires)
		return m
	}
	return m.about(string(engine.NoticeRequest), v.ID)
}

func openRequest(v report.RequestView) Message {
	first := md("more room for me")
	if len(v.Lines) > 0 {
		first = says(v.Lines[0], 100)
	}
	return message("Sign by "+md(clock(v.Expires, v.Frame))+"? "+first,
		header("🔎 More room for me: a second yes"),
		note(dots("asked by "+mention(v.By)+" "+when(v.At, v.Frame), "waits until "+when(v.Expires, v.Frame))),
		section(requestLines(v)),
		section(leftLines(v.Left)),
		section(triedLines(v.Tried)),
		section(where(v.Why != "", "“"+says(v.Why, 500)+"”")),
		section(words("If you do nothing, nothing changes.", where(len(v.MaySign) > 0, "For "+mentions(v.MaySign, "or")+"."))),
		actions(button(IDSign, "Sign…", Value{ID: v.ID}), button(IDCancel, "Cancel", Value{ID: v.ID})),
	)
}

func requestLines(v report.RequestView) md {
	var ls []md
	for _, l := range v.Lines {
		ls = append(ls, says(l, 300))
	}
	return upTo(changesMost, "*Old → new*:", ls)
}

// ending says how a request ended.
func ending(v report.RequestView) (mark string, text md) {
	switch {
	case v.State == engine.RequestApplied:
		return "✅", "Signed by " + mention(v.EndedBy) + " " + when(v.EndedAt, v.Frame) + ". In force."
	case v.Late():
		return "⏸", "Ran out " + when(v.Expires, v.Frame) + ": nobody signed in time. Nothing changed."
	case v.EndedWhy != desk.CancelledByPerson:
		return "⏸", "Ended " + when(v.EndedAt, v.Frame) + ": " + says(v.EndedWhy, 200) + ". Nothing changed."
	}
	return "⏸", "Cancelled by " + mention(v.EndedBy) + " " + when(v.EndedAt, v.Frame) + ". Nothing changed."
}

func endedRequest(v report.RequestView) Message {
	mark, text := ending(v)
	push := md("More room for me: not given")
	if v.State == engine.RequestApplied {
		push = "More room for me: signed"
	}
	return message(push,
		header(mark+" More room for me"),
		note("asked by "+mention(v.By)+" "+when(v.At, v.Frame)),
		section(requestLines(v)),
		section(text+" Nothing is needed."),
	)
}

// SignWindow asks a second person for their yes to more room, in the very words that the owner confirmed.
func SignWindow(v report.RequestView, at Place) slack.ModalViewRequest {
	return window("Sign more room for me?", "Sign", CallbackSign, Meta{ID: v.ID, Channel: at.Channel, TS: at.TS},
		section(words(mention(v.By)+" asks for it; you are the second person.", where(v.Why != "", "“"+says(v.Why, 500)+"”"))),
		section(requestLines(v)),
		section(triedLines(v.Tried)),
		section("It counts at once for everything that has not gone out. If you close this, nothing changes, and it runs out "+when(v.Expires, v.Frame)+"."),
	)
}

// RequestWaits answers who asked for more room that it waits for a signature.
func RequestWaits(v report.RequestView) Message {
	return message("Waits for a signature",
		section("🔎 It waits for a second person's signature until "+when(v.Expires, v.Frame)+where(len(v.MaySign) > 0, ": "+mentions(v.MaySign, "or"))+". If nobody signs, nothing changes."))
}
