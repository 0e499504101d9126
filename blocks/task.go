package blocks

import (
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/report"
)

// Task answers how one task stands: its level, what people said of its pieces, its results, and what the next level needs. viewer sees only
// the buttons that work for them.
func Task(v report.TaskView, viewer engine.Role) Message {
	var walls []string
	if v.Offer != nil {
		walls = v.Offer.Opens
	}
	bs := []slack.Block{
		header(v.Task.Name),
		section(lines(
			words("*"+level(v.Task.Level)+"*.", eachWaits(v)),
			words("On "+says(v.Channel, nameMax)+".", granted(v)),
			wrong(v),
		)),
		section(record(v)),
		section(taskResults(v)),
		section(lines(offer(v), putOff(v), caps(v))),
		taskButtons(v, viewer),
	}
	bs = append(append(bs, wallButtons(v.Task.ID, walls)...), section(reviews(v)))
	return message(says(v.Task.Name, nameMax)+": "+level(v.Task.Level), bs...)
}

func granted(v report.TaskView) md {
	if v.Grant == nil {
		return ""
	}
	return "Allowed by " + mention(v.Grant.By) + " " + when(v.Grant.At, v.Frame) + " on " + says(v.Grant.Proof, 200) + within(v) + "."
}

// within says what the owner allowed less of.
func within(v report.TaskView) md {
	words := v.Grant.Terms.Words(v.Currency, zoneOf(v.Frame))
	return where(words != "", ", "+says(words, 200))
}

func wrong(v report.TaskView) md {
	if len(v.Wrong) == 0 {
		return ""
	}
	return "Wrong: " + says(strings.Join(v.Wrong, "; "), textMax) + "."
}

// record is what people said of the task's pieces since its last lowering.
func record(v report.TaskView) md {
	r := v.Record
	if r.Reviewed == 0 {
		return "*Your reviews*: none yet. Each yes, no and edit counts from now on." + where(r.Lightly != "", " "+says(r.Lightly, 300)+".")
	}
	return lines(reviewed(v), "*What it proves*: "+provenWords(r)+".",
		where(r.Severe > 0, md(plural(r.Severe, "reject was", "rejects were")+" serious.")))
}

// provenWords says how many of a task's next pieces would pass unchanged, as far as its record shows it.
func provenWords(r report.Record) md {
	if r.Proven <= 0 {
		return "nothing yet"
	}
	return md(fmt.Sprintf("at least %d in 100 would pass unchanged", r.Proven))
}

// reviewed counts what people said, and what of it counts less.
func reviewed(v report.TaskView) md {
	r := v.Record
	return lines(
		md(fmt.Sprintf("*Your reviews*: %d, of them %d approved unchanged, %d edited, %d rejected%s. First ten: %d of %d unchanged, last ten: %d of %d.",
			r.Reviewed, r.Unchanged, r.Edited, r.Rejected-r.Stopped, stoppedToo(r.Stopped), v.First.Unchanged, v.First.Of, v.Last.Unchanged, v.Last.Of)),
		where(r.ByHand > 0, md(plural(r.ByHand, "of the unchanged was", "of the unchanged were")+" published by hand; I do not compare what was posted with what I wrote.")),
		where(r.Lightly != "", "Of them "+says(r.Lightly, 300)+"."),
	)
}

func stoppedToo(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(", %d stopped before it went out", n)
}

// taskResults are the task's results beside what people call good.
func taskResults(v report.TaskView) md {
	if len(v.Results) == 0 {
		return "*Results*: you have not said what is good, so nothing is called good or bad. `/koira good` says it."
	}
	var rows []md
	for _, r := range v.Results {
		rows = append(rows, resultRow(r, v.Currency))
	}
	head := md("*Results of the last 28 days, a piece*")
	if v.Results[0].Ripe {
		head = "*Results, a piece of four weeks or older*"
	}
	return upTo(len(rows), head, rows)
}

func resultRow(r report.Result, currency string) md {
	money := r.Metric == engine.Revenue || r.Metric == engine.Spend
	write := func(x float64) string {
		if money {
			return engine.Money(x).Format(currency)
		}
		return amount(x)
	}
	name := says(r.Name, nameMax)
	if !r.Known {
		return name + ": too little data"
	}
	s := name + ": " + says(write(r.Value), nameMax)
	if r.Usual.Known {
		s += " (" + says(write(r.Usual.Low)+" to "+write(r.Usual.High), nameMax) + ")"
	}
	s += md(" from " + plural(r.Pieces, "piece", "pieces"))
	if r.Good > 0 {
		s += ", good is " + says(write(r.Good), nameMax)
	}
	if r.Threshold.Floor > 0 {
		s += ", your minimum " + says(write(r.Threshold.Floor), nameMax)
	}
	if r.Threshold.Ceiling > 0 {
		s += ", your maximum " + says(write(r.Threshold.Ceiling), nameMax)
	}
	return s + where(r.Beyond, ": missed") + where(r.Simulated, " (simulated)")
}

// offer says what the next level would change, or what it needs.
func offer(v report.TaskView) md {
	o := v.Offer
	if o == nil {
		return "It stands as high as it may."
	}
	next := md("*Next: " + o.To.String() + "*, " + o.To.Words() + ". ")
	if len(o.Missing) > 0 {
		return next + "Missing: " + naming(strings.Join(o.Missing, "; "), v.Record.Silent) + ". If you do nothing, it stays at " + md(o.From.String()) + "."
	}
	return next + "Nothing is missing. " + blast(o, v.Currency) + " If you do nothing, it stays at " + md(o.From.String()) + "."
}

// blast says how much an offer reaches at most.
func blast(o *report.Offer, currency string) md {
	s := md("At most " + plural(o.PerWeek, "piece", "pieces") + " a week")
	if o.Audience > 0 {
		s += md(" to " + plural(o.Audience, "reader", "readers") + " each")
	}
	s += ", for at most " + says(o.Money.Format(currency), nameMax) + " a week."
	if o.To >= engine.L4 && o.MightDiffer > 0 {
		s += md(fmt.Sprintf(" Up to about %d a week might be one that you would have changed.", o.MightDiffer))
	}
	return s
}

// putOff says until when an owner put off what is offered.
func putOff(v report.TaskView) md {
	o := v.Raise
	if o == nil || o.State != engine.OfferSnoozed {
		return ""
	}
	return md(o.To.String()) + ": not now, said " + mention(o.By) + " " + when(o.MovedAt, v.Frame) + ". I ask again after " + onDay(o.Until, v.Frame) + "."
}

func caps(v report.TaskView) md {
	if len(v.Caps) == 0 {
		return ""
	}
	return md("It may never stand above "+v.Top.String()+", because ") + says(strings.Join(v.Caps, "; "), textMax) + "."
}

// taskButtons are the changes of level that viewer may begin, and the end of a pause.
func taskButtons(v report.TaskView, viewer engine.Role) slack.Block {
	var es []slack.BlockElement
	t := v.Task
	if v.Offer != nil && len(v.Offer.Missing) == 0 && viewer >= engine.RoleOwner {
		es = append(es, button(IDLevel, "Allow "+v.Offer.To.String()+"…", LevelValue{t.ID, t.Level, v.Offer.To}))
	}
	if below, ok := t.Level.Below(); ok && viewer >= engine.RoleOperator {
		es = append(es, button(IDLower, "Lower to "+below.String()+"…", LevelValue{t.ID, t.Level, below}))
	}
	if t.Paused != nil && viewer >= engine.RoleOwner {
		es = append(es, button(IDResumeTask, "Resume…", Value{ID: t.ID}))
	}
	return actions(es...)
}

// reviews are the last ten judgements, newest first.
func reviews(v report.TaskView) md {
	var rows []md
	for _, r := range v.Reviews {
		rows = append(rows, "“"+says(r.Title, titleMax)+"”: "+says(r.Words, nameMax)+", "+mention(r.By))
	}
	return upTo(10, "*Last reviews*", rows)
}
