package blocks

import (
	"strings"

	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/report"
)

// Home is App Home: whether it runs and needs anybody, the five things that koira always shows, and the tasks. viewer sees only the buttons
// that work for them; who is on no list sees no business.
func Home(v report.Home, viewer engine.Role) slack.HomeTabViewRequest {
	bs := []slack.Block{section("You are not on the list of people here, so there is nothing to show. An owner adds people in the config file.")}
	if viewer > engine.RoleNone {
		bs = home(v, viewer)
	}
	return slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: there(bs)}}
}

// there leaves out the blocks that have nothing to say.
func there(bs []slack.Block) []slack.Block { return message("", bs...).Blocks }

func home(v report.Home, viewer engine.Role) []slack.Block {
	bs := []slack.Block{
		section(statusLine(v.Status), openButton(v.NeedYou)),
		note(dots("as of "+when(v.AsOf, v.Frame), nextLine(v.Status))),
		note(notes(v.Status)),
		homeControl(v, viewer),
	}
	for _, part := range [][]slack.Block{needsYou(v), made(v), wentHow(v), changed(v, viewer), spent(v), tasks(v)} {
		bs = append(append(bs, slack.NewDividerBlock()), part...)
	}
	return bs
}

// homeControl stands apart from Open, so that no thumb slips from one to the other.
func homeControl(v report.Home, viewer engine.Role) slack.Block {
	switch {
	case v.Running():
		return actions(button(IDStop, "Stop everything…", Value{ID: "everything"}))
	case viewer >= engine.RoleOwner:
		return actions(button(IDResume, "Resume…", Value{ID: "everything"}))
	}
	return nil
}

func needsYou(v report.Home) []slack.Block {
	bs := []slack.Block{section(md("*Needs you*: "+plural(v.Exceptions.Total, "problem", "problems")+", "+plural(v.Queue.Total, "piece", "pieces")+" in the queue"), openButton(v.NeedYou))}
	for _, e := range v.Exceptions.Items {
		x := report.ExceptionView{Frame: v.Frame, ExceptionItem: e}
		bs = append(bs, section("• "+dots(says(strings.TrimSuffix(e.Reason, "."), 120), exceptionFacts(x))))
	}
	for _, q := range v.Queue.Items {
		bs = append(bs, section("• "+dots(when(q.Slot, v.Frame), channel(q.Row), title(q.Row), says(q.Words, nameMax)), button(IDOpen, "Open", Value{ID: q.Output, Digest: q.Digest})))
	}
	if v.NeedYou.Total() == 0 {
		bs = append(bs, note("Problems and drafts that wait for a decision will stand here."))
	}
	return bs
}

func made(v report.Home) []slack.Block {
	bs := []slack.Block{section(md("*What I made*: "+plural(v.Log.Total, "piece", "pieces")), button(IDPage, "Open", PageValue{List: ListLog}))}
	for _, r := range v.Log.Rows {
		bs = append(bs, section("• "+logRow(r, v.Frame)))
	}
	if v.Log.Total == 0 {
		bs = append(bs, note("Every piece will stand here, rejected ones too, once the first is planned."))
	}
	return bs
}

func wentHow(v report.Home) []slack.Block {
	bs := []slack.Block{section("*How it went* last week: "+result(v.Result, v.Currency), button(IDPage, "Open", PageValue{List: ListReport}))}
	return append(bs, section(moved(v.Drivers)))
}

func changed(v report.Home, viewer engine.Role) []slack.Block {
	bs := []slack.Block{section(md("*What I changed*: "+number(int64(v.Changes))+" in the last 28 days"), button(IDPage, "Open", PageValue{List: ListDecisions}))}
	for _, d := range v.Changed.Rows {
		d.CanUndo = d.CanUndo && viewer >= engine.RoleOperator
		if d.CanApply && viewer < engine.RoleApprover {
			d.CanApply = false
			d.Words = "Proposed: " + d.Words
		}
		bs = append(bs, decisionRow(d, leads{"• ", "• Proposed: ", "• Proposed: "}))
	}
	if len(v.Changed.Rows) == 0 {
		bs = append(bs, note("What I learn and change will stand here, each with its reason and Undo."))
	}
	return bs
}

func spent(v report.Home) []slack.Block {
	return []slack.Block{
		section(md("*Money* this week: ")+budgetLine(v.Budget), button(IDPage, "Open", PageValue{List: ListBudget})),
		section(lines(overLine(v.Budget), projectedLine(v.Budget), paceLine(v.Budget))),
	}
}

func tasks(v report.Home) []slack.Block {
	bs := []slack.Block{section(md("*Tasks*: "+number(int64(len(v.Tasks)))), button(IDPage, "Open", PageValue{List: ListAutonomy}))}
	for _, t := range v.Tasks[:min(autonomyShown, len(v.Tasks))] {
		bs = append(bs, section(taskRow(t, v.Frame), button(IDTask, "Look", Value{ID: t.Task.ID})))
	}
	if len(v.Tasks) == 0 {
		bs = append(bs, note("Tasks come from the config file; two or three are a good start."))
	}
	return bs
}
