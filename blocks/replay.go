package blocks

import (
	"fmt"

	"github.com/slack-go/slack"

	"koira/engine/report"
)

// replayRows is how many pieces of a kind a replay names.
const replayRows = 8

// LevelReplay answers what would have become of a task's pieces at another level. It changes nothing.
func LevelReplay(v report.LevelReplay) Message {
	head := md(fmt.Sprintf("tried at %s on paper, on the pieces of the last %s", v.Level, plural(v.Days, "day", "days")))
	push := says(v.Name, nameMax) + ": " + head
	return message(push,
		section(lines(
			"*"+says(v.Name, nameMax)+"*: "+head+". It is at "+level(v.Held)+".",
			never(v),
		)),
		section(lines(sentOnPaper(v), saidOfSent(v))),
		section(upTo(replayRows, "You had a say in these:", levelTried(v.Among, v.Frame))),
		section(upTo(replayRows, where(len(v.Stopped) > 0, md("A rule would have stopped "+number(int64(len(v.Stopped)))+" (")+says(v.Rules(), 200)+"):"), levelTried(v.Stopped, v.Frame))),
		section(upTo(replayRows, where(len(v.Waited) > 0, md(number(int64(len(v.Waited)))+" would have waited for your yes there too:")), levelTried(v.Waited, v.Frame))),
		notReplayed(v),
		note("This changes nothing, and nothing is needed. Only an owner gives a higher level."),
		actions(button(IDTask, "Look at the task", Value{ID: v.Task})),
	)
}

func never(v report.LevelReplay) md {
	if len(v.Never) == 0 {
		return ""
	}
	why := make([]md, len(v.Never))
	for i, w := range v.Never {
		why[i] = says(w, 120)
	}
	return md("It may not stand at "+v.Level.String()+" now: ") + glue("; ", why...) + "."
}

func sentOnPaper(v report.LevelReplay) md {
	if v.Of == 0 {
		return "There is no piece to try it on."
	}
	return md(fmt.Sprintf("Would have gone out without a person: *%d of %d*.", v.Sent, v.Of))
}

func saidOfSent(v report.LevelReplay) md {
	if v.Sent == 0 {
		return ""
	}
	s := md("Of those you changed none")
	if v.Deeds != "" {
		s = "Of those you " + says(v.Deeds, 100)
	}
	if v.Expired > 0 {
		s += md(fmt.Sprintf("; %d ran out with nobody's answer", v.Expired))
	}
	if v.Open > 0 {
		s += md(fmt.Sprintf("; %d wait for an answer still", v.Open))
	}
	return s + "."
}

func levelTried(xs []report.LevelTried, f report.Frame) (ls []md) {
	for _, x := range xs {
		l := says(x.When().In(zoneOf(f)).Format("2 Jan"), 20) + " “" + says(x.Title, 60) + "”: " + says(x.Words, 120)
		ls = append(ls, words(l, where(linkTo(x.URL) != "", "→ "+linkTo(x.URL))))
	}
	return ls
}

// notReplayed says what the numbers leave out, and why.
func notReplayed(v report.LevelReplay) slack.Block {
	var ls []md
	say := func(n int, one, many, why string) {
		if n > 0 {
			ls = append(ls, md(plural(n, one, many)+" "+why+"."))
		}
	}
	say(v.Edited, "piece", "pieces", "could not be tried: you edited them, and my own words are not kept")
	say(v.NoText, "piece", "pieces", "could not be tried: text not kept")
	say(v.Yours, "piece", "pieces", "in your own words, which no level is tried on")
	say(v.More, "older piece", "older pieces", "left out")
	say(v.Today, "piece", "pieces", "held against today's rules: no test was noted when I wrote them")
	return note(lines(ls...))
}
