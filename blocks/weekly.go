package blocks

import (
	"fmt"
	"math"
	"strings"

	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/report"
)

// decisionsShown is how many rows of changes the weekly report has, each with its button.
const decisionsShown = 3

// Weekly is the report of a week: at most twelve short lines, each change a row with its button.
func Weekly(v report.Weekly) Message { return weekly(v, nil) }

// WeeklyWithChart is Weekly with its picture, which stands in Slack as file.
func WeeklyWithChart(v report.Weekly, p Picture, file string) Message {
	return weekly(v, slack.NewImageBlockSlackFile(&slack.SlackFileObject{ID: file}, p.Alt, "", nil))
}

func weekly(v report.Weekly, chart slack.Block) Message {
	_, n := weekNumber(v.Week)
	bs := []slack.Block{
		header("Week " + n + " · " + span(v)),
		section(lines(result(v.Result, v.Currency), bars(v, chart != nil), words(counts(v.Counts), nearLimits(v.Near)))),
		chart,
		section(moved(v.Drivers)),
	}
	rows := len(v.Decisions)
	if rows > decisionsShown {
		rows = decisionsShown - 1 // the last row opens the others
	}
	for _, d := range v.Decisions[:rows] {
		bs = append(bs, decisionRow(d, inReport))
	}
	if more := len(v.Decisions) - rows; more > 0 {
		bs = append(bs, section(md("Changed or proposed this week: "+plural(more, "more thing", "more things")+"."), button(IDPage, "Show all", PageValue{List: ListDecisions})))
	}
	bs = append(bs, section(lines(forecasts(v.Forecasts), words(money(v), attention(v.Attention)))))
	bs = append(bs, section(waiting(v), openButton(v.NeedYou)))
	for _, o := range v.Offers[:min(1, len(v.Offers))] {
		bs = append(bs, section(md("*"+says(o.Name, nameMax)+"* could go up to "+md(o.To.String()+" ("+o.To.Words()+").")), button(IDTask, "Look", Value{ID: o.Task})))
	}
	push := md("Week "+n+": ") + brief(v.Result, v.Currency) + ". " + md(v.NeedYou.Words()) + "."
	return message(push, bs...).about(string(engine.NoticeWeekly), v.Week)
}

func weekNumber(week string) (year, n string) {
	year, n, _ = strings.Cut(week, "-W")
	return year, strings.TrimPrefix(n, "0")
}

func span(v report.Weekly) string {
	zone := zoneOf(v.Frame)
	last := v.To.In(zone).AddDate(0, 0, -1)
	return v.From.In(zone).Format("2 Jan") + " to " + last.Format("2 Jan")
}

// brief is a week's number in few words.
func brief(c report.Change, currency string) md {
	if !c.Known {
		return "too little data yet"
	}
	return says(value(c.Value, c.Money, currency)+" "+c.Name, nameMax) + where(c.Simulated, " (simulated)")
}

// result is a week's number beside the week before, with its usual range and what that makes of it.
func result(c report.Change, currency string) md {
	if !c.Known {
		return "*Too little data*: no channel has given a reading for this week."
	}
	s := "*" + brief(c, currency) + "*"
	if !c.Compared {
		return s + ": the first week, with nothing to compare it to."
	}
	s += ", the week before " + says(value(c.Last, c.Money, currency), nameMax)
	var how []string
	if c.Relative {
		how = append(how, signed(c.Percent)+" %")
	}
	if low, high, ok := c.UsualPercent(); ok {
		how = append(how, "usual "+signed(low)+" to "+signed(high)+" %")
	} else if c.Usual.Known {
		how = append(how, "usual "+value(int64(math.Round(c.Usual.Low)), c.Money, currency)+" to "+value(int64(math.Round(c.Usual.High)), c.Money, currency))
	}
	return s + " (" + says(strings.Join(how, "; "), 100) + where(len(how) > 0, ": ") + md(c.Verdict) + ")."
}

// signed writes a change as a whole number with its sign.
func signed(v float64) string {
	n := math.Round(v)
	switch {
	case n > 0:
		return "+" + number(int64(n))
	case n < 0:
		return "−" + number(int64(-n))
	}
	return "0"
}

// bars draws the weeks as one line of text, scaled from zero, with the numbers that it stands between; beside a chart only the numbers.
func bars(v report.Weekly, charted bool) md {
	const steps = "▁▂▃▄▅▆▇█"
	if !v.Result.Known || len(v.Series) < chartWeeks {
		return md(fmt.Sprintf("No chart yet: it takes %d weeks with readings, and there %s.", chartWeeks, map[bool]string{true: "is 1", false: "are " + number(int64(len(v.Series)))}[len(v.Series) == 1]))
	}
	low, high := v.Series[0].Value, v.Series[0].Value
	for _, p := range v.Series {
		low, high = min(low, p.Value), max(high, p.Value)
	}
	var b strings.Builder
	for _, p := range v.Series {
		i := 0
		if high > 0 && p.Value > 0 {
			i = int(math.Round(float64(p.Value) / float64(high) * 7))
		}
		b.WriteRune([]rune(steps)[i])
	}
	if charted {
		return md(fmt.Sprintf("%d weeks, each between %s and %s.", len(v.Series), value(low, v.Result.Money, v.Currency), value(high, v.Result.Money, v.Currency)))
	}
	return words(md(number(int64(len(v.Series)))+" weeks:"), md(b.String()), md(value(low, v.Result.Money, v.Currency)+" to "+value(high, v.Result.Money, v.Currency)))
}

func counts(c report.WeekCounts) md {
	parts := []string{plural(c.Shipped, "piece", "pieces") + " went out"}
	for _, x := range []struct {
		n    int
		what string
	}{{c.TakenDown, "taken down"}, {c.Stopped, "stopped by a rule"}, {c.Rejected, "rejected"}, {c.Expired, "ran out"}, {c.Failed, "failed"}, {c.Dropped, "dropped"}} {
		if x.n > 0 {
			parts = append(parts, number(int64(x.n))+" "+x.what)
		}
	}
	return md(strings.Join(parts, " · ") + ".")
}

// moved spells out the three largest drivers; what is left of the change is their sum.
func moved(ds []report.Driver) md {
	if len(ds) == 0 {
		return ""
	}
	const most = 3
	var parts []md
	var all, left int64
	for i, d := range ds {
		all += d.Shown
		if i >= most {
			left += d.Shown
			continue
		}
		what := d.Words
		if what == "" {
			what = "results of " + d.Name
		}
		by := md(": ")
		if d.Why == report.WhyPieces { // its words name things; the others' are sentences
			by = " from "
		}
		parts = append(parts, md(signed(float64(d.Shown)))+by+says(what, 120))
	}
	if len(ds) > most {
		parts = append(parts, md(signed(float64(left))+": the rest"))
	}
	return "What moved: " + glue("; ", parts...) + md("; together "+signed(float64(all))+".")
}

func forecasts(f report.Forecasts) md {
	if f.Scored == 0 {
		return "My forecasts: none is scored yet."
	}
	s := fmt.Sprintf("My forecasts: of %d at about %.0f %%, %d came true", f.Scored, 100*f.Chance, f.Held)
	if f.Few {
		s += fmt.Sprintf(" (%d is few)", f.Scored)
	}
	return md(s + ".")
}

func money(v report.Weekly) md {
	return "Money: " + says(v.Budget.Spent.Format(v.Currency)+" of "+v.Budget.Cap.Format(v.Currency), nameMax) + "."
}

// nearShown is how many rules the report itself names; its thread has all of them.
const nearShown = 2

// nearLimits is a sentence on the rules that pieces came near to.
func nearLimits(near []report.NearMiss) md {
	var parts []md
	for _, n := range near[:min(nearShown, len(near))] {
		parts = append(parts, says(n.Rule, 30)+md(fmt.Sprintf(" %s (up to %.0f %%)", plural(len(n.Pieces), "piece", "pieces"), 100*n.Pieces[0].Use)))
	}
	if len(parts) == 0 {
		return ""
	}
	return "Near your limits: " + glue(", ", parts...) + where(len(near) > nearShown, md(fmt.Sprintf(", and %d more", len(near)-nearShown))) + ". The pieces stand in the thread."
}

// NearLimits is what stands in the weekly report's thread: each piece that came within a tenth of a limit, with its numbers. The zero Message
// where none did.
func NearLimits(v report.Weekly) Message {
	const rules, pieces = 6, 4
	if len(v.Near) == 0 {
		return Message{}
	}
	bs := []slack.Block{section("*Near your limits*: it passed, within a tenth of the limit.")}
	for _, n := range v.Near[:min(rules, len(v.Near))] {
		var rows []md
		for _, p := range n.Pieces {
			rows = append(rows, "“"+says(p.Title, 60)+"”: "+says(p.Evidence, 200))
		}
		bs = append(bs, section(upTo(pieces, "*"+says(n.Rule, 30)+"*", rows)))
	}
	bs = append(bs, note("Nothing is needed. `/guardrails` shows the limits and changes them."))
	return message("Near your limits: "+md(plural(len(v.Near), "rule", "rules"))+".", bs...)
}

// attention is people's time of a week; what it took before and the line of three hours stand in it where they say something.
func attention(a report.Attention) md {
	if a.Decisions == 0 {
		return md(fmt.Sprintf("Your time: no decisions (%d the week before).", a.Before))
	}
	s := fmt.Sprintf("Your time: about %s (estimated), %s (%d the week before)", plural(a.Minutes, "minute", "minutes"), plural(a.Decisions, "decision", "decisions"), a.Before)
	if a.Stated > 0 {
		s += fmt.Sprintf("; you said %s hours a week before me", amount(a.Stated))
	}
	if a.Over() {
		s += "; more than my line of 3 hours"
	}
	return md(s + ".")
}

func waiting(v report.Weekly) md {
	next := md("Nothing is planned for the week after.")
	if len(v.Next) > 0 {
		var kinds []string
		for _, k := range v.Next {
			kinds = append(kinds, k.Words())
		}
		next = md("Planned for the week after: " + strings.Join(kinds, ", ") + ".")
	}
	return words(md(v.NeedYou.Words())+".", next)
}

// openButton opens what needs people: problems first. Nil when nothing does.
func openButton(n report.NeedYou) slack.BlockElement {
	switch {
	case n.Problems > 0:
		return button(IDPage, "Open", PageValue{List: ListExceptions})
	case n.Total() > 0:
		return button(IDPage, "Open", PageValue{List: ListQueue})
	}
	return nil
}
