package blocks

import (
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/report"
)

// Timeline answers where this business stands on the path of the first 90 days.
func Timeline(v report.Timeline) Message {
	head := md(fmt.Sprintf("Day %d of %d.", v.Day, report.PathDays))
	if v.Day > report.PathDays {
		head = md(fmt.Sprintf("Day %d: the first %d are over.", v.Day, report.PathDays))
	}
	var path []md
	for _, p := range v.Phases {
		path = append(path, phase(p, v))
	}
	bs := []slack.Block{
		section(lines("*The path*: "+head+" Begun "+says(dayName(v.Begun, v.Frame), nameMax)+".", says(v.Next, 200))),
		section(lines(path...)),
	}
	const most = 10
	for _, t := range v.Tasks[:min(most, len(v.Tasks))] {
		bs = append(bs, section(pathTask(t, v), button(IDTask, "Look", Value{ID: t.ID})))
	}
	if len(v.Tasks) == 0 {
		bs = append(bs, section("There is no task yet; tasks come from the config file."))
	}
	if more := len(v.Tasks) - most; more > 0 {
		bs = append(bs, note(md("And "+plural(more, "more task", "more tasks")+": `/autonomy <task>` shows one.")))
	}
	bs = append(bs, note(lines(
		md(fmt.Sprintf("A task of one piece a week needs %s for its %d reviews, whatever the 90 days say.", plural(v.Weekly, "week", "weeks"), v.Weekly)),
		"Dates ahead are estimates: at the pace of each task's cadence, every piece reviewed and read whole. If you do nothing, nothing rises by itself.",
	)))
	return message("The path: day "+md(fmt.Sprint(v.Day))+". "+says(v.Next, titleMax), bs...)
}

func phase(p report.Phase, v report.Timeline) md {
	var steps []md
	for _, s := range p.Steps {
		steps = append(steps, md(s.What)+where(s.Done, ": done")+where(!s.Done, ": to do"))
	}
	days := fmt.Sprintf("Days %d–%d", p.From, p.To)
	name := "*" + md(days) + "*"
	if p.Now(v.Day) {
		name = "*" + md(days) + ", now*"
	}
	return words(name+" (from "+says(dayName(p.Begins, v.Frame), nameMax)+"):", md(p.What)+". "+upperFirst(glue("; ", steps...))+".")
}

// farDay is dayName with the year where that is another.
func farDay(t time.Time, f report.Frame) string {
	zone := zoneOf(f)
	if t.In(zone).Year() == f.AsOf.In(zone).Year() {
		return dayName(t, f)
	}
	return t.In(zone).Format("Mon 2 Jan 2006")
}

func lowerFirst(s md) md {
	if s == "" {
		return s
	}
	return md(strings.ToLower(string(s[:1]))) + s[1:]
}

func upperFirst(s md) md {
	if s == "" {
		return s
	}
	return md(strings.ToUpper(string(s[:1]))) + s[1:]
}

func pathTask(t report.PathTask, v report.Timeline) md {
	head := "*" + says(t.Name, nameMax) + "* · " + level(t.Level)
	count := md(fmt.Sprintf("%d of %d reviewed", t.Reviewed, t.Needed))
	switch {
	case t.Top <= engine.L1:
		return lines(head, says(t.Next, 400), "As things are, not above "+md(t.Top.String())+": "+says(strings.Join(t.Caps, ", "), 200)+".")
	case t.Reviewed > t.Needed:
		count = md(fmt.Sprintf("%d reviewed, %d are asked for.", t.Reviewed, t.Needed))
	case t.Reviewed == t.Needed:
		count += "."
	case !t.Grows:
		count += "; its record does not grow at " + md(t.Level.String()) + "."
	case t.PerWeek == 0:
		count += "; it has no cadence, so no date can be said."
	default:
		count += md(fmt.Sprintf("; at %d a week about %s more, so about %s (an estimate)", t.PerWeek, plural(t.Weeks, "week", "weeks"), says(farDay(t.Until, v.Frame), nameMax))) +
			where(t.Level == engine.L1, ", if you ask for that many") + "."
	}
	if 7*t.Whole > report.PathDays {
		count += md(fmt.Sprintf(" At that pace %d reviews take %s in all, longer than these %d days.", t.Needed, plural(t.Whole, "week", "weeks"), report.PathDays))
	}
	return lines(head, count, namingIn(600, t.Next, t.Silent), where(t.Top < engine.L5 && t.To <= t.Top, "As things are, not above "+md(t.Top.String())+": "+says(strings.Join(t.Caps, ", "), 200)+"."))
}
