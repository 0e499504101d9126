package blocks

import (
	"koira/engine"
	"koira/engine/report"
)

// stormShown is how many pieces of a storm its card names; all of them are in the list behind it.
const stormShown = 8

// Storm is the one card of many exceptions of one cause. Each is still decided by itself, in the list that it opens.
func Storm(v report.Storm) Message {
	var m Message
	if len(v.Open) > 0 {
		m = openStorm(v)
	} else {
		m = message("Settled: "+stormCause(v), header("✅ Settled"), section("All "+md(number(int64(v.Closed)))+" of them: "+stormCause(v)+". Nothing is needed."))
	}
	return m.about(string(engine.NoticeStorm), v.ID)
}

func openStorm(v report.Storm) Message {
	n := plural(len(v.Open), "piece", "pieces")
	first := v.Open[0]
	push := "Needs you: " + md(n) + " more, " + stormCause(v)
	if !first.Due.IsZero() && first.Due.After(v.AsOf) {
		push = "Needs you by " + md(clock(first.Due, v.Frame)) + ": " + md(n) + " more, " + stormCause(v)
	}
	var rows []md
	for _, e := range v.Open {
		rows = append(rows, dots(exceptionFacts(report.ExceptionView{Frame: v.Frame, ExceptionItem: e})))
	}
	ends := md("If you do nothing, none of them goes out; each ends at its time.")
	if v.Kind == engine.ExceptionMissed {
		ends = "If you do nothing, they stay unpublished."
	}
	return message(push,
		header("⚠️ "+n+" more: "+string(stormTitle(v))),
		note(md("One card for all of them, so that the rest is not buried.")+where(v.Closed > 0, md(" "+number(int64(v.Closed))+" are settled."))+
			where(v.Others > 0, md(" "+plural(v.Others, "other has its own card", "others have their own cards")+"."))),
		section(lines(says(first.Evidence, textMax), remedy(first))),
		section(upTo(stormShown, "*Soonest first:*", rows)),
		section(words(ends, where(len(v.Who) > 0, "For "+mentions(v.Who, "or")+"."))),
		actions(button(IDPage, "Decide one by one", PageValue{List: ListExceptions})),
	)
}

func stormCause(v report.Storm) md { return says(stormTitle(v), nameMax) }

func stormTitle(v report.Storm) string {
	if v.Kind == engine.ExceptionMissed {
		return "did not go out in time"
	}
	return "stopped by the rule " + v.Rule
}

// Reminder asks once more about an exception whose time is half over.
func Reminder(v report.ExceptionView) Message {
	push := md("Still needs you by "+clock(v.Due, v.Frame)+": ") + says(v.Reason, nameMax)
	if v.Piece != nil {
		push += " " + channel(*v.Piece) + " " + title(*v.Piece)
	}
	open := button(IDPage, "Open", PageValue{List: ListExceptions})
	if v.Output != "" {
		open = button(IDOpen, "Open", Value{ID: v.Output})
	}
	return message(push,
		header("⚠️ Still needs you"),
		note(exceptionFacts(v)),
		section(lines(says(v.Reason, nameMax), words(silence(v.Silence, v.Frame), where(len(v.Who) > 0, "For "+mentions(v.Who, "or")+".")))),
		note("Half of its time is over. I ask once."),
		actions(open),
	).about(string(engine.NoticeReminder), v.ID).until(v.Due)
}
