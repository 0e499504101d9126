package blocks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/report"
)

// Offer is the card by which koira offers an owner the next level of a task, with its evidence, or what became of the offer. It bears no mark:
// nothing is wrong, and there is no hurry.
func Offer(v report.OfferView) Message {
	draw := openOffer
	if v.State != engine.OfferOpen || v.Task.Offer == nil { // open, and its task has moved since: nothing is left to allow
		draw = endedOffer
	}
	return draw(v).about(string(engine.NoticeOffer), v.ID)
}

// could says what a task would do at a level.
func could(name string, to engine.Level) string {
	switch to {
	case engine.L5:
		return name + " could run by itself (L5)"
	case engine.L4:
		return name + " could go out unless stopped (L4)"
	}
	return fmt.Sprintf("%s could go to %s: %s", name, to, to.Words())
}

func openOffer(v report.OfferView) Message {
	o, name := v.Task.Offer, plain(v.Task.Task.Name, 36)
	return message(says(could(v.Task.Task.Name, v.To), textMax)+": "+says(v.Task.Record.Words, nameMax),
		header(could(name, v.To)),
		section(lines("*What would change*: "+mayHappen(o, v.Task), remains(v), alwaysAsks(v.Asks))),
		section(lines(reviewed(v.Task), proves(o))),
		section(upTo(3, "*Where we differed*", reviewRows(v.Diverged))),
		section(where(v.Paper != "", "*A test on paper*: "+says(v.Paper, 300))),
		section(taskResults(v.Task)),
		section("If you do nothing, it stays at "+md(v.From.String())+"."+ownersOnly(v.Task.MayAllow)),
		actions(button(IDLevel, "Allow…", LevelValue{v.RaiseOffer.Task, v.From, v.To}), button(IDSnooze, "Not now", Value{ID: v.ID}), showReviews(v.Task)),
	)
}

func ownersOnly(ids []string) md {
	if len(ids) == 0 {
		return ""
	}
	return " For " + mentions(ids, "or") + "."
}

// showReviews shows what the offer rests on.
func showReviews(v report.TaskView) slack.BlockElement {
	label := "Show the reviews"
	if n := v.Record.Reviewed; n > 0 && n < 1000 {
		label = fmt.Sprintf("Show the %d", n)
	}
	return button(IDTask, label, Value{ID: v.Task.ID})
}

// mayHappen says in numbers what may happen at the level, and what of it without asking.
func mayHappen(o *report.Offer, v report.TaskView) md {
	s := md("up to "+plural(o.PerWeek, "piece", "pieces")+" a week on ") + says(v.Channel, nameMax)
	switch {
	case o.To >= engine.L5:
		s += " without asking"
	case o.To == engine.L4:
		s += ", each unless somebody stops it, a random part of them after a yes"
	}
	s += ", " + says(o.Money.Format(v.Currency), nameMax) + " a week"
	if o.Audience > 0 {
		s += ", " + md(plural(o.Audience, "person", "people")) + " each at most"
	}
	return s + "."
}

// remains says what still stops it at any level, and what caps it.
func remains(v report.OfferView) md {
	s := md("Rules still stop it, and so can anyone here.")
	if len(v.Task.Caps) > 0 && v.Task.Top == engine.L4 && v.To == engine.L4 {
		s += " Each piece still waits for a yes, because " + says(strings.Join(v.Task.Caps, " and "), 400) + "."
	}
	return s
}

// alwaysAsks names the subjects on which a piece stops and asks, whatever was allowed.
func alwaysAsks(subjects []string) md {
	const named = 8
	if len(subjects) == 0 {
		return ""
	}
	s := says(strings.Join(subjects[:min(named, len(subjects))], ", "), 400)
	if more := len(subjects) - named; more > 0 {
		s += md(fmt.Sprintf(" and %d more", more))
	}
	return "*Always asks*: " + s + "."
}

// proves says what the record proves, and what it does not.
func proves(o *report.Offer) md {
	s := provenWords(o.Record)
	if o.Bar > 0 {
		s += md(fmt.Sprintf(" (you asked for %d)", o.Bar))
	}
	s += "."
	if o.To >= engine.L4 && o.MightDiffer > 0 {
		s += md(fmt.Sprintf(" So up to about %d a week might be one you would have changed.", o.MightDiffer))
	}
	return where(o.Record.Reviewed > 0, "*What it proves*: "+s)
}

func reviewRows(rs []report.ReviewRow) []md {
	var rows []md
	for _, r := range rs {
		rows = append(rows, "“"+says(r.Title, titleMax)+"”: "+says(r.Words, nameMax)+", "+mention(r.By))
	}
	return rows
}

// endedOffer says what became of an offer, and what people can still do.
func endedOffer(v report.OfferView) Message {
	name := plain(v.Task.Task.Name, 36)
	ask := could(name, v.To)
	level := v.Task.Task.Level
	by := mention(v.By) + " " + when(v.MovedAt, v.Frame)
	show := showReviews(v.Task)
	say := func(push, text md, es ...slack.BlockElement) Message {
		return message(says(v.Task.Task.Name, nameMax)+push, header(ask), section(text), actions(es...))
	}
	switch {
	case v.State == engine.OfferSnoozed:
		return say(": not now", "Not now, said "+by+". I ask again after "+onDay(v.Until, v.Frame)+", if it still holds then. Nothing is needed.",
			button(IDLevel, "Allow…", LevelValue{v.RaiseOffer.Task, v.From, v.To}), show)
	case v.State == engine.OfferWithdrawn:
		return say(": not offered any more", "I do not offer this any more, since "+when(v.MovedAt, v.Frame)+": "+naming(v.Why, v.Task.Record.Silent)+". I say so here when that changes. Nothing is needed.", show)
	case v.State == engine.OfferClosed && level == v.To && v.Why == "allowed":
		return say(": allowed", "✅ Allowed by "+by+". "+md(level.String())+": "+md(level.Words())+". Nothing is needed.",
			button(IDLower, "Back to "+v.From.String()+"…", LevelValue{v.RaiseOffer.Task, level, v.From}), show)
	}
	return say(": not offered any more", "This offer is over since "+when(v.MovedAt, v.Frame)+": "+says(v.Why, nameMax)+". It is at "+md(level.String())+" ("+md(level.Words())+") now. Nothing is needed.", show)
}

// Look is the weekly card that asks people to look through what a task did by itself.
func Look(v report.LookView) Message {
	did := md(plural(v.Out, "piece", "pieces") + " went out, " + number(int64(v.Unasked)) + " of them without a yes; " + plural(v.Stopped, "was", "were") + " stopped.")
	var rows []md
	for _, d := range v.Decisions {
		rows = append(rows, says(d.Words, titleMax)+where(d.Standing != "", " ("+says(d.Standing, nameMax)+")"))
	}
	bs := []slack.Block{
		header("Look through " + plain(v.Name, 36)),
		section(lines("*What it did* since "+onDay(v.From, v.Frame)+", at "+level(v.Level)+": "+did, where(len(rows) == 0, "It changed nothing."))),
		section(upTo(8, "*What it changed*", rows)),
	}
	if !v.SeenAt.IsZero() {
		bs = append(bs, section("✅ Seen by "+mention(v.SeenBy)+" "+when(v.SeenAt, v.Frame)+". Nothing is needed."))
		bs = append(bs, actions(lowerButton(v), button(IDTask, "Show the task", Value{ID: v.Task})))
	} else {
		bs = append(bs, section("If you do nothing, it goes on as it does."))
		bs = append(bs, actions(button(IDSeen, "Seen", Value{ID: v.ID}), lowerButton(v), button(IDTask, "Show the task", Value{ID: v.Task})))
	}
	return message("Look through what "+says(v.Name, nameMax)+" did: "+did, bs...).about(string(engine.NoticeLook), v.ID)
}

func lowerButton(v report.LookView) slack.BlockElement {
	below, ok := v.Level.Below()
	if !ok {
		return nil
	}
	return button(IDLower, "Lower to "+below.String()+"…", LevelValue{v.Task, v.Level, below})
}

// wallButtons open the windows of what is missing for a level of a task.
func wallButtons(task string, opens []string) []slack.Block {
	var es []slack.BlockElement
	for _, w := range walls {
		for _, key := range opens {
			if key != w.key {
				continue
			}
			if key == wallGood {
				key = task
			}
			es = append(es, button(w.id, w.label, Value{ID: key}))
		}
	}
	var rows []slack.Block
	for row := range slices.Chunk(es, rowMost) {
		rows = append(rows, actions(row...))
	}
	return rows
}

// rowMost is how many buttons stand in a row.
const rowMost = 3

// wallGood is what is missing that is no limit: what people call good for the task.
const wallGood = "good"

// walls are the limits without which a task does not run with less asking, each with the button that opens its window: ids differ within a row.
var walls = []struct {
	key   string
	id    ID
	label string
}{
	{"voice", IDWallVoice, "Lock the voice…"}, {"channels", IDWallChannels, "Allow a channel…"},
	{"minimums", IDWallMinimums, "Set a minimum…"}, {wallGood, IDWallGood, "Say what is good…"},
}

// NotYet answers who asked for a level for which something is missing: what, and the windows that set it.
func NotYet(task engine.Task, from, to engine.Level, missing, silent, opens []string) Message {
	no := says(task.Name, nameMax) + " cannot go to " + md(to.String()) + " yet."
	return message(no, append([]slack.Block{
		section(no + " Missing: " + naming(strings.Join(missing, "; "), silent) + ". Nothing changed; it stays at " + md(from.String()) + "."),
	}, wallButtons(task.ID, opens)...)...)
}
