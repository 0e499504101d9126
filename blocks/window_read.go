package blocks

import (
	"fmt"
	"math"
	"slices"

	"github.com/slack-go/slack"

	"koira/engine/report"
)

// ReadWindow shows the whole piece with what was found, and Approve at its end.
func ReadWindow(v report.PieceView, at Place) slack.ModalViewRequest {
	bs := []slack.Block{repeats(v)}
	bs = append(bs, preview(v.Output, marked(v, wholeInWindow, jsonBytes), wholeInWindow, jsonBytes, wholeLink)...)
	if !WholeInWindow(v) {
		bs = append(bs, section("The whole text is the file in the card's thread: version "+says(v.Output.Digest.Short(), 8)+", here and there."))
	}
	bs = append(bs, looks(v)...)
	bs = append(bs, section(soon(v)))
	return window("Read and approve", "Approve", CallbackApprove, meta(v, at), bs...)
}

// soon says what the yes does.
func soon(v report.PieceView) md {
	if !v.Slot.After(v.AsOf) {
		return "Its time has passed: with your yes it goes out at once. If you close this, nothing changes."
	}
	return "With your yes it goes out " + when(v.Slot, v.Frame) + ". If you close this, nothing changes."
}

// WhyWindow says why koira planned this piece, with its numbers.
func WhyWindow(v report.PieceView) slack.ModalViewRequest {
	reason := says(v.Output.Reason, textMax)
	if reason == "" {
		reason = "No reason was written down."
	}
	return window("Why this one", "", "", Meta{},
		section(dots("*"+says(v.Name, nameMax)+"*", channel(v.Row), title(v.Row))),
		section(reason),
		section(lines(
			where(v.Theme != "", "Theme: "+says(v.Theme, 200)),
			where(v.Output.Arms.SubjectStyle != "", "Opening: "+says(v.Output.Arms.SubjectStyle, nameMax)),
			"Planned for "+onDay(v.Slot, v.Frame),
		)),
		note("Nothing is needed. Another subject or time: reject it with a note, or choose another time."),
	)
}

// DetailsWindow shows everything that a card leaves out: counts, cost, every check, versions.
func DetailsWindow(v report.PieceView) slack.ModalViewRequest {
	bs := []slack.Block{
		section(dots("*"+says(v.Name, nameMax)+"*", channel(v.Row), title(v.Row), says(v.Words, nameMax))),
		section(lines(characters(v), costs(v), confidence(v), opinion(v), author(v)+edited(v), who(v))),
		section(addresses(v)),
		section(findings("Stops it", v.Blocks)),
		section(findings("To look at", v.Warnings)),
		note(passed(v.Passed, len(v.Blocks)+len(v.Warnings))),
		section(sends(v)),
		note(dots(
			"version "+says(v.Output.Digest.Short(), 8),
			"piece "+says(v.Output.ID, nameMax),
			md(fmt.Sprintf("rules %d, strategy %d", v.Output.GuardrailVersion, v.Output.StrategyVersion)),
			level(v.Output.Level),
		)),
	}
	return window("Details", "", "", Meta{}, bs...)
}

func characters(v report.PieceView) md {
	var ls []md
	for i, n := range v.Characters {
		l := md(number(int64(n)) + " characters")
		if v.Traits.Limit > 0 {
			l = md(number(int64(n)) + " of " + number(int64(v.Traits.Limit)) + " characters")
		}
		if len(v.Characters) > 1 && i < len(v.Output.Variants) {
			l = "Wording " + says(v.Output.Variants[i].Name, 10) + ": " + l
		}
		ls = append(ls, l)
	}
	return lines(ls...)
}

// addresses are the links whole, which a card shortens.
func addresses(v report.PieceView) md {
	var ls []md
	for _, w := range v.Output.Variants {
		if link := says(w.Link, textMax); link != "" && !slices.Contains(ls, link) {
			ls = append(ls, link)
		}
	}
	return words(where(len(ls) > 0, "Its link, whole:"), lines(ls...))
}

func costs(v report.PieceView) md {
	return words("Costs at most "+says(v.Output.CostMax.Format(v.Currency), nameMax)+".",
		where(v.Audience > 0, md("Reaches at most "+plural(v.Audience, "person", "people")+".")))
}

func confidence(v report.PieceView) md {
	if v.Output.Confidence == 0 {
		return "My guess that you approve it as it is: too little data."
	}
	return md(fmt.Sprintf("My guess that you approve it as it is: %.0f in 100.", math.Round(100*v.Output.Confidence)))
}

// opinion is what a model thinks of how the piece sounds, or why it does not say; nothing where no model is asked.
func opinion(v report.PieceView) md {
	switch j := v.Judgement; {
	case j == nil:
		return ""
	case j.Missing != "":
		return "The voice was not judged: " + says(j.Missing, 300)
	default:
		return md(fmt.Sprintf("The model's opinion of how much it sounds like you: %.0f of 100.", math.Round(100*(1-j.Doubt()))))
	}
}

func who(v report.PieceView) md {
	by := md("")
	if a := v.Approval; a != nil {
		by = "Approved by " + mention(a.By) + " (" + md(a.Role.String()) + ") " + when(a.At, v.Frame) + "."
	}
	if len(v.MayDecide) > 0 {
		by = words(by, "May decide: "+mentions(v.MayDecide[:min(10, len(v.MayDecide))], "or")+".")
	}
	return by
}

// sends are the deliveries of a piece, with what is known of each.
func sends(v report.PieceView) md {
	var rows []md
	for _, s := range v.Sends {
		rows = append(rows, dots("wording "+says(s.Variant, 10), says(s.Words, nameMax), says(s.Evidence, 150), linkTo(s.Ref.URL)))
	}
	return upTo(10, "*Deliveries*", rows)
}

// RuleWindow says which rule stops a piece now, and the smallest change that would let it pass.
func RuleWindow(v report.WhyNot) slack.ModalViewRequest {
	return window("Why this rule", "", "", Meta{}, append(whyNot(v), note(md(fmt.Sprintf("Rules of version %d; `/guardrails` shows them.", v.Version))))...)
}
