package blocks

import (
	"strconv"
	"time"

	"koira/engine"
	"koira/engine/report"
)

// Daily is the morning note: one line when all is well.
func Daily(v report.Daily) Message {
	state := md("Running.")
	if !v.Running() {
		state = "⏸ Everything is stopped by " + mention(v.Control.StoppedBy) + "."
	}
	push := state + " " + md(v.NeedYou.Words()) + "."
	return message(push,
		section(words("*"+state+" "+md(v.NeedYou.Words())+".*", today(v), yesterday(v), says(v.Missing, textMax)), openButton(v.NeedYou)),
		section(fresh(v)),
		note(notes(v.Status)),
	).about(string(engine.NoticeDaily), v.Day.Format(time.DateOnly))
}

// DailyLog is what stands in the morning note's thread: how far the log had come when it was written, for whoever doubts the log later. The note
// itself is for reading at a glance; a hash has no place in it, and none on a card.
func DailyLog(v report.Daily) Message {
	if v.Log.Seq == 0 {
		return Message{}
	}
	lines := md(plural(int(v.Log.Seq), "line", "lines"))
	check := md("`koira verify --head " + v.Log.Short() + " --head-seq " + strconv.FormatInt(v.Log.Seq, 10) + "`")
	return message("The log so far: "+lines+".",
		section("The log of everything I did has "+lines+" so far."),
		note("Nothing is needed. Should anybody doubt it one day: "+check+" on my machine tells whether a line up to here was changed since, or is gone."),
	)
}

// fresh names the tasks that began to let pieces out unasked, and what needs people, even when that is nothing.
func fresh(v report.Daily) md {
	if len(v.Fresh) == 0 {
		return ""
	}
	var tasks []md
	for _, f := range v.Fresh {
		tasks = append(tasks, says(f.Name, nameMax)+" ("+md(f.Level.String())+", since "+onDay(f.Since, v.Frame)+")")
	}
	head := "*In the first two weeks*: " + glue(", ", tasks...) + "."
	if len(v.Open) == 0 {
		return head + " Nothing was stopped, and nothing waits for you there."
	}
	var rows []md
	for _, e := range v.Open {
		rows = append(rows, says(e.Reason, titleMax))
	}
	return upTo(5, head+" *What was stopped and needs you*:", rows)
}

// todayShown is how many of today's pieces the note names.
const todayShown = 4

func today(v report.Daily) md {
	if len(v.Today) == 0 {
		return "Today nothing goes out."
	}
	var parts []md
	for _, r := range v.Today[:min(todayShown, len(v.Today))] {
		parts = append(parts, hour(r.Slot, v.Frame)+" "+channel(r)+" ("+says(r.Words, nameMax)+")")
	}
	if more := len(v.Today) - todayShown; more > 0 {
		parts = append(parts, md("and "+number(int64(more))+" more"))
	}
	return "Today: " + glue(", ", parts...) + "."
}

func yesterday(v report.Daily) md {
	y := v.Yesterday
	s := "Yesterday " + number(int64(y.Out)) + " went out, " + number(int64(y.Failed)) + " failed"
	if y.Expired > 0 {
		s += ", " + number(int64(y.Expired)) + " ran out"
	}
	return md(s + ".")
}

// notes are what must be said beside the state: what is simulated, what is paused.
func notes(v report.Status) md {
	var ns []md
	for _, n := range v.Notes {
		ns = append(ns, says(n, 300))
	}
	return words(ns...)
}
