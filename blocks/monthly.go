package blocks

import (
	"fmt"
	"math"

	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/report"
)

// Monthly is the report of a month: whether koira's guesses came true, and how the month sounded.
func Monthly(v report.Monthly) Message {
	month := v.From.In(v.Zone).Format("January 2006")
	bs := []slack.Block{
		header("How well I know you · " + month),
		section(lines(guesses(v), reliability(v.Calibration), scores(v))),
		section(askLines(v)),
		section(lines(voiceWeeks(v), farPieces(v))),
		note(dots("Nothing is needed.", where(v.AnySimulated, "Some channels are simulated."))),
	}
	return message("How well I know you, "+md(month)+". "+guesses(v), bs...).about(string(engine.NoticeMonthly), v.Month)
}

func guesses(v report.Monthly) md {
	c := v.Calibration
	if c.N == 0 {
		return "Nobody judged a piece of this month, so there is nothing to hold my guesses against."
	}
	s := fmt.Sprintf("Of %s of this month that people judged, %.0f in 100 passed as they were.", plural(c.N, "piece", "pieces"), math.Round(100*c.Share))
	if v.Few {
		s += fmt.Sprintf(" %d is few: take the numbers below as a hint.", c.N)
	}
	return md(s)
}

// reliability is one line for each stretch of guesses.
func reliability(c report.Calibration) md {
	var ls []md
	for _, b := range c.Bins {
		ls = append(ls, md(fmt.Sprintf("Guessed %.0f to %.0f in 100 (on average %.0f): %.0f in 100 of %d passed.",
			100*b.From, 100*b.To, 100*b.Said, 100*b.True, b.N)))
	}
	return lines(ls...)
}

func scores(v report.Monthly) md {
	c := v.Calibration
	if c.N == 0 {
		return ""
	}
	than := "better than"
	if c.Brier >= c.Plain {
		than = "no better than"
	}
	return md(fmt.Sprintf("I was off by %.0f in 100 on average. Brier score %.3f, %s one and the same guess for all (%.3f).", 100*c.Gap, c.Brier, than, c.Plain))
}

func askLines(v report.Monthly) md {
	ls := []md{"None of this month's pieces made me doubt."}
	if v.Asked > 0 {
		ls[0] = md(plural(v.Asked, "piece", "pieces") + " of this month I doubted, and asked you.")
	}
	for _, l := range v.Lines {
		from := fmt.Sprintf("from %s, so that at most %d in 100 go out that you would have changed", plural(l.Judged, "judged piece", "judged pieces"), l.Bad)
		if l.Early {
			from = fmt.Sprintf("where every task begins, until %d are judged (%d so far)", l.Needed, l.Judged)
		}
		ls = append(ls, "*"+says(l.Name, nameMax)+"*: I ask below "+md(fmt.Sprintf("%d in 100, %s.", l.Line, from)))
	}
	return lines(ls...)
}

func voiceWeeks(v report.Monthly) md {
	if v.NoSamples {
		return "How it sounded: there are no approved texts to compare with. Add three to the config file (`voice`, `examples`)."
	}
	ls := []md{"How far it sounded from your approved texts, of 100" + where(v.Limit > 0, md(fmt.Sprintf(" (I warn above %d)", v.Limit))) + ":"}
	for _, r := range v.Voice {
		_, n := weekNumber(r.Week)
		ls = append(ls, md("Week "+n+" · ")+says(r.Channel, nameMax)+md(fmt.Sprintf(": %d over %s", r.Distance, plural(r.N, "piece", "pieces"))))
	}
	if len(v.Voice) == 0 {
		ls = append(ls, "no piece was long enough to tell.")
	} else if v.Unheard > 0 {
		ls = append(ls, md(plural(v.Unheard, "piece was", "pieces were")+" too short to tell."))
	}
	return lines(ls...)
}

func farPieces(v report.Monthly) md {
	if len(v.Furthest) == 0 {
		return ""
	}
	ls := []md{"Furthest away:"}
	for _, p := range v.Furthest {
		ls = append(ls, md(fmt.Sprintf("%d · ", p.Distance))+says(p.Name, nameMax)+" · “"+says(p.Quote, 200)+"”")
	}
	return lines(ls...)
}
