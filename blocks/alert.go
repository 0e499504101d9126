package blocks

import (
	"koira/engine"
	"koira/engine/report"
)

// stoppedShown is how many of the pieces that money stops a card names; the others are counted.
const stoppedShown = 5

// Alert is the card of a limit on money that is nearly used, or used up.
func Alert(v report.AlertView) Message {
	money := func(x engine.Money) md { return says(x.Format(v.Currency), nameMax) }
	name, used := plain(v.Name, 40), md(number(int64(v.Percent)))+" %"
	push := used + " used: " + says(v.Name, nameMax) + ", " + money(v.Used) + " of " + money(v.Limit)
	var rows []md
	for _, r := range v.Waits {
		rows = append(rows, dots(onDay(r.Slot, v.Frame), says(r.Name, nameMax), title(r)))
	}
	var m Message
	buttons := actions(button(IDPage, "Show the money", PageValue{List: ListBudget}))
	if v.Weekly {
		buttons = actions(button(IDLimitLower, "Lower the limit…", Value{ID: "budget"}), button(IDLimitRaise, "Raise the limit…", Value{ID: "budget"}),
			button(IDPage, "Show the money", PageValue{List: ListBudget}))
	}
	m = message(push,
		header("⚠️ "+name+": "+string(used)+" used"),
		section(money(v.Used)+" of "+money(v.Limit)+" is spent or set aside"+where(v.Model > 0, " ("+money(v.Model)+" of it for the AI model)")+"."),
		section(upTo(stoppedShown, "*Waits for money*", rows)),
		section(alertSilence(v)),
		section(alertRemedy(v)),
		buttons,
	)
	return m.about(string(engine.NoticeBudget), v.Subject())
}

func alertSilence(v report.AlertView) md {
	switch {
	case v.Cap == "model" && v.Full():
		return "If you do nothing, nothing more is written with the AI model until the week ends."
	case v.Cap == "model":
		return "If you do nothing, nothing more is written with the AI model once all of it is used."
	case v.Full():
		return "If you do nothing, what costs money waits, and ends when its time passes."
	}
	return "If you do nothing, all goes on; once all of it is used, what costs money waits."
}

// alertRemedy says what people can do.
func alertRemedy(v report.AlertView) md {
	if v.Weekly {
		return "You can raise or lower the limit (a raise: " + mentions(v.MayRaise, "or") + ", up to " + says(v.Ceiling.Format(v.Currency), nameMax) + "), or an owner allows a single piece on its card."
	}
	return "This limit is not the week's: an owner changes it under `/guardrails` or in the config file, or allows a single piece on its card."
}
