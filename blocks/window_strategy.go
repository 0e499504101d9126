package blocks

import (
	"unicode/utf8"

	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/desk"
	"koira/engine/report"
)

// strategyFields are the parts of the strategy as StrategyWindow asks for them. Their block ids are desk's names of the parts.
var strategyFields = []struct{ part, label, hint string }{
	{desk.PartGoals, "Goals: what it is for", "A line each. In brackets what it is counted by: clicks, leads, revenue, engagements. The short name before the colon stays; a new line needs none."},
	{desk.PartSegments, "Readers: for whom", "A line each, with how many they are: Regulars (300). A task whose readers go plans nothing, and its pieces are stopped."},
	{desk.PartThemes, "Themes: what about", "A line each. Pieces on a theme that goes are stopped."},
	{desk.PartTone, "Voice: how you sound", "In your own words, such as: plain, warm and short."},
	{desk.PartPerson, "Voice: speaks as", "we or I. Left empty, it stays open."},
	{desk.PartExamples, "Voice: texts that sound like you", "A line each. What sounds unlike them is warned of."},
}

// StrategyWindow asks an owner for goals, segments, themes and the voice, filled in with what is in force, or with what was typed before. moved says that
// somebody else changed the same meanwhile; nil where nobody did.
func StrategyWindow(v report.StrategyView, typed []engine.RuleEdit, moved *desk.StrategyWanted, at Place) slack.ModalViewRequest {
	lead := section("Change, add or take away lines. The next step shows old → new and what it stops; nothing changes before that.")
	if moved != nil {
		lead = section(words(movedWords(*moved, v.Frame), "Below is what you typed; `/koira strategy` shows what stands now. Save again, and yours takes its place."))
	}
	bs := []slack.Block{lead}
	for _, x := range strategyFields {
		text := desk.StrategyText(v.Strategy, x.part)
		for _, e := range typed {
			if e.Rule == x.part {
				text = e.To
			}
		}
		if utf8.RuneCountInString(text) > fieldMax {
			bs = append(bs, note(md(x.label)+" is too long for a window: it is changed in the config file."))
			continue
		}
		bs = append(bs, hint(field(x.part, x.label, text, fieldMax, true, true), x.hint))
	}
	return window("The what and the why", "Save…", CallbackStrategy, Meta{ID: StrategyNew, Version: v.Strategy.Version, Channel: at.Channel, TS: at.TS}, bs...)
}

// ReadStrategy reads StrategyWindow: the parts that it asked for, as they were typed.
func ReadStrategy(v slack.View) []engine.RuleEdit {
	var es []engine.RuleEdit
	for _, block := range v.Blocks.BlockSet {
		if in, ok := block.(*slack.InputBlock); ok {
			es = append(es, engine.RuleEdit{Rule: in.BlockID, To: entry(v, in.BlockID).Value})
		}
	}
	return es
}

// StrategyApplyWindow shows a wanted change of the strategy and asks for the yes to it.
func StrategyApplyWindow(w desk.StrategyWanted, at Place) slack.ModalViewRequest {
	bs := append(strategySections(w), section("It counts at once for everything that has not gone out. If you close this, nothing changes."),
		field(FieldNote, "Why? (for the history)", "", noteMax, false, true))
	return window("Change the strategy?", "Apply", CallbackApply, Meta{ID: w.ID, Channel: at.Channel, TS: at.TS}, bs...)
}
