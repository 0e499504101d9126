package blocks

import (
	"fmt"
	"math"
	"strings"

	"github.com/slack-go/slack"

	"koira/engine/report"
)

// decisionRow is one change with its button: Undo while it is in force, Apply while it is proposed.
func decisionRow(d report.DecisionRow, changed, proposed md) slack.Block {
	lead := changed
	if d.CanApply {
		lead = proposed
	}
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
	if d.Standing == "undone" || d.Standing == "turned down" {
		t += " (" + says(d.Standing, nameMax) + ")"
	}
	v := Value{ID: d.ID}
	switch {
	case d.CanApply:
		return section(t, button(IDApply, "Apply", v))
	case d.CanUndo:
		return section(t, button(IDUndo, "Undo", v))
	}
	return section(t)
}

// Decisions answers what koira changed, newest first.
func Decisions(v report.Decisions) Message {
	bs := []slack.Block{section(md("*What I changed*"))}
	if len(v.Rows) == 0 {
		bs = append(bs, section("Nothing yet. What I learn and change will stand here, each with its reason and Undo. Nothing is needed."))
	}
	for _, d := range v.Rows {
		bs = append(bs, decisionRow(d, "", "Proposed: "), note(dots(
			when(d.At, v.Frame),
			where(d.Signal != "", "why: "+signal(d.Signal, 150)),
			where(d.Score != "", "forecast: "+says(d.Score, nameMax)),
		)))
	}
	bs = append(bs, pages(ListDecisions, v.Task, v.Page)...)
	return message(md("What I changed: "+plural(len(v.Rows), "change", "changes")), bs...)
}
