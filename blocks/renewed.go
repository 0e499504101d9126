package blocks

import (
	"strings"

	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/report"
)

// Renewed is the one message about all tasks whose record began anew by one change, while their level stayed.
func Renewed(v report.Renewed, subject string) Message {
	var tasks, names []md
	for _, t := range v.Tasks {
		names = append(names, says(t.Task.Name, nameMax))
		tasks = append(tasks, words("*"+says(t.Task.Name, nameMax)+"*, at "+level(t.Task.Level)+":", says(t.Why, 200)+".",
			counted(t.Counted)+" until now; none of them counts any more.", needsAnew(t)))
	}
	head := plural(len(v.Tasks), "record begins anew", "records begin anew")
	bs := []slack.Block{
		header("↺ " + head),
		section(upTo(8, "What people approved before was something else, so it does not count for more room any more. No level falls, and no piece is stopped.", tasks)),
	}
	if len(v.Tasks) == 1 {
		bs = append(bs, section("Nothing is needed."), actions(button(IDTask, "Show the task", Value{ID: v.Tasks[0].Task.ID})))
	} else {
		bs = append(bs, section("Nothing is needed."))
	}
	return message(md(head)+": "+glue(", ", names[:min(3, len(names))]...)+where(len(names) > 3, ", …"), bs...).about(string(engine.NoticeRenewed), subject)
}

// needsAnew says what t needs now before a piece of it can go out without a yes.
func needsAnew(t report.RenewedTask) md {
	var needs []string
	if t.Offer != nil {
		needs = t.Offer.Missing
	}
	if t.Lacks != "" {
		needs = append([]string{t.Lacks}, needs...)
	}
	if len(needs) == 0 {
		return ""
	}
	return "Before a piece of it can go out without a yes: " + naming(strings.Join(needs, "; "), t.Record.Silent) + ". Then an owner decides."
}

// counted says how many reviewed pieces counted.
func counted(n string) md {
	if n == "1" {
		return "1 reviewed piece counted"
	}
	return says(n, nameMax) + " reviewed pieces counted"
}
