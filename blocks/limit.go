package blocks

import (
	"strings"

	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/report"
)

// limitWindow is the window of one rule: what it says, its inputs, and the kinds of limits that it changes.
type limitWindow struct {
	title, says string
	kinds       []string
	inputs      []limitInput
}

// limitInput is one input of such a window. draw is nil where there is nothing to choose; read gives what it would change.
type limitInput struct {
	draw func(report.GuardrailView) slack.Block
	read func(slack.View, report.GuardrailView) []engine.RuleEdit
}

// limitWindows has the window of each report.Rule. To add one: a row.
var limitWindows = map[string]limitWindow{
	"budget": {"Money", "", []string{"budget"}, []limitInput{
		valueField("budget.weekly", "Money a week", "A sum such as 400 or 399.50; never above the config file's ceiling."),
		valueField("budget.output", "Money a piece", `A sum, or "off" for no limit of its own.`),
		valueField("budget.model", "Money a week for the AI model", `A sum, or "off" for no limit of its own.`),
		valueField("budget.pace", "Pace: percent of an even week", `A number such as 120, or "off".`),
		choose("budget.task.of", "A task with a limit of its own", tasksCapped), shareField("budget.task", "Money a week of that task", tasksCapped),
		choose("budget.campaign.of", "A campaign with a limit of its own", campaignsCapped),
		shareField("budget.campaign", "Money of that campaign, in all", campaignsCapped),
	}},
	"channels": {"Channels", "", []string{"channel"}, []limitInput{
		boxesOf("channel", "Where I may publish", func(v report.GuardrailView) (opts []labelled) {
			for _, d := range v.Doors {
				opts = append(opts, labelled{d.Name, d.Label})
			}
			return opts
		}),
	}},
	"topics": {"Topics", "", []string{"topic", "pack", "competitor"}, []limitInput{
		addTo("topic", "Block these too", "One a line.", "blocked"), takeFrom("topic", "Block no longer"),
		boxesOf("pack", "Packs of subjects that are blocked", func(v report.GuardrailView) (opts []labelled) {
			for _, p := range v.Packs {
				opts = append(opts, labelled{p, p})
			}
			return opts
		}),
		addTo("competitor", "Competitors, for their pack", "One a line.", "blocked"), takeFrom("competitor", "Competitors no longer"),
	}},
	"voice": {"Voice", "Without the lock these limits only warn.", []string{"voice"}, []limitInput{
		lockBox,
		valueField("voice.grade", "Reading grade at most", `A number such as 8, or "off".`),
		valueField("voice.sentence", "Words in a sentence at most", `A number such as 20, or "off".`),
		valueField("voice.emoji", "Emoji in a piece at most", `A number, "none" or "off".`),
		valueField("voice.exclamations", "Exclamation marks in a piece at most", `A number, "none" or "off".`),
		valueField("voice.distance", "Warn above percent of distance", `From the approved pieces: a number such as 40, or "off".`),
	}},
	"words": {"Words", "", []string{"ban", "require"}, []limitInput{
		addTo("ban", "Never say these", "One a line.", "never said"), takeFrom("ban", "May be said again"),
		addTo("require", "Every piece says these", "One a line.", "in every piece"), takeFrom("require", "Need not be said any more"),
	}},
	"minimums": {"Your minimums", "A task that stays below its floor, or above its ceiling, is paused and says so.", []string{"threshold"}, []limitInput{
		choose("threshold.task", "Task", func(v report.GuardrailView) (opts []labelled) {
			for _, t := range v.Tasks {
				opts = append(opts, labelled{t.ID, t.Name})
			}
			return opts
		}),
		choose("threshold.metric", "What is counted, a piece", func(report.GuardrailView) (opts []labelled) {
			for _, m := range engine.Metrics {
				opts = append(opts, labelled{string(m), string(m)})
			}
			return opts
		}),
		plainField("threshold.floor", "At least", `A number such as 6, or "off". Leave it empty to keep it.`),
		plainField("threshold.ceiling", "At most", `A number, or "off". Leave it empty to keep it.`),
		plainField("threshold.sample", "Pieces that must have been measured first", `A number such as 8. Leave it empty to keep it.`),
		{func(report.GuardrailView) slack.Block { return nil }, readThreshold},
	}},
	"quiet": {"Quiet hours", "Nothing goes out in them. Leave the times empty to add none.", []string{"quiet"}, []limitInput{
		clockField("quiet.from", "From"), clockField("quiet.to", "Until"), dayBoxes,
		choose("quiet.channel", "Only on this channel", doors), choose("quiet.segment", "Only to this segment", segments),
		plainField("quiet.why", "Why", ""), takeFrom("quiet", "Quiet no longer"),
		{func(report.GuardrailView) slack.Block { return nil }, readQuiet},
	}},
	"frequency": {"How often at most", "Leave the number empty to add none.", []string{"frequency"}, []limitInput{
		wholeField("frequency.most", "At most so many pieces"), wholeField("frequency.days", "in so many days (1 is a day)"),
		choose("frequency.channel", "Only on this channel", doors), choose("frequency.segment", "Only to this segment", segments),
		takeFrom("frequency", "No limit any longer"),
		{func(report.GuardrailView) slack.Block { return nil }, readFrequency},
	}},
	"facts": {"Facts", "", []string{"facts"}, []limitInput{
		valueField("facts.age", "Days until a fact is looked at again", `A number such as 90, or "off".`),
	}},
	"links": {"Links", "Your own link, and those of your calls to action, are always allowed.", []string{"link"}, []limitInput{
		addTo("link", "Allow these hosts too", "One a line, such as example.com; each covers its subdomains.", "allowed"), takeFrom("link", "Allow no longer"),
	}},
	"duplicates": {"Repetition", "", []string{"duplicates"}, []limitInput{
		valueField("duplicates.percent", "Refuse from percent of shared wording", `A number such as 80, or "off".`),
		valueField("duplicates.days", "Compare with pieces of so many days", `A number such as 30, or "off".`),
	}},
	"lines": {"Lines that must stand", "", []string{"line"}, []limitInput{
		choose("line.where", "In", func(v report.GuardrailView) []labelled {
			opts := []labelled{{"every piece", "Every piece"}, {"social", "Every social piece"}, {"email", "Every e-mail"}, {"blog", "Every blog post"}}
			for _, d := range v.Doors {
				opts = append(opts, labelled{"channel=" + d.Name, "Every piece on " + d.Label})
			}
			return opts
		}),
		plainField("line.add", "This line must stand", "Leave it empty to add none."), takeFrom("line", "Need not stand any longer"),
		{func(report.GuardrailView) slack.Block { return nil }, readLine},
	}},
	"blast": {"Reach without a yes", "A piece above it waits for a yes, whatever its task's level.", []string{"blast"}, []limitInput{
		valueField("blast.people", "People at most", `A number such as 500, or "off".`),
		valueField("blast.permanent", "People at most, where it cannot be taken back", `A number, or "off".`),
		valueField("blast.money", "Money a piece at most", `A sum, or "off".`),
	}},
	"review": {"Unless stopped", "How people look at what goes out unless somebody stops it.", []string{"review"}, []limitInput{
		valueField("review.sample", "Waits for a yes: 1 in", `A number such as 5, 1 for each, or "usual".`),
		valueField("review.window", "Time to look at the others", `Such as "4 hours" or "90 minutes", or "usual".`),
		valueField("review.hours", "Hours of the day in which it counts", `Such as 8–20, or "usual".`),
		valueField("review.zone", "Time zone of these hours", `Where those who look are: such as Europe/Lisbon, or "usual" for the business's.`),
	}},
	"wave": {"First readers", "How an e-mail goes out that nobody said yes to.", []string{"wave"}, []limitInput{
		valueField("wave.percent", "Percent of its readers who get it first", `A number such as 10, 100 for all at once, or "usual".`),
		valueField("wave.pause", "Time until the rest gets it", `From 1 hour to 5 hours, or "usual".`),
		valueField("wave.lost", "The rest waits if more leave, in 1,000", `A number such as 10, or "usual".`),
	}},
	"mentions": {"Mentions", "", []string{"mention"}, []limitInput{
		addTo("mention", "Allow these names too", "One a line, such as @leipa.", "allowed"), takeFrom("mention", "Allow no longer"),
	}},
}

// ReadLimit returns what a LimitWindow would change, as it was sent in. v must be of the version that the window shows.
func ReadLimit(view slack.View, key string, v report.GuardrailView) []engine.RuleEdit {
	var edits []engine.RuleEdit
	for _, in := range limitWindows[key].inputs {
		if in.read != nil {
			edits = append(edits, in.read(view, v)...)
		}
	}
	return edits
}

// chosen is what was picked in a select, "" for nothing.
func chosen(view slack.View, id string) string { return entry(view, id).SelectedOption.Value }

// scope writes where a limit holds as people write it.
func scope(view slack.View, kind string) string {
	s := ""
	if c := chosen(view, kind+".channel"); c != "" {
		s += " for " + c
	}
	if g := chosen(view, kind+".segment"); g != "" {
		s += " to " + g
	}
	return s
}

func readQuiet(view slack.View, _ report.GuardrailView) []engine.RuleEdit {
	from, to := entry(view, "quiet.from").SelectedTime, entry(view, "quiet.to").SelectedTime
	if from == "" && to == "" {
		return nil
	}
	if to == "00:00" {
		to = "24:00"
	}
	rule := "quiet:" + from + "–" + to
	if days := entry(view, "quiet.days").SelectedOptions; len(days) > 0 {
		rule += " on"
		for _, d := range days {
			rule += " " + d.Value
		}
	}
	rule += scope(view, "quiet")
	if why := strings.TrimSpace(entry(view, "quiet.why").Value); why != "" {
		rule += " because " + why
	}
	return []engine.RuleEdit{{Rule: rule, To: "on"}}
}

func readFrequency(view slack.View, _ report.GuardrailView) []engine.RuleEdit {
	most, days := entry(view, "frequency.most").Value, entry(view, "frequency.days").Value
	if most == "" {
		return nil
	}
	if days == "" {
		days = "1"
	}
	return []engine.RuleEdit{{Rule: "frequency:" + most + " in " + days + " days" + scope(view, "frequency"), To: "on"}}
}

func readLine(view slack.View, _ report.GuardrailView) []engine.RuleEdit {
	line := strings.TrimSpace(entry(view, "line.add").Value)
	if line == "" {
		return nil
	}
	return []engine.RuleEdit{{Rule: "line:" + chosen(view, "line.where") + "|" + line, To: "on"}}
}

func readThreshold(view slack.View, _ report.GuardrailView) (edits []engine.RuleEdit) {
	of := "threshold:" + chosen(view, "threshold.task") + ":" + chosen(view, "threshold.metric") + ":"
	for _, which := range []string{"floor", "ceiling", "sample"} {
		if to := strings.TrimSpace(entry(view, "threshold."+which).Value); to != "" {
			edits = append(edits, engine.RuleEdit{Rule: of + which, To: to})
		}
	}
	return edits
}
