package blocks

import (
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/report"
)

// AwayForm is what stands in AwayWindow's fields.
type AwayForm struct {
	Until    time.Time
	Delegate string // user id, "" for nobody
	MaxLevel engine.Level
	Budget   string // a sum as typed; "" for no limit of its own
}

// AwayWindow asks an owner once more before they are away: what goes out by itself until then, what waits and may run out, and who decides.
// running is theirs that holds already, nil for none.
func AwayWindow(v report.Leaving, f AwayForm, running *engine.Absence, at Place) slack.ModalViewRequest {
	zone := zoneOf(v.Frame)
	day := slack.NewDatePickerBlockElement(FieldUntil)
	day.InitialDate = f.Until.In(zone).Format(time.DateOnly)
	who := slack.NewOptionsSelectBlockElement(slack.OptTypeUser, plainText("Nobody"), FieldDelegate)
	who.InitialUser = f.Delegate
	var levels []*slack.OptionBlockObject
	for l := engine.LeastAway; l <= engine.L5; l++ {
		levels = append(levels, option(l.String(), l.String()+" "+l.Words()))
	}
	top := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, FieldLevel, levels...)
	top.InitialOption = levels[f.MaxLevel-engine.LeastAway]
	m := Meta{ID: "away", Channel: at.Channel, TS: at.TS}
	lead, verb := md("*Away until "+says(dayName(f.Until, v.Frame), nameMax)+"?*"), "Start"
	if running != nil {
		lead, verb = md("*You are away until "+says(dayName(running.Until, v.Frame), nameMax)+". Change it to "+says(dayName(f.Until, v.Frame), nameMax)+"?*"), "Change"
	}
	return window("Going away", verb, CallbackAway, m,
		section(lines(lead, untilThen(v))),
		slack.NewInputBlock(FieldUntil, plainText("Back on"), nil, day),
		hint(slack.NewInputBlock(FieldDelegate, plainText("Who decides meanwhile"), nil, who).WithOptional(true), "They may approve and reject until then, and nothing that only owners may. Left empty: whoever approves anyhow."),
		slack.NewInputBlock(FieldLevel, plainText("No task acts above"), nil, top),
		hint(field(FieldBudget, "Most that is spent until then", f.Budget, 20, false, true), "A sum like 50. Left empty: your weekly limits alone."),
		note(meanwhile(v)+" No level changes. If you close this, nothing changes."),
	)
}

// meanwhile says what an absence changes, and for how long where another owner is there or comes back first.
func meanwhile(v report.Leaving) md {
	switch {
	case len(v.Here) > 0:
		return "Also here: " + mentions(v.Here, "and") + ". Only while no owner is do these limits hold, does what cannot be taken back wait for a yes, and is what was written for a date that passes withdrawn."
	case v.Alone.Before(v.Until):
		return "Another owner is back on " + says(dayName(v.Alone, v.Frame), nameMax) + ". Until then these limits hold, what cannot be taken back waits for a yes, and what was written for a date that passes is withdrawn."
	}
	return "What cannot be taken back waits for somebody's yes. What was written for a date that passes is withdrawn."
}

func untilThen(v report.Leaving) md {
	count := func(ks []report.KindCount) md {
		var parts []string
		for _, k := range ks {
			parts = append(parts, k.Words())
		}
		return md(strings.Join(parts, ", "))
	}
	by := md("By itself: nothing.")
	if len(v.ByItself) > 0 {
		by = "By itself: about " + count(v.ByItself) + ", at most " + says(v.Cost.Format(v.Currency), nameMax) + "."
	}
	return words(by, where(len(v.Waits) > 0, "Waits for a yes, and may run out: about "+count(v.Waits)+"."))
}

// ReadAway reads AwayWindow. Code invalid, with its field, for no date.
func ReadAway(v slack.View, zone *time.Location) (AwayForm, error) {
	f := AwayForm{Delegate: entry(v, FieldDelegate).SelectedUser, Budget: strings.TrimSpace(entry(v, FieldBudget).Value)}
	var err error
	if f.Until, err = time.ParseInLocation(time.DateOnly, entry(v, FieldUntil).SelectedDate, zone); err != nil {
		e := engine.Errorf(engine.CodeInvalid, "Choose the day on which you are back. Nothing changed.")
		e.Field, e.Err = FieldUntil, err
		return f, e
	}
	f.MaxLevel, err = engine.ParseLevel(entry(v, FieldLevel).SelectedOption.Value)
	return f, err
}

// dayName is a day where only plain text can stand.
func dayName(t time.Time, f report.Frame) string { return t.In(zoneOf(f)).Format("Mon 2 Jan") }

// Away is the card of an owner's absence; it is brought up to date once that has ended.
func Away(v report.AwayView) Message {
	until := says(dayName(v.Until, v.Frame), nameMax)
	if !v.EndedAt.IsZero() {
		return message(mention(v.Owner)+" is back.",
			section("✅ "+mention(v.Owner)+" is back since "+when(v.EndedAt, v.Frame)+". Nothing is needed."),
		).about(string(engine.NoticeAway), v.ID)
	}
	decides := md("Approvers and owners who are here decide meanwhile.")
	if v.Delegate != "" {
		decides = mention(v.Delegate) + " decides meanwhile: approve and reject, until " + until + "."
	}
	limits := []md{
		where(v.MaxLevel < engine.L5, "• no task acts above "+md(v.MaxLevel.String()+" ("+v.MaxLevel.Words()+")")),
		where(v.Capped, "• at most "+says(v.Budget.Format(v.Currency), nameMax)+" is spent until then"),
		"• what cannot be taken back waits for a yes",
		"• what was written for a date that passes is withdrawn",
	}
	lead := md("Until then:")
	if v.Others {
		lead = "While no owner is here:"
	}
	return message(mention(v.Owner)+" is away until "+until+".",
		section("*"+mention(v.Owner)+" is away until "+until+".* "+decides),
		section(lines(append([]md{lead}, limits...)...)),
		section("If you do nothing, it ends on "+until+", with a report."),
		actions(button(IDReturn, "I am back", Value{ID: v.ID})),
	).about(string(engine.NoticeAway), v.ID)
}

// StillAway asks an owner who does something while they are away whether they are back.
func StillAway(a engine.Absence, f report.Frame) Message {
	until := says(dayName(a.Until, f), nameMax)
	return message("You are still away until "+until+".",
		section("You said that you are away until "+until+". If you do nothing, that stays so."),
		actions(button(IDReturn, "I am back", Value{ID: a.ID})),
	)
}

// Return is the one report of what happened while an owner was away.
func Return(v report.Return) Message {
	lead := md("You were away " + plural(v.Days, "day", "days") + ".")
	if v.Silent {
		lead = md("No owner has been here for " + plural(v.Days, "day", "days") + ".")
	}
	var parts []md
	for _, w := range v.Words() {
		parts = append(parts, md(w))
	}
	if n := len(v.RanOut); n > 0 {
		parts = append(parts, md(number(int64(n)))+" ran out (for "+slots(v)+")")
	}
	parts = append(parts, says(v.Spent.Format(v.Currency)+" of "+v.Limit.Format(v.Currency), nameMax))
	if len(v.Lowered) == 0 {
		parts = append(parts, "no level lowered")
	} else {
		parts = append(parts, "lowered: "+says(strings.Join(v.Lowered, ", "), 200))
	}
	bs := []slack.Block{
		section(words("*"+lead+"*", md(v.NeedYou.Words())+"."), openButton(v.NeedYou)),
		section(dots(parts...) + "."),
		section(decided(v)),
	}
	const most = 3
	if len(v.Changed) == 0 {
		bs = append(bs, section("Changed: nothing."))
	}
	for _, d := range v.Changed[:min(most, len(v.Changed))] {
		bs = append(bs, changedAway(d))
	}
	if more := len(v.Changed) - most; more > 0 {
		bs = append(bs, section(md("Changed or proposed: "+plural(more, "more thing", "more things")+"."), button(IDPage, "Show all", PageValue{List: ListDecisions})))
	}
	bs = append(bs, section(lines(learned(v.Forecasts), kept(v))))
	return message(words(lead, md(v.NeedYou.Words())+"."), bs...).about(string(engine.NoticeReturn), v.Subject)
}

// changedAway is a change with its reason; what nobody has applied is only proposed, and what did not last says so.
func changedAway(d report.DecisionRow) slack.Block {
	var apply slack.BlockElement
	if d.CanApply {
		apply = button(IDApply, "Apply", Value{ID: d.ID})
	}
	t := leads{"Changed: ", inReport.proposed, inReport.turnedDown}.of(d) + says(d.Words, 200)
	if d.Signal != "" {
		t += ", because " + signal(d.Signal, 150)
	}
	return section(t+cameToNothing(d), apply)
}

// slots names the days for which pieces were planned that ran out, each once.
func slots(v report.Return) md {
	const most = 4
	var days []string
	for _, t := range v.RanOut {
		if d := t.In(zoneOf(v.Frame)).Format("2 Jan"); !slices.Contains(days, d) {
			days = append(days, d)
		}
	}
	if more := len(days) - most; more > 0 {
		days = append(days[:most], "and "+number(int64(more))+" more days")
	}
	return md(strings.Join(days, ", "))
}

func decided(v report.Return) md {
	const most = 3
	var parts []md
	for _, d := range v.Decided[:min(most, len(v.Decided))] {
		parts = append(parts, mention(d.By)+" "+md(number(int64(d.N))))
	}
	if len(parts) == 0 {
		return ""
	}
	return "Decided meanwhile: " + glue(", ", parts...) + "."
}

func learned(f report.Forecasts) md {
	if f.Scored == 0 {
		return "Learned: too little came in to say."
	}
	s := md("Learned: of " + plural(f.Scored, "forecast", "forecasts") + " of mine " + number(int64(f.Held)) + " came true")
	return s + where(f.Few, md(" ("+number(int64(f.Scored))+" is few)")) + "."
}

func kept(v report.Return) md {
	if len(v.Kept) == 0 {
		return "Kept for you: nothing waits."
	}
	var parts []string
	for _, k := range v.Kept {
		parts = append(parts, k.Words())
	}
	return md("Kept for you: " + strings.Join(parts, ", ") + ". If you do nothing, what waits ends at its time.")
}
