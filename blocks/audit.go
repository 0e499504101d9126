package blocks

import (
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/report"
)

// auditNew is what the button that adds work names where nothing is proposed.
const auditNew = "new"

// Audit answers what to hand over first: every weekly piece of work by how often and how sensitive it is.
func Audit(v report.AuditView) Message {
	bs := []slack.Block{section(lines("*What to hand over first*", candidates(v), auditTime(v)))}
	for _, g := range auditGroups(v) {
		bs = append(bs, section(g))
	}
	bs = append(bs, section(proposedWords(v), marketButton()))
	const most = 5
	for i, p := range v.Proposed {
		if i == most || v.Full {
			break
		}
		bs = append(bs, section(dots("*"+says(p.Work.Name, nameMax)+"*", says(timesWords(p.Work.Times), nameMax), says(p.Why, 200)), button(IDAuditAdd, "Add…", Value{ID: p.Key})))
	}
	bs = append(bs, actions(button(IDWorkAdd, "Add work…", Value{ID: auditNew}), button(IDWorkChange, "Change…", Value{ID: auditNew})))
	bs = append(bs, note(lines(
		"Add: `/koira audit add \"Photos for the shop\" 2h 3x low` · change: `/koira audit change 1 90m high by daily-social` · a task's hours before: `/koira audit change daily-social 3h` · off the list: `/koira audit remove 1` · `/koira audit market b2c`",
		"Hours are as people said them, not measured. If you do nothing, nothing changes: no level follows from this list.",
	)))
	return message(auditPush(v), bs...)
}

func auditPush(v report.AuditView) md {
	if len(v.First) == 0 {
		return "No work on the list could be handed over yet."
	}
	return "Hand over first: " + firstNames(v) + "."
}

func firstNames(v report.AuditView) md {
	var names []md
	for _, r := range v.First {
		names = append(names, says(r.Name, nameMax))
	}
	return glue(", ", names...)
}

// candidates names the first two or three, with why.
func candidates(v report.AuditView) md {
	if len(v.First) == 0 {
		return "No candidate yet: what is on the list stays with you, is sensitive and seldom, or runs by itself already."
	}
	s := "First candidates: *" + firstNames(v) + "*."
	for _, r := range v.First {
		if !r.Mine {
			return s + " What no task of mine does yet needs one in the config file."
		}
	}
	return s
}

func auditTime(v report.AuditView) md {
	s := md("")
	if v.Before > 0 {
		s = "What I do took about " + spanOf(v.Before) + " a week before, as you said."
	}
	if v.ByHand > 0 {
		s = words(s, "By hand: about "+spanOf(v.ByHand)+" a week.")
	}
	return words(s, where(v.Unsaid > 0, "Of "+md(plural(v.Unsaid, "row", "rows"))+" nobody has said how long it takes."))
}

// spanOf writes minutes: "40 min", "2.5 h".
func spanOf(minutes int) md {
	if minutes < 60 {
		return md(fmt.Sprintf("%d min", minutes))
	}
	return md(amount(float64(minutes)/60) + " h")
}

// auditRoom is the text that one group may fill: a message holds five of them.
const auditRoom = 1_500

// auditGroups draws each group that holds anything.
func auditGroups(v report.AuditView) (groups []md) {
	for _, g := range report.AuditGroups {
		var rows []md
		for _, r := range v.Rows {
			if r.Group == g {
				rows = append(rows, auditRow(r))
			}
		}
		groups = append(groups, upToRoom(20, auditRoom, "*"+md(g.Words())+"*", rows))
	}
	return groups
}

func auditRow(r report.AuditRow) md {
	takes := md("hours not said")
	switch {
	case r.Minutes > 0 && r.Mine:
		takes = "took " + spanOf(r.Minutes) + " before"
	case r.Minutes > 0:
		takes = spanOf(r.Minutes) + " a week"
	}
	who := md("by hand, number " + fmt.Sprint(r.Number))
	if r.Mine {
		who = level(r.Level)
	}
	s := dots(says(r.Name, nameMax), says(r.HowOften, nameMax), md(r.Sensitivity)+" sensitivity", takes, who)
	if len(r.TookOver) > 0 {
		s += "; took over " + says(strings.Join(r.TookOver, ", "), 60)
	}
	if len(r.Caps) > 0 {
		s += "; never above " + md(r.Top.String()) + ": " + says(strings.Join(r.Caps, ", "), 80) + where(r.Guessed, " (a guess from its name; `none` in a change takes it off)")
	}
	return s
}

func proposedWords(v report.AuditView) md {
	if v.Market == engine.MarketUnknown {
		return "*Whom do you sell to?* Then I propose tasks that fit: businesses (B2B), people (B2C) or both."
	}
	s := "*You sell to " + md(v.Market.Words()) + ".* "
	switch {
	case v.Full:
		return s + "The list is full, so I propose nothing."
	case len(v.Proposed) == 0:
		return s + "All that I would propose is on the list."
	}
	return s + "Often worth having, by common practice (nothing that I measured here):"
}

func marketButton() slack.BlockElement {
	return button(IDMarket, "Whom we sell to…", Value{ID: auditNew})
}

func timesWords(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%d a week", n)
}

// Audited says what came of a change of the list, and where to look.
func Audited(w engine.Work, how string) Message {
	s := words("*"+says(w.Name, nameMax)+"* "+md(how)+".", dots(where(w.Minutes > 0, spanOf(max(1, w.Minutes))+" a week"), says(timesWords(w.Times), nameMax), where(w.Sensitivity != "", md(w.Sensitivity)+" sensitivity")))
	top, caps := w.Top()
	if len(caps) > 0 {
		s = lines(s, "It never goes above "+level(top)+": "+says(strings.Join(caps, ", "), 200)+"."+where(w.Guessed, " That is a guess from its name: say `none` in a change where it is wrong."))
	}
	return message(says(w.Name, nameMax)+" "+md(how)+".", section(s+" Nothing is needed; `/koira audit` shows the list."))
}
