package blocks

import (
	"fmt"
	"math"

	"koira/engine"
	"koira/engine/report"
)

// verdictWords say how a comparison came out.
var verdictWords = map[engine.BaselineVerdict]string{
	engine.BaselineHeld:     "held",
	engine.BaselineImproved: "improved",
	engine.BaselineDeclined: "declined",
	engine.BaselineUnknown:  "not enough data",
}

// Baseline is what a task brought by itself, against what it brought while people approved each piece.
func Baseline(v report.Baseline) Message {
	name := says(v.Name, nameMax)
	if v.Granted.IsZero() {
		return message(name+": nothing to compare yet.",
			section("*"+name+"* is at "+level(v.Level)+". There is something to compare once it has gone out by itself for 30 days."),
			note("Nothing is needed."))
	}
	c := v.Comparison
	verdict := md(verdictWords[c.Verdict])
	due := "Made 30 days after you allowed " + md(v.Level.String()) + "."
	if v.Early {
		due = "A first look: the 30 days since you allowed " + md(v.Level.String()) + " end " + onDay(v.Due, v.Frame) + "."
	}
	bs := message(name+": results by itself "+verdict+".",
		header(v.Name+" by itself: "+string(verdict)),
		note(dots(due, where(v.Simulated, "The readings are simulated."))),
		section(lines(pieceMeans(v), likeForLike(v), fallen(v))),
		section(lines(advised(v)...), button(IDTask, "Show the task", Value{ID: v.Task})),
	)
	return bs
}

// BaselineCard is Baseline as it stands in a room.
func BaselineCard(v report.Baseline, subject string) Message {
	return Baseline(v).about(string(engine.NoticeBaseline), subject)
}

func pieceMeans(v report.Baseline) md {
	before, after := v.Comparison.Pieces[0], v.Comparison.Pieces[1]
	metric := " " + v.Metric + " a piece"
	itself, approved := "By itself none is old enough yet", "approved by you before, none"
	if after > 0 {
		itself, metric = fmt.Sprintf("By itself %s%s over %d", v.After, metric, after), ""
	}
	if before > 0 {
		approved = fmt.Sprintf("approved by you before, %s%s over %d", v.Before, metric, before)
	}
	return says(itself+"; "+approved+".", textMax)
}

func likeForLike(v report.Baseline) md {
	c := v.Comparison
	if c.Ratio == 0 {
		return md(fmt.Sprintf("Each side needs at least %d pieces that are %d days old: until then too little of what they bring is in.", v.Least, v.Days))
	}
	percent := func(x float64) string { return signed(math.Round(100*x-100)) + " %" }
	s := fmt.Sprintf("Same weekdays and themes compared: %s (%s to %s, 9 times in 10).", percent(c.Ratio), percent(c.Low), percent(min(c.High, 99)))
	switch c.Verdict {
	case engine.BaselineHeld:
		s += " A loss of more than a fifth is ruled out."
	case engine.BaselineUnknown:
		s += " That is too wide to tell."
	}
	return md(s)
}

func fallen(v report.Baseline) md {
	var ls []md
	for _, t := range v.Themes[:min(3, len(v.Themes))] {
		ls = append(ls, says(t, nameMax))
	}
	if len(ls) == 0 {
		return ""
	}
	return "Fell: " + glue("; ", ls...) + "."
}

func advised(v report.Baseline) []md {
	var ls []md
	for _, a := range v.Advice {
		ls = append(ls, says(a, 300))
	}
	if v.Comparison.Verdict == engine.BaselineDeclined {
		return append(ls, "If you do nothing, it goes on as it is.")
	}
	return append(ls, "Nothing is needed.")
}
