package blocks

import (
	"fmt"
	"strconv"

	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/report"
)

// Welcome is the private card that walks an owner from the first day to the first task that runs with less asking; its rows tick off in place.
func Welcome(v report.Steps) Message {
	return steps(v).about(string(engine.NoticeWelcome), engine.StepsSubject)
}

// FirstSteps answers how far the first steps are.
func FirstSteps(v report.Steps) Message { return steps(v) }

func steps(v report.Steps) Message {
	head, push, silence := "Nothing goes out without a yes", md("koira is here. "), md("If you do nothing, tasks go on at the levels that they have, and nothing rises by itself.")
	switch {
	case v.Top >= engine.L4:
		head = "Where we stand"
	case v.Top <= engine.L1 && !v.Published:
		head, push, silence = "I have published nothing, and cannot yet", push+"Nothing runs yet. ", "If you do nothing, I do nothing."
	case v.Top <= engine.L1:
		head, silence = "I publish nothing by myself", "If you do nothing, I do nothing."
	}
	switch n := v.Left(); n {
	case 0:
		push += "All first steps are done."
		silence = words("All first steps are done. Nothing is needed.", "I go on asking before anything rises.")
	case 1:
		push += "One thing is left to do."
	default:
		push += md(upperWords[min(n, len(upperWords)-1)] + " things to do, in any order.")
	}
	bs := []slack.Block{
		header(head),
		section("You own the what and the why, I do the how. I draft; you publish by hand until an owner allows more, task by task, on my record. I never give myself more room, never pass your limits, never send again when I am unsure. Anyone here stops me: `/koira stop`"),
	}
	for _, s := range v.Steps {
		state := md("To do: ")
		if s.Done {
			state = "Done: "
		}
		bs = append(bs, section(state+"*"+md(s.What)+"* · "+says(s.Detail, 200), stepButton(s)))
	}
	bs = append(bs, section(silence), actions(
		button(IDStepDraft, "Write a first draft…", Value{ID: engine.StepsSubject}), button(IDStepHelp, "What can you do?", Value{ID: engine.StepsSubject}),
	), note("`/koira steps` shows this again, `/koira timeline` the dates."))
	return message(push, bs...)
}

var upperWords = []string{"No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight"}

func stepButton(s report.Step) slack.BlockElement {
	v := Value{ID: engine.StepsSubject}
	switch s.Key {
	case report.StepWhere:
		return button(IDLimit, "Change…", Value{ID: "channels"})
	case report.StepWhat:
		if !s.Done {
			return button(IDStrategy, "Write it down…", Value{ID: StrategyNew})
		}
		return button(IDStepWhat, "Look…", v)
	case report.StepAudit:
		return button(IDStepAudit, "Weekly work", v)
	case report.StepFirst:
		return button(IDStepFirst, "Choose…", v)
	case report.StepGood:
		return button(IDStepGood, "What is good", v)
	case report.StepLimits:
		return button(IDRules, "Set…", v)
	case report.StepReviews:
		return button(IDStepPath, "Dates", v)
	}
	return button(IDPage, "Levels", PageValue{List: ListAutonomy})
}

// WhatWindow shows what people have said of the what and the why, and where it is changed.
func WhatWindow(v report.Steps) slack.ModalViewRequest {
	s := v.Strategy
	list := func(title string, n int, each func(int) string, none string) slack.Block {
		if n == 0 {
			return section("*" + md(title) + "*: " + md(none))
		}
		var rows []md
		for i := range n {
			rows = append(rows, says(each(i), 200))
		}
		return section(upToRoom(8, 1_500, "*"+md(title)+"*", rows))
	}
	return window("The what and the why", "", "", Meta{},
		section("You own these, and I never edit them. Goals, readers, themes and the voice are changed here by owners; offers stand in the config file.",
			button(IDStrategy, "Change…", Value{ID: StrategyNew})),
		list("Goals", len(s.Goals), func(i int) string { return s.Goals[i].Text }, "none yet, so no task plans"),
		list("Readers", len(s.Segments), func(i int) string { return s.Segments[i].Name + " (" + strconv.Itoa(s.Segments[i].Size) + ")" }, "none yet, so no task plans"),
		list("Themes", len(s.Themes), func(i int) string { return s.Themes[i].Text }, "none yet, so no task plans"),
		list("Offers", len(s.Offers), func(i int) string { return s.Offers[i].Text }, "none"),
		list("Facts: prices, hours, what may be said", len(s.Facts), func(i int) string { return s.Facts[i].Text }, "none yet, so no price, date or number can be said"),
		list("Texts that sound like you", len(s.Voice.Examples), func(i int) string { return s.Voice.Examples[i] }, "none yet; three make a voice"),
	)
}

// FirstWindow asks an owner with which tasks to begin.
func FirstWindow(v report.Steps, at Place) slack.ModalViewRequest {
	var opts, on []*slack.OptionBlockObject
	for _, t := range v.Tasks[:min(optionsMost, len(v.Tasks))] {
		o := option(t.ID, t.Name)
		opts = append(opts, o)
		for _, id := range v.First {
			if id == t.ID {
				on = append(on, o)
			}
		}
	}
	if len(opts) == 0 {
		return SayWindow("First tasks", "There is no task yet: tasks come from the config file.")
	}
	e := slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeStatic, plainText("Choose"), FieldTasks, opts...).WithMaxSelectedItems(engine.MostFirst)
	e.InitialOptions = on
	return window("First tasks", "Save", CallbackFirst, Meta{ID: engine.StepsSubject, Channel: at.Channel, TS: at.TS},
		section(md(fmt.Sprintf("Begin with two or three tasks, %d at most, so that each gets its reviews. It changes no level: it says what the first steps are about.", engine.MostFirst))),
		slack.NewInputBlock(FieldTasks, plainText("Begin with"), nil, e).WithOptional(true),
		note("If you close this, nothing changes."),
	)
}

// ReadFirst reads FirstWindow.
func ReadFirst(v slack.View) []string {
	var ids []string
	for _, o := range entry(v, FieldTasks).SelectedOptions {
		ids = append(ids, o.Value)
	}
	return ids
}

// DraftWindow asks for which task a draft is to be written.
func DraftWindow(v report.Steps, at Place) slack.ModalViewRequest {
	var opts []*slack.OptionBlockObject
	for _, t := range v.Tasks {
		if t.Level.Rung().Writes && t.Paused == nil && len(opts) < optionsMost {
			opts = append(opts, option(t.ID, t.Name))
		}
	}
	if len(opts) == 0 {
		return SayWindow("A first draft", "I write for no task yet: each is by hand (L0), your own text (L2) or paused. An owner changes that with /autonomy <task> L1.")
	}
	return window("A first draft", "Write it", CallbackDraft, Meta{ID: engine.StepsSubject, Channel: at.Channel, TS: at.TS},
		slack.NewInputBlock(FieldTask, plainText("For which task"), nil, slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plainText("Choose"), FieldTask, opts...)),
		note("A draft goes out only as its task's level says; at L1 you publish it by hand. If you close this, nothing is written."),
	)
}

// ReadDraft reads DraftWindow.
func ReadDraft(v slack.View) string { return chosen(v, FieldTask) }
