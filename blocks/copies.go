package blocks

import (
	"strconv"

	"github.com/slack-go/slack"

	"koira/engine/report"
)

// Copies answers what people's own copy stands in a task's calendar, with the numbers by which it is moved and removed.
func Copies(v report.Copies) Message {
	name := "*" + says(v.Task.Name, nameMax) + "*"
	how := "Add to it with `/koira copy add " + says(v.Task.ID, nameMax) + " \"your text\"`."
	if v.Total == 0 {
		return message("No text of yours is planned.", section(words(name+": no text of yours is planned.", how)))
	}
	head := words(name+": "+md(plural(v.Total, "text of yours is", "texts of yours are"))+" planned, in this order.", "Nothing in it changes by itself.")
	if !v.Task.Level.Rung().Queues {
		head = words(head, "Each waits for a yes, since the task is at "+md(v.Task.Level.String())+" ("+md(v.Task.Level.Words())+").")
	}
	bs := []slack.Block{section(head)}
	for _, c := range v.Items {
		state := says(c.Words, nameMax)
		if c.WaitsFor != "" {
			state = says(c.WaitsFor, 100)
		}
		bs = append(bs, section(lines(
			md(strconv.Itoa(c.Number)+". ")+dots(when(c.Slot, v.Frame), title(c.Row)), dots(state, where(c.By != "", "text by "+mention(c.By))),
		), button(IDOpen, "Open", Value{ID: c.Output, Digest: c.Digest})))
	}
	task := says(v.Task.ID, nameMax)
	bs = append(bs, note(lines(
		"Another place: `/koira copy move "+task+" 2 to 1` · another time: `/koira copy move "+task+" 2 2025-11-27 14:00` · out of it: `/koira copy remove "+task+" 2`",
		rowsShown(v.Page, len(v.Items), v.Total),
	)))
	bs = append(bs, taskPages(ListCopy, v.Task.ID, v.Page)...)
	return message(md(plural(v.Total, "text of yours is", "texts of yours are")+" planned"), bs...)
}
