package blocks

import (
	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/report"
)

// Budget answers where a week's money stands. viewer sees only the buttons that work for them.
func Budget(v report.Budget, viewer engine.Role) Message {
	_, n := weekNumber(v.Week)
	bs := []slack.Block{section(md("*Money in week "+n+"*\n") + budgetLine(v))}
	bs = append(bs, section(lines(overLine(v), projectedLine(v), paceLine(v), "I tell you at 80 % and 100 %; at 100 % what costs money waits. Nothing is needed.")))
	bs = append(bs, section(byTask(v)), section(byCampaign(v)), note(furtherLimits(v)))
	return message("Money in week "+md(n)+": "+says(v.Spent.Format(v.Currency)+" of "+v.Cap.Format(v.Currency), nameMax), append(bs, budgetActions(v, viewer)...)...)
}

// budgetActions are the changes of the limit, with the money of this week, and in a row of their own the ways to the weeks before and after.
func budgetActions(v report.Budget, viewer engine.Role) []slack.Block {
	var lower, raise, before, after slack.BlockElement
	if viewer >= engine.RoleOperator && v.Back <= 0 {
		lower = button(IDLimitLower, "Lower the limit…", Value{ID: "budget"})
	}
	if viewer >= engine.RoleOwner && v.Back <= 0 {
		raise = button(IDLimitRaise, "Raise the limit…", Value{ID: "budget"})
	}
	if len(v.Weeks) > 0 {
		before = button(IDPage, "Week before", PageValue{List: ListBudget, Offset: max(0, v.Back+1)})
	}
	if v.Back > 0 {
		after = button(IDBack, "Week after", PageValue{List: ListBudget, Offset: v.Back - 1})
	}
	return []slack.Block{actions(lower, raise, button(IDPage, "By week", PageValue{List: ListWeeks})), actions(before, after)}
}

// BudgetWeeks answers what the last weeks came to.
func BudgetWeeks(v report.Budget) Message {
	var rows []md
	for _, w := range append([]report.WeekMoney{{Week: v.Week, Spent: v.Spent, Model: v.Model}}, v.Weeks...) {
		_, n := weekNumber(w.Week)
		l := md("Week "+n+": ") + says(w.Spent.Format(v.Currency), nameMax) + " spent" + where(w.Model > 0, " ("+says(w.Model.Format(v.Currency), nameMax)+" of it for the AI model)")
		if w.Week == v.Week {
			l += ", so far"
		}
		rows = append(rows, l)
	}
	return message("Money by week", section(lines(append([]md{"*Money by week*"}, rows...)...)), note("Weeks begin on Monday. Nothing is needed."),
		actions(button(IDPage, "This week", PageValue{List: ListBudget})))
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
	why := md(", which was lowered since")
	if v.Top >= v.Over {
		why = ", as an owner allowed for single pieces"
	}
	return "That is " + says(v.Over.Format(v.Currency), nameMax) + " over your limit of " + says(v.Cap.Format(v.Currency), nameMax) + why + ". Nothing more is set aside."
}

func projectedLine(v report.Budget) md {
	if !v.AsOf.Before(v.To) {
		return ""
	}
	return "Planned until Sunday: about " + says(v.Projected.Format(v.Currency), nameMax) + " in all (an estimate: what is spent and set aside, " +
		says(v.Planned.Format(v.Currency), nameMax) + " that pieces still to be cleared may cost, and the AI model at this week's rate)."
}

// paceLine says where the week stands against its pace.
func paceLine(v report.Budget) md {
	l := v.Limits
	if l.Pace == 0 {
		return ""
	}
	m := func(x engine.Money) md { return says(x.Format(v.Currency), nameMax) }
	return "Pace: by tonight at most " + m(l.Today) + " is used (" + md(number(int64(l.Pace))) + " % of the even part); " + m(l.ToDate) + " is used or set aside until then."
}

// furtherLimits names the limits that are not of the whole week.
func furtherLimits(v report.Budget) md {
	m := func(x engine.Money) md { return says(x.Format(v.Currency), nameMax) }
	return dots(
		where(v.Limits.Model > 0, "AI model: at most "+m(v.Limits.Model)+" a week"),
		where(v.Limits.Output > 0, "one piece: at most "+m(v.Limits.Output)),
		"the config file's ceiling is "+m(v.Ceiling)+" a week",
	)
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

func byCampaign(v report.Budget) md {
	var rows []md
	for _, c := range v.Campaigns {
		l := says(c.Text, nameMax) + ": " + says(c.Spent.Format(v.Currency), nameMax) + " spent, " + says(c.Reserved.Format(v.Currency), nameMax) + " set aside"
		if c.Limit > 0 {
			l += " of " + says(c.Limit.Format(v.Currency), nameMax)
		}
		rows = append(rows, l)
	}
	return upTo(tasksShown, "*By campaign*, over its whole life", rows)
}
