package blocks

import (
	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/desk"
	"koira/engine/report"
)

// OnceWindow asks an owner to let one version pass: the sum, each limit old → needed, and what else it passes.
func OnceWindow(p desk.Once, v report.PieceView, at Place) slack.ModalViewRequest {
	m := meta(v, at)
	m.Rise, m.Marks = &p.Rise, p.Marks()
	money := func(x engine.Money) md { return says(x.Format(v.Currency), nameMax) }
	rows := []md{where(p.Output.CostMax > 0, "It may cost "+money(p.Output.CostMax)+".")}
	inAll := md("")
	for _, c := range p.Caps {
		if c.Kind == engine.CapCampaign {
			inAll = " and " + money(c.Ceiling) + " for the campaign in all"
		}
		rows = append(rows, "For this one alone, "+capWords(c, p.Task)+": "+money(c.Limit)+" → "+money(max(c.Needs(), c.Limit)))
	}
	var waives []slack.Block
	for _, f := range p.Waives { // whole: a yes is to all the words that a rule found
		waives = append(waives, section("Sets aside once, for this one alone, the rule “"+says(f.Rule, nameMax)+"”: "+says(f.Evidence, wholeMax)))
	}
	title, verb, holds := "Approve anyway?", "Approve anyway", md("The rules stay as they are, and this holds for exactly these words and this time.")
	if len(p.Caps) > 0 {
		title, verb = "Allow this one?", "Allow this one"
		holds = "The limits stay as they are, and this holds for exactly these words, this time and this sum. No click goes above the config file's ceiling of " +
			money(p.Ceiling) + " a week" + inAll + "."
	}
	bs := append([]slack.Block{repeats(v), section(lines(rows...))}, waives...)
	return window(title, verb, CallbackOnce, m, append(bs, note(holds+" If you close this, it does not go out."))...)
}

// capWords names a limit on money.
func capWords(c engine.MoneyCap, task string) md {
	switch c.Kind {
	case engine.CapTask:
		return says(task, nameMax) + "'s limit of the week"
	case engine.CapCampaign:
		return "the campaign's limit"
	case engine.CapOutput:
		return "the limit of one piece"
	}
	return "the week's limit"
}
