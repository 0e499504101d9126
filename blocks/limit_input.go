package blocks

import (
	"slices"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/desk"
	"koira/engine/report"
)

// labelled is one thing to choose: its name, and how people call it.
type labelled struct{ value, label string }

// valueField is a limit that is one value, with the value that it has.
func valueField(rule, label, hintText string) limitInput {
	return limitInput{
		func(v report.GuardrailView) slack.Block {
			return hint(field(rule, label, desk.ValueOf(v.Limits, rule), 40, false, true), hintText)
		},
		func(view slack.View, _ report.GuardrailView) []engine.RuleEdit {
			if to := strings.TrimSpace(entry(view, rule).Value); to != "" {
				return []engine.RuleEdit{{Rule: rule, To: to}}
			}
			return nil
		},
	}
}

// shareField is the cap of what is chosen in the select before it.
func shareField(rule, label string, of func(report.GuardrailView) []labelled) limitInput {
	plain := plainField(rule, label, `A sum, or "off" for no limit of its own. Leave it empty to keep it.`)
	return limitInput{
		func(v report.GuardrailView) slack.Block {
			if len(of(v)) == 0 {
				return nil
			}
			return plain.draw(v)
		},
		func(view slack.View, _ report.GuardrailView) []engine.RuleEdit {
			if to := strings.TrimSpace(entry(view, rule).Value); to != "" {
				return []engine.RuleEdit{{Rule: rule + ":" + chosen(view, rule+".of"), To: to}}
			}
			return nil
		},
	}
}

func tasksCapped(v report.GuardrailView) (opts []labelled) {
	for _, t := range v.Tasks {
		opts = append(opts, labelled{t.ID, t.Name + capNow(v, "budget.task:"+t.ID)})
	}
	return opts
}

func campaignsCapped(v report.GuardrailView) (opts []labelled) {
	for _, o := range v.Offers {
		opts = append(opts, labelled{o.Key, o.Text + capNow(v, "budget.campaign:"+o.Key)})
	}
	return opts
}

// capNow is what follows the name of something that has such a cap: " · now €50.00".
func capNow(v report.GuardrailView, rule string) string {
	now, err := engine.ParseMoney(desk.ValueOf(v.Limits, rule))
	if err != nil { // it is off
		return ""
	}
	return " · now " + now.Format(v.Currency)
}

// plainField is a line to write in that other inputs belong to.
func plainField(id, label, hintText string) limitInput {
	return limitInput{draw: func(report.GuardrailView) slack.Block { return hint(field(id, label, "", 300, false, true), hintText) }}
}

func wholeField(id, label string) limitInput {
	return limitInput{draw: func(report.GuardrailView) slack.Block {
		return slack.NewInputBlock(id, plainText(label), nil, slack.NewNumberInputBlockElement(nil, id, false).WithMinValue("1").WithMaxValue("1000")).WithOptional(true)
	}}
}

func clockField(id, label string) limitInput {
	return limitInput{draw: func(report.GuardrailView) slack.Block {
		return slack.NewInputBlock(id, plainText(label), nil, slack.NewTimePickerBlockElement(id)).WithOptional(true)
	}}
}

// boxesMost is how many boxes a group may hold, optionsMost how many options a select.
const (
	boxesMost   = 10
	optionsMost = 100
)

// boxesOf is a limit each of whose entries is on or off, with a box for each.
func boxesOf(kind, label string, of func(report.GuardrailView) []labelled) limitInput {
	draw := func(v report.GuardrailView) slack.Block {
		var all, on []*slack.OptionBlockObject
		for _, o := range of(v)[:min(boxesMost, len(of(v)))] {
			opt := option(o.value, o.label)
			all = append(all, opt)
			if desk.ValueOf(v.Limits, kind+":"+o.value) == "on" {
				on = append(on, opt)
			}
		}
		if len(all) == 0 {
			return nil
		}
		e := slack.NewCheckboxGroupsBlockElement(kind, all...)
		e.InitialOptions = on
		return slack.NewInputBlock(kind, plainText(label), nil, e).WithOptional(true)
	}
	return limitInput{draw, func(view slack.View, v report.GuardrailView) []engine.RuleEdit {
		if !has(view, kind) {
			return nil
		}
		var edits []engine.RuleEdit
		for _, o := range of(v)[:min(boxesMost, len(of(v)))] {
			to := "off"
			if slices.ContainsFunc(entry(view, kind).SelectedOptions, func(x slack.OptionBlockObject) bool { return x.Value == o.value }) {
				to = "on"
			}
			edits = append(edits, engine.RuleEdit{Rule: kind + ":" + o.value, To: to})
		}
		return changedOnly(v, edits)
	}}
}

// changedOnly leaves out what stands so already: a box that was left as it is asks for nothing.
func changedOnly(v report.GuardrailView, edits []engine.RuleEdit) []engine.RuleEdit {
	return slices.DeleteFunc(edits, func(e engine.RuleEdit) bool { return desk.ValueOf(v.Limits, e.Rule) == e.To })
}

var lockBox = limitInput{
	func(v report.GuardrailView) slack.Block {
		e := slack.NewCheckboxGroupsBlockElement("voice.lock", option("on", "The voice is locked: these limits block"))
		if v.Limits.Voice.Locked {
			e.InitialOptions = []*slack.OptionBlockObject{option("on", "The voice is locked: these limits block")}
		}
		return slack.NewInputBlock("voice.lock", plainText("Lock"), nil, e).WithOptional(true)
	},
	func(view slack.View, v report.GuardrailView) []engine.RuleEdit {
		to := "off"
		if len(entry(view, "voice.lock").SelectedOptions) > 0 {
			to = "on"
		}
		return changedOnly(v, []engine.RuleEdit{{Rule: "voice.lock", To: to}})
	},
}

// addTo is a list's field for more entries, one a line.
func addTo(kind, label, hintText, on string) limitInput {
	id := kind + ".add"
	return limitInput{
		func(report.GuardrailView) slack.Block {
			return hint(field(id, label, "", fieldMax, true, true), hintText)
		},
		func(view slack.View, _ report.GuardrailView) (edits []engine.RuleEdit) {
			for l := range strings.Lines(entry(view, id).Value) {
				if l = strings.TrimSpace(l); l != "" {
					edits = append(edits, engine.RuleEdit{Rule: kind + ":" + l, To: on})
				}
			}
			return edits
		},
	}
}

// takeFrom is a list's entries, to be taken off. An option is an entry's place in the version that the window shows.
func takeFrom(kind, label string) limitInput {
	id := kind + ".remove"
	return limitInput{
		func(v report.GuardrailView) slack.Block {
			var opts []*slack.OptionBlockObject
			for i, e := range desk.Entries(v.Limits, kind) {
				if i < optionsMost {
					opts = append(opts, option(strconv.Itoa(i), oneLine(e.Words)))
				}
			}
			if len(opts) == 0 {
				return nil
			}
			return slack.NewInputBlock(id, plainText(label), nil,
				slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeStatic, plainText("Choose"), id, opts...)).WithOptional(true)
		},
		func(view slack.View, v report.GuardrailView) (edits []engine.RuleEdit) {
			all := desk.Entries(v.Limits, kind)
			for _, o := range entry(view, id).SelectedOptions {
				if i, err := strconv.Atoi(o.Value); err == nil && i >= 0 && i < len(all) {
					edits = append(edits, all[i].Off)
				}
			}
			return edits
		},
	}
}

// choose is one of several, or none.
func choose(id, label string, of func(report.GuardrailView) []labelled) limitInput {
	return limitInput{draw: func(v report.GuardrailView) slack.Block {
		var opts []*slack.OptionBlockObject
		for _, o := range of(v)[:min(optionsMost, len(of(v)))] {
			opts = append(opts, option(o.value, o.label))
		}
		if len(opts) == 0 {
			return nil
		}
		return slack.NewInputBlock(id, plainText(label), nil,
			slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plainText("Choose"), id, opts...)).WithOptional(true)
	}}
}

func doors(v report.GuardrailView) (opts []labelled) {
	for _, d := range v.Doors {
		opts = append(opts, labelled{d.Name, d.Label})
	}
	return opts
}

func segments(v report.GuardrailView) (opts []labelled) {
	for _, s := range v.Segments {
		opts = append(opts, labelled{s.Key, s.Name})
	}
	return opts
}

var dayBoxes = limitInput{draw: func(report.GuardrailView) slack.Block {
	var opts []*slack.OptionBlockObject
	for _, d := range [][2]string{{"mon", "Monday"}, {"tue", "Tuesday"}, {"wed", "Wednesday"}, {"thu", "Thursday"}, {"fri", "Friday"}, {"sat", "Saturday"}, {"sun", "Sunday"}} {
		opts = append(opts, option(d[0], d[1]))
	}
	return boxes("quiet.days", "On these days (none: every day)", true, opts...)
}}
