package blocks

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/desk"
	"koira/engine/report"
)

// strategyMost is how many goals, segments or themes one answer lists.
const strategyMost = 15

// strategyRoom is what each of these lists may fill of one answer.
const strategyRoom = 1_800

// Strategy answers what koira works from, for a viewer of that role.
func Strategy(v report.StrategyView, role engine.Role) Message {
	s := v.Strategy
	head := md("*What I work from*")
	if v.Version > 0 {
		head += md(fmt.Sprintf(": version %d, of ", v.Version)) + when(v.At, v.Frame) + setBy(v.By) + "."
	}
	var goals, readers, themes []md
	for _, g := range s.Goals {
		goals = append(goals, says(g.Text, textMax)+" ("+md(g.Metric.Words(2))+")")
	}
	for _, x := range s.Segments {
		readers = append(readers, says(x.Name, nameMax)+": "+md(number(int64(x.Size)))+" people")
	}
	for _, x := range s.Themes {
		themes = append(themes, says(x.Text, textMax))
	}
	bs := []slack.Block{
		section(lines(head, "You own this: the what and the why. I never change it.")),
		section(listOr("*Goals*: what it is for", goals, "*Goals*: none yet.")),
		section(listOr("*Readers*: for whom", readers, "*Readers*: none yet.")),
		section(listOr("*Themes*: what about", themes, "*Themes*: none yet.")),
		section(factsLine(v)),
		section(voiceLine(s)),
		section(missing(v)),
		note(where(v.What != "" && userIDs.MatchString(v.By), "Changed last: "+says(v.What, 300)+where(v.Why != "", " “"+says(v.Why, 200)+"”"))),
	}
	var es []slack.BlockElement
	change := md("Owners change it: " + mentions(v.Owners, "or") + ".")
	if role >= engine.RoleOwner {
		es, change = append(es, button(IDStrategy, "Change…", Value{ID: StrategyNew})), "Nothing changes before you have seen old and new."
	}
	es = append(es, button(IDPage, "Facts", PageValue{List: ListFacts}), button(IDBack, "History", PageValue{List: ListStrategies}))
	bs = append(bs, section("If you do nothing, I go on with this. "+change), actions(es...))
	return message("What I work from", bs...)
}

func listOr(heading md, rows []md, none md) md {
	if len(rows) == 0 {
		return none
	}
	return upToRoom(strategyMost, strategyRoom, heading, rows)
}

// factsLine says how many facts there are, and how old.
func factsLine(v report.StrategyView) md {
	if len(v.Facts) == 0 {
		return "*Facts*: none yet, so no price, date or number can be said. `/koira facts` adds them."
	}
	return md(fmt.Sprintf("*Facts*: %d that may be said", len(v.Facts))) +
		where(v.Old() > 0, md(fmt.Sprintf("; %d not looked at for more than %d days, which stops what needs them", v.Old(), v.MaxAge))) + "."
}

// voiceLine says how the business sounds, and where what goes with it is changed.
func voiceLine(s engine.Strategy) md {
	return words(
		md("*Voice*: ")+cmp.Or(says(s.Voice.Tone, textMax), "no tone is set."),
		where(s.Voice.Person != "", "Speaks as “"+says(s.Voice.Person, 20)+"”."),
		md(plural(len(s.Voice.Examples), "text that sounds", "texts that sound"))+" like you.",
		"What a voice may not do is a rule: `/guardrails`. Offers and links stand in the config file.",
	)
}

// missing says what keeps tasks from planning.
func missing(v report.StrategyView) md {
	if v.Lacks != "" {
		return md("⚠️ *No task plans anything*: ") + says(v.Lacks, textMax) + "."
	}
	var rows []md
	for _, t := range v.Idle {
		rows = append(rows, says(t, textMax))
	}
	return upToRoom(10, strategyRoom, "⚠️ *Plans nothing*", rows)
}

// StrategyWanted answers a wanted change of the strategy: what it is, and the button that goes on with it. Until that is pressed, nothing has changed.
func StrategyWanted(w desk.StrategyWanted, f report.Frame) Message {
	cancel := button(IDCancel, "Cancel", Value{ID: w.ID})
	if w.Moved != nil {
		return message("The strategy changed meanwhile. Nothing changed by you.", section(movedWords(w, f)),
			section("What you typed is kept for an hour. If you do nothing, nothing changes."), actions(button(IDStrategy, "Go on…", Value{ID: w.ID}), cancel))
	}
	es := []slack.BlockElement{button(IDStrategyApply, "Apply…", Value{ID: w.ID})}
	if w.Why == "" { // else it goes back to an earlier version, and nothing was typed
		es = append(es, button(IDStrategy, "Change…", Value{ID: w.ID}))
	}
	bs := append(strategySections(w), section("If you do nothing, nothing changes."), actions(append(es, cancel)...))
	return message("To apply: "+short(w.Changes), bs...)
}

func strategySections(w desk.StrategyWanted) []slack.Block {
	return append([]slack.Block{section(upTo(changesMost, "*What changes*:", changeLines(w.Changes)))}, triedSections(w.Effects)...)
}

// movedWords says who changed the strategy under somebody's hands.
func movedWords(w desk.StrategyWanted, f report.Frame) md {
	m := w.Moved
	return words("⚠️ The strategy changed while you typed:", when(m.At, f), setByWords(m.By)+",", says(m.What, 600)+".")
}

func setByWords(id string) md {
	if userIDs.MatchString(id) {
		return mention(id)
	}
	return "from the config file"
}

// StrategyChanged answers what came of a change of the strategy.
func StrategyChanged(d desk.StrategyDone, f report.Frame) Message {
	if d.Moved != nil {
		return StrategyWanted(*d.Moved, f)
	}
	return message("In force: "+short(d.Changes),
		section(md(fmt.Sprintf("✅ In force now, as version %d.", d.Version))),
		section(upTo(changesMost, "*What changed*:", changeLines(d.Changes))),
		note(words(stoppedBy(d.Stopped), md(fmt.Sprintf("Back to what it said: `/koira strategy revert %d`, shown before anything changes.", d.Version-1)),
			where(slices.ContainsFunc(d.Changes, desk.Change.OfVoice), "Levels and records that the voice costs do not come back with it."))),
	)
}

// stoppedBy says what a change has stopped of what was queued; a press that came twice may know of none, so that none is claimed.
func stoppedBy(n int) md {
	if n == 0 {
		return "What is queued was checked again; what a rule stops stands in `/koira exceptions`, what asks for a yes in `/koira queue`."
	}
	return md("What is queued was checked again. Stopped by this: " + plural(n, "piece", "pieces") + ", in `/koira exceptions` or, where only a yes is asked for, in `/koira queue`.")
}

// StrategyHistory answers who changed the strategy, when and why, newest first.
func StrategyHistory(v report.StrategyHistory) Message {
	bs := []slack.Block{section(md(fmt.Sprintf("*Changes of the strategy*. In force: version %d.", v.Version)))}
	for _, c := range v.Rows {
		bs = append(bs, section(lines(
			dots(md(fmt.Sprintf("*Version %d*", c.Version)), when(c.At, v.Frame), setByWords(c.By)),
			says(c.What, 600),
			where(c.Why != "", "“"+says(c.Why, 200)+"”"),
		)))
	}
	if v.Version > 1 {
		bs = append(bs, note(md(fmt.Sprintf("Back to an earlier one: `/koira strategy revert %d`. It is shown before anything changes.", v.Version-1))))
	}
	bs = append(bs, pages(ListStrategies, "", v.Page)...)
	return message("Changes of the strategy", bs...)
}
