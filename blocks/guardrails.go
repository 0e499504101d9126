package blocks

import (
	"fmt"
	"slices"

	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/desk"
	"koira/engine/report"
)

// changesShown is how many changes of the rules the answer tells.
const changesShown = 5

// Guardrails answers which rules hold, in words.
func Guardrails(v report.GuardrailView) Message {
	head := md("*Your rules*")
	if !v.At.IsZero() {
		head += " of " + when(v.At, v.Frame) + setBy(v.By)
	}
	bs := []slack.Block{section(head)}
	for _, r := range v.Rules {
		bs = append(bs, section("*"+says(r.Name, nameMax)+"*: "+says(r.Words, textMax)+where(!r.Set, " (not set)")+"."))
	}
	var ls []md
	for _, c := range v.History[:min(changesShown, len(v.History))] {
		ls = append(ls, when(c.At, v.Frame)+" "+mention(c.By)+": "+says(c.Why, 120))
	}
	if len(ls) > 0 {
		bs = append(bs, note(lines(append([]md{"Changed lately:"}, ls...)...)))
	}
	bs = append(bs, note(md("Tighter for operators, at once; looser")+where(len(v.MayLoosen) > 0, " for owners: "+mentions(v.MayLoosen, "or"))+
		". In words: `/guardrails topic block sale`, `/guardrails quiet add 21:00–08:00`; `/guardrails history` has all changes."),
		actions(button(IDRules, "Change a rule…", Value{ID: "rules"})))
	return message("Your rules", bs...)
}

func setBy(id string) md {
	switch id {
	case "":
		return ""
	case engine.Koira.ID:
		return ", from the config file"
	}
	if !userIDs.MatchString(id) {
		return ", from the " + says(id, nameMax)
	}
	return ", set by " + mention(id)
}

const (
	changesMost = 25    // how many changes one message or window lists, of each direction
	asideRoom   = 1_000 // characters for those that are possible only together with others, and for what is left out
)

// changeLines says changes of limits, old → new: all of them, or those that one of is says.
func changeLines(cs []desk.Change, is ...func(desk.Change) bool) (ls []md) {
	for _, c := range cs {
		if len(is) == 0 || slices.ContainsFunc(is, func(f func(desk.Change) bool) bool { return f(c) }) {
			ls = append(ls, says(c.Name, 150)+": "+says(c.Old, 80)+" → "+says(c.New, 80))
		}
	}
	return ls
}

// Of changes, those that give more room, and those that tighten but come into force only together with them.
func loosens(c desk.Change) bool  { return c.Loosens }
func together(c desk.Change) bool { return c.Together }

// changeSections lists what a change would tighten and what would give more room, and what it would have done.
func changeSections(w desk.Wanted) []slack.Block {
	return []slack.Block{
		section(upTo(changesMost, "*Tighter*:", changeLines(w.Changes, desk.Change.AtOnce))),
		section(upToRoom(changesMost, asideRoom, "*Tighter, but possible only together with more room*:", changeLines(w.Changes, together))),
		section(upTo(changesMost, "*More room for me*:", changeLines(w.Changes, loosens))),
		section(leftLines(w.Left)),
		section(fallLines(w.Lowers)),
		section(triedLines(w.Preview.Lines)),
		section(upTo(8, "Among them:", triedPieces(w.Preview.Pieces))),
	}
}

// leftLines says what going back to an earlier version leaves out.
func leftLines(left []string) md {
	var ls []md
	for _, l := range left {
		ls = append(ls, says(l, 200))
	}
	return upToRoom(changesMost, asideRoom, "*Left out, since what it names is gone*:", ls)
}

// fallLines says which tasks a change lowers, and whose record it ends, before it does.
func fallLines(falls []engine.Fall) md {
	var lower, anew []md
	for _, f := range falls {
		if f.From == f.To {
			anew = append(anew, says(f.Name, nameMax)+": "+says(f.Why, 300)+".")
			continue
		}
		lower = append(lower, says(f.Name, nameMax)+md(": "+f.From.String()+" → "+f.To.String()+" ("+f.To.Words()+")")+where(f.Anew, ", and its record begins anew")+
			": "+where(!f.Anew, "then ")+says(f.Why, 300)+".")
	}
	return lines(upTo(8, "⏸ *This lowers, too*:", lower), upTo(8, "*Begins its record anew*: what you approved so far does not count for more room any more.", anew))
}

// triedLines says what a change would have done to what is on record.
func triedLines(ls []string) md {
	var tried []md
	for _, l := range ls[:min(8, len(ls))] {
		tried = append(tried, says(l, 300))
	}
	return lines(tried...)
}

func triedPieces(ps []engine.TriedPiece) (ls []md) {
	for _, p := range ps {
		l := says(p.Day, 20) + " “" + says(p.Title, 60) + "”: " + says(p.Words, 100)
		ls = append(ls, words(l, where(linkTo(p.URL) != "", "→ "+linkTo(p.URL))))
	}
	return ls
}

// short is what a lock screen shows of changes.
func short(cs []desk.Change) md {
	if len(cs) == 0 {
		return "nothing"
	}
	c := cs[0]
	return says(c.Name, 100) + " " + says(c.Old, 40) + " → " + says(c.New, 40) + where(len(cs) > 1, md(fmt.Sprintf(" and %d more", len(cs)-1)))
}

// confirmedAfter says what turning on leaves.
const confirmedAfter md = "What gives me more room is confirmed after that, by an owner."

// Wanted answers a wanted change: what it is, and the button that goes on with it. Until that is pressed, nothing has changed.
func Wanted(w desk.Wanted) Message {
	bs := changeSections(w)
	change, cancel := button(IDLimit, "Change…", Value{ID: windowOf(w.Changes)}), button(IDCancel, "Cancel", Value{ID: w.ID})
	if w.Tightens() {
		bs = append(bs, section(words("If you do nothing, nothing changes.", where(w.Loosens(), confirmedAfter))),
			actions(primary(button(IDTurnOn, "Turn on", Value{ID: w.ID})), change, cancel))
		return message("To turn on: "+short(w.Changes), bs...)
	}
	bs = append(bs, section("If you do nothing, nothing changes."), actions(button(IDLoosen, "Confirm…", Value{ID: w.ID}), change, cancel))
	return message("To confirm: "+short(w.Changes), bs...)
}

// RulesChanged answers what came of a change of the rules.
func RulesChanged(d desk.Done, f report.Frame) Message {
	var bs []slack.Block
	push := md("In force: " + short(d.Changes))
	if len(d.Changes) > 0 {
		bs = append(bs, section("✅ In force now. What is queued was checked again."),
			section(upTo(changesMost, "*Tighter*:", changeLines(d.Changes, desk.Change.AtOnce, together))),
			section(upTo(changesMost, "*More room for me*:", changeLines(d.Changes, loosens))),
			section(leftLines(d.Left)),
			section(fellLines(d.Lowered)),
			section(where(d.Alone, "You gave this room alone; the log says so.")))
	}
	switch {
	case d.Waits != nil:
		push = "Waits for a signature"
		bs = append(bs, section(md("🔎 It waits for a second person's signature, until ")+md(clock(d.Waits.Expires, f))+". If nobody signs, nothing changes."))
	case d.Rest != nil:
		if len(d.Changes) == 0 {
			return Wanted(*d.Rest)
		}
		bs = append(bs, section(upTo(changesMost, "*Not in force: it gives me more room*:", changeLines(d.Rest.Changes, loosens))),
			section(upToRoom(changesMost, asideRoom, "*Not in force: possible only together with that*:", changeLines(d.Rest.Changes, together))),
			section("If you do nothing, that part stays as it is."), actions(button(IDLoosen, "Confirm…", Value{ID: d.Rest.ID})))
	case d.NotAsked:
		bs = append(bs, note("The part that gives me more room is not in force, and nobody was asked for it: an owner asks with /guardrails."))
	default:
		bs = append(bs, note("Nothing is needed."))
	}
	return message(push, bs...)
}

// fellLines says which tasks a change lowered, and whose record it ended.
func fellLines(falls []engine.Fall) md {
	var lower, anew []md
	for _, f := range falls {
		if f.From == f.To {
			anew = append(anew, says(f.Name, nameMax))
			continue
		}
		lower = append(lower, says(f.Name, nameMax)+md(": "+f.From.String()+" → "+f.To.String()+", "+f.To.Words()+".")+where(f.Anew, " Its record begins anew."))
	}
	return lines(upTo(8, "*Lowered*:", lower), upTo(8, "*Their record begins anew*:", anew))
}

// History answers who changed the rules, when and why, newest first.
func History(v report.RuleHistory) Message {
	if len(v.Rows) == 0 {
		return message("No change yet", section("*Nobody has changed the rules yet.* Nothing is needed."))
	}
	bs := []slack.Block{section(md(fmt.Sprintf("*Changes of your rules*. In force: version %d.", v.Version)))}
	for _, c := range v.Rows {
		bs = append(bs, section(lines(
			dots(md(fmt.Sprintf("*Version %d*", c.Version)), when(c.At, v.Frame), mention(c.By), where(c.SignedBy != "", "signed by "+mention(c.SignedBy)),
				where(c.Alone, "alone")),
			says(c.Why, 600),
			where(c.Note != "", "“"+says(c.Note, 200)+"”"),
		)))
	}
	bs = append(bs, note("Back to an earlier one: `/guardrails revert 5`. It is shown before anything changes."))
	bs = append(bs, pages(ListHistory, "", v.Page)...)
	return message("Changes of your rules", bs...)
}
