package blocks

import (
	"regexp"
	"strings"

	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/report"
)

// Level is the card of a task whose level or pause has changed. t is the task as it stands now.
func Level(d report.DecisionView, t report.TaskView) Message {
	m := levelChanged(d, t)
	if d.What == "pause" {
		m = pauseChanged(d, t)
	}
	return m.about(string(engine.NoticeLevel), d.ID)
}

func levelChanged(d report.DecisionView, t report.TaskView) Message {
	from, errFrom := engine.ParseLevel(d.From)
	to, errTo := engine.ParseLevel(d.To)
	if errFrom != nil || errTo != nil { // a change that names no levels is told as it was written down
		return message(says(d.Words, titleMax), section(words(says(d.Words, textMax), signal(d.Signal, textMax))), taskActions(d.Decision))
	}
	name, change := plain(d.Name, 36), from.String()+" → "+to.String()
	push := says(d.Name, nameMax) + md(" ("+change+"): "+to.Words())
	waits := where(t.Task.Level == to, eachWaits(t))
	if waits != "" {
		push = says(d.Name, nameMax) + md(" ("+change+"): each waits for your yes for now")
	}
	why := lines(
		words(md("*"+to.String()+"*: ")+md(to.Words())+".", waits, "Before: "+md(from.Words())+"."),
		where(d.Signal != "", "Why: "+signal(d.Signal, textMax)+"."),
	)
	if to > from {
		return message("Allowed: "+push, header("✅ "+name+" · "+change), section(why),
			section("Rules still stop it, and so can anyone here. Nothing is needed."),
			actions(backButton(d, t), button(IDTask, "Show the task", Value{ID: d.Task})))
	}
	if to == from {
		change = "stays at " + to.String()
		push = says(d.Name, nameMax) + " " + md(change) + ", and its record begins anew"
		why = lines(md("*"+to.String()+"*: ")+md(to.Words())+". There is no level below, so its record begins anew.", where(d.Signal != "", "Why: "+signal(d.Signal, textMax)+"."))
	}
	bs := []slack.Block{
		header("⏸ " + name + " · " + change), section(lines(why, luck(d.Lowering), wayBack(t, d.Back))), section("Nothing is needed."), loweredActions(d, t),
	}
	if d.Lowering != nil && d.Lowering.Cause == engine.CauseWalls && t.Offer != nil {
		bs = append(bs, wallButtons(t.Task.ID, t.Offer.Opens)...)
	}
	return message(where(to < from, "Lowered: ")+push, bs...)
}

// eachWaits says that each piece of t waits although its level lets some go, and for what; "" where that is not so.
func eachWaits(t report.TaskView) md {
	switch l := t.Task.Level; {
	case !l.Rung().Unasked:
		return ""
	case !t.Grant.Allows(l):
		return md("For now each waits for your yes: no owner's yes to " + l.String() + " is in force. From " + engine.L3.String() + " an owner can allow it again.")
	case l.Rung().Checks && t.Lacks != "":
		return "For now each waits for your yes, until the record is there: " + says(t.Lacks, 200) + "."
	}
	return ""
}

// backButton takes a raise back, while it still stands.
func backButton(d report.DecisionView, t report.TaskView) slack.BlockElement {
	below, ok := t.Task.Level.Below()
	if to, err := engine.ParseLevel(d.To); err != nil || !ok || t.Task.Level != to {
		return nil
	}
	return button(IDLower, "Back to "+below.String()+"…", LevelValue{d.Task, t.Task.Level, below})
}

// loweredActions show the evidence, and stop the task altogether.
func loweredActions(d report.DecisionView, t report.TaskView) slack.Block {
	show := "Show the task"
	if d.Lowering != nil && len(d.Lowering.Pieces) > 1 {
		show = "Show the " + numeral(len(d.Lowering.Pieces))
	}
	es := []slack.BlockElement{button(IDTask, show, Value{ID: d.Task})}
	if d.Lowering != nil && t.Task.Paused == nil {
		es = append(es, button(IDPauseTask, "Pause the task…", Value{ID: d.Task}))
	}
	return actions(es...)
}

func numeral(n int) string {
	if words := []string{"two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"}; n >= 2 && n-2 < len(words) {
		return words[n-2]
	}
	return "pieces"
}

// luck says how likely a lowering is by luck alone. Where each piece is looked at as it comes, that is how often.
func luck(l *engine.Lowering) md {
	if l == nil || l.Luck == 0 {
		return ""
	}
	n := number(int64(1 / l.Luck))
	if l.Cause == engine.CauseApprovals {
		return md("By luck alone: at most once in " + n + " pieces.")
	}
	return md("By luck alone: at most 1 time in " + n + ".")
}

// wayBack says what the next rung needs, as the task stands now, and when that is likely to be there; or what keeps the task from ever standing higher.
func wayBack(t report.TaskView, back string) md {
	if t.Offer == nil {
		return caps(t)
	}
	if len(t.Offer.Missing) == 0 {
		return md("Nothing is missing for " + t.Offer.To.String() + ": an owner decides.")
	}
	if back != "" {
		back = " (" + back + ")"
	}
	return md("What earns "+t.Offer.To.String()+": ") + naming(strings.Join(t.Offer.Missing, "; ")+back, t.Record.Silent) + ". Then an owner decides."
}

func pauseChanged(d report.DecisionView, t report.TaskView) Message {
	name := plain(d.Name, 36)
	why := where(d.Signal != "", "Why: "+signal(d.Signal, textMax)+".")
	if d.To != "paused" {
		return resumed(d, t, why)
	}
	push := says(d.Name, nameMax) + " is paused: " + signal(d.Signal, nameMax)
	if t.Task.Paused == nil { // resumed since
		return message(push, header("⏸ "+name+" was paused"), section(lines(why, "It runs again. Nothing is needed.")), taskActions(d.Decision))
	}
	return message(push, header("⏸ "+name+" is paused"), section(lines(why, luck(d.Lowering))), section("If you do nothing, it stays paused."), actions(
		button(IDResumeTask, "Resume…", Value{ID: d.Task}), button(IDTask, "Show the task", Value{ID: d.Task})))
}

// resumed is the card of a task that runs again: at which level, which one it had, and what earns that back where the pause cost it.
func resumed(d report.DecisionView, t report.TaskView, why md) Message {
	to, errTo := engine.ParseLevel(d.To)
	from, errFrom := engine.ParseLevel(d.From)
	if errTo != nil || errFrom != nil { // written down when a resumption did not name them
		from, to = t.Task.Level, t.Task.Level
	}
	change, before, back := to.String(), md(""), md("")
	if to < from {
		change = from.String() + " → " + to.String()
		before = md("Before: *" + from.String() + "*, " + from.Words() + ".")
	}
	if t.Task.LoweredAt.Equal(d.At) { // what paused it is paid for, and more room is earned anew
		back = wayBack(t, d.Back)
	}
	return message(says(d.Name, nameMax)+" runs again ("+md(change)+")", header("✅ "+plain(d.Name, 36)+" runs again · "+change),
		section(lines(words(md("*"+to.String()+"*: "+to.Words()+"."), where(t.Task.Level == to, eachWaits(t)), before), why, back, "Nothing is needed.")), taskActions(d.Decision))
}

func taskActions(d engine.Decision) slack.Block {
	return actions(button(IDTask, "Show the task", Value{ID: d.Task}))
}

var signedBy = regexp.MustCompile(`^(allowed|lowered|resumed) by ([UW][A-Z0-9]{1,20})\b`)

// signal is why something changed. Where desk wrote a person's id at its head, the person is named.
func signal(s string, most int) md {
	s = strings.TrimSuffix(s, ".")
	m := signedBy.FindStringSubmatch(s)
	if m == nil {
		return says(s, most)
	}
	return md(m[1]) + " by " + mention(m[2]) + says(s[len(m[0]):], most)
}
