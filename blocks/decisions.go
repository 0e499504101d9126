package blocks

import (
	"fmt"
	"math"
	"strings"

	"github.com/slack-go/slack"

	"koira/engine/report"
)

// leads are how the line of a change begins that was made, of one that is proposed, and of one that was proposed and turned down.
type leads struct{ changed, proposed, turnedDown md }

var inReport = leads{"I changed: ", "I propose: ", "I proposed: "}

func (l leads) of(d report.DecisionRow) md {
	switch {
	case d.CanApply:
		return l.proposed
	case d.Standing == "turned down":
		return l.turnedDown
	}
	return l.changed
}

// decisionRow is one change with its button: Undo while it is in force, Apply while it is proposed.
func decisionRow(d report.DecisionRow, l leads) slack.Block {
	lead := l.of(d)
	if by := signedBy.FindStringSubmatch(d.Signal); by != nil && lead != "" { // a person did it, not koira
		bullet, _, _ := strings.Cut(string(lead), " ")
		lead = where(bullet == "•", "• ") + "By " + mention(by[2]) + ": "
	}
	t := lead + says(d.Words, 200)
	if d.Expected != "" {
		t += "; " + says(d.Expected, 200)
	}
	if d.Chance > 0 {
		t += md(fmt.Sprintf(", %.0f %% sure", math.Round(100*d.Chance)))
	}
	t += cameToNothing(d)
	v := Value{ID: d.ID}
	switch {
	case d.CanApply:
		return section(t, button(IDApply, "Apply", v))
	case d.CanUndo:
		return section(t, button(IDUndo, "Undo", v))
	}
	return section(t)
}

// cameToNothing says in brackets how a change ended that is not in force any more, or never was.
func cameToNothing(d report.DecisionRow) md {
	return where(d.Standing == "undone" || d.Standing == "turned down", " ("+says(d.Standing, nameMax)+")")
}

// Decisions answers what koira changed, newest first.
func Decisions(v report.Decisions) Message {
	bs := []slack.Block{section(md("*What I changed*"))}
	if len(v.Rows) == 0 {
		bs = append(bs, section("Nothing yet. What I learn and change will stand here, each with its reason and Undo. Nothing is needed."))
	}
	for _, d := range v.Rows {
		bs = append(bs, decisionRow(d, leads{"", "Proposed: ", "Proposed: "}), note(dots(
			when(d.At, v.Frame),
			where(d.Signal != "", "why: "+signal(d.Signal, 150)),
			where(d.Score != "", "forecast: "+says(d.Score, nameMax)),
		)))
	}
	bs = append(bs, pages(ListDecisions, v.Task, v.Page)...)
	return message(md("What I changed: "+plural(len(v.Rows), "change", "changes")), bs...)
}
