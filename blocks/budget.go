package blocks

import (
	"github.com/slack-go/slack"

	"koira/engine/report"
)

// Budget answers where a week's money stands.
func Budget(v report.Budget) Message {
	_, n := weekNumber(v.Week)
	bs := []slack.Block{section(md("*Money in week "+n+"*\n") + budgetLine(v))}
	bs = append(bs, section(lines(overLine(v), projectedLine(v), "I tell you at 80 % and 100 %; at 100 % what costs money waits. Nothing is needed.")))
	bs = append(bs, section(byTask(v)), note(weeksBefore(v)))
	bs = append(bs, note("Lower it: `/guardrails budget weekly &lt;sum&gt;`, at once. Raise it: the same, an owner confirms; the config file's ceiling is "+
		says(v.Ceiling.Format(v.Currency), nameMax)+"."))
	bs = append(bs, otherWeeks(v))
	return message("Money in week "+md(n)+": "+says(v.Spent.Format(v.Currency)+" of "+v.Cap.Format(v.Currency), nameMax), bs...)
}

// otherWeeks are the buttons to the money of the week before and, from an earlier one, of the week after.
func otherWeeks(v report.Budget) slack.Block {
	var es []slack.BlockElement
	if len(v.Weeks) > 0 {
		es = append(es, button(IDPage, "Week before", PageValue{List: ListBudget, Offset: max(0, v.Back+1)}))
	}
	if v.Back > 0 {
		es = append(es, button(IDBack, "Week after", PageValue{List: ListBudget, Offset: v.Back - 1}))
	}
	return actions(es...)
}

// budgetLine is the sum that a week's money adds up to.
func budgetLine(v report.Budget) md {
	m := func(x interface{ Format(string) string }) md { return says(x.Format(v.Currency), nameMax) }
	s := m(v.Spent) + " spent"
	if v.Model > 0 {
		s += " (" + m(v.Model) + " of it for the AI model)"
	}
	return s + " + " + m(v.Reserved) + " set aside + " + m(v.Free) + " free = " + m(v.Spent+v.Reserved+v.Free) + where(v.Over == 0, ", your limit") + "."
}

func overLine(v report.Budget) md {
	if v.Over == 0 {
		return ""
	}
	return "That is " + says(v.Over.Format(v.Currency), nameMax) + " over your limit of " + says(v.Cap.Format(v.Currency), nameMax) + ", which was lowered since. Nothing more is set aside."
}

func projectedLine(v report.Budget) md {
	if !v.AsOf.Before(v.To) {
		return ""
	}
	return "Planned until Sunday: about " + says(v.Projected.Format(v.Currency), nameMax) + " in all."
}

// tasksShown is how many tasks the answer names; the others are counted.
const tasksShown = 10

func byTask(v report.Budget) md {
	var rows []md
	for _, t := range v.ByTask {
		name := says(t.Name, nameMax)
		if name == "" {
			name = "no task"
		}
		l := name + ": " + says(t.Spent.Format(v.Currency), nameMax) + " spent, " + says(t.Reserved.Format(v.Currency), nameMax) + " set aside"
		if t.Limit > 0 {
			l += ", its own limit " + says(t.Limit.Format(v.Currency), nameMax)
		}
		rows = append(rows, l)
	}
	return upTo(tasksShown, "*By task*", rows)
}

func weeksBefore(v report.Budget) md {
	if len(v.Weeks) == 0 {
		return ""
	}
	var parts []md
	for _, w := range v.Weeks[:min(4, len(v.Weeks))] {
		_, n := weekNumber(w.Week)
		parts = append(parts, md("week "+n+" ")+says(w.Spent.Format(v.Currency), nameMax))
	}
	return "Before: " + glue(", ", parts...) + "."
}
