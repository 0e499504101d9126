package blocks

import (
	"strings"

	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/report"
)

// autonomyShown is how many tasks one answer holds, within Slack's 50 blocks and 12,000 characters.
const autonomyShown = 20

// Autonomy answers how freely each task runs.
func Autonomy(v report.Autonomy) Message {
	if len(v.Tasks) == 0 {
		return message("No task is set up yet.", section("*No task is set up yet.* Tasks come from the config file."))
	}
	bs := []slack.Block{section(md("*How freely each task runs*"))}
	for _, t := range v.Tasks[:min(autonomyShown, len(v.Tasks))] {
		bs = append(bs, section(taskRow(t, v.Frame), button(IDTask, "Look", Value{ID: t.Task.ID})))
	}
	if more := len(v.Tasks) - autonomyShown; more > 0 {
		bs = append(bs, note(md("And "+plural(more, "more task", "more tasks")+": `/autonomy &lt;task&gt;`.")))
	}
	bs = append(bs, note("More is always an owner's click, offered on the record. I never raise a level myself."))
	return message(md("How freely each task runs: "+plural(len(v.Tasks), "task", "tasks")), bs...)
}

// taskRow is a task in a list: its level in words, its record, its next piece, and what is wrong, if anything.
func taskRow(t report.TaskRow, f report.Frame) md {
	next := md("nothing planned")
	if t.Next != nil {
		next = "next " + when(t.Next.Slot, f)
	}
	wrong := says(strings.Join(t.Wrong, "; "), 200)
	return lines(
		"*"+says(t.Task.Name, nameMax)+"*: "+level(t.Task.Level),
		dots(says(t.Record.Words, 100), next),
		where(wrong != "", "Wrong: "+wrong),
	)
}

// level is a level with its words.
func level(l engine.Level) md { return md(l.String() + ", " + l.Words()) }
