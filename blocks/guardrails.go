package blocks

import (
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/desk"
	"koira/engine/report"
)

// changesShown is how many changes of the rules the answer tells.
const changesShown = 5

// Guardrails answers which rules hold, in words.
func Guardrails(v report.GuardrailView) Message {
	head := md("*Your rules*")
	if !v.At.IsZero() {
		head += " of " + when(v.At, v.Frame) + setBy(v.By)
	}
	bs := []slack.Block{section(head)}
	for _, r := range v.Rules {
		bs = append(bs, section("*"+says(r.Name, nameMax)+"*: "+says(r.Words, textMax)+where(!r.Set, " (not set)")+"."))
	}
	var ls []md
	for _, c := range v.History[:min(changesShown, len(v.History))] {
		ls = append(ls, when(c.At, v.Frame)+" "+mention(c.By)+": "+says(c.Why, 120))
	}
	if len(ls) > 0 {
		bs = append(bs, note(lines(append([]md{"Changed lately:"}, ls...)...)))
	}
	bs = append(bs, note(md("Tighten, at once: `/guardrails budget weekly 100`, `/guardrails topic block sale`, `/guardrails channel off blog`. Loosening passes a window")+
		where(len(v.MayLoosen) > 0, " for owners: "+mentions(v.MayLoosen, "or"))+"."))
	return message("Your rules", bs...)
}

func setBy(id string) md {
	switch id {
	case "":
		return ""
	case engine.Koira.ID:
		return ", from the config file"
	}
	if !userIDs.MatchString(id) {
		return ", from the " + says(id, nameMax)
	}
	return ", set by " + mention(id)
}

// RuleChanged answers a change of a limit: one that is in force, or one that gives more room and waits for an owner's yes.
func RuleChanged(c desk.Change, currency string) Message {
	what := changeWords(c, currency)
	if c.Applied {
		return message("In force: "+what, section("✅ In force now: "+what+". What is queued was checked again. Nothing is needed."))
	}
	return message("To confirm: "+what,
		section("This gives me more room: "+what+". If you do nothing, nothing changes."),
		actions(button(IDLoosen, "Confirm…", RuleValue{Rule: c.Rule, New: c.New, Version: c.From})))
}

// changeWords says a change of a limit as people do.
func changeWords(c desk.Change, currency string) md {
	kind, key, _ := strings.Cut(c.Rule, ":")
	switch kind {
	case "budget":
		return says(fmt.Sprintf("the weekly limit from %s to %s %s", c.Old, c.New, currency), 200)
	case "topic":
		return "the subject “" + says(key, nameMax) + "” from " + says(c.Old, 20) + " to " + says(c.New, 20)
	case "channel":
		return "the channel " + says(key, nameMax) + " from " + says(c.Old, 20) + " to " + says(c.New, 20)
	}
	return says(c.String(), 200)
}
