package blocks

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/report"
)

// auditTask is how an option of a select names a task's own hours.
const auditTask = "task:"

// WorkWindow asks for a piece of work that people do by hand. p fills it in where one was proposed.
func WorkWindow(p engine.ProposedWork, at Place) slack.ModalViewRequest {
	w := p.Work
	return window("Work to add", "Add", CallbackWorkAdd, Meta{ID: cmp.Or(p.Key, auditNew), Channel: at.Channel, TS: at.TS},
		section("Weekly work that no task of mine does yet. The list decides nothing: it shows what to hand over first."),
		field(FieldName, "What it is", w.Name, 80, false, false),
		hint(field(FieldHours, "Hours a week, today", "", 20, false, true), "Such as 2h, 1.5h or 90m. As you would say it; nobody measures."),
		hint(field(FieldTimes, "How often a week", timesText(w.Times), 4, false, true), "A number such as 5. Three or more is often."),
		sensitivitySelect(w.Sensitivity),
		natureBoxes(w.Nature, "None ticked: I guess from the name, and say so."),
		note("If you close this, nothing changes."),
	)
}

// WorkChangeWindow asks for what to change of the list, which was read at seen. Fields that are left empty keep what stands.
func WorkChangeWindow(items []report.AuditItem, tasks []engine.Task, seen time.Time, at Place) slack.ModalViewRequest {
	if len(items) == 0 {
		return SayWindow("Change the list", "There is nothing on the list yet: add work first.")
	}
	var what, by []*slack.OptionBlockObject
	for i, x := range items[:min(optionsMost, len(items))] {
		name := x.Name
		if x.Mine {
			name += " (mine: its hours before)"
		}
		what = append(what, option(auditValue(x), strconv.Itoa(i+1)+". "+name))
	}
	by = append(by, option("hand", "People, by hand"))
	for _, t := range tasks[:min(optionsMost-1, len(tasks))] {
		by = append(by, option(t.ID, t.Name))
	}
	pick := func(id, label string, opts []*slack.OptionBlockObject, optional bool) *slack.InputBlock {
		return slack.NewInputBlock(id, plainText(label), nil, slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plainText("Choose"), id, opts...)).WithOptional(optional)
	}
	return window("Change the list", "Save", CallbackWorkChange, Meta{ID: auditNew, Channel: at.Channel, TS: at.TS, Seen: seen.UnixNano()},
		pick(FieldWork, "Which", what, false),
		hint(field(FieldHours, "Hours a week", "", 20, false, true), `Such as 2h or 90m, or "off". Of a task: what it took before. Left empty: as it is.`),
		hint(field(FieldTimes, "How often a week", "", 4, false, true), "Left empty: as it is."),
		sensitivitySelect("").WithOptional(true),
		pick(FieldBy, "Who does it now", by, true),
		natureBoxes(nil, "None ticked: as it is."),
		boxes(FieldOff, "Or", true, option("free", "Nothing keeps it with people"), option("off", "Take it off the list")),
		note("Of a task of mine the hours alone can be changed here. If you close this, nothing changes."),
	)
}

func auditValue(x report.AuditItem) string {
	if x.Mine {
		return auditTask + x.ID
	}
	return x.ID
}

func timesText(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func sensitivitySelect(is engine.Degree) *slack.InputBlock {
	var opts []*slack.OptionBlockObject
	for _, o := range []labelled{{string(engine.Low), "Low: a slip is a small thing"}, {string(engine.Normal), "Normal"}, {string(engine.High), "High: a slip would hurt us"}} {
		opts = append(opts, option(o.value, o.label))
	}
	e := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plainText("Choose"), FieldSensitivity, opts...)
	for _, o := range opts {
		if o.Value == string(is) {
			e.InitialOption = o
		}
	}
	return slack.NewInputBlock(FieldSensitivity, plainText("How sensitive"), nil, e).WithOptional(true)
}

func natureBoxes(are []engine.Nature, hintText string) *slack.InputBlock {
	var all, on []*slack.OptionBlockObject
	for _, n := range engine.Natures {
		o := option(string(n), strings.ToUpper(n.Words()[:1])+n.Words()[1:])
		all = append(all, o)
		for _, x := range are {
			if x == n {
				on = append(on, o)
			}
		}
	}
	e := slack.NewCheckboxGroupsBlockElement(FieldNature, all...)
	e.InitialOptions = on
	return hint(slack.NewInputBlock(FieldNature, plainText("What keeps it with people"), nil, e).WithOptional(true), hintText)
}

// WorkForm is what stands in WorkWindow or WorkChangeWindow, as it was typed.
type WorkForm struct {
	ID, Name    string // ID of the work or task that is changed, "" in WorkWindow
	Hours       string
	Times       string
	Sensitivity engine.Degree // "" for as it is
	Nature      []engine.Nature
	By          string // a task's id, "hand", "" for as it is
	Mine        bool   // ID is a task's
	Free        bool   // nothing keeps it with people
	Off         bool
}

// ReadWork reads WorkWindow or WorkChangeWindow.
func ReadWork(v slack.View) WorkForm {
	f := WorkForm{
		ID: strings.TrimPrefix(chosen(v, FieldWork), auditTask), Name: entry(v, FieldName).Value, Hours: strings.TrimSpace(entry(v, FieldHours).Value),
		Times: strings.TrimSpace(entry(v, FieldTimes).Value), Sensitivity: engine.Degree(chosen(v, FieldSensitivity)), By: chosen(v, FieldBy),
		Mine: strings.HasPrefix(chosen(v, FieldWork), auditTask),
	}
	for _, o := range entry(v, FieldOff).SelectedOptions {
		f.Free, f.Off = f.Free || o.Value == "free", f.Off || o.Value == "off"
	}
	for _, o := range entry(v, FieldNature).SelectedOptions {
		f.Nature = append(f.Nature, engine.Nature(o.Value))
	}
	return f
}

// MarketWindow asks whom the business sells to.
func MarketWindow(is engine.Market, at Place) slack.ModalViewRequest {
	var opts []*slack.OptionBlockObject
	var on *slack.OptionBlockObject
	for _, m := range []engine.Market{engine.MarketBusinesses, engine.MarketPeople, engine.MarketBoth} {
		o := option(string(m), strings.ToUpper(m.Words()[:1])+m.Words()[1:])
		if opts = append(opts, o); m == is {
			on = o
		}
	}
	e := slack.NewRadioButtonsBlockElement(FieldMarket, opts...)
	e.InitialOption = on
	return window("Whom we sell to", "Save", CallbackMarket, Meta{ID: auditNew, Channel: at.Channel, TS: at.TS},
		slack.NewInputBlock(FieldMarket, plainText("You sell to"), nil, e),
		note("It decides what I propose, and nothing else. If you close this, nothing changes."),
	)
}

// ReadMarket reads MarketWindow.
func ReadMarket(v slack.View) string { return chosen(v, FieldMarket) }
