package blocks

import (
	"fmt"
	"time"

	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/report"
)

// WhyNot answers what stands between a piece and its readers, and the smallest change that would let it pass.
func WhyNot(v report.WhyNot) Message {
	short := says(v.Says(func(t time.Time) string { return clock(t, v.Frame) }), 200)
	return message(title(v.Row)+": "+short, whyNot(v)...)
}

func whyNot(v report.WhyNot) []slack.Block {
	looked := md("As it was last checked.")
	if v.Fresh {
		looked = "Checked just now against the rules in force."
	}
	answer := v
	answer.Answer = string(says(v.Answer, 200))
	bs := []slack.Block{
		section(lines(dots("*"+says(v.Name, nameMax)+"*", channel(v.Row), title(v.Row)), md(answer.Says(func(t time.Time) string { return string(when(t, v.Frame)) })))),
		section(findings("Stops it", v.Blocks)),
		section(findings("It waits for", v.Waits)),
		section(findings("To look at", v.Warnings)),
		note(words(looked, passed(v.Passed, len(v.Blocks)+len(v.Waits)+len(v.Warnings)))),
	}
	if len(v.Blocks)+len(v.Waits) == 0 {
		bs = append(bs, section(words(nearest(v.Nearest), "Nothing is needed for the rules.")))
	}
	return bs
}

// nearest says which limit a piece comes nearest to that no rule stops.
func nearest(f *engine.Finding) md {
	if f == nil {
		return ""
	}
	return words("No rule stops it; nearest: "+says(f.Rule, 30)+md(fmt.Sprintf(", %.0f %% of its limit.", 100*f.Use)), says(f.Evidence, 300))
}

// findingsInAll is how many findings a window or an answer spells out.
const findingsInAll = 20

// findings lists what was found, under a heading; nothing for none.
func findings(heading md, fs []engine.Finding) md {
	var rows []md
	for _, f := range fs {
		rows = append(rows, says(f.Rule, 30)+": "+finding(f))
	}
	return upTo(findingsInAll, "*"+heading+"*", rows)
}
