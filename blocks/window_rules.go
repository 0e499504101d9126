package blocks

import (
	"strings"

	"github.com/slack-go/slack"

	"koira/engine/desk"
	"koira/engine/report"
)

// RulesWindow lists every rule with its value in words, and a button to change it.
func RulesWindow(v report.GuardrailView, at Place) slack.ModalViewRequest {
	bs := []slack.Block{section("What you set holds for every piece, whatever its level. Nothing changes before you have seen old and new.")}
	for _, r := range v.Rules {
		bs = append(bs, section("*"+says(r.Name, nameMax)+"*: "+says(r.Words, 400)+where(!r.Set, " (not set)")+".",
			button(IDLimit, "Change…", Value{ID: r.Key})))
	}
	return window("Your rules", "", "", Meta{ID: "rules", Channel: at.Channel}, bs...)
}

// LimitWindow changes one rule: key is a report.Rule's.
func LimitWindow(v report.GuardrailView, key string, at Place) slack.ModalViewRequest {
	w, ok := limitWindows[key]
	if !ok {
		return SayWindow("Your rules", "There is no such rule. Nothing changed.")
	}
	bs := []slack.Block{section(where(w.says != "", md(w.says)))}
	inputs := 0
	for _, in := range w.inputs {
		if b := in.draw(v); b != nil {
			bs = append(bs, b)
			inputs++
		}
	}
	if inputs == 0 {
		return SayWindow(w.title, "There is nothing to choose here yet. Nothing changed.")
	}
	bs = append(bs, note("Save shows old → new first; nothing changes before that."), actions(button(IDRules, "All rules…", Value{ID: "rules"})))
	return window(w.title, "Save…", CallbackLimit, Meta{ID: key, Version: v.Version, Channel: at.Channel}, bs...)
}

// WantedWindow shows a wanted change, and turns on what tightens of it; what gives more room is confirmed in LoosenWindow.
func WantedWindow(w desk.Wanted, at Place) slack.ModalViewRequest {
	if !w.Tightens() {
		return LoosenWindow(w, at)
	}
	bs := append(changeSections(w), section(words("It counts at once for everything that has not gone out. If you close this, nothing changes.",
		where(w.Loosens(), confirmedAfter))))
	return window("Turn this on?", "Turn on", CallbackTurnOn, Meta{ID: w.ID, Channel: at.Channel}, bs...)
}

// LoosenWindow asks an owner for their yes to what gives koira more room.
func LoosenWindow(w desk.Wanted, at Place) slack.ModalViewRequest {
	after := md("It counts at once for everything that has not gone out.")
	if len(w.Signers) > 0 {
		after = "Then it waits 15 minutes for a second person's signature: " + mentions(w.Signers, "or") + "."
	}
	bs := append(changeSections(w), section(after+" If you close this, nothing changes."),
		field(FieldNote, "Why? (for the history)", "", noteMax, false, true))
	return window("More room for me?", "Confirm", CallbackLoosen, Meta{ID: w.ID, Channel: at.Channel, TS: at.TS}, bs...)
}

// windowOf is the key of the window that changes what the first of cs changes.
func windowOf(cs []desk.Change) string {
	if len(cs) == 0 {
		return ""
	}
	kind, _, _ := strings.Cut(cs[0].Rule, ":")
	group, _, _ := strings.Cut(kind, ".")
	for key, w := range limitWindows {
		for _, k := range w.kinds {
			if k == kind || k == group {
				return key
			}
		}
	}
	return ""
}
