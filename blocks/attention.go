package blocks

import (
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/report"
)

// Hours answers somebody who chose when they want to read drafts.
func Hours(chosen []engine.Hours, f report.Frame) Message {
	if len(chosen) == 0 {
		return message("Drafts come as they are written.", section("Drafts come as they are written again, 08–20, "+says(city(f), nameMax)+". Nothing is needed."))
	}
	var words []string
	for _, h := range chosen {
		words = append(words, h.String())
	}
	return message("Drafts that can wait come in your hours.",
		section("Drafts that can wait come at "+says(strings.Join(words, ", "), nameMax)+", "+says(city(f), nameMax)+". What is needed before comes at once, problems always. If you do nothing, it stays so; `/koira hours off` ends it."))
}

// Attention answers what koira takes of people's time, and what would lower it.
func Attention(v report.AttentionView) Message {
	bs := []slack.Block{section(lines("*Your time, the last seven days*", attention(v.Attention), where(!v.Over(), "Within my line of 3 hours a week."),
		where(v.Hand > 0, "By hand, and not mine: about "+spanOf(max(1, v.Hand))+" a week, as you said at the audit.")))}
	var rows []md
	for _, t := range v.Tasks {
		rows = append(rows, says(t.Name, nameMax)+md(fmt.Sprintf(": about %s, %s", plural(t.Minutes, "minute", "minutes"), plural(t.Decisions, "decision", "decisions"))))
	}
	if v.Others > 0 {
		rows = append(rows, md("Besides: "+plural(v.Others, "other thing", "other things")+" that people set, asked for or settled"))
	}
	bs = append(bs, section(upTo(9, "By task:", rows)))
	var lower []md
	for _, l := range v.Lower {
		lower = append(lower, says(l, 200))
	}
	if v.Offer == nil {
		bs = append(bs, section(upTo(8, "What would lower it:", lower)))
	} else {
		bs = append(bs, section(upTo(8, "What would lower it:", append(lower, "It could go up to "+level(v.Offer.To)+".")), button(IDTask, "Look", Value{ID: v.Offer.Task})))
	}
	bs = append(bs, note("An estimate: how long each card stood before its click, at most 10 minutes each; a minute for a decision that was not timed. Nothing is needed."))
	return message("Your time: "+brevity(v.Attention), bs...)
}

func brevity(a report.Attention) md {
	if a.Decisions == 0 {
		return "no decisions."
	}
	return md("about " + plural(a.Minutes, "minute", "minutes") + ".")
}
