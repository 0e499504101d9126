package blocks

import (
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/desk"
	"koira/engine/report"
)

// LevelWindow asks for a change of a task's level: an owner's yes to a raise, with the record that speaks for it, or a lowering. A raise for
// which something is missing says what, and cannot be sent in.
func LevelWindow(p desk.Proposal, v report.TaskView, at Place) slack.ModalViewRequest {
	m := Meta{ID: p.Task.ID, From: p.From.String(), To: p.To.String(), Channel: at.Channel, TS: at.TS}
	change := section(lines(
		"*"+says(p.Task.Name, nameMax)+"*",
		"Now: "+level(p.From)+".",
		"Then: "+level(p.To)+".",
	))
	switch {
	case !p.Raises:
		return window("Lower to "+p.To.String()+"?", "Lower", CallbackLevel, m, change,
			section(words("It counts at once.", afterLowering(p.To, v), "If you close this, nothing changes.")))
	case len(p.Missing) > 0:
		bs := []slack.Block{change,
			section("It cannot go to " + md(p.To.String()) + " yet. Missing: " + naming(strings.Join(p.Missing, "; "), p.Record.Silent()) + ". If you do nothing, it stays at " + md(p.From.String()) + ".")}
		return window("Not yet", "", "", Meta{}, append(bs, wallButtons(p.Task.ID, p.Opens)...)...)
	}
	bs := []slack.Block{change,
		section(where(v.Offer != nil, blastOf(v))),
		section(lines("*Your reviews*: "+says(p.Proof, 300)+".", sides(v))),
		section("Rules still stop it, and so can anyone here. It goes down again by itself when the evidence turns bad. If you close this, it stays at " + md(p.From.String()) + "."),
	}
	if p.To >= engine.L4 && v.Offer != nil {
		bs = append(bs, terms(v)...)
	}
	return window("Allow "+p.To.String()+"?", "Allow", CallbackLevel, m, append(bs, boxes(FieldRead, "Before you allow it", false, option("read", readBox(p.To))))...)
}

// afterLowering says what becomes of the pieces that would have gone out by themselves at the old level.
func afterLowering(to engine.Level, v report.TaskView) md {
	switch {
	case !to.Rung().Unasked:
		return "What would have gone out by itself at the old level waits for a yes."
	case v.Lacks != "":
		return "Each piece then waits for a yes, until the record is there: " + says(v.Lacks, 200) + "."
	}
	return "Pieces then go out unless stopped, and some wait for a yes."
}

// terms are the inputs by which an owner allows less than the level would let happen.
func terms(v report.TaskView) []slack.Block {
	pieces := slack.NewNumberInputBlockElement(nil, FieldPieces, false)
	pieces.InitialValue, pieces.MinValue, pieces.MaxValue = strconv.Itoa(v.Offer.PerWeek), "1", strconv.Itoa(max(1, v.Offer.PerWeek))
	bs := []slack.Block{slack.NewInputBlock(FieldPieces, plainText("Without a yes, at most so many a week"), nil, pieces)}
	if v.Offer.Money > 0 {
		most := v.Offer.Money.Format(v.Currency)
		bs = append(bs, hint(field(FieldMoney, "Money a week, at most", "", 20, false, true), "A sum such as 12 or 12.50; leave it empty for "+most+", the task's own limit."))
	}
	day := slack.NewDatePickerBlockElement(FieldDate)
	day.InitialDate = v.AsOf.In(zoneOf(v.Frame)).AddDate(0, 0, 14).Format(time.DateOnly)
	return append(bs, slack.NewInputBlock(FieldDate, plainText("Look again on"), nil, day).WithOptional(true))
}

// ReadTerms returns what was allowed less of in LevelWindow. Code invalid, with its field, for what is no number, sum or day.
func ReadTerms(v slack.View, zone *time.Location) (engine.Terms, error) {
	var m engine.Terms
	wrong := func(field, says string) (engine.Terms, error) {
		e := engine.Errorf(engine.CodeInvalid, "%s Nothing changed.", says)
		e.Field = field
		return engine.Terms{}, e
	}
	var err error
	if s := entry(v, FieldPieces).Value; s != "" {
		if m.PerWeek, err = strconv.Atoi(s); err != nil || m.PerWeek < 1 {
			return wrong(FieldPieces, "It must be a whole number from 1 on.")
		}
	}
	if s := strings.TrimSpace(entry(v, FieldMoney).Value); s != "" {
		if m.Money, err = engine.ParseMoney(s); err != nil || m.Money <= 0 {
			return wrong(FieldMoney, "It must be a sum such as 12 or 12.50, or empty.")
		}
	}
	if s := entry(v, FieldDate).SelectedDate; s != "" {
		day, err := time.ParseInLocation(time.DateOnly, s, zone)
		if err != nil {
			return wrong(FieldDate, "Choose a day.")
		}
		m.LookOn = day.Add(9 * time.Hour)
	}
	return m, nil
}

func readBox(to engine.Level) string {
	if to.Rung().Unasked {
		return "I have read what may now happen without asking"
	}
	return "I have read what changes"
}

func blastOf(v report.TaskView) md {
	if v.Offer == nil {
		return ""
	}
	s := "*What may then happen*: " + mayHappen(v.Offer, v)
	if v.Offer.To >= engine.L4 && v.Offer.MightDiffer > 0 {
		s += " Up to about " + md(number(int64(v.Offer.MightDiffer))) + " a week might be one that you would have changed."
	}
	return md(s)
}

// sides shows the first reviews beside the last ones.
func sides(v report.TaskView) md {
	if v.First.Of == 0 {
		return ""
	}
	return md("First ten: " + number(int64(v.First.Unchanged)) + " of " + number(int64(v.First.Of)) + " unchanged, last ten: " +
		number(int64(v.Last.Unchanged)) + " of " + number(int64(v.Last.Of)) + ".")
}
