package blocks

import (
	"strings"

	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/report"
)

// pages are the buttons under a list that has more than one page. Lists run from the newest, or from what is needed first.
func pages(l List, task string, p report.Page) []slack.Block {
	var es []slack.BlockElement
	if before, ok := p.Before(); ok {
		es = append(es, button(IDBack, "Newer", PageValue{l, task, before}))
	}
	if p.More {
		es = append(es, button(IDPage, "Older", PageValue{l, task, p.Next()}))
	}
	return []slack.Block{actions(es...)}
}

// queuePages are pages of what is needed first: there older and newer would mean nothing.
func queuePages(l List, p report.Page) []slack.Block { return taskPages(l, "", p) }

// taskPages are queuePages of one task's list.
func taskPages(l List, task string, p report.Page) []slack.Block {
	var es []slack.BlockElement
	if before, ok := p.Before(); ok {
		es = append(es, button(IDBack, "Earlier", PageValue{l, task, before}))
	}
	if p.More {
		es = append(es, button(IDPage, "Later", PageValue{l, task, p.Next()}))
	}
	return []slack.Block{actions(es...)}
}

// rowsShown says which rows of a list stand there, where it has more than one page.
func rowsShown(p report.Page, shown, total int) md {
	if shown == 0 || shown == total {
		return ""
	}
	return md(number(int64(p.Offset+1)) + " to " + number(int64(p.Offset+shown)) + " of " + number(int64(total)))
}

// Queue answers what waits for people's hands, first needed first. Pieces are decided on their cards, which Open shows.
func Queue(v report.Queue) Message {
	if v.Total == 0 {
		return message("Nothing waits for a yes.", section("*Nothing waits for a yes.* Drafts will stand here until somebody decides. Nothing is needed."))
	}
	var kinds []string
	for _, k := range v.Kinds {
		kinds = append(kinds, k.Words())
	}
	head := md("*" + plural(v.Total, "piece waits", "pieces wait") + " for you*: " + strings.Join(kinds, ", ") + "; about " +
		plural(v.Minutes, "minute", "minutes") + " to read.")
	bs := []slack.Block{section(words(head, where(!v.First.IsZero(), "First needed by "+when(v.First, v.Frame)+".")))}
	for _, q := range v.Items {
		bs = append(bs, section(lines(
			dots(when(q.Slot, v.Frame), channel(q.Row), title(q.Row)),
			queueReason(q),
		), button(IDOpen, "Open", Value{ID: q.Output, Digest: q.Digest})))
	}
	bs = append(bs, note(dots("If you do nothing, none of them goes out.", rowsShown(v.Page, len(v.Items), v.Total))))
	bs = append(bs, queuePages(ListQueue, v.Page)...)
	return message(md(plural(v.Total, "piece waits", "pieces wait")+" for you"), bs...)
}

// queueReason says why a piece is in the queue.
func queueReason(q report.QueueItem) md {
	if q.WaitsFor == "" {
		return says(q.Words, nameMax)
	}
	return says(q.WaitsFor, 100)
}

// Exceptions answers what needs a person, first the one whose time runs out first.
func Exceptions(v report.Exceptions) Message {
	if v.Total == 0 {
		return message("No problem needs you.", section("*No problem needs you.* What a rule, a channel or doubt stops will stand here. Nothing is needed."))
	}
	bs := []slack.Block{section(md("*" + plural(v.Total, "problem needs", "problems need") + " a person*"))}
	for _, e := range v.Items {
		bs = append(bs, exceptionRow(e, v.Frame)...)
	}
	bs = append(bs, note(rowsShown(v.Page, len(v.Items), v.Total)))
	bs = append(bs, queuePages(ListExceptions, v.Page)...)
	return message(md(plural(v.Total, "problem needs", "problems need")+" a person"), bs...)
}

// exceptionRow is one exception in a list, with its own choices under it.
func exceptionRow(e report.ExceptionItem, f report.Frame) []slack.Block {
	v := report.ExceptionView{Frame: f, ExceptionItem: e}
	return []slack.Block{
		section(lines("*"+says(e.Reason, 200)+"*", exceptionFacts(v), says(e.Evidence, 200), words(silence(e.Silence, v.Frame), where(len(e.Who) > 0, "For "+mentions(e.Who, "or")+".")))),
		exceptionActions(v),
	}
}

// Log answers what koira made, newest planned time first, what was rejected too.
func Log(v report.OutputLog) Message {
	if v.Total == 0 {
		return message("Nothing is made yet.", section("*Nothing is made yet.* Every piece will stand here, rejected ones too. Nothing is needed."))
	}
	bs := []slack.Block{section(words("*What I made*: "+md(plural(v.Total, "piece", "pieces"))+".", tally(v)))}
	for _, r := range v.Rows {
		bs = append(bs, section(logRow(r, v.Frame), button(IDOpen, "Open", Value{ID: r.Output})))
	}
	bs = append(bs, note(rowsShown(v.Page, len(v.Rows), v.Total)))
	bs = append(bs, pages(ListLog, v.Task, v.Page)...)
	return message(md("What I made: "+plural(v.Total, "piece", "pieces")), bs...)
}

func logRow(r report.Row, f report.Frame) md {
	return lines(dots(when(r.When(), f), channel(r), title(r)), words(says(r.Words, nameMax), where(linkTo(r.URL) != "", "→ "+linkTo(r.URL))))
}

// tally counts the log by what became of the pieces.
func tally(v report.OutputLog) md {
	var parts []string
	for _, x := range []struct {
		what   string
		states []engine.State
	}{
		{"went out", []engine.State{engine.StatePublished, engine.StateSettled, engine.StateRetracting, engine.StateRetracted}},
		{"rejected", []engine.State{engine.StateRejected}},
		{"ran out", []engine.State{engine.StateExpired}},
		{"dropped", []engine.State{engine.StateCancelled}},
		{"failed", []engine.State{engine.StateFailed}},
	} {
		n := 0
		for _, s := range x.states {
			n += v.States[s]
		}
		if n > 0 {
			parts = append(parts, number(int64(n))+" "+x.what)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return md(strings.Join(parts, " · ") + ".")
}
